"""The register as it stands in the store, for checks of files."""

from typing import Any

from siposyandu import areas, people
from siposyandu.imports import names
from siposyandu.imports.register import Place
from siposyandu.imports.report import Child, Values
from siposyandu.store import Store


class StoredRegister:
    """Looks children, visits and posyandu up in a store; the list of posyandu is read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._places: list[Place] | None = None

    def child_by_nik(self, nik: str) -> Child | None:
        """The child with this NIK."""
        row = people.by_nik(self._store, nik)
        return None if row is None else _child(row)

    def children_born(self, posyandu_id: str, birth_date: str) -> list[Child]:
        """The children of a posyandu born on a day."""
        rows = self._store.rows(
            "select * from person where posyandu = $1 and birth_date = $2 and retracted = 0 order by id",
            posyandu_id,
            birth_date,
        )
        return [_child(row) for row in rows]

    def visits_of(self, child: Child) -> list[Values]:
        """A child's visits, oldest first."""
        return self._store.rows(
            "select * from balita where person = $1 and retracted = 0 order by visit_date, id", child.id
        )

    def posyandu_by_name(self, name: str) -> list[Place]:
        """Every posyandu of that name."""
        return [place for place in self.places() if names.place(place.name) == names.place(name)]

    def posyandu_by_key(self, key: str) -> list[Place]:
        """Every posyandu with that id, code or name: what a person may write after --posyandu."""
        exact = [place for place in self.places() if key in (place.id, place.code)]
        return exact or self.posyandu_by_name(key)

    def places(self) -> list[Place]:
        """All posyandu."""
        if self._places is None:
            rows = self._store.rows(
                "select id, code, name, desa_code from posyandu where retracted = 0 order by id"
            )
            self._places = [
                Place(row["id"], row["name"] or "", _desa_name(row["desa_code"]), row["code"] or "")
                for row in rows
            ]
        return self._places


def _child(row: dict[str, Any]) -> Child:
    return Child(row["id"], row)


def _desa_name(code: str | None) -> str:
    """The desa's name; "" for a code that is not in the list of areas, so that nothing is told apart by it."""
    try:
        return areas.area(code or "").name
    except areas.UnknownArea:
        return ""
