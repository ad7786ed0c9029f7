"""Weight velocity equals WHO's printed tables; a gain over the wrong interval gets no answer; weight faltering."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu.growth.errors import BadTable
from siposyandu.growth.faltering import Faltering, faltering
from siposyandu.growth.kms import Weighing
from siposyandu.growth.velocity import FIFTH_CENTILE_Z, gain_at, increments, velocity, zscore

# WHO's tables "weight increments, z-scores" as printed (grams), transcribed from lms_weight_{boys,girls}_{1,2,3}mon_z.
PRINTED_FILE = Path(__file__).parent / "data" / "velocity_printed.csv"
PRINTED = list(csv.DictReader(PRINTED_FILE.read_text(encoding="utf-8").splitlines()))
ALL_ROWS = sorted(increments())
BORN = date(2026, 1, 5)


@pytest.mark.parametrize(
    "printed", PRINTED, ids=lambda row: f"{row['sex']}{row['months']}-{row['from_month']}"
)
def test_each_gain_that_who_prints_comes_out(printed: dict[str, str]) -> None:
    sex, months, from_month, *grams = printed.values()
    row = increments()[sex, int(months), int(from_month)]
    assert [round(gain_at(z, row)) for z in range(-3, 4)] == [int(gram) for gram in grams]


def test_both_sexes_have_all_rows_of_1_2_and_3_months() -> None:
    per_sex = [(months, month) for months, last in ((1, 11), (2, 22), (3, 21)) for month in range(last + 1)]
    assert [(sex, *each) for sex in ("f", "m") for each in per_sex] == ALL_ROWS


@pytest.mark.parametrize(
    ("sex", "from_month", "fifth_g"), [("m", 0, 460), ("m", 11, -106), ("f", 0, 446), ("f", 11, -102)]
)
def test_the_fifth_centile_of_one_month_is_who_s(sex: str, from_month: int, fifth_g: int) -> None:
    assert round(gain_at(FIFTH_CENTILE_Z, increments()[sex, 1, from_month])) == fifth_g


@given(st.sampled_from(ALL_ROWS), st.floats(-6, 6))
def test_a_z_turned_into_a_gain_turns_back(key: tuple[str, int, int], z: float) -> None:
    row = increments()[key]
    assert zscore(gain_at(z, row), row) == pytest.approx(z, abs=1e-9)


@given(st.sampled_from(ALL_ROWS), st.integers(-4000, 6000), st.integers(1, 500))
def test_who_gains_more_has_the_higher_z(key: tuple[str, int, int], gain_g: int, more_g: int) -> None:
    row = increments()[key]
    assert zscore(gain_g + more_g, row) > zscore(gain_g, row)


@pytest.mark.parametrize(
    ("before", "days", "expected"),
    [
        (0, 28, (1, 0)), (0, 32, (1, 0)), (0, 33, None),
        (28, 33, (1, 1)), (91, 30, (1, 3)), (91, 34, (1, 3)), (91, 35, None), (91, 26, None), (91, 27, (1, 3)),
        (91, 55, (2, 3)), (91, 66, (2, 3)), (91, 67, None), (91, 84, (3, 3)), (91, 99, (3, 3)), (91, 100, None),
        (351, 30, None), (381, 61, (2, 13)), (654, 91, (3, 21)), (685, 91, None), (701, 30, None),
    ],
)  # fmt: skip
def test_only_intervals_near_whole_months_have_a_row(
    before: int, days: int, expected: tuple[int, int] | None
) -> None:
    found = velocity("m", before, before + days, 300)
    assert (found and (found.months, found.from_month)) == expected


def test_the_centile_counts_healthy_children_who_gain_less() -> None:
    found = velocity("m", 91, 121, 617)
    assert found is not None
    assert (round(found.centile), found.fifth_g, found.slow) == (50, 285, False)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "velocity.csv").write_text("sex,months\nm,one\n")
    with pytest.raises(BadTable, match=r"velocity\.csv"):
        increments((tmp_path / "velocity.csv",))


def _weighings(*given: tuple[int, int]) -> list[Weighing]:
    return [Weighing(BORN + timedelta(days=day), grams) for day, grams in given]


def test_a_gain_below_the_fifth_centile_is_faltering() -> None:
    found = faltering(BORN, "m", _weighings((91, 6000), (121, 6280)), -1.0, -1.0)
    assert (found.slow_gain, found.found, found.to_paediatrician) == (True, True, False)


def test_a_gain_at_the_fifth_centile_is_not() -> None:
    assert not faltering(BORN, "m", _weighings((91, 6000), (121, 6286)), -1.0, -2.5).found


def test_a_low_weight_for_age_alone_is_faltering_too() -> None:
    assert faltering(BORN, "f", _weighings((900, 9000)), -2.01, -2.01) == Faltering(None, True, True)


def test_exactly_minus_two_is_not_low() -> None:
    assert not faltering(BORN, "f", _weighings((900, 9000)), -2.0, -2.0).found


def test_the_shortest_interval_that_fits_is_taken() -> None:
    found = faltering(BORN, "f", _weighings((121, 6300), (91, 6000), (60, 5200)), -1.0, -1.0)
    assert found.gain is not None
    assert (found.gain.months, found.gain.gain_g) == (1, 300)


def test_a_missed_month_is_bridged_by_two() -> None:
    found = faltering(BORN, "f", _weighings((60, 5200), (121, 6300)), -1.0, -1.0)
    assert found.gain is not None
    assert (found.gain.months, found.gain.gain_g) == (2, 1100)


def test_the_weight_at_birth_serves_for_the_first_month() -> None:
    found = faltering(BORN, "f", _weighings((0, 3000), (28, 3300)), -1.0, -1.0)
    assert found.gain is not None
    assert (found.gain.from_month, found.slow_gain) == (0, True)


def test_a_weighing_before_birth_is_no_weighing_of_this_child() -> None:
    assert faltering(BORN, "f", _weighings((-30, 3000), (0, 3100)), -1.0, -1.0).gain is None


def test_nothing_weighed_gives_no_answer() -> None:
    assert faltering(BORN, "f", [], None, None) == Faltering(None, False, False)
