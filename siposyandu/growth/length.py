"""Which length counts: lying or standing, corrected to what the standard wants, and its weight table.

Rules of WHO's program (R package anthro 1.1): see standards.py, steps 2, 3 and 5.
"""

from math import trunc

from siposyandu.growth.errors import UnknownPosition
from siposyandu.growth.lms import Lms
from siposyandu.growth.reference import tables

DAYS_PER_MONTH = 30.4375
"""WHO's one constant for months; no calendar arithmetic anywhere in the standards."""
STANDING_FROM_DAY = 731
"""24 months are 730.5 days; from the next whole day on the standard is standing height."""
POSITION_CM = 0.7
"""A lying child is this much longer than the same child standing (WHO 2006, Methods)."""
STANDING_FROM_MONTHS = 9
"""Before this age a child cannot stand for a measurement."""
HEIGHT_TABLE_FROM_CM = 87
"""Without age and position, this length decides which weight-for-length table is used."""
LENGTH_LIMITS_CM = {"wfl": (45, 110), "wfh": (65, 120)}


def position_used(measured: str | None, age_days: float | None) -> str | None:
    """Return the position as far as it is believed: not standing before 9 months. Raises UnknownPosition."""
    refuse_unknown_position(measured)
    if measured == "standing" and age_days is not None and age_days / DAYS_PER_MONTH < STANDING_FROM_MONTHS:
        return None
    return measured


def refuse_unknown_position(measured: str | None) -> None:
    """Raise UnknownPosition for a position that is given and is neither "lying" nor "standing"."""
    if measured not in (None, "lying", "standing"):
        raise UnknownPosition(given=measured)


def length_used(length_height_cm: float | None, measured: str | None, day: int | None) -> float | None:
    """Return the length or height in cm that the standard of this age wants, corrected for position."""
    if length_height_cm is None or measured is None or day is None:
        return length_height_cm
    if day < STANDING_FROM_DAY:
        return length_height_cm + POSITION_CM if measured == "standing" else length_height_cm
    return length_height_cm - POSITION_CM if measured == "lying" else length_height_cm


def body_mass_index(weight_kg: float | None, length_cm: float | None) -> float | None:
    """Return kg per square metre, unrounded; None when either is missing."""
    if weight_kg is None or length_cm is None:
        return None
    metres = length_cm / 100
    return weight_kg / (metres * metres)


def length_table(day: int | None, measured: str | None, length_cm: float) -> str:
    """Choose the weight table "wfl" (length) or "wfh" (height): the age decides, never the position."""
    if day is not None:
        return "wfl" if day < STANDING_FROM_DAY else "wfh"
    if measured is not None:
        return "wfl" if measured == "lying" else "wfh"
    return "wfl" if length_cm < HEIGHT_TABLE_FROM_CM else "wfh"


def length_lms(index: str, sex: str, length_cm: float) -> Lms | None:
    """Return L, M, S of weight at a length ("wfl") or height ("wfh"); None outside the table.

    Interpolates between tenths of a centimetre in doubles exactly as WHO's program does. That copies its one
    quirk: 103.1 cm lying at 24 months becomes 102.39999999999999, which falls between 102.3 and 102.5.
    """
    lowest, highest = LENGTH_LIMITS_CM[index]
    if not lowest <= length_cm <= highest:
        return None
    table = tables()[index, sex]
    lower_tenth, upper_tenth = trunc(length_cm * 10), trunc(length_cm * 10 + 1)
    lower = table.row(lower_tenth)
    part = (length_cm - lower_tenth / 10) / 0.1
    upper = table.row(upper_tenth) if part > 0 else None
    if lower is None or upper is None:
        return lower
    return Lms(*(low + part * (up - low) for low, up in zip(lower, upper, strict=True)))
