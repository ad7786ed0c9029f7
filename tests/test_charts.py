"""The growth charts, every one of them: lines lie where WHO's numbers lie, points are joined honestly, all can be read."""

import re
from datetime import date, timedelta
from functools import cache
from itertools import combinations, pairwise

import pytest

from siposyandu.growth import school_age, standards
from siposyandu.i18n import speak
from siposyandu.web import charts
from siposyandu.web.charts import A4, A5, ALL, BY_CODE, LAPTOP, PHONE, Chart, Child, Layout, Point, View
from siposyandu.web.charts.ends import Wanted, spread
from siposyandu.web.charts.letters import width
from tests.drawn import SVG, Drawn, Words, heights

HALF_A_PIXEL = 0.5
EVERY_LINE = ["-3", "-2", "-1", "0", "1", "2", "3"]
DAYS_PER_MONTH = 30.4375
BORN = date(2025, 1, 14)
CHILDREN = {"m": Child("Lalu Budi", "m", BORN), "f": Child("Baiq Aminah", "f", BORN)}
LAYOUTS = (LAPTOP, PHONE, A4, A5)

every_chart = pytest.mark.parametrize("chart", ALL, ids=lambda chart: chart.code)
both_sexes = pytest.mark.parametrize("sex", "mf")
every_size = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)


@pytest.fixture(autouse=True)
def english():
    speak("en")


def day(months: float) -> date:
    return BORN + timedelta(days=round(months * DAYS_PER_MONTH))


def points(*months: float, measure: float = 6.5) -> list[Point]:
    return [Point(day(month), measure) for month in months]


def drawn(code: str, given: list[Point], sex: str = "f", view: View | None = None) -> Drawn:
    return Drawn.of(charts.draw(BY_CODE[code], CHILDREN[sex], given, view or View()))


@cache
def step_of(chart: Chart) -> tuple[tuple[float, float], ...]:
    """Every day, tenth of a centimetre or quarter of a month of a chart: where it lies on the axis, and in WHO's table."""
    first, last = chart.span
    if chart.centimetres:
        return tuple((tenth / 10, tenth / 10) for tenth in range(first * 10, last * 10 + 1))
    if chart.ages.first_month >= 60:
        return tuple((step / 4 / 12, step / 4) for step in range(first * 4, last * 4 + 1))
    return tuple((day / DAYS_PER_MONTH, day) for day in range(1827) if first <= day / DAYS_PER_MONTH <= last)


@cache
def who(index: str, sex: str, place: float, z: str) -> float:
    """The measure on an SD line by WHO's arithmetic."""
    if index in school_age.INDICES:
        return school_age.sd_line(index, sex, place, float(z))
    return standards.value_at(index, sex, place, float(z))


def farthest_off(picture: Drawn, chart: Chart, sex: str) -> float:
    """How far any drawn SD line strays from WHO's number at any step of the drawn window, in pixels, by the axes' numbers."""
    level, upright = picture.level_axis(), picture.measure_axis()
    worst, seen = 0.0, 0
    for z, pieces in picture.lines.items():
        left, right = pieces[0][0][0], pieces[-1][-1][0]
        steps = [(level.at(at), place) for at, place in step_of(chart)]
        inside = [(x, place) for x, place in steps if left - 0.01 <= x <= right + 0.01]
        for (_, place), y in zip(inside, heights(pieces, [x for x, _ in inside]), strict=True):
            if y is not None:  # between lying and standing, the 731st day, there is no line
                seen += 1
                worst = max(worst, abs(y - upright.at(who(chart.index.code, sex, place, z))))
    assert seen > 6 * len(inside), "the lines are drawn from end to end"
    return worst


@every_size
@both_sexes
@every_chart
def test_every_line_lies_within_half_a_pixel_of_the_standard_at_every_step(
    chart: Chart, sex: str, layout: Layout
) -> None:
    picture = Drawn.of(charts.draw(chart, CHILDREN[sex], [], View(layout)))
    assert sorted(picture.lines, key=float) == EVERY_LINE
    assert farthest_off(picture, chart, sex) < HALF_A_PIXEL


@both_sexes
@every_chart
def test_a_close_look_keeps_every_line_in_its_place_too(chart: Chart, sex: str) -> None:
    first, last = chart.span
    for part in (0.0, 0.4, 1.0):
        window = charts.near(chart, first + part * (last - first))
        picture = Drawn.of(charts.draw(chart, CHILDREN[sex], [], View(PHONE, window)))
        assert farthest_off(picture, chart, sex) < HALF_A_PIXEL


@both_sexes
@every_chart
def test_the_lines_reach_from_one_end_of_the_chart_to_the_other(chart: Chart, sex: str) -> None:
    picture = Drawn.of(charts.draw(chart, CHILDREN[sex], [], View()))
    level = picture.level_axis()
    per_unit = 12 if chart.ages.first_month >= 60 else 1
    ends = {(round(pieces[0][0][0]), round(pieces[-1][-1][0])) for pieces in picture.lines.values()}
    wanted = tuple(level.at(end / per_unit) for end in chart.span)
    assert all(abs(found - end) <= 2 for pair in ends for found, end in zip(pair, wanted, strict=True))


def grown(chart: Chart, sex: str) -> list[Point]:
    """A child's points all over a chart, with every mark that there is among them."""
    found = []
    for number, (_, place) in enumerate(step_of(chart)[:: max(1, len(step_of(chart)) // 24)]):
        measure = round(who(chart.index.code, sex, place, "-1") * (1 + 0.01 * (number % 3)), 1)
        months = place if chart.ages.first_month >= 60 else place / DAYS_PER_MONTH
        on = day(min(months, 59.9)) if not chart.centimetres else day(number)
        found.append(Point(on, measure, length_cm=place if chart.centimetres else None))
    return [
        *found[:2],
        found[2]._replace(corrected=True),
        found[3]._replace(converted=True),
        found[4]._replace(swollen=True),
        found[5]._replace(measure=found[5].measure * 4),
        *found[6:],
    ]


def overlap(one: Words, two: Words) -> bool:
    (left, top, right, bottom), (left2, top2, right2, bottom2) = one.box, two.box
    return left < right2 and left2 < right and top < bottom2 - 0.5 and top2 < bottom - 0.5


@pytest.mark.parametrize("language", ["id", "en"])
@every_size
@both_sexes
@every_chart
def test_no_words_leave_the_paper_and_none_at_the_line_ends_touch(
    chart: Chart, sex: str, layout: Layout, language: str
) -> None:
    speak(language)
    long_name = CHILDREN[sex]._replace(name="Lalu Muhammad Zulkarnaen Adiputra Wirawan bin Haji Abdurrahman")
    picture = Drawn.of(charts.draw(chart, long_name, grown(chart, sex), View(layout)))
    wide, high = picture.size
    outside = [
        words.text
        for words in picture.words
        if words.box[0] < 0 or words.box[1] < 0 or words.box[2] > wide or words.box[3] > high
    ]
    beside = [words for words in picture.words if words.kind in ("end", "zone", "limit")]
    touching = [(one.text, two.text) for one, two in combinations(beside, 2) if overlap(one, two)]
    assert (outside, touching) == ([], [])


@every_size
@every_chart
def test_charts_use_presentation_attributes_only_and_type_large_enough(chart: Chart, layout: Layout) -> None:
    svg = charts.draw(chart, CHILDREN["f"], grown(chart, "f"), View(layout))
    smallest = min(words.size for words in Drawn.of(svg).words)
    again = charts.draw(chart, CHILDREN["f"], grown(chart, "f"), View(layout))
    assert (svg == again, " style=" in svg, "<style" in svg, smallest >= 10.5) == (True, False, False, True)


@every_chart
def test_the_seven_lines_can_be_told_apart_without_colour(chart: Chart) -> None:
    svg = charts.draw(chart, CHILDREN["m"], [], View())
    dashes = {
        path.get("data-z"): path.get("stroke-dasharray")
        for path in Drawn.of(svg).root.iter()
        if path.get("data-z")
    }
    neighbours = [(dashes[one], dashes[two]) for one, two in pairwise(EVERY_LINE)]
    assert all(one != two for one, two in neighbours)
    assert Drawn.of(svg).texts("end") == ["+3", "+2", "+1", "0", "−1", "−2", "−3"]


def test_there_is_a_chart_for_every_index_of_who() -> None:
    drawn_indices = {chart.index.code for chart in ALL}
    assert drawn_indices == {*standards.INDICES, *school_age.INDICES}


@every_chart
def test_a_grid_of_a_hundred_lines_is_four_paths(chart: Chart) -> None:
    root = drawn(chart.code, []).root
    grid = [path for path in root.iter(f"{SVG}path") if path.attrib["d"].count("M") > 1]
    alone = list(root.iter(f"{SVG}line"))
    assert (3 <= len(grid) <= 4, len(alone)) == (True, len(chart.index.limits))


def test_length_lines_break_where_lying_becomes_standing() -> None:
    before, after = drawn("tb-u-0-5", []).lines["0"]
    assert (len(before) > 2, len(after) > 2, before[-1][1] < after[0][1]) == (True, True, True)


def test_points_are_joined_only_from_one_month_to_the_next() -> None:
    picture = drawn("bb-u-0-2", points(3, 4, 5, 8, 9))
    assert len(picture.joins) == 3
    assert "not joined: a month without a measurement lies between" in picture.texts()


def test_joins_are_straight_from_point_to_point() -> None:
    assert [len(join) for join in drawn("bb-u-0-2", points(3, 4, 5)).joins] == [2, 2]


def test_heads_are_joined_over_a_quarter_and_school_children_over_a_year() -> None:
    heads = drawn("lk-u-0-2", points(5, 8, 13, measure=44.0))
    heights_cm = drawn("tb-u-5-19", points(72, 84, 97, measure=120.0))
    assert (len(heads.joins), len(heights_cm.joins)) == (1, 1)


def test_no_line_leads_to_a_value_that_can_hardly_be_or_to_swollen_feet() -> None:
    flagged = [Point(day(month), 30.0 if month == 2 else 8.0) for month in (1, 2, 3)]
    swollen = [Point(day(month), 8.0, swollen=month == 8) for month in (7, 8, 9)]
    assert [drawn("bb-u-0-2", each).joins for each in (flagged, swollen)] == [[], []]


def test_weight_for_length_is_never_joined_and_says_why_and_how_old_the_child_was() -> None:
    given = [
        Point(day(month), weight, length_cm=60.0 + month) for month, weight in ((4, 7.0), (5, 7.2), (9, 8.1))
    ]
    picture = drawn("bb-pb", given)
    told = "not joined: the axis is length, not time; the small numbers are the age in months"
    assert (picture.joins, picture.texts("age"), told in picture.texts()) == ([], ["9", "5", "4"], True)


def test_each_mark_has_a_shape_of_its_own_and_is_explained_when_it_occurs() -> None:
    plain = Point(day(3), 60.0)
    marked = [
        plain,
        plain._replace(corrected=True),
        plain._replace(converted=True),
        plain._replace(flagged=True),
    ]
    pictures = [charts.draw(BY_CODE["pb-u-0-2"], CHILDREN["f"], [each], View()) for each in marked]
    shapes = {re.sub(r"<desc.*?</desc>", "", picture) for picture in pictures}
    explained = ("corrected", "lying or standing converted (0.7 cm)", "hardly possible: measure again")
    found = [[words for words in explained if words in Drawn.of(each).texts()] for each in pictures]
    assert len(shapes) == 4
    assert found == [[], [explained[0]], [explained[1]], [explained[2]]]


def test_swollen_feet_are_marked_and_not_judged() -> None:
    picture = drawn("imt-u-0-2", [Point(day(10), 14.0, swollen=True)])
    assert "both feet swollen: weight not judged" in picture.texts()
    assert picture.told == (
        "Newest measurement, 14 November 2025, at 10 months: 14.0 kg/m², both feet swollen: weight not judged. "
        "14 November 2025: 14.0 kg/m², both feet swollen: weight not judged."
    )


def test_a_value_beyond_the_paper_stands_at_its_edge_with_its_number_and_stretches_nothing() -> None:
    usual, typing_fault = drawn("pb-u-0-2", points(3, measure=60.0)), Point(day(4), 620.0)
    picture = drawn("pb-u-0-2", [*points(3, measure=60.0), typing_fault])
    assert picture.measure_axis() == usual.measure_axis()
    assert "620.0" in picture.texts()


def test_a_chart_tells_its_newest_value_its_band_and_its_trend() -> None:
    given = [Point(day(months), weight) for months, weight in ((2, 5.1), (4, 5.9), (6, 6.2))]
    picture = drawn("bb-u-0-2", given)
    title = picture.root.findtext("{http://www.w3.org/2000/svg}title")
    assert title == "Weight for age (BB/U), 0 to 2 years. Baiq Aminah"
    assert picture.told == (
        "Newest measurement, 16 July 2025, at 6 months: 6.2 kg, between −2 and −1 SD (z −1.35), Normal weight. "
        "Since 16 March 2025 it sank to lower lines: z from −0.05 to −1.35. "
        "16 March 2025: 5.1 kg. 16 May 2025: 5.9 kg. 16 July 2025: 6.2 kg."
    )


def test_an_arm_is_judged_by_its_centimetres_and_the_limits_are_drawn() -> None:
    picture = drawn("lila-u-0-2", [Point(day(8), 11.2)])
    assert "below 11.5 cm: severely wasted." in picture.told
    assert {"below 11.5 cm: severely wasted", "below 12.5 cm: wasted"} <= set(picture.texts())


def test_an_empty_chart_says_that_there_is_no_measurement() -> None:
    picture = drawn("tsf-u", [])
    assert (picture.told, "No measurement yet." in picture.texts()) == ("No measurement yet.", True)


def test_a_chart_has_a_role_and_names_for_the_ear_and_two_charts_keep_their_ids_apart() -> None:
    roots = [drawn("bb-u-0-2", [], view=View(name=name)).root for name in ("one", "two")]
    assert [(root.get("role"), root.get("aria-labelledby")) for root in roots] == [
        ("img", "one-title one-facts"),
        ("img", "two-title two-facts"),
    ]


def test_a_childs_name_cannot_write_into_the_page() -> None:
    name = "<script>alert(1)</script>"
    assert "<script" not in charts.draw(BY_CODE["bb-u-0-2"], CHILDREN["m"]._replace(name=name), [], View())


def test_boys_and_girls_have_the_same_scale() -> None:
    assert all(
        Drawn.of(charts.draw(chart, CHILDREN["m"], [], View())).measure_axis()
        == Drawn.of(charts.draw(chart, CHILDREN["f"], [], View())).measure_axis()
        for chart in ALL
    )


def test_a_close_look_is_a_year_of_months_with_the_newest_in_its_last_third() -> None:
    assert [charts.near(BY_CODE["bb-u-0-5"], at) for at in (0, 13.2, 59)] == [(0, 12), (6, 18), (48, 60)]
    assert charts.near(BY_CODE["bb-pb"], 74.6) == (60, 80)
    assert charts.near(BY_CODE["imt-u-5-19"], 100) == (72, 108)


def test_words_at_the_line_ends_move_as_little_as_they_must_and_stay_in_order() -> None:
    wanted = [Wanted(y, 12) for y in (3, 8, 50, 55, 56, 95)]
    found = spread(wanted, 0, 100)
    assert found == sorted(found)
    assert all(low - high > 11.99 for high, low in pairwise(found))
    assert (found[0] >= 6, found[-1] <= 94) == (True, True)


def test_the_zones_are_those_of_the_answer_after_weighing() -> None:
    zones = [(zone.lower, zone.upper, zone.category.label) for zone in BY_CODE["imt-u-5-19"].index.zones]
    assert zones == [
        (None, -3, "Severely thin"),
        (-3, -2, "Thin"),
        (-2, 1, "Well nourished"),
        (1, 2, "Overweight"),
        (2, None, "Obese"),
    ]


def test_words_are_thought_to_be_no_narrower_than_they_are() -> None:
    assert width("Berat badan sangat kurang", 12) > 0.48 * 12 * len("Berat badan sangat kurang")
