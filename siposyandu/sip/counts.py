"""The counts of one posyandu's month that the SIP formats share: the tally's, and who was given what.

S, K, D, N and the rest are the tally's (indicators/totals.py), by its age groups and sexes. What was given or asked is
counted from the same children and the same visits: a child once a month. Where nobody was asked, there is no number.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from siposyandu import breastfed, indicators, people
from siposyandu.indicators import Totals
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.tally import AGE_GROUPS, age_group

BABIES, OLDER = AGE_GROUPS[:2], AGE_GROUPS[2:]
SEXES = ("m", "f")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "0-5": AGE_GROUPS[:1],
    "6-11": AGE_GROUPS[1:2],
    "12-23": AGE_GROUPS[2:3],
    "24-59": AGE_GROUPS[3:],
}
"""The age groups of the weighing report, each of the tally's groups in one of them."""
STANDS_BEFORE_THE_DAY = frozenset({"s", "k"})
"""What is known of a month in which nobody has been weighed yet."""
GIVEN = ("vitamin_a", "local_food", "immunisations", "illness")

Row = dict[str, Any]


class Counts(NamedTuple):
    """A month's counts by age group and sex; `reported`: somebody was weighed."""

    parts: Mapping[tuple[str, str], Mapping[str, int]]
    reported: bool

    def of(
        self, column: str, groups: Collection[str] = AGE_GROUPS, sexes: Collection[str] = SEXES
    ) -> int | None:
        """Return the count of a tally column in some groups and sexes; None for what the month has not told yet."""
        if not self.parts or (not self.reported and column not in STANDS_BEFORE_THE_DAY):
            return None
        return sum(
            counts[column] for (group, sex), counts in self.parts.items() if group in groups and sex in sexes
        )


def of_month(store: Store, posyandu_id: str, month: Month) -> Counts:
    """Return the tally's counts of a posyandu's month."""
    found = indicators.split(store, posyandu_id, month, "age_sex")
    parts = {(key[:-1], key[-1]): totals.counts for key, totals in found.items()}
    return Counts(parts, Totals.sum(found.values()).counts["d"] > 0)


def visits(store: Store, posyandu_id: str, month: Month) -> list[Row]:
    """Return the month's visits of the children whom the tally counts, oldest first, with `age_group` and `age_months`."""
    answers = ", ".join(f"b.{name}" for name in (*GIVEN, "exclusive_breastfeeding", *breastfed.COLUMNS))
    rows = store.rows(
        f"""select c.id as child, c.sex, c.birth_date, g.age_months, {answers}
        from ({people.expected("p.id, p.sex, p.birth_date")}) c
        join balita_growth g on g.person = c.id and g.month = $4 join balita b on b.id = g.id
        order by g.visit_date, g.id""",
        posyandu_id,
        month.last.isoformat(),
        month.first.isoformat(),
        str(month),
    )
    return [
        {**row, "age_group": age_group(people.age_on(row, month.last))}
        for row in rows
        if people.is_under_five(row, month)
    ]


def had(visits: Iterable[Row], question: str, is_so: Callable[[Any], bool] = bool) -> int | None:
    """Return how many children the answer is so of; None when nobody was asked."""
    asked = [visit for visit in visits if visit[question] is not None]
    return len({visit["child"] for visit in asked if is_so(visit[question])}) if asked else None


def named(code: str) -> Callable[[Any], bool]:
    """Return whether a code is among several answers, "bcg,opv1"."""
    return lambda codes: code in str(codes).split(",")


def breastfed_only(visits: Iterable[Row], age_months: int) -> int | None:
    """Return how many babies in that month of life had breast milk only; None when none of them was asked."""
    said = {
        visit["child"]: answer[1]
        for visit in visits
        if (answer := breastfed.answered(visit)) and answer[0] == age_months
    }
    return sum(said.values()) if said else None
