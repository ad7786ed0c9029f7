"""The five langkah of a posyandu morning: who holds which, which child has which number, and at which langkah she waits.

All of it is of this laptop and this day only and is never sent: what was measured is in the visit, not here.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from siposyandu.periods import instant_text
from siposyandu.store import Store

REGISTER, WEIGH, RECORD, SERVICE, COUNSEL = (
    "pendaftaran",
    "penimbangan",
    "pencatatan",
    "pelayanan",
    "penyuluhan",
)
ORDER = (REGISTER, WEIGH, RECORD, SERVICE, COUNSEL)
HOME = "pulang"
"""Where a child stands who has been everywhere."""

Row = dict[str, Any]


class Morning(NamedTuple):
    """A posyandu on one day of visits."""

    posyandu: str
    day: date


def hold(store: Store, worker_id: str, day: date, stations: Collection[str]) -> None:
    """Say which langkah a worker holds on a day, in the place of what she held before."""
    held_now = [(worker_id, day.isoformat(), station) for station in ORDER if station in stations]
    with store.write():
        store.run("delete from station_held where worker = $1 and day = $2", worker_id, day.isoformat())
        store.many("insert into station_held (worker, day, station) values ($1, $2, $3)", held_now)


def held(store: Store, worker_id: str, day: date) -> list[str]:
    """Return the langkah that a worker holds on a day, in their order."""
    return held_by_all(store, day).get(worker_id, [])


def held_by_all(store: Store, day: date) -> dict[str, list[str]]:
    """Return who holds which langkah on a day: worker -> langkah in their order."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in store.rows("select worker, station from station_held where day = $1", day.isoformat()):
        found[row["worker"]].append(row["station"])
    return {worker: sorted(stations, key=ORDER.index) for worker, stations in found.items()}


def following(station: str, staffed: Collection[str]) -> str:
    """Return where a child goes from a langkah: to the next one that somebody holds, else home.

    >>> following("pendaftaran", {"penimbangan", "pelayanan"}), following("penimbangan", {"penimbangan", "pelayanan"})
    ('penimbangan', 'pelayanan')
    >>> following("pelayanan", {"penimbangan", "pelayanan"})
    'pulang'
    """
    later = ORDER[ORDER.index(station) + 1 :]
    return next((each for each in later if each in staffed), HOME)


def after(store: Store, day: date, station: str) -> str:
    """Return where a child goes from a langkah on this day."""
    staffed = {each for stations in held_by_all(store, day).values() for each in stations}
    return following(station, staffed)


def arrive(store: Store, morning: Morning, person: str, now: datetime) -> int:
    """Give a child who came her number, once, and let her wait at the langkah after registration; returns the number."""
    with store.write():
        standing = where(store, morning, person)
        if standing is not None:
            return int(standing["number"])
        number = int(
            store.value(
                "select coalesce(max(number), 0) + 1 from arrival where posyandu = $1 and day = $2",
                morning.posyandu, morning.day.isoformat(),
            )
        )  # fmt: skip
        store.run(
            """insert into arrival (posyandu, day, person, number, station, arrived_at, moved_at, moved_no)
            values ($1, $2, $3, $4, $5, $6, $6, $7)""",
            morning.posyandu, morning.day.isoformat(), person, number,
            after(store, morning.day, REGISTER), instant_text(now), _last_in_line(store, morning),
        )  # fmt: skip
        return number


def never_came(store: Store, morning: Morning, person: str) -> None:
    """Take a child out of the queue whose row was touched by mistake; what was written about her stays."""
    with store.write():
        sql = "delete from arrival where posyandu = $1 and day = $2 and person = $3"
        store.run(sql, morning.posyandu, morning.day.isoformat(), person)


def where(store: Store, morning: Morning, person: str) -> Row | None:
    """Return a child's number and at which langkah she is; None when nobody said that she came."""
    return store.one(
        "select number, station, taken_by from arrival where posyandu = $1 and day = $2 and person = $3",
        morning.posyandu, morning.day.isoformat(), person,
    )  # fmt: skip


def queue(store: Store, morning: Morning) -> list[Row]:
    """Return all children who came, each with her langkah and who has her; who waits longest at hers comes first."""
    return store.rows(
        """select a.person, a.number, a.station, a.moved_no, a.taken_by, p.name, p.mother_name, p.birth_date,
            worker.name as taken_by_name
        from arrival a join person p on p.id = a.person left join worker on worker.id = a.taken_by
        where a.posyandu = $1 and a.day = $2 and p.retracted = 0
        order by a.moved_no, a.moved_at, a.number""",
        morning.posyandu, morning.day.isoformat(),
    )  # fmt: skip


def take(store: Store, morning: Morning, person: str, worker_id: str) -> None:
    """Say who has a child before her now, so that a colleague calls another."""
    with store.write():
        store.run(
            "update arrival set taken_by = $4 where posyandu = $1 and day = $2 and person = $3",
            morning.posyandu, morning.day.isoformat(), person, worker_id,
        )  # fmt: skip


def take_next(store: Store, morning: Morning, station: str, worker_id: str) -> str | None:
    """Take the child who waits longest at a langkah and whom nobody has called yet; None when there is none."""
    with store.write():
        free = (
            row["person"]
            for row in queue(store, morning)
            if row["station"] == station and row["taken_by"] in (None, worker_id)
        )
        person = next(free, None)
        if person is not None:
            take(store, morning, person, worker_id)
        return person


def send_on(store: Store, morning: Morning, person: str, to: str, now: datetime) -> None:
    """Let a child wait at another langkah, or go home."""
    with store.write():
        store.run(
            """update arrival set station = $4, moved_at = $5, moved_no = $6, taken_by = null
            where posyandu = $1 and day = $2 and person = $3""",
            morning.posyandu, morning.day.isoformat(), person, to, instant_text(now), _last_in_line(store, morning),
        )  # fmt: skip


def _last_in_line(store: Store, morning: Morning) -> int:
    """Return the place behind all who wait: who waits longest is a matter of turns, for the clock may be set meanwhile."""
    sql = "select coalesce(max(moved_no), 0) + 1 from arrival where posyandu = $1 and day = $2"
    return int(store.value(sql, morning.posyandu, morning.day.isoformat()))
