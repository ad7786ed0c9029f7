"""What the guard looks at and what it answers: a child, its visits as they are stored, and a question to the kader."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from siposyandu.growth.length import STANDING_FROM_DAY


class Child(NamedTuple):
    """Whom the measurement is of; sex "m" or "f", and what the card says of the birth, None where it says nothing."""

    sex: str
    birth_date: date
    birth_weight_g: int | None = None
    birth_length_mm: int | None = None


class Visit(NamedTuple):
    """One visit's measures as stored: grams and millimetres; `measured` "lying" or "standing"."""

    visit_date: date
    weight_g: int | None = None
    length_height_mm: int | None = None
    measured: str | None = None
    head_circumference_mm: int | None = None
    muac_mm: int | None = None
    oedema: bool = False


class Question(NamedTuple):
    """A doubt: code, sentence (`template` with `params`, for i18n.say), and the form's fields it is about."""

    code: str
    template: str
    params: Mapping[str, Any]
    fields: tuple[str, ...]


WEIGHT, LENGTH, HEAD, ARM = "weight_kg", "length_height_cm", "head_circumference_cm", "muac_cm"
"""The form's fields for what is measured."""


def age_days(birth_date: date, visit: Visit) -> int:
    """Return the days from birth to visit; negative for a visit before the birth."""
    return (visit.visit_date - birth_date).days


def position_for(day: int) -> str:
    """Return how a child of this age in days is measured.

    >>> position_for(730), position_for(731)
    ('lying', 'standing')
    """
    return "lying" if day < STANDING_FROM_DAY else "standing"
