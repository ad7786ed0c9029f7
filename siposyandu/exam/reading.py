"""Cases in which a figure is read and typed: a scale, a length board, a LiLA tape, an age from two dates.

How far an answer may be off: WHO's growth reference study let two measurers differ by 100 g, 7 mm of length and 5 mm of
arm circumference before both measured again (de Onis et al., Food and Nutrition Bulletin 2004; 25 (1 Suppl): S27-S36).
Here no child moves and only the reading is tried: 100 g, 5 mm, 2 mm. An age is a count, and exact.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from forms import Sentence
from siposyandu.exam.case import Case, Dial, Reading, Ruler, Table
from siposyandu.growth.kms import completed_months
from siposyandu.i18n import N_

WEIGHT_WITHIN_G, LENGTH_WITHIN_MM, ARM_WITHIN_MM = 100, 5, 2
BAR_SHOWS_G, BOARD_SHOWS_MM, TAPE_SHOWS_MM = 3000, 40, 40
"""How much of a rule is drawn: on a phone each small line must still be told from the next."""


def weight(chance: Random, today: date) -> Case:
    """Draw a weight on a hanging scale's dial or on a dacin's bar."""
    grams = _between_marks(chance, 3200, 15400, 100, 500)
    bar = Ruler("bar", grams, *_around(grams, BAR_SHOWS_G, 1000), 100, 1000, 1000)
    return Case(
        "weight", N_("Read the scale"),
        Sentence(N_("How heavy is the child?")),
        chance.choice((Dial(grams), bar)),
        Reading("weight_kg", grams, WEIGHT_WITHIN_G),
        Sentence(N_("It shows {right} kg: each small line after the number is 0.1 kg."), right=_units(grams, 1000)),
    )  # fmt: skip


def length(chance: Random, today: date) -> Case:
    """Draw a length on a board."""
    mm = _between_marks(chance, 520, 1040, 1, 10)
    board = Ruler("board", mm, *_around(mm, BOARD_SHOWS_MM, 10), 1, 10, 10)
    return Case(
        "length", N_("Read the length board"),
        Sentence(N_("How long is the child?")),
        board,
        Reading("length_height_cm", mm, LENGTH_WITHIN_MM),
        Sentence(N_("It shows {right} cm: each small line after the number is 0.1 cm."), right=_units(mm, 10)),
    )  # fmt: skip


def arm(chance: Random, today: date) -> Case:
    """Draw an arm circumference on a LiLA tape, red, yellow or green."""
    mm = _between_marks(chance, *chance.choice(((102, 114), (116, 124), (127, 165))), 1, 5)
    tape = Ruler("tape", mm, *_around(mm, TAPE_SHOWS_MM, 10), 1, 10, 10)
    return Case(
        "arm", N_("Read the LiLA tape"),
        Sentence(N_("How thick is the upper arm?")),
        tape,
        Reading("muac_cm", mm, ARM_WITHIN_MM),
        Sentence(N_("It shows {right} cm: read where the arrow meets the line, each small line is 0.1 cm."),
                 right=_units(mm, 10)),
    )  # fmt: skip


def age(chance: Random, today: date) -> Case:
    """Draw a birth date and a posyandu day; in about half of them the birthday of the month has not come yet."""
    born = today - timedelta(days=chance.randint(70, 1500))
    months = completed_months(born, today)
    return Case(
        "age", N_("Count the age"),
        Sentence(N_("How many full months old is the child?")),
        Table(((Sentence(N_("Birth date")), Sentence("{day}", day=born)),
               (Sentence(N_("Day of the posyandu")), Sentence("{day}", day=today)))),
        Reading("age_months", months, 0),
        Sentence(N_("{months} months: a month counts only when the day of the birth, the {day}th, has been reached."),
                 months=months, day=born.day),
    )  # fmt: skip


def _between_marks(chance: Random, low: int, high: int, step: int, easy: int) -> int:
    """Draw a value that stands on a small line but on none of those that are read at a glance."""
    return chance.choice([value for value in range(low, high + 1, step) if value % easy])


def _around(value: int, shown: int, numbered: int) -> tuple[int, int]:
    """Return the ends of the shown part, on numbered lines; the value is not always in the middle."""
    low = (value - shown // 2) // numbered * numbered
    return low, low + shown


def _units(stored: int, scale: int) -> Decimal:
    return Decimal(stored) / scale
