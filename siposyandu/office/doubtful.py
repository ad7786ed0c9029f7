"""Doubtful days, gathered for whoever decides: the visits of one laptop on one day go together, for one wrong clock made
them all. One repair mends them all; the day that was written stays in each visit's history."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import forms
from siposyandu import access, records
from siposyandu.access import Worker
from siposyandu.errors import NotFound
from siposyandu.office import laptops_of, reach
from siposyandu.office.dates import BIRTH
from siposyandu.records import Pen
from siposyandu.store import Store
from sync.chunks import chunks, holes

Row = dict[str, Any]

LISTED_AT_MOST = 2000
FORM = forms.BY_NAME["balita"]


@dataclass(frozen=True)
class Group:
    """The visits of one laptop, day and doubt: `key` names the group in an address."""

    key: str
    why: str
    visit_date: str
    lane: str
    laptop: str
    visits: tuple[Row, ...]

    @property
    def latest_birth(self) -> str:
        """The latest birth date of the children: the right day cannot lie before it."""
        return max((visit["birth_date"] or "" for visit in self.visits), default="")


def groups(store: Store, who: Worker) -> list[Group]:
    """Return the doubtful days of a worker's area, those with the most visits first."""
    inside, area = reach.posyandu_within(who.area)
    rows = store.rows(
        f"""select visit.id, visit.visit_date, visit.date_doubt, visit.person, visit.weight_g, child.name as child_name,
            child.birth_date, home.name as posyandu_name, l.lane, o.lane as origin
        from balita visit left join person child on child.id = visit.person
        left join posyandu home on home.id = visit.posyandu
        left join edits e on e.uid = visit.id left join lanes l on l.lane_no = e.lane_no
        left join lanes o on o.lane_no = e.origin_lane_no
        where visit.date_doubt is not null and visit.retracted = 0 and {inside.replace("home_id", "visit.posyandu")}
        order by visit.visit_date, child.name, visit.id limit $2""",
        area,
        LISTED_AT_MOST,
    )
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        lane = row["origin"] or row["lane"] or ""
        found.setdefault((row["date_doubt"], row["visit_date"], lane), []).append(row)
    laptops = laptops_of.names(store, {lane for _, _, lane in found if lane})
    made = [
        Group(f"{why}.{day}.{lane[:8]}", why, day, lane, laptops.get(lane, ""), tuple(visits))
        for (why, day, lane), visits in found.items()
    ]
    return sorted(made, key=lambda group: (-len(group.visits), group.key))


def count(store: Store, who: Worker) -> int:
    """Return how many visits of a worker's area have a doubtful day."""
    inside, area = reach.posyandu_within(who.area)
    return int(
        store.value(
            f"""select count(*) from balita visit left join posyandu home on home.id = visit.posyandu
            where visit.date_doubt is not null and visit.retracted = 0
                and {inside.replace("home_id", "visit.posyandu")}""",
            area,
        )
    )


def find(store: Store, who: Worker, key: str) -> Group:
    """Return the group of a key. NotFound when nothing of it is doubtful any more, or it lies outside her area."""
    found = next((group for group in groups(store, who) if group.key == key), None)
    if found is None:
        raise NotFound(f"no doubtful day {key}")
    return found


def repair(store: Store, pen: Pen, group: Group, day: date, reason: str) -> int:
    """Give all visits of a group their right day, with the reason; the day that was written stays in the history.

    Returns how many were repaired. Visits on which somebody decided since the group was gathered are left as they are.
    """
    return _decide(store, pen, group, {"visit_date": day.isoformat(), "correction_reason": reason})


def confirm(store: Store, pen: Pen, group: Group, reason: str) -> int:
    """Say that the day is right after all: the visits count from now on. Returns how many."""
    access.require(group.why != BIRTH, "confirming a visit before the birth")
    return _decide(store, pen, group, {"correction_reason": reason})


def _decide(store: Store, pen: Pen, group: Group, values: dict[str, str]) -> int:
    wire = FORM.to_wire({**values, "date_doubt": None})
    with store.write():
        still = _still(store, group)
        for visit in still:
            records.choose(store, pen, visit, wire)
    return len(still)


def _still(store: Store, group: Group) -> list[str]:
    found: list[str] = []
    for part in chunks([visit["id"] for visit in group.visits]):
        rows = store.rows(
            f"""select id from balita where id in ({holes(part, 2)}) and date_doubt = $1 and visit_date = $2
            and retracted = 0 order by id""",
            group.why,
            group.visit_date,
            *part,
        )
        found += [row["id"] for row in rows]
    return found
