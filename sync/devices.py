"""The province's register of laptops: whose keys are believed, for which area, and which are no longer believed."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sync import instants, lanes
from sync.certificates import Certificate
from sync.errors import Refused
from sync.ports import Scope, Store


@dataclass(frozen=True, slots=True)
class Device:
    """A laptop in the register. `recorded` is how many edits it said it had when last heard, `read_n` how far in the feed
    it had read, `read_areas` the areas that it read there (JSON).

    `closed_at` is when it went on in another lane; `succeeds` the lane before this one, if it is such a one.
    """

    lane_no: int
    lane: str
    sign_key: str
    area: str
    label: str
    certificate: str
    rank_ceiling: int
    acknowledged: int
    recorded: int
    enrolled_at: str
    last_seen_at: str | None
    app: str | None
    clock_offset_s: int | None
    revoked_at: str | None
    closed_at: str | None
    succeeds: str | None
    read_n: int
    read_areas: str

    @property
    def read_in(self) -> frozenset[str]:
        """The areas of which it had read what they were told up to `read_n`."""
        return frozenset(json.loads(self.read_areas))


_SELECT = """select d.lane_no, l.lane, d.sign_key, d.area, d.label, d.certificate, l.rank_ceiling, l.last_seq as acknowledged,
    d.recorded, d.enrolled_at, d.last_seen_at, d.app, d.clock_offset_s, d.revoked_at, d.closed_at,
    b.lane as succeeds, d.read_n, d.read_areas
    from devices d join lanes l using (lane_no) left join lanes b on b.lane_no = d.succeeds_no"""


def find(store: Store, lane: str) -> Device | None:
    """Return the laptop of a lane, or None when it was never enrolled here."""
    row = store.one(f"{_SELECT} where l.lane = $1", lane)
    return Device(**row) if row else None


def everyone(store: Store) -> list[Device]:
    """Return all laptops, those longest unheard first."""
    return [Device(**row) for row in store.rows(f"{_SELECT} order by d.last_seen_at, d.lane_no")]


def area_of(store: Store, lane: str) -> str:
    """Return the area a laptop was enrolled for. Refuses (code 'unknown_lane') one never enrolled."""
    found = find(store, lane)
    if found is None:
        raise Refused(f"lane {lane}", code="unknown_lane")
    return found.area


def enter(store: Store, certificate: Certificate, signed: bytes) -> None:
    """Enter a laptop by its certificate, inside `write()`; one already there stays as it is.

    One that a list names (revocations.py) is not believed from the first: a province that was put back had forgotten it.
    """
    lanes.add(store, {certificate.lane: certificate.rank_ceiling})
    number = lanes.get(store, certificate.lane).lane_no
    store.run(
        """insert into devices (lane_no, sign_key, box_key, area, label, machine, certificate, enrolled_at, revoked_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, (select named_at from unbelieved where lane = $9))
        on conflict (lane_no) do nothing""",
        number, certificate.sign_key, certificate.box_key, certificate.area, certificate.label,
        certificate.machine, signed.hex(), certificate.issued_at, certificate.lane,
    )  # fmt: skip


def succeed(store: Store, old: Device, lane: str, at: str) -> None:
    """Note that a laptop goes on in another lane, inside `write()`; whoever still speaks in the old one is told to go on too."""
    store.run(
        """update devices set succeeds_no = $1, read_n = $3, read_areas = $4 where succeeds_no is null
        and lane_no = (select lane_no from lanes where lane = $2)""",
        old.lane_no, lane, old.read_n, old.read_areas,
    )  # fmt: skip
    close(store, old.lane, at)


def close(store: Store, lane: str, at: str) -> None:
    """End a lane, inside `write()`: its laptop was replaced, or goes on in another one. What it wrote stays."""
    store.run(
        """update devices set closed_at = $2 where closed_at is null
        and lane_no = (select lane_no from lanes where lane = $1)""",
        lane, at,
    )  # fmt: skip


def revoke(store: Store, lane: str, at: str) -> None:
    """Believe nothing that this laptop sends from now on; what it sent before stays."""
    with store.write():
        store.run(
            """update devices set revoked_at = $2 where revoked_at is null
            and lane_no = (select lane_no from lanes where lane = $1)""",
            lane, at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """What a laptop said of itself: edits recorded, version, how far its clock is off, if it is, and how far it has read
    in which areas."""

    recorded: int
    app: str
    clock_offset_s: int | None
    read_n: int
    read_in: frozenset[str]


def heard(store: Store, lane_no: int, said: Heard, at: str) -> None:
    """Note that a laptop was heard and what it said of itself, inside `write()`; old messages may come late."""
    sql = """update devices set last_seen_at = $2, app = $4, clock_offset_s = $5,
        recorded = case when recorded < $3 then $3 else recorded end,
        read_areas = case when read_n <= $6 then $7 else read_areas end,
        read_n = case when read_n < $6 then $6 else read_n end where lane_no = $1"""
    areas = json.dumps(sorted(said.read_in))
    store.run(sql, lane_no, at, said.recorded, said.app[:40], said.clock_offset_s, said.read_n, areas)


def note_clock(store: Store, device: Device, offset_s: int | None, at: str) -> None:
    """Remember that a laptop's clock was wrong by a day or more, inside `write()`: by how much, and at which contact.

    What a laptop says of its clock it has learnt at its contact before this one; of its clock now nothing is known yet.
    """
    if offset_s is not None and abs(offset_s) >= instants.DAY_S:
        store.run(
            """insert into clock_findings (lane_no, found_at, offset_s) values ($1, $2, $3)
            on conflict (lane_no, found_at) do nothing""",
            device.lane_no, device.last_seen_at or at, offset_s,
        )  # fmt: skip


def served(store: Store, areas: Collection[str], scope: Scope) -> set[str]:
    """Return those of these areas that a laptop receives which is believed and at work.

    Those enrolled for one of the areas, and those that have read there, are asked first: mostly nobody else need be.
    """
    sql = """select l.lane, d.area, d.read_areas from devices d join lanes l using (lane_no)
        where d.revoked_at is null and d.closed_at is null"""
    asked, found = set(areas), set[str]()

    def is_of_others(row: dict[str, Any]) -> bool:
        return asked.isdisjoint((row["area"], *json.loads(row["read_areas"])))

    for row in sorted(store.rows(sql) if asked else (), key=is_of_others):
        found.update(scope(store, row["lane"]) & asked)
        if len(found) == len(asked):
            break
    return found
