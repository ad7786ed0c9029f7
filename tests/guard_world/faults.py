"""What goes wrong at the table, one thing at a time: the faults the guard is tried on.

A fault changes one measurement, or the birth date on the card. It returns None where it cannot happen: nothing to
copy at a first visit, no day and month to exchange in 25 August. Sizes and kinds are those of the project's plan; what
was left open is settled here:

length, weight      off either way, equally often; written to the step of that kader's board or scale
digits              two neighbouring, different digits of the weight or of the length, any two, however little it changes
grams               the scale's grams in the field for kilograms
another child       weight, length, head and arm of a brother or sister, or of anybody under five, measured the same day;
                    the position stays as the laptop proposed it for the child on the page
position            measured, and noted so, the way that is wrong for the age
copied              all of last visit's values
birth date          written wrong when the child was registered, so wrong at every visit, and the laptop proposes the
                    position by the wrong age: a month or a year early or late; day and month exchanged
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from tests.guard_world import living, tools
from tests.guard_world.growing import Body
from tests.guard_world.living import Life
from tests.guard_world.tools import Row

WEIGHT, LENGTH = "weight_g", "length_height_mm"
DECIMALS = {WEIGHT: 1000, LENGTH: 10}


@dataclass(frozen=True)
class Scene:
    """A measurement about to be saved: whose card, what came before (day and values), and what is written now."""

    sex: str
    birth_date: date
    born: living.Born
    past: tuple[tuple[date, Row], ...]
    on: date
    row: Row


Fault = Callable[[Random, Life, int], Scene | None]


def faultless(life: Life, number: int) -> Scene:
    """Return the visit with this number as it was, with those before it."""
    days = [life.body.birth_date + timedelta(days=visit.age_days) for visit in life.visits[: number + 1]]
    rows = [visit.row for visit in life.visits[: number + 1]]
    past = tuple(zip(days[:-1], rows[:-1], strict=True))
    return Scene(life.body.sex, life.body.birth_date, life.born, past, days[-1], rows[-1])


def length_off(by_mm: int) -> Fault:
    """Return the fault of a length that is off by so much, either way."""

    def fault(chance: Random, life: Life, number: int) -> Scene | None:
        scene = faultless(life, number)
        return _with(scene, {LENGTH: _known(scene, LENGTH) + chance.choice((-1, 1)) * by_mm})

    return fault


def weight_off(percent: int) -> Fault:
    """Return the fault of a weight that is off by so many percent, either way."""

    def fault(chance: Random, life: Life, number: int) -> Scene | None:
        scene = faultless(life, number)
        wrong = _known(scene, WEIGHT) * (1 + chance.choice((-1, 1)) * percent / 100)
        return _with(scene, {WEIGHT: tools.to_step(wrong, life.visits[number].by[0].weight_step_g)})

    return fault


def digits_swapped(chance: Random, life: Life, number: int) -> Scene | None:
    """Exchange two neighbouring digits of the weight or of the length."""
    scene = faultless(life, number)
    column = chance.choice((WEIGHT, LENGTH))
    wrong = exchanged(chance, _typed(life, number, column))
    return None if wrong is None else _with(scene, {column: round(float(wrong) * DECIMALS[column])})


def exchanged(chance: Random, typed: str) -> str | None:
    """Exchange two neighbouring different digits of a number, the point stays; None where all are alike.

    >>> exchanged(Random(1), "8.7"), exchanged(Random(1), "7.7")
    ('7.8', None)
    """
    places = [at for at, sign in enumerate(typed) if sign != "."]
    pairs = [pair for pair in pairwise(places) if typed[pair[0]] != typed[pair[1]]]
    if not pairs:
        return None
    one, two = chance.choice(pairs)
    signs = list(typed)
    signs[one], signs[two] = signs[two], signs[one]
    return "".join(signs)


def weight_and_length_swapped(chance: Random, life: Life, number: int) -> Scene | None:
    """Write the length in the field for the weight, and the weight in the field for the length."""
    scene = faultless(life, number)
    kilograms, centimetres = _known(scene, WEIGHT) / 1000, _known(scene, LENGTH) / 10
    return _with(scene, {WEIGHT: round(centimetres * 1000), LENGTH: round(kilograms * 10)})


def grams_for_kilograms(chance: Random, life: Life, number: int) -> Scene | None:
    """Write 7800 where 7.8 is meant."""
    scene = faultless(life, number)
    return _with(scene, {WEIGHT: _known(scene, WEIGHT) * 1000})


def values_of_a_sibling(chance: Random, life: Life, number: int) -> Scene | None:
    """Write a brother's or sister's values; None where there is none under five that day."""
    other = living.sibling_under_five(chance, life.body, faultless(life, number).on)
    return None if other is None else _with_values_of(chance, life, number, other)


def values_of_a_stranger(chance: Random, life: Life, number: int) -> Scene | None:
    """Write the values of anybody in the queue."""
    other = living.stranger(chance, faultless(life, number).on)
    return _with_values_of(chance, life, number, other)


def wrong_position(chance: Random, life: Life, number: int) -> Scene | None:
    """Measure a baby standing or a child of three lying down, and note it so."""
    visit = life.visits[number]
    wrong = tools.LYING if tools.position_at(visit.age_days) == tools.STANDING else tools.STANDING
    row = tools.measure(chance, life.body, visit.age_days, visit.by, wrong)
    return _with(faultless(life, number), {LENGTH: row[LENGTH], "measured": wrong})


def last_values_copied(chance: Random, life: Life, number: int) -> Scene | None:
    """Write last visit's values again."""
    scene = faultless(life, number)
    if not scene.past or scene.past[-1][1][LENGTH] is None:
        return None
    return _with(scene, {**scene.past[-1][1], "measured": scene.row["measured"]})


def birth_month_off(chance: Random, life: Life, number: int) -> Scene | None:
    """Write the month before or after."""
    born = life.body.birth_date
    month = born.month + chance.choice((-1, 1))
    year, month = born.year + (month - 1) // 12, (month - 1) % 12 + 1
    return _born_on(chance, life, number, _existing(year, month, born.day))


def birth_year_off(chance: Random, life: Life, number: int) -> Scene | None:
    """Write the year before or after."""
    born = life.body.birth_date
    return _born_on(chance, life, number, _existing(born.year + chance.choice((-1, 1)), born.month, born.day))


def birth_day_and_month_exchanged(chance: Random, life: Life, number: int) -> Scene | None:
    """Write 3 August as 8 March."""
    born = life.body.birth_date
    if born.day > 12 or born.day == born.month:
        return None
    return _born_on(chance, life, number, date(born.year, born.day, born.month))


SMALLEST: Mapping[str, Fault] = {
    "length 1.5 cm off": length_off(15),
    "weight 10 % off": weight_off(10),
}
"""Reported apart: they are about as large as what two honest measurements differ by."""

FAULTS: Mapping[str, Fault] = {
    "length 3 cm off": length_off(30),
    "length 10 cm off": length_off(100),
    "weight 20 % off": weight_off(20),
    "weight 50 % off": weight_off(50),
    "digits swapped": digits_swapped,
    "weight and length swapped": weight_and_length_swapped,
    "grams for kilograms": grams_for_kilograms,
    "values of a sibling": values_of_a_sibling,
    "values of a stranger": values_of_a_stranger,
    "wrong position for the age": wrong_position,
    "last values copied": last_values_copied,
    "birth date a month off": birth_month_off,
    "birth date a year off": birth_year_off,
    "birth day and month exchanged": birth_day_and_month_exchanged,
}


def _with(scene: Scene, changed: Row) -> Scene:
    return replace(scene, row={**scene.row, **changed})


def _known(scene: Scene, column: str) -> int:
    value = scene.row[column]
    assert isinstance(value, int)
    return value


def _typed(life: Life, number: int, column: str) -> str:
    """Return the number as the kader types it: one decimal, two where her scale shows 10 or 50 g."""
    fine = column == WEIGHT and life.visits[number].by[0].weight_step_g < 100
    return f"{_known(faultless(life, number), column) / DECIMALS[column]:.{2 if fine else 1}f}"


def _with_values_of(chance: Random, life: Life, number: int, other: Body) -> Scene:
    scene, visit = faultless(life, number), life.visits[number]
    age_days = (scene.on - other.birth_date).days
    position = tools.position_at(visit.age_days)
    row = tools.measure(chance, other, age_days, visit.by, position)
    return _with(scene, {column: value for column, value in row.items() if scene.row[column] is not None})


def after_a_bad_value(chance: Random, life: Life, scene: Scene) -> Scene | None:
    """Spoil one value in the past of a scene: ten centimetres, half the weight, or a stranger's row."""
    measured = [at for at, (_, row) in enumerate(scene.past) if row[LENGTH] is not None]
    if len(measured) < 2:
        return None
    at, past = chance.choice(measured), list(scene.past)
    spoiled = chance.choice((length_off(100), weight_off(50), values_of_a_stranger))(chance, life, at)
    past[at] = (past[at][0], past[at][1] if spoiled is None else spoiled.row)
    return replace(scene, past=tuple(past))


def _existing(year: int, month: int, day: int) -> date:
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day, last))


def _born_on(chance: Random, life: Life, number: int, wrong: date) -> Scene:
    scene = faultless(life, number)
    past = tuple((on, _as_proposed(chance, wrong, on, row)) for on, row in scene.past)
    return replace(scene, birth_date=wrong, past=past, row=_as_proposed(chance, wrong, scene.on, scene.row))


def _as_proposed(chance: Random, birth: date, on: date, row: Row) -> Row:
    """Measure in the position that the laptop proposes for the age on the card."""
    proposed = tools.position_at((on - birth).days)
    length = row[LENGTH]
    if proposed == row["measured"] or not isinstance(length, int):
        return {**row, "measured": proposed}
    difference = round(chance.gauss(7, 2))
    return {
        **row,
        LENGTH: length + (difference if proposed == tools.LYING else -difference),
        "measured": proposed,
    }
