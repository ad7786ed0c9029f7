"""What follows from a child's records: to which posyandu she belonged when, and how she grows.

Nothing here is sent; everything can be computed again from the rows (`siposyandu recount`), with the standard's
version kept beside each result. One late or corrected weighing changes the N or T of the next ones, so a child is derived
again from the month of the first visit that changed; what was before it cannot change (growing.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from siposyandu import growing, tally
from siposyandu.growth import kms
from siposyandu.periods import Month
from siposyandu.store import Store, Value
from sync.chunks import chunks, holes

GONE = ("moved", "died", "aged_out")
AT_ONCE = 500
RECENT_MONTHS = 1
"""How far back the last N or T is looked for first: nearly always it is last month's."""
FIRST_MONTH, NEVER = "1900-04", "9999"

Row = dict[str, Any]


@dataclass(frozen=True)
class Stay:
    """A stretch of time in which a child belonged to one posyandu; `until` is the first day after it, or None."""

    posyandu: str
    since: str
    until: str | None


@dataclass(frozen=True)
class Assignment:
    """One edit that said to which posyandu a child belongs, and since when."""

    posyandu: str
    since: str


def stays(assignments: Sequence[Assignment], gone_date: str | None) -> list[Stay]:
    """Turn assignments, oldest edit first, into stays: a later edit rules from its date on.

    An earlier assignment that begins on or after a later one was a mistake that the later one corrected.
    """
    found: list[Stay] = []
    until = gone_date
    for assignment in reversed(assignments):
        if until is None or assignment.since < until or not found:
            found.append(Stay(assignment.posyandu, assignment.since, until))
            until = assignment.since
    return found[::-1]


def with_earlier(own: Sequence[Stay], others: Iterable[Sequence[Stay]]) -> list[Stay]:
    """Put before a child's stays those of her other cards, as far as they began earlier: she is in one place at a time."""
    found = list(own)
    for stretch in sorted(
        (each for each in others if each), key=lambda each: (each[0].since, each[0].posyandu), reverse=True
    ):
        first = found[0].since if found else "9999"
        found[:0] = [
            Stay(stay.posyandu, stay.since, min(stay.until or first, first))
            for stay in stretch
            if stay.since < first
        ]
    return found


def keep_stays(store: Store, child: Row, now: Sequence[Stay]) -> None:
    """Replace a child's stays and mark every month they touch, before and after, to be counted again."""
    before = store.rows(
        "select posyandu, from_date, until_date from membership where person = $1", child["id"]
    )
    store.run("delete from membership where person = $1", child["id"])
    store.many(
        "insert into membership (person, posyandu, from_date, until_date) values ($1, $2, $3, $4)",
        [(child["id"], stay.posyandu, stay.since, stay.until) for stay in now],
    )
    stretches = {(row["posyandu"], row["from_date"], row["until_date"]) for row in before}
    stretches |= {(stay.posyandu, stay.since, stay.until) for stay in now}
    tally.mark_due(store, {pair for stretch in stretches for pair in _months(store, *stretch)})


def _months(store: Store, posyandu_id: str, since: str, until: str | None) -> Iterator[tuple[str, str]]:
    """Yield the months of a stretch: its first, its last, and those between in which the posyandu was counted.

    Others are counted from the records when they are counted first (tally.py).
    """
    first = str(Month.parse(since))
    last = max(first, str(Month.parse(until or since)))  # she may be said to have gone before she came
    sql = "select distinct month from tally where posyandu = $1 and month > $2 and month < $3"
    counted = store.rows(sql, posyandu_id, first, last if until else NEVER)
    yield from ((posyandu_id, month) for month in (first, last, *(row["month"] for row in counted)))


def touched(store: Store, visits: Sequence[Row]) -> dict[str, str]:
    """Return child -> the first month in which visits that are new, changed or gone may change how she grows.

    A visit counts in the month it is of now, and in that it was derived in before, then perhaps as another child's.
    """
    stood = [
        (row["person"], row["month"])
        for part in chunks([visit["id"] for visit in visits])
        for row in store.rows(f"select person, month from balita_growth where id in ({holes(part)})", *part)
    ]
    stand = [(visit["person"], visit["visit_date"][:7]) for visit in visits if visit["visit_date"]]
    found: dict[str, str] = {}
    for child, month in (*stood, *stand):
        if child:
            found[child] = min(month, found.get(child, month))
    return found


def keep_growth(store: Store, children: Sequence[Row], since: Mapping[str, str]) -> None:
    """Replace what growth derives of children's visits from a month on and mark the months that differ to be counted again.

    `since` says for each child from which month; "" is from the beginning.
    """
    for start in range(0, len(children), AT_ONCE):
        _keep_growth(store, children[start : start + AT_ONCE], since)


def _keep_growth(store: Store, children: Sequence[Row], since: Mapping[str, str]) -> None:
    ids = [child["id"] for child in children]
    visits = _by_person(_visits(store, ids, since), since, "visit_date")
    before = _by_person(_rows(store, ids, since), since, "month")
    earlier = _earlier(store, children, since)
    gone: list[Row] = []
    new: list[Row] = []
    for child in children:
        seen = [visit for visit in visits[child["id"]] if visit["visit_date"] >= child["birth_date"]]
        now = growing.growth_rows(child, seen, earlier[child["id"]]) if seen else []
        stood = {row["id"]: row for row in before[child["id"]]}
        stand = {row["id"]: row for row in now}
        gone += [row for row in stood.values() if row != stand.get(row["id"])]
        new += [row for row in now if row != stood.get(row["id"])]
    store.many("delete from balita_growth where id = $1", [(row["id"],) for row in gone])
    _insert(store, new)
    _mark_children(store, {(row["person"], row["month"]) for row in (*gone, *new)})


def _by_person(rows: Iterable[Row], since: Mapping[str, str], day: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row[day] >= since[row["person"]]:
            found[row["person"]].append(row)
    return found


def _visits(store: Store, children: Sequence[str], since: Mapping[str, str]) -> Iterator[Row]:
    columns = ", ".join(("id", "person", "visit_date", *growing.MEASURES))
    for part in chunks(children):
        sql = f"""select {columns} from balita where person in ({holes(part, 1)}) and visit_date >= $1
            and retracted = 0 and (date_doubt is null or date_doubt = 'birth') order by visit_date, id"""
        yield from store.rows(sql, min(since[child] for child in part), *part)


def _rows(store: Store, children: Sequence[str], since: Mapping[str, str]) -> Iterator[Row]:
    for part in chunks(children):
        sql = f"select * from balita_growth where person in ({holes(part, 1)}) and visit_date >= $1"
        yield from store.rows(sql, min(since[child] for child in part), *part)


def _earlier(
    store: Store, children: Sequence[Row], since: Mapping[str, str]
) -> dict[str, list[kms.GainStatus]]:
    """Return child -> how her weighings before that month were judged, oldest first: back to an N or T, or all of them.

    Further back nothing decides about later ones: 2T asks for the last N or T, N and T for the month before.
    """
    begun = {child["id"]: since[child["id"]] for child in children if since[child["id"]]}
    if not begun:
        return defaultdict(list)
    recent = str(Month.parse(max(min(begun.values()), FIRST_MONTH)).shifted(-RECENT_MONTHS))
    found = _judged(store, begun, recent)
    unsure = {
        child: month
        for child, month in begun.items()
        if not any(status.letter in ("N", "T") for status in found[child])
    }
    return found | _judged(store, unsure, "") if unsure else found


def _judged(store: Store, since: Mapping[str, str], after: str) -> dict[str, list[kms.GainStatus]]:
    found: dict[str, list[kms.GainStatus]] = defaultdict(list)
    for part in chunks(list(since)):
        sql = f"""select g.person, g.month, g.visit_date, b.weight_g, g.gain, g.age_months, g.gain_g, g.minimum_gain_g
            from balita_growth g join balita b on b.id = g.id
            where g.person in ({holes(part, 2)}) and g.visit_date >= $1 and g.visit_date < $2 and g.counts_weight = 1
            order by g.visit_date"""
        for row in store.rows(sql, after, max(since[child] for child in part), *part):
            if row["month"] < since[row["person"]]:
                found[row["person"]].append(_status(row))
    return found


def _status(row: Row) -> kms.GainStatus:
    day, letter = date.fromisoformat(row["visit_date"]), row["gain"]
    return kms.GainStatus(
        day, row["weight_g"], letter, letter, row["age_months"], row["gain_g"], row["minimum_gain_g"], None
    )


def _insert(store: Store, rows: Sequence[Mapping[str, Value]]) -> None:
    if rows:
        columns = list(rows[0])
        marks = ", ".join(f"${position}" for position in range(1, len(columns) + 1))
        sql = f"insert into balita_growth ({', '.join(columns)}) values ({marks})"
        store.many(sql, [tuple(row.values()) for row in rows])


def _mark_children(store: Store, months: Collection[tuple[str, str]]) -> None:
    """Mark children's months in the posyandu to which they belonged then."""
    stays: dict[str, list[Row]] = defaultdict(list)
    for part in chunks(sorted({child for child, _ in months})):
        sql = (
            f"select person, posyandu, from_date, until_date from membership where person in ({holes(part)})"
        )
        for row in store.rows(sql, *part):
            stays[row["person"]].append(row)
    tally.mark_due(
        store,
        {
            (stay["posyandu"], month)
            for child, month in months
            for stay in stays[child]
            if stay["from_date"][:7] <= month and (stay["until_date"] is None or stay["until_date"] >= month)
        },
    )
