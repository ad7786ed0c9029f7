"""Counts of each posyandu and month by age group and sex, kept as records arrive.

Every number on every page and in every export is a sum of these rows (see indicators/). A child counts once a month:
by its last weighing for S, K, D, N, T, O, B, 2T and BGM, and by its last measuring of length for stunting and wasting.
The age group is the child's on the last day of the month, so that D is a part of S in every group.
Flagged z-scores are left out; a child with oedema counts as below -3 SD of the weight indices (WHO anthro, prevalence).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any

from siposyandu import people
from siposyandu.i18n import N_
from siposyandu.periods import Month
from siposyandu.store import Store

AGE_GROUPS = ("00-05", "06-11", "12-23", "24-35", "36-47", "48-59")
AGE_GROUP_STARTS = (0, 6, 12, 24, 36, 48)
COUNTS = (
    "s", "k", "d", "n", "t", "o", "b", "two_t", "bgm",
    "haz_measured", "stunted", "severely_stunted",
    "whz_measured", "wasted", "severely_wasted", "overweight", "obese",
    "waz_measured", "underweight", "severely_underweight",
)  # fmt: skip
LETTERS: tuple[tuple[str, str, str], ...] = (
    ("s", "S", N_("children registered in this posyandu")),
    ("k", "K", N_("have a KIA book")),
    ("d", "D", N_("were weighed this month")),
    ("n", "N", N_("gained enough weight")),
    ("t", "T", N_("did not gain enough")),
    ("o", "O", N_("were not weighed last month")),
    ("b", "B", N_("were weighed for the first time")),
    ("bgm", "BGM", N_("are below the red line")),
    ("two_t", "2T", N_("did not gain twice running")),
)
"""The counts that have letters at a posyandu, in their order, with what is counted."""

Row = dict[str, Any]


def age_group(age_months: int) -> str:
    """Return the age group of completed months; 60 and above stay in the last."""
    started = [
        group for group, start in zip(AGE_GROUPS, AGE_GROUP_STARTS, strict=True) if age_months >= start
    ]
    return started[-1]


def mark_due(store: Store, months: Collection[tuple[str, str]]) -> None:
    """Note that these months, as (posyandu, month), must be counted again before the transaction ends."""
    sql = "insert into tally_due (posyandu, month) values ($1, $2) on conflict (posyandu, month) do nothing"
    store.many(sql, sorted(months))


def settle(store: Store) -> int:
    """Count again every posyandu-month that is due, and any month between that was never counted.

    Returns how many were due.
    """
    due = store.rows("select posyandu, month from tally_due order by posyandu, month")
    if due:
        store.run("delete from tally_due")
    news = [row["posyandu"] for row in due if count(store, row["posyandu"], Month.parse(row["month"]))]
    for posyandu_id in sorted(set(news)):
        _fill(store, posyandu_id)
    return len(due)


def roll(store: Store, month: Month) -> None:
    """Count every posyandu up to a month, so that the sasaran of a silent posyandu stay in the denominator.

    One transaction each: thousands of posyandu on the first of a month must not make anybody wait to save.
    """
    sql = """select posyandu from tally group by posyandu
        having min(month) < $1 and sum(case when month = $1 then 1 else 0 end) = 0"""
    for row in store.rows(sql, str(month)):
        with store.write():
            count(store, row["posyandu"], month)
            _fill(store, row["posyandu"])


def _fill(store: Store, posyandu_id: str) -> None:
    """Count the months between those that were counted, where a child may be under five in both: a visit dated a thousand years
    ahead must not cost a thousand years of months. What lies before such a one is counted when it comes (`roll`)."""
    sql = "select distinct month from tally where posyandu = $1 order by month"
    counted = [Month.parse(row["month"]) for row in store.rows(sql, posyandu_id)]
    for before, after in pairwise(counted):
        if after.since(before) <= people.CHILD_MONTHS:
            for month in before.next.until(after.previous):
                count(store, posyandu_id, month)


def count(store: Store, posyandu_id: str, month: Month) -> bool:
    """Count one posyandu's month from its records and replace its rows; returns whether it was never counted before."""
    tallies: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    last, seen = month.last, set()
    for row in _children_and_visits(store, posyandu_id, month):
        if people.is_under_five(row, month):
            counts = tallies[age_group(people.age_on(row, last)), row["sex"]]
            for name in _counts_as(row, again=row["id"] in seen):
                counts[name] += 1
            seen.add(row["id"])
    if not tallies:
        tallies[AGE_GROUPS[0], "f"] = Counter()  # a month without children was counted too
    replaced = store.run("delete from tally where posyandu = $1 and month = $2", posyandu_id, str(month))
    store.many(_INSERT, [
        (posyandu_id, str(month), group, sex, *(counts[name] for name in COUNTS))
        for (group, sex), counts in sorted(tallies.items())
    ])  # fmt: skip
    return replaced == 0


_INSERT = f"""insert into tally (posyandu, month, age_group, sex, {", ".join(COUNTS)})
    values ({", ".join(f"${position}" for position in range(1, 5 + len(COUNTS)))})"""


def _children_and_visits(store: Store, posyandu_id: str, month: Month) -> list[Row]:
    """Return the children expected, each with the visit that counts; twice where weight and length count by two visits."""
    sql = f"""select c.id, c.sex, c.birth_date, c.kia_book, g.counts_weight, g.counts_length, g.gain, g.two_t,
            g.below_red_line, g.oedema, g.waz, g.haz, g.whz, g.waz_flag, g.haz_flag, g.whz_flag
        from ({people.expected("p.id, p.sex, p.birth_date, p.kia_book")}) c
        left join balita_growth g on g.month = $4 and g.person = c.id and (g.counts_weight = 1 or g.counts_length = 1)"""
    return store.rows(sql, posyandu_id, month.last.isoformat(), month.first.isoformat(), str(month))


def _counts_as(row: Row, *, again: bool) -> Iterator[str]:
    """Yield the counts that a child adds to by one, or that a further visit of hers in the month adds to."""
    if not again:
        yield "s"
        if row["kia_book"]:
            yield "k"
    if row["counts_weight"]:
        yield from _weighed_as(row)
    if row["counts_length"]:
        yield from _measured_as(row)


def _weighed_as(visit: Row) -> Iterator[str]:
    yield "d"
    if visit["gain"]:
        yield visit["gain"].lower()
    if visit["two_t"]:
        yield "two_t"
    if visit["below_red_line"]:
        yield "bgm"
    yield from _below(_usable(visit, "waz"), "waz_measured", "underweight", "severely_underweight")


def _measured_as(visit: Row) -> Iterator[str]:
    yield from _below(_usable(visit, "haz"), "haz_measured", "stunted", "severely_stunted")
    whz = _usable(visit, "whz")
    yield from _below(whz, "whz_measured", "wasted", "severely_wasted")
    if whz is not None and whz > 2:
        yield "overweight"
        if whz > 3:
            yield "obese"


OEDEMA_Z = -3.1


def _usable(visit: Row, index: str) -> float | None:
    if visit["oedema"] and index != "haz":
        return OEDEMA_Z
    return None if visit[index + "_flag"] else visit[index]


def _below(z: float | None, measured: str, below_2: str, below_3: str) -> Iterator[str]:
    if z is not None:
        yield measured
        if z < -2:
            yield below_2
            if z < -3:
                yield below_3
