"""The growth charts: lines lie where WHO's numbers lie, points are joined honestly, everybody can read them."""

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from siposyandu.growth.standards import value_at
from siposyandu.i18n import speak
from siposyandu.web.charts import CARDS, Child, Point, card_for, kms, length_for_age
from siposyandu.web.charts.lines import sd_line
from siposyandu.web.charts.plane import Plane
from siposyandu.web.charts.points import place

SVG = "{http://www.w3.org/2000/svg}"
HALF_A_PIXEL = 0.5
AMINAH = Child("Baiq Aminah", "f", date(2025, 1, 14))
BUDI = Child("Lalu Budi", "m", date(2025, 1, 14))


@pytest.fixture(autouse=True)
def english():
    speak("en")
    yield
    speak("id")


def points(child: Child, *months: int, weight_kg: float = 8.0) -> list[Point]:
    return [
        Point(child.birth_date + timedelta(days=round(month * 30.4375)), weight_kg, "N") for month in months
    ]


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def drawn_lines(svg: str) -> dict[str, list[list[tuple[float, float]]]]:
    """Return the SD lines as they stand in the file: their z and the places of their pieces."""
    found: dict[str, list[list[tuple[float, float]]]] = {}
    for path in parsed(svg).iter(f"{SVG}path"):
        if z := path.get("data-z"):
            places = re.findall(r"([\d.]+) ([\d.]+)", path.attrib["d"])
            found.setdefault(z, []).append([(float(x), float(y)) for x, y in places])
    return found


def height_at(pieces: list[list[tuple[float, float]]], x: float) -> float:
    for piece in pieces:
        for (x1, y1), (x2, y2) in pairwise(piece):
            if x1 <= x <= x2:
                return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    raise AssertionError(f"no line at {x}")


def farthest_off(svg: str, index: str, sex: str, plane: Plane) -> float:
    """Return how far any drawn SD line strays from the LMS value of any day, in pixels."""
    first, last = plane.days
    worst = 0.0
    for z, pieces in drawn_lines(svg).items():
        for day in range(first + 1, last):
            measure = value_at(index, sex, day, float(z))
            if index == "lhfa" and day in (730, 731):
                continue  # between lying and standing there is no line
            worst = max(worst, abs(height_at(pieces, plane.x(day)) - plane.y(measure)))
    return worst


@pytest.mark.parametrize("child", [AMINAH, BUDI], ids=["girl", "boy"])
@pytest.mark.parametrize(("card", "kilograms"), [("0-24", (1, 18)), ("24-60", (6, 30)), ("0-60", (1, 30))])
def test_every_line_of_the_kms_lies_within_half_a_pixel_of_the_standard(child, card, kilograms):
    plane = Plane(*CARDS[card], *kilograms)
    assert farthest_off(kms(child, [], card=card), "wfa", child.sex, plane) < HALF_A_PIXEL


@pytest.mark.parametrize("child", [AMINAH, BUDI], ids=["girl", "boy"])
@pytest.mark.parametrize(
    ("card", "centimetres"), [("0-24", (40, 100)), ("24-60", (75, 130)), ("0-60", (40, 130))]
)
def test_every_line_of_length_lies_within_half_a_pixel_of_the_standard(child, card, centimetres):
    plane = Plane(*CARDS[card], *centimetres)
    assert farthest_off(length_for_age(child, [], card=card), "lhfa", child.sex, plane) < HALF_A_PIXEL


def test_the_kms_has_all_seven_lines_with_the_red_one_where_the_setting_says():
    svg = kms(AMINAH, [], card="0-24", red_line_sd=-2.0)
    red = [path.get("data-z") for path in parsed(svg).iter(f"{SVG}path") if path.get("stroke") == "#c4001a"]
    assert (sorted(drawn_lines(svg), key=float), red) == (["-3", "-2", "-1", "0", "1", "2", "3"], ["-2"])


def test_length_lines_break_where_lying_becomes_standing():
    before, after = sd_line("lhfa", "f", 0, Plane(0, 60, 40, 130))
    assert (len(before) > 2, len(after) > 2, before[-1][1] < after[0][1]) == (True, True, True)


def test_points_are_joined_only_between_one_month_and_the_next():
    svg = kms(AMINAH, points(AMINAH, 0, 1, 2, 5, 6), card="0-24")
    joins = [
        path for path in parsed(svg).iter(f"{SVG}path") if re.fullmatch(r"M[\d. ]+L[\d. ]+", path.attrib["d"])
    ]
    joins = [path for path in joins if not path.get("data-z")]
    assert len(joins) == 2 * 3, "three pairs of neighbours, each once as a rim and once as a line"


def test_a_corrected_point_is_a_diamond_and_a_flagged_one_a_cross():
    plain, corrected, flagged = points(AMINAH, 3, 4, 5)
    svg = kms(
        AMINAH, [plain, corrected._replace(corrected=True), flagged._replace(flagged=True)], card="0-24"
    )
    circles = [circle.get("stroke") for circle in parsed(svg).iter(f"{SVG}circle")]
    words = [text.text for text in parsed(svg).iter(f"{SVG}text")]
    assert (len(circles), "corrected" in words, "hardly possible: measure again" in words) == (3, True, True)


def test_the_table_under_the_kms_has_each_months_weight_gain_wanted_and_letter():
    svg = kms(AMINAH, points(AMINAH, 2, weight_kg=5.25), card="0-24")
    at = f"{Plane(0, 24, 1, 18).x_of_month(2):.2f}".rstrip("0").rstrip(".")
    column = [text.text for text in parsed(svg).iter(f"{SVG}text") if text.get("x") == at]
    assert column == ["2", "Mar", "5.25", "900", "N"]


def test_a_chart_tells_its_facts_to_those_who_cannot_see_it():
    svg = parsed(kms(AMINAH, points(AMINAH, 2, weight_kg=3.2), card="0-24"))
    title, facts = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert (svg.get("role"), svg.get("aria-labelledby"), title.text, facts.text) == (
        "img",
        "kms-title kms-facts",
        "KMS: weight for age, 0 to 24 months. Baiq Aminah",
        "1 measurements. The newest lies below −3 SD. 16 March 2025: 3.2 kg, N.",
    )


def test_an_empty_chart_says_that_there_is_no_measurement():
    assert "No measurement yet." in length_for_age(BUDI, [], card="24-60")


def test_a_heavier_child_than_the_card_stretches_the_card():
    svg = kms(BUDI, points(BUDI, 22, weight_kg=21.4), card="0-24")
    tall = Plane(0, 24, 1, 22)
    x, y = place(points(BUDI, 22, weight_kg=21.4)[0], BUDI, tall)
    circle = next(parsed(svg).iter(f"{SVG}circle"))
    assert (float(circle.attrib["cx"]), float(circle.attrib["cy"])) == (round(x, 2), round(y, 2))


def test_a_childs_name_cannot_write_into_the_page():
    assert "<script" not in kms(Child("<script>alert(1)</script>", "m", BUDI.birth_date), [], card="0-24")


def test_charts_use_presentation_attributes_only_and_are_the_same_each_time():
    weights = points(AMINAH, 1, 2, 3)
    first, again = (kms(AMINAH, weights, card="0-24") for _ in range(2))
    assert (first == again, " style=" in first, "<style" in first) == (True, False, False)


def test_two_charts_on_a_page_keep_their_ids_apart():
    assert set(re.findall(r' id="([^"]+)"', kms(AMINAH, [], card="0-24", name="second"))) == {
        "second-title",
        "second-facts",
    }


def test_the_second_card_begins_at_two_years():
    assert [card_for(months) for months in (0, 23, 24, 59)] == ["0-24", "0-24", "24-60", "24-60"]


def test_no_two_words_beside_the_lines_touch_each_other():
    for child in (AMINAH, BUDI):
        for card in CARDS:
            for svg in (kms(child, [], card=card), length_for_age(child, [], card=card)):
                heights = sorted(
                    float(text.attrib["y"])
                    for text in parsed(svg).iter(f"{SVG}text")
                    if text.find(f"{SVG}tspan") is not None
                )
                assert min(low - high for high, low in pairwise(heights)) > 11.5
