"""A trial: the ten cases in their order, drawn from its seed and its day, so that they can be drawn again to be marked."""

from collections.abc import Callable
from datetime import date
from random import Random

from siposyandu.exam import judging, reading
from siposyandu.exam.case import Case

ALL: tuple[Callable[[Random, date], Case], ...] = (
    reading.weight,
    reading.length,
    reading.arm,
    reading.age,
    judging.position,
    judging.gain,
    judging.red_line,
    judging.doubtful,
    judging.feet,
    judging.deed,
)


def draw(seed: str, today: date) -> tuple[Case, ...]:
    """Return the ten cases of a trial; another seed draws other numbers."""
    return tuple(
        made(Random(f"{seed}/{number}"), today)  # noqa: S311 - nothing secret is drawn
        for number, made in enumerate(ALL)
    )
