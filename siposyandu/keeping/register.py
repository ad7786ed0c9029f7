"""What is kept now, read once: the places and workers of the province, and which of them lie within a keeper's reach."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from siposyandu import access
from siposyandu.access import Worker
from siposyandu.keeping.kinds import POSYANDU, PUSKESMAS, WORKER, Kind
from siposyandu.places import ID_LENGTH
from siposyandu.store import Store

Row = dict[str, Any]
Values = Mapping[str, Any]

# Whom a keeper may take in: those she looks after. Only the province takes in its own kind.
GRANTABLE: Mapping[str, tuple[str, ...]] = {
    "tenaga_gizi": ("kader", "bidan_desa"),
    "dinas_kabupaten": ("kader", "bidan_desa", "tenaga_gizi"),
    "provinsi": ("kader", "bidan_desa", "tenaga_gizi", "dinas_kabupaten", "provinsi"),
}


def grantable(who: Worker) -> tuple[str, ...]:
    """Return the roles that a keeper may give; none for who keeps nothing."""
    return GRANTABLE.get(who.role, ())


@dataclass(frozen=True)
class Register:
    """All that is kept, each record by its id, and who is asking."""

    who: Worker
    puskesmas: Mapping[str, Row]
    posyandu: Mapping[str, Row]
    workers: Mapping[str, Row]

    def rows(self, kind: Kind) -> Mapping[str, Row]:
        """Return the records of a kind by id."""
        return {PUSKESMAS.word: self.puskesmas, POSYANDU.word: self.posyandu}.get(kind.word, self.workers)

    def mine(self, kind: Kind) -> list[Row]:
        """Return the records of a kind that the keeper may change, by name."""
        rows = [row for row in self.rows(kind).values() if self.may_keep(kind, row)]
        return sorted(rows, key=lambda row: (str(row["name"]).casefold(), row["id"]))

    def may_keep(self, kind: Kind, values: Values) -> bool:
        """Whether a record with these values is within the keeper's reach; a new one has no id."""
        if kind is PUSKESMAS:
            at_her_own = values.get("id") == self.who.area
            return at_her_own or self._holds_code(values.get("kecamatan_code"))
        if kind is POSYANDU:
            return self.holds_posyandu(values)
        return values.get("role") in grantable(self.who) and self.holds(str(values.get("area")))

    def holds(self, area: str) -> bool:
        """Whether the area of a key lies in the keeper's own."""
        if area == self.who.area:
            return True
        if area in self.posyandu:
            return self.holds_posyandu(self.posyandu[area])
        if area in self.puskesmas:
            return self._holds_code(self.puskesmas[area]["kecamatan_code"])
        return self._holds_code(area) or area in self.her_desa

    def holds_posyandu(self, values: Values) -> bool:
        """Whether a posyandu with these values belongs to the keeper's puskesmas or lies in her kabupaten."""
        if len(self.who.area) == ID_LENGTH:
            return bool(values.get("puskesmas") == self.who.area)
        return self._holds_code(values.get("desa_code"))

    def _holds_code(self, code: Any) -> bool:
        """Whether the area with a code lies in the keeper's kabupaten or province; a tenaga gizi keeps none."""
        return len(self.who.area) != ID_LENGTH and bool(code) and str(code).startswith(self.who.area)

    @cached_property
    def her_desa(self) -> frozenset[str]:
        """The desa that the keeper's puskesmas serves, or where it has a posyandu."""
        own = self.puskesmas.get(self.who.area)
        if own is None:
            return frozenset()
        at_posyandu = (row["desa_code"] for row in self.posyandu.values() if row["puskesmas"] == own["id"])
        return frozenset(filter(None, (*(own["desa_codes"] or "").split(","), *at_posyandu)))

    def named(self, kind: Kind, name: str) -> list[Row]:
        """Return the records of a kind that have this code, or as workers this user name, in any letter case."""
        return self._by_name.get((kind.word, name.casefold()), [])

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for kind in (PUSKESMAS, POSYANDU, WORKER):
            for row in self.rows(kind).values():
                found[kind.word, str(row[kind.known_by] or "").casefold()].append(row)
        return found


def register(store: Store, who: Worker) -> Register:
    """Read what is kept. NotAllowed for a worker who keeps nothing."""
    access.require(access.may_keep_places(who), "keeping the list of places")
    return Register(who, *(_read(store, table) for table in ("puskesmas", "posyandu", "worker")))


def _read(store: Store, table: str) -> dict[str, Row]:
    return {row["id"]: row for row in store.rows(f"select * from {table} where retracted = 0")}
