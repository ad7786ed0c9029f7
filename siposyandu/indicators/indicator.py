"""What an indicator's file must say: its name, its source, what is counted out of what, and how months add up.

An indicator is a module with these names in capitals. Its numerator and denominator are columns of the tally
(siposyandu/tally.py), summed first over posyandu, age groups and sexes, and divided once: never a mean of percentages.
"""

from typing import Protocol

from siposyandu.i18n import N_

# What was found among the children who were seen. Few children make an uncertain figure: it carries a 95 % interval.
PREVALENCE = "prevalence"
# How many of those expected were reached: a count of everybody, in which nothing was drawn by lot. No interval.
COVERAGE = "coverage"
KINDS = {
    PREVALENCE: N_("What was found among the children who came"),
    COVERAGE: N_("How many of the children were reached"),
}

# A state that stays from month to month, in the same children: a quarter or a year is told by its last month.
LAST_MONTH = "last_month"
# Something that is done or happens each month: months are added up as child-months, above and below the line.
CHILD_MONTHS = "child_months"
OVER_TIME = (LAST_MONTH, CHILD_MONTHS)

PERMENKES_2_2020 = (
    "Permenkes 2/2020; WHO Child Growth Standards (anthro: z-scores rounded, flagged ones left out)"
)
SKDN = "SKDN of the posyandu (Kemenkes; Poltekkes Denpasar 2019), as counted on the form F1 Gizi"


class Indicator(Protocol):
    """One indicator: the module of that name in this package."""

    CODE: str
    TITLE: str
    SOURCE: str
    # The words for the two, in a sentence: "120 short children out of 900 measured children".
    COUNTED: str
    OUT_OF: str
    KIND: str
    OVER_TIME: str

    @property
    def NUMERATOR(self) -> tuple[str, ...]:  # noqa: N802 - read-only names of a module
        """The columns of the tally that are counted above the line."""

    @property
    def DENOMINATOR(self) -> tuple[str, ...]:  # noqa: N802
        """The columns that are counted below the line."""
