"""What was meant? A number that no child weighs or measures, or that fits badly, is often another one mistyped.

grams for kilograms (7800 for 7.8), a comma left out or misplaced (78, 725), metres (0.72), two digits that changed
places (27.5 for 72.5). Of all that could have been meant the one is offered that fits the child best, if it fits at all.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from siposyandu.growth.guard.measured import LENGTH, WEIGHT, Question
from siposyandu.i18n import N_

TEMPLATES = {
    (WEIGHT, "in_grams"): N_("Was the weight typed in grams? {typed} grams are {meant} kg."),
    (WEIGHT, "comma"): N_("Is the comma in its place? {typed} kg cannot be right, {meant} kg would fit."),
    (WEIGHT, "digits"): N_(
        "Did two digits change places? {typed} kg does not fit this child, {meant} kg would."
    ),
    (LENGTH, "in_metres"): N_("Was the length typed in metres? {typed} m are {meant} cm."),
    (LENGTH, "comma"): N_("Is the comma in its place? {typed} cm cannot be right, {meant} cm would fit."),
    (LENGTH, "digits"): N_(
        "Did two digits change places? {typed} cm does not fit this child, {meant} cm would."
    ),
}

GRAMS_FROM = 500
"""No child weighs 500 kg; a number from here on was meant as grams."""
POSSIBLE = {WEIGHT: (0.9, 58.0), LENGTH: (38.0, 150.0)}
"""Kilograms and centimetres that a child can have at all: the form refuses the rest."""
FITS, MAY_FIT = 1.0, 5.0
"""How many standard deviations off the meant number may be: where the typed one is possible too, and where it is not."""

Off = Callable[[float], float]
"""By how many standard deviations a measure in kg or cm is off for this child."""


class Slip(NamedTuple):
    """What was probably meant, in kg or cm, and which slip of the hand makes it what was typed."""

    code: str
    meant: float


def possible(field: str, typed: float) -> bool:
    """Tell whether a child can weigh or measure that."""
    low, high = POSSIBLE[field]
    return low <= typed <= high


def swapped(weight_kg: float, length_cm: float) -> bool:
    """Tell whether only the other way round the two could be a child's.

    >>> swapped(77.0, 9.2), swapped(92.0, 77.0)
    (True, False)
    """
    return weight_kg > length_cm and possible(WEIGHT, length_cm) and possible(LENGTH, weight_kg)


def slip(field: str, typed: float, off: Off) -> Slip | None:
    """Return the slip that explains a number best, None where no meant number fits the child."""
    within = FITS if possible(field, typed) else MAY_FIT
    found = [(abs(off(each.meant)), each) for each in _slips(field, typed) if possible(field, each.meant)]
    distance, best = min(found, default=(within, None))
    return best if distance < within else None


def question(field: str, typed: float, found: Slip) -> Question:
    """Return the question about a slip."""
    code = f"{field.split('_')[0]}_{found.code}"
    return Question(code, TEMPLATES[field, found.code], {"typed": typed, "meant": found.meant}, (field,))


def _slips(field: str, typed: float) -> Iterator[Slip]:
    if field == WEIGHT and typed >= GRAMS_FROM:
        yield Slip("in_grams", typed / 1000)
    if field == LENGTH and typed < 2:
        yield Slip("in_metres", typed * 100)
    for factor in (10, 100, 0.1):
        yield Slip("comma", round(typed / factor, 3))
    for other in digits_exchanged(typed):
        yield Slip("digits", other)


def digits_exchanged(typed: float) -> Iterator[float]:
    """Yield the numbers that become this one when two neighbouring digits change places; the comma stays.

    A nought in front counts: 12 may be 012, which was 102.

    >>> list(digits_exchanged(12.3)), list(digits_exchanged(7.7))
    ([102.3, 21.3, 13.2], [70.7])
    """
    signs = "0" + f"{typed:.2f}".removesuffix("0")
    places = [at for at, sign in enumerate(signs) if sign != "."]
    for one, two in pairwise(places):
        if signs[one] != signs[two]:
            exchanged = list(signs)
            exchanged[one], exchanged[two] = signs[two], signs[one]
            yield float("".join(exchanged))
