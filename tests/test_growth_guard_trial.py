"""The guard's two figures, on made-up children never used for tuning; and the village they come from.

The whole table is made by tests/bench/bench_guard.py; here a small sample keeps watch.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from statistics import mean

import pytest

from siposyandu.growth.standards import score
from tests.guard_world import faults, living, table, trial
from tests.guard_world.faults import FAULTS, LENGTH, SMALLEST, WEIGHT
from tests.guard_world.trial import FAULTLESS, Answer

CHILDREN = 240
CAUGHT, CAUGHT_SE = 95.0, 0.6
ASKED, ASKED_SE = 3.0, 0.45
"""What is promised, in percent, and the standard errors that so few children leave."""


@pytest.fixture(scope="module")
def answers() -> Sequence[Answer]:
    return [
        answer for child in range(CHILDREN) for answer in trial.answers("held out, a small sample", child)
    ]


def test_at_least_95_percent_of_the_faults_are_caught_and_hardly_any_faultless_measurement_is_asked_about(
    answers: Sequence[Answer],
) -> None:
    caught = table.mean_share(filter(table.with_a_past, answers))
    asked = table.share(answer for answer in answers if answer.kind == FAULTLESS)
    assert (caught.percent > CAUGHT - 2 * CAUGHT_SE, asked.percent < ASKED + 2 * ASKED_SE) == (True, True), (
        caught,
        asked,
    )


@pytest.mark.parametrize(
    "kind", ["length 10 cm off", "weight 50 % off", "weight and length swapped", "grams for kilograms"]
)
def test_gross_faults_do_not_pass(answers: Sequence[Answer], kind: str) -> None:
    with_a_past = [answer for answer in answers if answer.kind == kind and answer.visits_before]
    missed = [answer for answer in with_a_past if not answer.caught]
    assert len(missed) <= len(with_a_past) // 100


def test_every_fault_is_tried_about_equally_often_but_the_exchanged_date_that_few_birthdays_allow(
    answers: Sequence[Answer],
) -> None:
    tried = {kind: sum(answer.kind == kind for answer in answers) for kind in (*FAULTS, *SMALLEST)}
    assert {kind for kind, count in tried.items() if count < 0.9 * CHILDREN} == {
        "birth day and month exchanged"
    }


def test_the_village_is_like_those_of_ntb() -> None:
    """Three in ten stunted and one in ten wasted at two to five years (domain.md 0); weight and length hang together."""
    found = [_scored(Random(f"like NTB {child}")) for child in range(250)]
    haz, whz = ([scores[at] for scores in found] for at in (0, 1))
    assert 0.22 < mean(z < -2 for z in haz) < 0.40
    assert 0.03 < mean(z < -2 for z in whz) < 0.14


def _scored(chance: Random) -> tuple[float, float]:
    child = living.life(chance).body
    day = chance.randrange(731, 1826)
    found = score(
        sex=child.sex,
        age_days=day,
        weight_kg=child.weight_kg(day),
        length_height_cm=child.length_cm(day),
        measured="lying",
    )
    assert found.haz is not None
    assert found.whz is not None
    return found.haz, found.whz


def test_nobody_shrinks() -> None:
    child = living.life(Random(5)).body
    lengths = [child.length_cm(day) for day in range(0, 1826, 5)]
    assert lengths == sorted(lengths)


def test_a_fault_changes_what_it_says_and_nothing_else() -> None:
    life = living.life(Random(11))
    number = next(at for at, visit in enumerate(life.visits) if at > 3 and visit.row[LENGTH])
    plain = faults.faultless(life, number)
    changed = {
        kind: {column for column in plain.row if fault.row[column] != plain.row[column]}
        for kind in ("length 3 cm off", "weight 20 % off", "grams for kilograms", "weight and length swapped")
        if (fault := FAULTS[kind](Random(1), life, number))
    }
    assert changed == {
        "length 3 cm off": {LENGTH},
        "weight 20 % off": {WEIGHT},
        "grams for kilograms": {WEIGHT},
        "weight and length swapped": {WEIGHT, LENGTH},
    }


def test_a_wrong_birth_date_changes_the_card_and_the_positions_that_the_laptop_proposes() -> None:
    life = living.life(Random(11))
    wrong = FAULTS["birth date a year off"](Random(1), life, 10)
    plain = faults.faultless(life, 10)
    assert wrong is not None
    assert abs(wrong.birth_date - plain.birth_date) in (timedelta(365), timedelta(366))
    assert [row[WEIGHT] for _, row in wrong.past] == [row[WEIGHT] for _, row in plain.past]
    for on, row in (*wrong.past, (wrong.on, wrong.row)):
        assert row["measured"] == ("lying" if (on - wrong.birth_date).days < 731 else "standing")


def test_a_share_counts_children_and_not_their_answers() -> None:
    """Ten children with four like answers each tell as much as ten answers."""
    one_each = [_answer(child, child < 3) for child in range(10)]
    four_each = [answer for answer in one_each for _ in range(4)]
    assert (table.share(one_each)[1:], table.share(one_each).of) == (
        pytest.approx(table.share(four_each)[1:]),
        10,
    )


def _answer(child: int, caught: bool) -> Answer:
    return Answer(FAULTLESS, child, 400, 3, True, ("copy",) if caught else ())
