"""The KMS: coloured bands, the red line where the setting says, and the table of months below it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from siposyandu.growth.standards import value_at
from siposyandu.i18n import speak
from siposyandu.web.charts import CARD_ON_PHONE, CARDS, Child, Point, View, card_for, kms
from tests.drawn import Drawn, heights

HALF_A_PIXEL = 0.5
DAYS_PER_MONTH = 30.4375
AMINAH = Child("Baiq Aminah", "f", date(2025, 1, 14))
BUDI = Child("Lalu Budi", "m", date(2025, 1, 14))
CLOSE = {"0-24": (6, 18), "24-60": (30, 42), "0-60": (48, 60)}

every_card = pytest.mark.parametrize("card", CARDS)


@pytest.fixture(autouse=True)
def english():
    speak("en")


def points(child: Child, *months: int, weight_kg: float = 8.0) -> list[Point]:
    return [
        Point(child.birth_date + timedelta(days=round(month * DAYS_PER_MONTH)), weight_kg, "N")
        for month in months
    ]


def views(card: str) -> list[View]:
    return [View(CARD_ON_PHONE, CLOSE[card], "near"), View(CARD_ON_PHONE, None, "phone")]


def pictures(child: Child, card: str) -> list[Drawn]:
    """A card as it stands on a laptop, close on a phone, and whole on a phone."""
    return [
        Drawn.of(kms(child, [], card=card)),
        *(Drawn.of(kms(child, [], card=card, view=view)) for view in views(card)),
    ]


def farthest_off(picture: Drawn, sex: str) -> float:
    level, upright = picture.level_axis(), picture.measure_axis()
    worst = 0.0
    for z, pieces in picture.lines.items():
        left, right = pieces[0][0][0], pieces[-1][-1][0]
        days = [day for day in range(1827) if left <= level.at(day / DAYS_PER_MONTH) <= right]
        found = heights(pieces, [level.at(day / DAYS_PER_MONTH) for day in days])
        for day, y in zip(days, found, strict=True):
            worst = max(worst, abs(y - upright.at(value_at("wfa", sex, day, float(z)))))
    return worst


@pytest.mark.parametrize("child", [AMINAH, BUDI], ids=["girl", "boy"])
@every_card
def test_every_line_of_the_kms_lies_within_half_a_pixel_of_the_standard(child: Child, card: str) -> None:
    assert max(farthest_off(picture, child.sex) for picture in pictures(child, card)) < HALF_A_PIXEL


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("child", [AMINAH, BUDI], ids=["girl", "boy"])
@every_card
def test_no_words_of_the_kms_leave_the_paper_or_touch_at_the_line_ends(
    child: Child, card: str, language: str
) -> None:
    speak(language)
    for picture in pictures(child, card):
        wide, high = picture.size
        outside = [
            each.text
            for each in picture.words
            if min(each.box[:2]) < 0 or each.box[2] > wide or each.box[3] > high
        ]
        ends = sorted(each.box[1] for each in picture.words if each.kind == "end")
        assert (outside, min(low - high for high, low in pairwise(ends)) > 11.5) == (
            [],
            True,
        )


def test_the_kms_has_all_seven_lines_with_the_red_one_where_the_setting_says() -> None:
    picture = Drawn.of(kms(AMINAH, [], card="0-24", red_line_sd=-2.0))
    red = [
        path.get("data-z")
        for path in picture.root.iter()
        if path.get("stroke") == "#c4001a" and path.get("data-z")
    ]
    assert (sorted(picture.lines, key=float), red) == (["-3", "-2", "-1", "0", "1", "2", "3"], ["-2"])


def test_points_of_the_kms_are_joined_only_between_one_month_and_the_next() -> None:
    assert len(Drawn.of(kms(AMINAH, points(AMINAH, 5, 6, 7, 10, 11), card="0-24")).joins) == 3


def test_the_table_under_the_kms_has_each_months_weight_gain_wanted_and_letter() -> None:
    picture = Drawn.of(kms(AMINAH, points(AMINAH, 2, weight_kg=5.25), card="0-24"))
    at = picture.level_axis().at(2)
    column = [
        each.text
        for each in picture.words
        if not each.kind and abs((each.box[0] + each.box[2]) / 2 - at) < 0.5
    ]
    assert column == ["2", "Mar", "5.25", "900", "N"]


def test_on_a_phone_the_table_shows_the_months_of_the_close_look() -> None:
    picture = Drawn.of(kms(AMINAH, points(AMINAH, 7, weight_kg=7.5), card="0-24", view=views("0-24")[0]))
    assert {"Jul 25", "Aug 25", "Jul 26", "7.5", "KMS, 6 to 18 months"} <= set(picture.texts())


def test_a_heavier_child_than_the_card_stretches_the_card() -> None:
    stretched = Drawn.of(kms(BUDI, points(BUDI, 22, weight_kg=17.4), card="0-24"))
    heavier = Drawn.of(kms(BUDI, points(BUDI, 22, weight_kg=19.4), card="0-24"))
    assert [
        max(int(text) for text in each.texts() if text.isdigit() and int(text) < 25)
        for each in (stretched, heavier)
    ] == [24, 24]
    assert heavier.measure_axis().pixels > stretched.measure_axis().pixels


def test_the_kms_tells_its_facts_to_those_who_cannot_see_it() -> None:
    picture = Drawn.of(kms(AMINAH, points(AMINAH, 2, weight_kg=3.2), card="0-24"))
    title = picture.root.findtext("{http://www.w3.org/2000/svg}title")
    assert (title, picture.told) == (
        "KMS: weight for age, 0 to 24 months. Baiq Aminah",
        "Newest measurement, 16 March 2025, at 2 months: 3.2 kg, below −3 SD (z −3.50), Severely underweight. "
        "16 March 2025: 3.2 kg, N.",
    )


def test_an_empty_kms_says_that_there_is_no_measurement() -> None:
    assert "No measurement yet." in kms(BUDI, [], card="24-60")


def test_the_second_card_begins_at_two_years() -> None:
    assert [card_for(months) for months in (0, 23, 24, 59)] == ["0-24", "0-24", "24-60", "24-60"]
