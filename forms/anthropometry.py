"""The body measures and their bounds: what no child weighs (refused), what few children weigh (ask again).

Hard bounds are the entry limits of WHO Anthro (domain.md 14). Soft bounds depend on the age; a very ill child
may be outside them, so the kader measures once more and says yes. The first number of a band's row is the
age in completed months from which it holds, until the next row.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from forms.fields import HEALTH_WORKER
from forms.measures import Measure, Soft
from forms.sentences import N_


def _rows(text: str) -> tuple[Soft, ...]:
    """Rows of 'months low high'."""
    cells = (row.split() for row in text.strip().splitlines())
    return tuple(Soft(int(months), Decimal(low), Decimal(high)) for months, low, high in cells)


# Made from the WHO Child Growth Standards, both sexes together, rounded outwards: weight at -4 and +4 SD
# (restricted tails), length/height at -5 and +5, head at -4 and +4, upper arm at -4.5 and +4.5.
WEIGHT_BAND = _rows("""
    0   1.5   7.3
    1   2.3   8.8
    2   3.0   9.9
    3   3.5  10.7
    4   3.8  12.0
    6   4.4  13.5
    9   5.0  14.7
    12  5.5  17.0
    18  6.3  19.2
    24  7.1  21.5
    30  7.8  23.8
    36  8.4  28.8
    48  9.4  34.2
    60 10.0  40.0
""")  # kg

LENGTH_BAND = _rows("""
    0    40   64
    1    44   68
    2    47   72
    3    49   74
    4    51   78
    6    54   83
    9    58   88
    12   61   96
    18   66  103
    24   70  109
    30   73  115
    36   76  124
    48   81  133
    60   86  142
""")  # cm

HEAD_BAND = _rows("""
    0   29.0  41.9
    1   31.9  43.8
    2   33.4  45.2
    3   34.6  46.4
    4   35.5  48.2
    6   37.0  50.0
    9   38.5  51.2
    12  39.5  52.7
    18  40.7  53.7
    24  41.6  54.5
    36  42.9  56.1
    48  43.7  57.5
""")  # cm

MUAC_BAND = _rows("""
    0    7.0  18.0
    3    8.9  20.0
    6    9.4  20.6
    12   9.8  21.4
    24  10.3  22.8
    36  10.7  24.1
    48  10.9  26.5
""")  # cm

SKINFOLD_BAND = (Soft(0, Decimal(2), Decimal(30)),)  # mm, triceps and subscapular at every age

ANY_AGE = 0


def weight(number: int, name: str, label: str, section: str) -> Measure:
    """Kilograms to 10 g, stored in grams."""
    return Measure(
        number,
        name,
        label,
        column=name.replace("_kg", "_g"),
        section=section,
        hint=N_("As the scale shows it."),
        unit="kg",
        scale=1000,
        step=Decimal("0.01"),
        low=Decimal("0.9"),
        high=Decimal(58),
        example=Decimal("7.8"),
        soft=WEIGHT_BAND,
    )


def length(number: int, name: str, label: str, section: str) -> Measure:
    """Centimetres to 1 mm, stored in millimetres."""
    return Measure(
        number,
        name,
        label,
        column=name.replace("_cm", "_mm"),
        section=section,
        hint=N_("To the millimetre."),
        unit="cm",
        scale=10,
        step=Decimal("0.1"),
        low=Decimal(38),
        high=Decimal(150),
        example=Decimal("72.5"),
        soft=LENGTH_BAND,
    )


def head(number: int, name: str, label: str, section: str) -> Measure:
    """Head circumference: centimetres to 1 mm, stored in millimetres."""
    return _between(length(number, name, label, section), "25", "64", "44", HEAD_BAND)


def muac(number: int, name: str, label: str, section: str) -> Measure:
    """Middle of the upper arm: centimetres to 1 mm, stored in millimetres."""
    return _between(length(number, name, label, section), "6", "35", "14.5", MUAC_BAND)


def skinfold(number: int, name: str, label: str, section: str) -> Measure:
    """Millimetres to a tenth, stored in tenths; the caliper is a health worker's."""
    return Measure(
        number,
        name,
        label,
        column=name.replace("_mm", "_tenth_mm"),
        section=section,
        entered_by=HEALTH_WORKER,
        unit="mm",
        scale=10,
        step=Decimal("0.1"),
        low=Decimal(1),
        high=Decimal(60),
        example=Decimal("8.4"),
        soft=SKINFOLD_BAND,
    )


def birth_weight(number: int, name: str, label: str, section: str) -> Measure:
    """Kilograms to 1 g, because birth notes are in grams; soft bounds of domain.md 14."""
    measure = replace(weight(number, name, label, section), step=Decimal("0.001"))
    return _between(measure, "0.5", "6.5", "3.1", (Soft(ANY_AGE, Decimal(1), Decimal(6)),))


def birth_length(number: int, name: str, label: str, section: str) -> Measure:
    """Length at birth."""
    measure = length(number, name, label, section)
    return _between(measure, "25", "62", "48.5", (Soft(ANY_AGE, Decimal(38), Decimal(57)),))


def birth_head(number: int, name: str, label: str, section: str) -> Measure:
    """Head circumference at birth; small preterm babies are below WHO Anthro's 25 cm."""
    measure = length(number, name, label, section)
    return _between(measure, "20", "45", "34", (Soft(ANY_AGE, Decimal(28), Decimal(39)),))


def _between(measure: Measure, low: str, high: str, example: str, soft: tuple[Soft, ...]) -> Measure:
    """The same kind of measure with bounds of its own. Its example stands on the page, so no hint."""
    return replace(
        measure, low=Decimal(low), high=Decimal(high), example=Decimal(example), soft=soft, hint=""
    )
