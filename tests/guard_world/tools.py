"""Scales, boards and tapes of a posyandu, and the hands that read them.

Where the numbers come from:
length      Community workers who measure the same child twice differ with a technical error of 0.3 to 0.6 cm (Laar 2018,
            Ayele 2012); careful ones reach WHO's 0.3 cm. A wriggling child is measured worse now and then.
reading     Three in five heights end in .0 or .5: some read millimetres, some half, some whole centimetres.
weight      A hanging scale is read to 0.1 kg, an electronic one to 50 or 10 g; the child moves and wears something.
bias        Each scale and board is a little off; it stays so until the tool is replaced.
position    Lying is longer than standing by 0.7 cm on average, not exactly (WHO 2006, Methods).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from tests.guard_world.growing import STANDING_DAY, Body

Row = Mapping[str, int | str | None]

LYING, STANDING = "lying", "standing"


@dataclass(frozen=True)
class Hands:
    """How the kader of a posyandu measures: steps to which she reads, her technical error, what she measures at all."""

    length_step_mm: int
    weight_step_g: int
    length_error_mm: float
    weight_error_g: float
    head: bool
    arm: bool
    tape_step_mm: int
    length_left_out: float
    """How often the length is left out in a child of two years or more."""


@dataclass(frozen=True)
class Tools:
    """How far the posyandu's tools are off: what they show more than the truth."""

    scale_g: float
    board_mm: float
    stadiometer_mm: float


def hands(chance: Random, clumsiness: float = 1.0) -> Hands:
    """Draw a kader; errors of measuring are so many times the usual ones."""
    return Hands(
        length_step_mm=chance.choices((1, 5, 10), (40, 37, 23))[0],
        weight_step_g=chance.choices((10, 50, 100), (20, 20, 60))[0],
        length_error_mm=clumsiness * min(6.0, max(2.5, chance.lognormvariate(1.36, 0.25))),
        weight_error_g=clumsiness * chance.uniform(50, 100),
        head=chance.random() < 0.6,
        arm=chance.random() < 0.7,
        tape_step_mm=chance.choices((1, 5), (55, 45))[0],
        length_left_out=chance.choice((0.0, 0.0, 0.0, 0.05, 0.15)),
    )


def tools(chance: Random) -> Tools:
    """Draw a set of tools."""
    return Tools(chance.gauss(0, 80), chance.gauss(0, 2.5), chance.gauss(0, 3))


def position_at(age_days: int) -> str:
    """Return how a child of this age should be measured; the laptop proposes it."""
    return LYING if age_days < STANDING_DAY else STANDING


def measure(chance: Random, child: Body, age_days: int, by: tuple[Hands, Tools], position: str) -> Row:
    """Weigh and measure a child in a position, as that kader does with those tools; every column is filled."""
    hand, tool = by
    sloppy = 1.7 if chance.random() < 0.04 else 1.0
    tool_mm = tool.board_mm if position == LYING else tool.stadiometer_mm - chance.gauss(7, 2)
    length = child.length_cm(age_days) * 10 + tool_mm + chance.gauss(0, hand.length_error_mm * sloppy)
    weight = child.weight_kg(age_days) * 1000 + tool.scale_g + chance.gauss(0, hand.weight_error_g)
    return {
        "weight_g": to_step(weight, hand.weight_step_g),
        "length_height_mm": to_step(length, hand.length_step_mm),
        "measured": position,
        "head_circumference_mm": to_step(
            child.head_cm(age_days) * 10 + chance.gauss(0, 2.5), hand.tape_step_mm
        ),
        "muac_mm": to_step(child.arm_cm(age_days) * 10 + chance.gauss(0, 2), hand.tape_step_mm),
    }


def left_out(chance: Random, hand: Hands, age_days: int, row: Row) -> Row:
    """Leave out what this kader does not measure: heads after two years, arms before six months, lengths at times."""
    missing = {
        "head_circumference_mm": not hand.head or age_days > STANDING_DAY,
        "muac_mm": not hand.arm or age_days < 183,
        "length_height_mm": age_days > STANDING_DAY and chance.random() < hand.length_left_out,
    }
    return {column: None if missing.get(column) else value for column, value in row.items()}


def to_step(amount: float, step: int) -> int:
    """Read a scale or board: the nearest mark.

    >>> to_step(8649.0, 100), to_step(73.4, 5)
    (8600, 75)
    """
    return step * int(amount / step + 0.5)
