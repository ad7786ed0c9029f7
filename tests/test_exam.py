"""Uji kader: the cases are sound for every seed, near enough is right, and a trial belongs to its worker alone."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from forms import FormError
from siposyandu.exam import keeping, marking, trial
from siposyandu.exam.case import Card, Case, Choosing, Reading, Ruler, Table
from siposyandu.growth import guard
from siposyandu.growth.standards import score
from siposyandu.i18n import say
from siposyandu.instance import Instance
from siposyandu.web import exam_pictures
from tests.conftest import NOW, Village, app_of, sign_in

TODAY = date(2026, 8, 24)
SEEDS = [f"seed {number}" for number in range(60)]


def case(kind: str, seed: str) -> Case:
    return next(each for each in trial.draw(seed, TODAY) if each.kind == kind)


def typed(case: Case, off: int = 0) -> str:
    """The right answer as somebody types it, so much beside."""
    if isinstance(case.answer, Choosing):
        return case.answer.right
    return str(marking.field_of(case.answer.field).in_units(case.answer.right + off)).replace(".", ",")


def test_every_trial_has_ten_cases_of_which_each_has_its_picture_and_its_right_answer() -> None:
    for seed in SEEDS:
        cases = trial.draw(seed, TODAY)
        assert len({each.kind for each in cases}) == 10
        assert [each.kind for each in cases if not marking.is_right(each, typed(each))] == []
        assert all(exam_pictures.draw(each.picture) for each in cases)


def test_a_trial_can_be_drawn_again_and_another_has_other_numbers() -> None:
    answers = [tuple(typed(each) for each in trial.draw(seed, TODAY)) for seed in SEEDS]
    again = [tuple(typed(each) for each in trial.draw(seed, TODAY)) for seed in SEEDS]
    assert (answers == again, len(set(answers))) == (True, len(SEEDS))


def test_every_answer_that_can_be_chosen_is_right_in_some_trial() -> None:
    for kind in ("position", "gain", "red_line", "deed", "doubtful", "feet"):
        drawn = [case(kind, seed).answer for seed in SEEDS]
        options = {code for answer in drawn if isinstance(answer, Choosing) for code, _ in answer.options}
        assert {answer.right for answer in drawn} == options, kind


@pytest.mark.parametrize(("kind", "within"), [("weight", 100), ("length", 5), ("arm", 2), ("age", 0)])
def test_near_enough_is_right_and_farther_is_not(kind: str, within: int) -> None:
    asked = case(kind, "one seed")
    step = {"weight": 100}.get(kind, 1)
    marks = [marking.is_right(asked, typed(asked, off)) for off in (-within, 0, within, within + step)]
    assert marks == [True, True, True, False]


def test_a_figure_to_be_read_lies_on_the_picture_but_not_on_a_numbered_line() -> None:
    for seed in SEEDS:
        for each in trial.draw(seed, TODAY):
            if isinstance(each.picture, Ruler):
                rule = each.picture
                assert rule.low < rule.at < rule.high
                assert rule.at % rule.numbered


WIDEST_DIGIT = 18  # of a number on a rule, in the picture's own units: exam.css draws them 25 high


def test_no_number_of_a_rule_touches_its_frame() -> None:
    outside = []
    for seed in SEEDS:
        for drawn in (
            exam_pictures.draw(each.picture)
            for each in trial.draw(seed, TODAY)
            if isinstance(each.picture, Ruler)
        ):
            left, width = map(int, re.findall(r'class="face" x="(\d+)" y="\d+" width="(\d+)"', drawn)[0])
            for x, figure in re.findall(r'class="figure" x="([\d.]+)"[^>]*>(\d+)<', drawn):
                half = WIDEST_DIGIT * len(figure) / 2
                outside += [figure] * (not left < float(x) - half < float(x) + half < left + width)
    assert outside == []


def test_weights_to_be_compared_are_written_as_a_scale_shows_them() -> None:
    written = [
        say(value) for seed in SEEDS for name, value in _rows(case("gain", seed)) if "kg" in say(value)
    ]
    assert [words for words in written if not re.fullmatch(r"\d+,\d kg", words)] == []


def _rows(asked: Case) -> list[tuple[Any, Any]]:
    assert isinstance(asked.picture, Table)
    return list(asked.picture.rows)


def test_the_last_point_of_each_kms_lies_on_the_side_of_the_red_line_that_is_right() -> None:
    for seed in SEEDS:
        asked = case("red_line", seed)
        assert isinstance(asked.picture, Card)
        day, weight_g = asked.picture.weighings[-1]
        age_days = (day - asked.picture.birth_date).days
        waz = score(sex=asked.picture.sex, age_days=age_days, weight_kg=weight_g / 1000).waz
        assert waz is not None
        assert asked.answer == Choosing(asked.answer.options, "below" if waz < -3 else "above")  # type: ignore[union-attr]


def test_the_guard_asks_about_the_doubtful_weight_and_about_no_other() -> None:
    for seed in SEEDS[:20]:
        asked = case("doubtful", seed)
        assert isinstance(asked.picture, Table)
        doubted = [str(name) for name, pair in asked.picture.rows if doubts(pair.params)]
        assert doubted == [asked.answer.right], seed


def doubts(row: Mapping[str, Any]) -> bool:
    """Whether the real guard would ask about the two weights of a girl in a row."""
    before_g, now_g = (int(row[when] * 1000) for when in ("before", "now"))
    child = guard.Child("f", TODAY - timedelta(days=row["months"] * 30))
    last = guard.Visit(TODAY - timedelta(days=30), before_g)
    return bool(guard.questions(child, [last], guard.Visit(TODAY, now_g), TODAY))


@pytest.mark.parametrize("answer", ["", "berat", "78"])
def test_what_cannot_be_read_is_asked_for_again(answer: str) -> None:
    with pytest.raises(FormError):
        marking.is_right(case("weight", "one seed"), answer)


def answer_all(client: FlaskClient, instance: Instance, village: Village, wrong: int) -> str:
    """Answer a whole trial, so many of its first cases wrongly; returns the address of the result."""
    address = client.post("/uji").location
    number = int(address.rpartition("/")[2])
    with instance.store_for_job() as store:
        asked = keeping.found(store, number, village.aminah.id)
    for index, each in enumerate(asked.cases):
        said = typed(each, 400 if index < wrong else 0)
        client.post(address, data={"number": index, "answer": said})
    return f"{address}/hasil"


def test_a_trial_ends_with_its_score_the_right_answers_and_why(
    client: FlaskClient, instance: Instance, village: Village
) -> None:
    sign_in(client, village.aminah)
    shown = client.get(answer_all(client, instance, village, wrong=2)).text
    assert (shown.count("chip s0"), shown.count("chip s2"), "<b>8</b>" in shown) == (8, 2, True)
    assert "8 dari 10 benar" in client.get("/uji").text


def test_a_case_is_answered_once_and_what_cannot_be_read_is_given_back(
    client: FlaskClient, village: Village
) -> None:
    sign_in(client, village.aminah)
    address = client.post("/uji").location
    refused = client.post(address, data={"number": 0, "answer": "sembilan"})
    client.post(address, data={"number": 0, "answer": "9,9"})
    client.post(address, data={"number": 0, "answer": "5"})  # the button was pressed twice
    assert (refused.status_code, 'value="sembilan"' in refused.text) == (400, True)
    assert "Soal 2 dari 10" in client.get(address).text


def test_a_trial_is_seen_by_nobody_else(client: FlaskClient, village: Village) -> None:
    address = sign_in(client, village.aminah).post("/uji").location
    other = sign_in(app_of(village).test_client(), village.baiq)
    codes = [other.get(address).status_code, other.post(address, data={"number": 0}).status_code]
    assert codes == [404, 404]


def test_a_trial_is_no_record_and_is_never_sent(
    client: FlaskClient, instance: Instance, village: Village
) -> None:
    with instance.store_for_job() as store:
        before = store.value("select count(*) from edits")
        answer_all(sign_in(client, village.aminah), instance, village, wrong=0)
        after = store.value("select count(*) from edits")
        trials = [keeping.found(store, 1, village.aminah.id)]
    assert (after, [(each.score, each.day, each.is_over) for each in trials]) == (
        before,
        [(10, NOW.date(), True)],
    )


def test_every_reading_is_read_by_the_rules_of_the_real_form() -> None:
    fields = {each.answer.field for each in trial.draw("a", TODAY) if isinstance(each.answer, Reading)}
    assert fields == {"weight_kg", "length_height_cm", "muac_cm", "age_months"}
