"""All that was found of a child at one visit, from which follow the sentence to say and the reasons to refer."""

from typing import NamedTuple

from siposyandu.growth.classify import Category, Status

TB_SIGNS_TO_REFER = 2
"""Of four: lasting cough, fever of 2 weeks, weight not gained for 2 months, close contact."""


class Situation(NamedTuple):
    """What was found. `gain` is N, T, O, B or None (not weighed); `tb_signs` counts 0 to 4.

    `faltering`: the gain is below the 5th centile of WHO's increments (growth/faltering.py).
    """

    age_months: int
    status: Status
    gain: str | None = None
    two_t: bool = False
    below_red_line: bool = False
    above_orange_line: bool = False
    weight_kg: float | None = None
    tb_signs: int = 0
    development_incomplete: bool = False
    faltering: bool = False

    @property
    def judged(self) -> tuple[Category | None, ...]:
        """The categories of the ILP card; it has no BMI, which would say weight-for-length twice."""
        status = self.status
        return (
            status.weight_for_age, status.length_for_age, status.weight_for_length, status.head_for_age, status.muac
        )  # fmt: skip
