"""F1 Gizi, the monthly weighing report: S, K, D, N, T, O, B, BGM and 2T by age and sex, vitamin A, and ASI E0 to E6."""

from collections.abc import Callable

from siposyandu import breastfed
from siposyandu.i18n import N_
from siposyandu.periods import Month
from siposyandu.sip import counts
from siposyandu.sip.counts import GROUPS, SEXES
from siposyandu.sip.f5 import SEX_WORDS
from siposyandu.sip.format import MONTH, NOT_ASKED, TERM, TEXT, Cell, Cells, Column
from siposyandu.store import Store
from siposyandu.tally import AGE_GROUPS, LETTERS

CODE = "f1-gizi"
TITLE = N_("F1 Gizi: the month's weighing report")
SOURCE = "Monthly weighing report F1 gizi (domain.md 3)"
PERIOD = MONTH
GROUP_WORDS = {
    "0-5": N_("0–5 months"), "6-11": N_("6–11 months"), "12-23": N_("12–23 months"), "24-59": N_("24–59 months"),
}  # fmt: skip
COLUMNS = (
    Column("letters", "", kind=TEXT, room=12),
    Column("words", N_("What is counted"), kind=TERM, room=46),
    *(
        Column(f"{group}_{sex}", SEX_WORDS[sex], words, room=10)
        for group, words in GROUP_WORDS.items()
        for sex in SEXES
    ),
    *(Column(f"all_{sex}", SEX_WORDS[sex], N_("0–59 months"), room=10) for sex in SEXES),
    Column("all", N_("both"), N_("0–59 months"), room=12),
)
NOTES = (
    N_("The figures are those of the SKDN page; the age is that on the last day of the month."),
    N_("Vitamin A: children whose capsule was written at a visit of this month; ASI: babies that many months old at it."),
    N_("– is not asked of this age. Empty: nobody was weighed here this month, or nobody was asked."),
)  # fmt: skip
CAPSULE_GROUPS = tuple(GROUPS)[1:]

# The count of a cell: in these groups of the tally, of these sexes.
Count = Callable[[tuple[str, ...], tuple[str, ...]], Cell]


def rows(store: Store, posyandu_id: str, month: Month) -> list[Cells]:
    """Return a row for each thing that is counted in the month."""
    counted, visits = counts.of_month(store, posyandu_id, month), counts.visits(store, posyandu_id, month)
    skdn = [(letters, words, *_cells(_tallied(counted, column))) for column, letters, words in LETTERS]
    milk = [
        (f"E{age}", N_("breast milk only (ASI)"), *_cells(_milk(visits, age), groups=()))
        for age in range(breastfed.LAST_MONTH + 1)
    ]
    capsules = _cells(_capsules(visits), groups=CAPSULE_GROUPS)
    return [*skdn, ("Vit A", N_("had a vitamin A capsule"), *capsules), *milk]


def _cells(count: Count, groups: tuple[str, ...] = tuple(GROUPS)) -> list[Cell]:
    by_group: list[Cell] = [
        count(ages, (sex,)) if group in groups else NOT_ASKED
        for group, ages in GROUPS.items()
        for sex in SEXES
    ]
    return [*by_group, *(count(AGE_GROUPS, (sex,)) for sex in SEXES), count(AGE_GROUPS, SEXES)]


def _tallied(counted: counts.Counts, column: str) -> Count:
    return lambda groups, sexes: counted.of(column, groups, sexes)


def _capsules(visits: list[counts.Row]) -> Count:
    """Where somebody was asked this month, a group with no capsule has a 0."""
    asked = counts.had(visits, "vitamin_a") is not None
    return lambda groups, sexes: (
        (counts.had(_among(visits, groups, sexes), "vitamin_a") or 0) if asked else None
    )


def _milk(visits: list[counts.Row], age_months: int) -> Count:
    return lambda groups, sexes: counts.breastfed_only(_among(visits, groups, sexes), age_months)


def _among(visits: list[counts.Row], groups: tuple[str, ...], sexes: tuple[str, ...]) -> list[counts.Row]:
    return [visit for visit in visits if visit["age_group"] in groups and visit["sex"] in sexes]
