"""What follows from a child's records: to which posyandu she belonged when, and how she grows.

Nothing here is sent; everything can be computed again from the rows (`siposyandu recount`), with the standard's
version kept beside each result. A child is derived whole, because one late or corrected weighing changes the N or T
of the next.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from siposyandu import tally
from siposyandu.growth import classify, kms, standards
from siposyandu.periods import Month
from siposyandu.store import Store, Value

GONE = ("moved", "died", "aged_out")
INDICES = ("waz", "haz", "whz", "baz", "hcz", "acz", "tsz", "ssz")

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


def keep_stays(store: Store, child: Row, assignments: Sequence[Assignment]) -> None:
    """Replace a child's stays and mark every month they touch, before and after, to be counted again."""
    before = store.rows(
        "select posyandu, from_date, until_date from membership where person = $1", child["id"]
    )
    gone = child["status_date"] if child["status"] in GONE else None
    now = [] if child["retracted"] else stays(assignments, gone)
    store.run("delete from membership where person = $1", child["id"])
    store.many(
        "insert into membership (person, posyandu, from_date, until_date) values ($1, $2, $3, $4)",
        [(child["id"], stay.posyandu, stay.since, stay.until) for stay in now],
    )
    touched = {(row["posyandu"], row["from_date"], row["until_date"]) for row in before}
    touched |= {(stay.posyandu, stay.since, stay.until) for stay in now}
    _mark_months(store, touched)


def _mark_months(store: Store, stretches: Iterable[tuple[str, str, str | None]]) -> None:
    """Mark the months of stretches; an open one reaches to the newest month the posyandu was counted in."""
    for posyandu_id, since, until in sorted(stretches, key=str):
        newest = store.value("select max(month) from tally where posyandu = $1", posyandu_id) or since
        for month in Month.parse(since).until(max(Month.parse(until or newest), Month.parse(since))):
            tally.mark_due(store, posyandu_id, month)


def keep_growth(store: Store, child: Row) -> None:
    """Replace what growth derives from a child's visits and mark their months to be counted again."""
    visits = store.rows(
        "select * from balita where person = $1 and retracted = 0 and visit_date is not null order by visit_date, id",
        child["id"],
    )
    visits = [visit for visit in visits if visit["visit_date"] >= child["birth_date"]]
    before = {
        row["id"]: row for row in store.rows("select * from balita_growth where person = $1", child["id"])
    }
    now = {row["id"]: row for row in growth_rows(child, visits)}
    gone = [before[visit] for visit in before if before[visit] != now.get(visit)]
    new = [now[visit] for visit in now if now[visit] != before.get(visit)]
    store.many("delete from balita_growth where id = $1", [(row["id"],) for row in gone])
    _insert(store, new)
    for month in {str(row["month"]) for row in (*gone, *new)}:
        _mark_child_month(store, child["id"], Month.parse(month))


def _insert(store: Store, rows: Sequence[Mapping[str, Value]]) -> None:
    if rows:
        columns = list(rows[0])
        marks = ", ".join(f"${position}" for position in range(1, len(columns) + 1))
        sql = f"insert into balita_growth ({', '.join(columns)}) values ({marks})"
        store.many(sql, [tuple(row.values()) for row in rows])


def _mark_child_month(store: Store, person_id: str, month: Month) -> None:
    places = store.rows(
        "select posyandu from membership where person = $1 and from_date <= $2 and (until_date is null or until_date >= $3)",
        person_id,
        month.last.isoformat(),
        month.first.isoformat(),
    )
    for place in places:
        tally.mark_due(store, place["posyandu"], month)


def growth_rows(child: Row, visits: Sequence[Row]) -> list[dict[str, Value]]:
    """Score a child's visits, oldest first, and judge each month's weighing against the one before.

    The last visit with a weight counts for its month; the last with a length (or oedema) counts for stunting and wasting.
    """
    judged = _judged(child, visits)
    measured = [visit for visit in visits if visit["length_height_mm"] or _swollen(visit)]
    length_counts = {visit["visit_date"][:7]: visit["id"] for visit in measured}
    return [
        {
            "id": visit["id"],
            "person": child["id"],
            "visit_date": visit["visit_date"],
            "month": visit["visit_date"][:7],
            **_scored(child, visit),
            "counts_weight": int(visit["id"] in judged),
            "counts_length": int(length_counts.get(visit["visit_date"][:7]) == visit["id"]),
            **_gain(judged.get(visit["id"])),
        }
        for visit in visits
    ]


def _judged(child: Row, visits: Sequence[Row]) -> dict[str, tuple[kms.GainStatus, bool]]:
    """Judge the weighings that count: visit id -> its letter and whether it is 2T."""
    weighed = [visit for visit in visits if visit["weight_g"] is not None]
    by_month = {visit["visit_date"][:7]: visit["id"] for visit in weighed}
    weighings = [
        kms.Weighing(
            date.fromisoformat(visit["visit_date"]),
            visit["weight_g"],
            visit["gain_override"],
            visit["gain_override_reason"],
        )
        for visit in weighed
    ]
    statuses = kms.gain_statuses(date.fromisoformat(child["birth_date"]), child["sex"], weighings)
    return {
        by_month[str(Month.of(status.visit_date))]: (status, kms.two_t(statuses[: position + 1]))
        for position, status in enumerate(statuses)
    }


def _gain(judged: tuple[kms.GainStatus, bool] | None) -> dict[str, Value]:
    if judged is None:
        return {"gain": None, "gain_g": None, "minimum_gain_g": None, "two_t": 0}
    status, two_t = judged
    return {
        "gain": status.letter,
        "gain_g": status.gain_g,
        "minimum_gain_g": status.minimum_gain_g,
        "two_t": int(two_t),
    }


def scores(child: Row, visit: Row) -> standards.Scores:
    """Score one visit's stored measures (grams, millimetres) by WHO's arithmetic, which works in kg and cm."""
    born, day = date.fromisoformat(child["birth_date"]), date.fromisoformat(visit["visit_date"])
    return standards.score(
        sex=child["sex"],
        age_days=(day - born).days,
        weight_kg=_divided(visit["weight_g"], 1000),
        length_height_cm=_divided(visit["length_height_mm"], 10),
        measured=visit["measured"],
        head_circumference_cm=_divided(visit["head_circumference_mm"], 10),
        muac_cm=_divided(visit["muac_mm"], 10),
        triceps_mm=_divided(visit["triceps_tenth_mm"], 10),
        subscapular_mm=_divided(visit["subscapular_tenth_mm"], 10),
        oedema=_swollen(visit),
    )


def _scored(child: Row, visit: Row) -> dict[str, Value]:
    result = scores(child, visit)
    born, day = date.fromisoformat(child["birth_date"]), date.fromisoformat(visit["visit_date"])
    months = kms.completed_months(born, day)
    status = classify.status(
        result, muac_cm=_divided(visit["muac_mm"], 10), age_months=months, oedema=_swollen(visit)
    )
    return {
        "sex": child["sex"],
        "age_days": (day - born).days,
        "age_months": months,
        "standard": standards.VERSION,
        "length_used_mm": None if result.length_used_cm is None else round(result.length_used_cm * 10),
        "bmi": result.bmi,
        **{index: getattr(result, index) for index in INDICES},
        **{f"{index}_flag": _bit(getattr(result, f"{index}_flag")) for index in INDICES},
        "position_flag": int(result.position_refused),
        **_categories(status),
        "oedema": int(_swollen(visit)),
        "below_red_line": int(bool(kms.below_red_line(result.waz))),
    }


def _categories(status: classify.Status) -> dict[str, Value]:
    named = {
        "waz_category": status.weight_for_age,
        "haz_category": status.length_for_age,
        "whz_category": status.weight_for_length,
        "baz_category": status.bmi_for_age,
        "hcz_category": status.head_for_age,
        "muac_category": status.muac,
    }
    codes = {column: category.code if category else None for column, category in named.items()}
    return {**codes, "severe_malnutrition": int(bool(status.severe_signs))}


def _divided(value: int | None, by: int) -> float | None:
    return None if value is None else value / by


def _bit(flag: bool | None) -> int | None:
    return None if flag is None else int(flag)


def _swollen(visit: Row) -> bool:
    return (visit["oedema"] or "no") != "no"
