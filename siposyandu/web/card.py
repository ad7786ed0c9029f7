"""Which questions of the visit's card are asked of which child: by age, by month, and in which groups on the page."""

from collections.abc import Callable, Collection, Iterable
from datetime import date

from forms import BY_NAME
from siposyandu.growth.length import STANDING_FROM_DAY

FORM = BY_NAME["balita"]
ESSENTIALS = ("weight_kg", "length_height_cm", "measured", "head_circumference_cm", "muac_cm", "oedema")
"""What the scales, the board and the tape say; they fit on one screen."""
SECTIONS = ("checks", "feeding", "service", "tb", "closing")
"""The other groups of the ILP card, in the order of the page."""
NURSE_ONLY = ("triceps_mm", "subscapular_mm", "gain_override", "gain_override_reason")
VITAMIN_A_MONTHS = (2, 8)

Asked = Callable[[int, date], bool]


def _ages(first: int, last: int) -> Asked:
    return lambda months, on: first <= months <= last


# Ages of domain.md 2.5 C and 12; what is not named here is asked at every age.
ASKED_WHEN: dict[str, Asked] = {
    "muac_cm": _ages(3, 71),
    "exclusive_breastfeeding": _ages(0, 5),
    "complementary_feeding": _ages(6, 23),
    "vitamin_a": lambda months, on: months >= 6 and on.month in VITAMIN_A_MONTHS,
    "deworming": _ages(12, 71),
    **{f"breastfed_month_{month}": _ages(month, 6) for month in range(7)},
}


def asked(names: Iterable[str], age_months: int, on: date) -> list[str]:
    """Return those of the names that are asked at an age in completed months on a day.

    >>> asked(["weight_kg", "complementary_feeding", "vitamin_a"], 4, date(2026, 8, 3))
    ['weight_kg']
    """
    return [name for name in names if name not in ASKED_WHEN or ASKED_WHEN[name](age_months, on)]


def groups(age_months: int, on: date, answered: Collection[str] = ()) -> dict[str, list[str]]:
    """Return the names of each group's questions at this age, and those answered already; empty groups are left out."""
    found = {code: [field.name for field in FORM.fields if field.section == code] for code in SECTIONS}
    wanted = set(asked([name for names in found.values() for name in names], age_months, on)) | set(answered)
    chosen = {code: [name for name in names if name in wanted] for code, names in found.items()}
    return {code: names for code, names in chosen.items() if names}


def position_at(age_days: int) -> str:
    """Propose how to measure: lying below two years, then standing (WHO).

    >>> position_at(730), position_at(731)
    ('lying', 'standing')
    """
    return "lying" if age_days < STANDING_FROM_DAY else "standing"
