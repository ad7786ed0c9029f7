"""Tries the guard: every child of a seed, some of its measurements faultless, and one of them once with each fault.

A child's faults fall on one of its visits, drawn evenly. That visit may be the child's first, which is told apart:
there is no past to compare with then. The guard sees what the page shows it: the card, the earlier visits, the new
values as they were typed. Caught means asked before saving:

* any question counts for a fault of the measurement;
* a number that the form refuses counts when the guard says what was meant;
* a wrong birth date is on the card from registration on: it is caught when a question about the birth date was asked
  at the visit or at an earlier one. Questions about measures do not count.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from forms import BY_NAME, Measure
from siposyandu.growth.guard import Child, Question, Visit, questions
from siposyandu.growth.guard.surprises import ABOUT_BIRTH_DATE
from tests.guard_world import faults, living
from tests.guard_world.faults import FAULTS, LENGTH, SMALLEST, WEIGHT, Scene
from tests.guard_world.living import USUAL, Life, Village
from tests.guard_world.tools import Row

FAULTLESS = "no fault"
FAULTLESS_AFTER_BAD, LENGTH_AFTER_BAD = (
    "no fault, one bad value before",
    "length 3 cm off, one bad value before",
)
FAULTLESS_VISITS = 8
"""How many of a child's visits are asked about without a fault."""
FIRST_VISITS = 15
"""A wrong birth date is looked for at so many first visits, and at the last: all between would take too long."""


@dataclass(frozen=True)
class Answer:
    """What became of one measurement: `kind` is the fault's name, `codes` what was asked."""

    kind: str
    child: int
    age_days: int
    visits_before: int
    followed: bool
    codes: tuple[str, ...]

    @property
    def caught(self) -> bool:
        return bool(self.codes)


def answers(seed: str, child: int, village: Village = USUAL) -> Iterator[Answer]:
    """Draw one child of a village and try its measurements."""
    chance = Random(f"{seed} {child}")
    life = living.life(chance, village)
    number = chance.choice([at for at, each in enumerate(life.visits) if each.row[LENGTH] is not None])
    for at in chance.sample(range(len(life.visits)), min(FAULTLESS_VISITS, len(life.visits))):
        yield _answer(FAULTLESS, child, life, at, asked(faults.faultless(life, at)))
    for kind, scene in _scenes(chance, life, number):
        if scene is not None:
            yield _answer(kind, child, life, number, _found(kind, scene))


def asked(scene: Scene) -> list[Question]:
    """Return what the page would ask: the guard's questions and the form's doubts about weight and length."""
    child = Child(scene.sex, scene.birth_date, scene.born.weight_g, scene.born.length_mm)
    past = [visit(on, row) for on, row in scene.past]
    return questions(child, past, visit(scene.on, scene.row), scene.on) + _form_doubts(scene)


def _scenes(chance: Random, life: Life, number: int) -> Iterator[tuple[str, Scene | None]]:
    for kind, fault in {**SMALLEST, **FAULTS}.items():
        yield kind, fault(chance, life, number)
    plain = faults.faultless(life, number)
    yield FAULTLESS_AFTER_BAD, faults.after_a_bad_value(chance, life, plain)
    wrong = FAULTS["length 3 cm off"](chance, life, number)
    if wrong is not None:
        yield LENGTH_AFTER_BAD, faults.after_a_bad_value(chance, life, wrong)


def _found(kind: str, scene: Scene) -> list[Question]:
    if not kind.startswith("birth"):
        return asked(scene)
    for until in (*range(min(FIRST_VISITS, len(scene.past))), len(scene.past)):
        found = [question for question in asked(_at(scene, until)) if question.code in ABOUT_BIRTH_DATE]
        if found:
            return found
    return []


def _at(scene: Scene, until: int) -> Scene:
    """Return the scene at one of its visits."""
    days = [*scene.past, (scene.on, scene.row)]
    on, row = days[until]
    return replace(scene, past=tuple(days[:until]), on=on, row=row)


def _answer(kind: str, child: int, life: Life, number: int, found: list[Question]) -> Answer:
    codes = tuple(question.code for question in found)
    return Answer(kind, child, life.visits[number].age_days, number, life.followed, codes)


def visit(on: date, row: Row) -> Visit:
    """Return what was written at a visit as the guard takes it."""
    return Visit(on, **{column: row[column] for column in Visit._fields if column in row})  # type: ignore[arg-type]


def _form_doubts(scene: Scene) -> list[Question]:
    found = []
    months = int((scene.on - scene.birth_date).days / 30.4375)
    for column in (WEIGHT, LENGTH):
        field, value = BY_NAME["balita"].by_column[column], scene.row[column]
        assert isinstance(field, Measure)
        if (
            isinstance(value, int)
            and field.low <= field.in_units(value) <= field.high
            and field.doubt(value, months)
        ):
            found.append(Question(f"form_{column}", "", {}, (field.name,)))
    return found
