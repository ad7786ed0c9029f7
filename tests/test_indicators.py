"""Figures computed by hand, from tally rows as posyandu send them; who has reported; who may look at what."""

from collections.abc import Mapping

import pytest

from siposyandu import indicators
from siposyandu.errors import NotFound
from siposyandu.indicators import ds, ks, nd, scope, stunting
from siposyandu.indicators.totals import Totals
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.tally import AGE_GROUPS, COUNTS
from tests.questions import Listening

AUGUST = Month(2026, 8)
# Desa Pringgasela and Jurit lie in kecamatan Pringgasela, desa Tanjung in another kabupaten.
PRINGGASELA, JURIT, TANJUNG = "5203122002", "5203122003", "5208012001"
PUSKESMAS = "e" * 32
MELATI, MAWAR, KENANGA, ANGGREK = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)
POSTS = (
    (MELATI, "Melati", PRINGGASELA, PUSKESMAS, 1),
    (MAWAR, "Mawar", PRINGGASELA, PUSKESMAS, 1),
    (KENANGA, "Kenanga", JURIT, None, 1),
    (ANGGREK, "Anggrek", TANJUNG, None, 1),
)


@pytest.fixture
def village(store: Store) -> Store:
    """Four posyandu in three desa; nothing counted yet."""
    with store.write():
        store.run(
            "insert into puskesmas (id, name, kecamatan_code, desa_codes) values ($1, $2, $3, $4)",
            *(PUSKESMAS, "Pringgasela", "520312", PRINGGASELA),
        )
        store.many(
            "insert into posyandu (id, name, desa_code, puskesmas, active) values ($1, $2, $3, $4, $5)", POSTS
        )
    return store


def count(
    store: Store, posyandu: str, counts: Mapping[str, int], month: Month = AUGUST, group: str = "12-23"
) -> None:
    """Put one row into the tally, as records.save would."""
    columns = {"posyandu": posyandu, "month": str(month), "age_group": group, "sex": "f"}
    row = {**columns, **dict.fromkeys(COUNTS, 0), **counts}
    marks = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    with store.write():
        store.run(f"insert into tally ({', '.join(row)}) values ({marks})", *row.values())


def test_stunting_is_all_short_children_out_of_all_measured_children(village: Store):
    count(village, MELATI, {"s": 40, "d": 35, "haz_measured": 30, "stunted": 9})
    count(village, MELATI, {"s": 10, "d": 8, "haz_measured": 8, "stunted": 1}, group="24-35")
    count(village, KENANGA, {"s": 60, "d": 12, "haz_measured": 2, "stunted": 2})
    figure = indicators.compute(village, stunting, "5203", AUGUST)
    # logit(0.3) +- 2.0227 x sqrt(0.3 x 0.7 / 39) / (0.3 x 0.7)
    assert (round(figure.low, 2), round(figure.high, 2)) == (17.45, 46.49)
    assert figure == indicators.Figure(12, 40, 30.0, figure.low, figure.high, 3, 2, 110, 55)


def test_a_coverage_is_a_count_of_everybody_and_has_no_interval(village: Store):
    count(village, MELATI, {"s": 40, "d": 30})
    count(village, MAWAR, {"s": 10, "d": 1})
    assert indicators.compute(village, ds, PUSKESMAS, AUGUST) == indicators.Figure(
        31, 50, 62.0, None, None, 2, 2, 50, 31
    )


def test_children_weighed_for_the_first_time_or_after_a_gap_are_not_in_nd(village: Store):
    count(village, MELATI, {"s": 30, "d": 20, "n": 9, "t": 3, "o": 5, "b": 3})
    figure = indicators.compute(village, nd, MELATI, AUGUST)
    assert (figure.numerator, figure.denominator, figure.percent) == (9, 12, 75.0)


def test_a_table_has_a_line_for_each_part_with_its_coverage(village: Store):
    count(village, MELATI, {"s": 20, "d": 10, "haz_measured": 10, "stunted": 2})
    count(village, KENANGA, {"s": 5, "d": 0})
    lines = indicators.table(village, stunting, "52", "kabupaten", AUGUST)
    assert [(key, figure.percent, figure.coverage) for key, figure in lines] == [
        ("5203", 20.0, 40.0),
        ("5208", None, None),
    ]
    assert [figure.posyandu_unreported for _, figure in lines] == [2, 1]


def test_posyandu_without_a_puskesmas_keep_a_line_of_their_own(village: Store):
    lines = indicators.table(village, ds, "52", "puskesmas", AUGUST)
    assert [(key, figure.posyandu_count) for key, figure in lines] == [("", 2), (PUSKESMAS, 2)]


def test_a_table_of_thousands_of_posyandu_is_one_question(village: Store):
    posts = [(f"{number:032x}", f"Posyandu {number}", PRINGGASELA, 1) for number in range(3000)]
    rows = [(post[0], str(AUGUST), "12-23", "f", *(2 for _ in COUNTS)) for post in posts]
    marks = ", ".join(f"${place}" for place in range(1, len(rows[0]) + 1))
    with village.write():
        village.many("insert into posyandu (id, name, desa_code, active) values ($1, $2, $3, $4)", posts)
        village.many(f"insert into tally values ({marks})", rows)
    listening = Listening(village)
    lines = indicators.table(listening, stunting, PRINGGASELA, "posyandu", AUGUST)
    assert (len(lines), lines[7][1].denominator, len(listening.asked)) == (3002, 2, 1)


def test_a_posyandu_has_reported_when_somebody_was_weighed(village: Store):
    count(village, MELATI, {"s": 20, "d": 1})
    count(village, MAWAR, {"s": 20, "d": 0})
    names = [row["name"] for row in indicators.unreported(village, "5203", AUGUST)]
    assert names == ["Mawar", "Kenanga"]
    assert indicators.compute(village, ds, "5203", AUGUST).posyandu_reporting == 1


def test_a_closed_posyandu_keeps_the_months_in_which_it_weighed(village: Store):
    count(village, MELATI, {"s": 20, "d": 10}, AUGUST.previous)
    count(village, MELATI, {"s": 20, "d": 0})
    with village.write():
        village.run("update posyandu set active = 0 where id = $1", MELATI)
    found = indicators.series(village, ds, PRINGGASELA, AUGUST, 2)
    assert [(figure.denominator, figure.posyandu_count) for _, figure in found] == [(20, 2), (0, 1)]
    assert [indicators.compute(village, ds, PRINGGASELA, month) for month in (AUGUST.previous, AUGUST)] == [
        figure for _, figure in found
    ]


def test_a_series_has_every_month_also_the_silent_ones(village: Store):
    count(village, MELATI, {"s": 20, "d": 10, "haz_measured": 10, "stunted": 3}, Month(2026, 6))
    count(village, MAWAR, {"s": 10, "d": 10, "haz_measured": 10, "stunted": 1}, Month(2026, 6))
    found = indicators.series(village, stunting, "52", AUGUST, 3)
    assert [(str(month), figure.numerator, figure.percent) for month, figure in found] == [
        ("2026-06", 4, 20.0),
        ("2026-07", 0, None),
        ("2026-08", 0, None),
    ]


def test_several_areas_mean_the_posyandu_that_lie_in_all_of_them(village: Store):
    count(village, MELATI, {"s": 20, "d": 10})
    count(village, KENANGA, {"s": 7, "d": 7})
    assert indicators.compute(village, ds, ("5203", PUSKESMAS), AUGUST).children_expected == 20


def test_a_page_opens_on_the_last_month_that_was_reported(village: Store):
    count(village, MELATI, {"s": 20, "d": 10}, Month(2026, 5))
    found = [indicators.latest_reported(village, area, AUGUST) for area in (MELATI, KENANGA)]
    assert found == [Month(2026, 5), AUGUST]


def test_a_state_over_a_quarter_is_that_of_its_last_month_with_children():
    months = [_totals(s=100, k=60), _totals(s=100, k=80), _totals()]
    assert indicators.over(ks, months) == indicators.figure(ks, months[1])


def test_weighing_over_a_quarter_is_counted_in_child_months_without_an_interval():
    months = [_totals(s=100, d=50, n=20, t=20), _totals(s=50, d=50, n=10, t=0)]
    found = indicators.over(ds, months), indicators.over(nd, months)
    assert [(figure.numerator, figure.denominator, figure.low) for figure in found] == [
        (100, 150, None),
        (30, 50, None),
    ]


def _totals(**counts: int) -> Totals:
    return Totals({**dict.fromkeys(COUNTS, 0), **counts}, 1, 1)


def test_fewer_than_five_children_are_too_few_for_a_percentage():
    found = [indicators.figure(ds, _totals(s=children)).too_few for children in (0, 1, 4, 5)]
    assert found == [False, True, True, False]


def test_age_groups_add_up_to_the_area(village: Store):
    for group in AGE_GROUPS:
        count(village, MELATI, {"s": 3, "d": 2}, group=group)
    lines = indicators.table(village, ds, "52", "age", AUGUST)
    assert [(key, figure.denominator) for key, figure in lines] == [(group, 3) for group in AGE_GROUPS]
    assert indicators.compute(village, ds, "52", AUGUST).denominator == 18


@pytest.mark.parametrize(
    ("worker_area", "here", "own"),
    [
        ("52", "52", "52"),
        (PRINGGASELA, "52", PRINGGASELA),
        (PRINGGASELA, MELATI, MELATI),
        (MELATI, "52", MELATI),
    ],
)
def test_a_worker_sees_her_area_as_far_as_its_records_live_here(village, worker_area, here, own):
    assert scope.own_area(village, worker_area, here) == own


def test_a_worker_of_another_desa_sees_nothing_on_this_laptop(village: Store):
    with pytest.raises(NotFound):
        scope.own_area(village, JURIT, MELATI)


@pytest.mark.parametrize(
    ("outer", "inner", "lies"),
    [
        ("52", "5203", True),
        ("5203", "520312", True),
        ("5203", PUSKESMAS, True),
        ("5208", PUSKESMAS, False),
        (PUSKESMAS, PRINGGASELA, True),
        (PUSKESMAS, JURIT, False),
        (PUSKESMAS, MELATI, True),
        (PRINGGASELA, MELATI, True),
        (PRINGGASELA, PUSKESMAS, False),
        (MELATI, KENANGA, False),
        (MELATI, "52", False),
        (JURIT, PRINGGASELA, False),
    ],
)
def test_an_area_is_looked_at_only_from_above(village, outer, inner, lies):
    assert scope.lies_in(village, outer, inner) == lies


def test_the_way_down_begins_at_ones_own_area(village: Store):
    assert [
        scope.way_down(village, "52", MELATI),
        scope.way_down(village, PUSKESMAS, MELATI),
        scope.way_down(village, "5203", PUSKESMAS),
        scope.way_down(village, PRINGGASELA, PRINGGASELA),
    ] == [
        ["52", "5203", "520312", PRINGGASELA, MELATI],
        [PUSKESMAS, PRINGGASELA, MELATI],
        ["5203", PUSKESMAS],
        [PRINGGASELA],
    ]


def test_parts_are_named_a_posyandu_with_its_desa(village: Store):
    assert [
        scope.names(village, "posyandu", [MELATI]),
        scope.names(village, "puskesmas", ["", PUSKESMAS]),
        scope.names(village, "kabupaten", ["5203"]),
    ] == [
        {MELATI: f"Melati ({scope.area_name(PRINGGASELA)})"},
        {PUSKESMAS: "Pringgasela"},
        {"5203": "Kabupaten Lombok Timur"},
    ]
