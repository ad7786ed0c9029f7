"""One child of any age from birth to 19 years: WHO 2006 before 60 months, WHO 2007 from there on.

The child's own age decides, days / 30.4375 where days are known. Whoever compares with another program can ask for one
reference alone. In completed months, for matching paper, WHO 2006 goes on through month 60, because the printed tables
of WHO 2006 end there and those of WHO 2007 begin with 5 years and 1 month.
"""

from math import floor
from typing import Any, NamedTuple

from siposyandu.growth import school_age, standards
from siposyandu.growth.length import DAYS_PER_MONTH
from siposyandu.growth.standards import MONTHS_COVERED, Scores, refuse_impossible, refuse_negative_months

BY_AGE, WHO_2006, WHO_2007 = "by-age", "who2006", "who2007"
REFERENCES = (BY_AGE, WHO_2006, WHO_2007)
IN_WHO_2007 = ("sex", "weight_kg", "measured", "oedema")
NOT_IN_WHO_2007 = ("head_circumference_cm", "muac_cm", "triceps_mm", "subscapular_mm")


class Age(NamedTuple):
    """An age as the two references want it; `completed` asks for the row of the last full month, as on paper."""

    days: float
    months: float
    completed: bool = False


def age_in_days(days: float) -> Age:
    """Return the age of a child whose days are known: the best way."""
    return Age(days, days / DAYS_PER_MONTH)


def age_in_months(months: float) -> Age:
    """Return the age of a child of whom only months, with their fraction, are known. Raises NegativeAge."""
    refuse_negative_months(months)
    return Age(months * DAYS_PER_MONTH, months)


def age_in_completed_months(months: float) -> Age:
    """Return the age in full months, for matching a paper table. Raises NegativeAge."""
    refuse_negative_months(months)
    full = floor(months)
    return Age(full * DAYS_PER_MONTH, full, completed=True)


def reference_of(age: Age | None) -> str:
    """Return which reference scores a child of this age; without an age WHO 2006 (weight-for-length)."""
    if age is None or age.months < MONTHS_COVERED or (age.completed and age.months == MONTHS_COVERED):
        return WHO_2006
    return WHO_2007


def score(*, age: Age | None, reference: str = BY_AGE, **visit: Any) -> Scores:
    """Score one child at one visit by the reference of its age, or by the one asked for.

    `visit` are sex and measures by the names of `standards.score`. What a reference does not score stays blank.
    Raises a BadMeasurement as `standards.score` does.
    """
    if reference == BY_AGE:
        reference = reference_of(age)
    return _by_who_2007(age, visit) if reference == WHO_2007 else _by_who_2006(age, visit)


def _by_who_2006(age: Age | None, visit: dict[str, Any]) -> Scores:
    if age is not None and age.completed:
        return standards.score(age_days=None, completed_months=int(age.months), **visit)
    return standards.score(age_days=None if age is None else age.days, **visit)


def _by_who_2007(age: Age | None, visit: dict[str, Any]) -> Scores:
    refuse_impossible(**{name: visit.get(name) for name in NOT_IN_WHO_2007})
    found = school_age.score(
        age_months=None if age is None else age.months,
        height_cm=visit.get("length_height_cm"),
        **{name: visit[name] for name in IN_WHO_2007 if name in visit},
    )
    if age is not None and age.completed:
        return found._replace(standard=school_age.VERSION_BY_COMPLETED_MONTHS)
    return found
