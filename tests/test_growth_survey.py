"""The 95 % interval equals WHO's, except where WHO's is a certainty that nobody has."""

import csv
from collections.abc import Callable
from math import exp, lgamma, pi, sqrt, tan
from pathlib import Path
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu.growth.survey import (
    SERIES_FROM_DEGREES,
    interval,
    mean_limits,
    proportion_limits,
    t_quantile,
)

WHO_FOLDER = Path(__file__).parent / "data" / "who_reference"
WHO_TOLERANCE_PERCENT = 5e-7  # WHO's own interval is iterated to about this
QUANTILE_TOLERANCE = 1e-9
INDEX_OF = {"HA": "HAZ", "WA": "WAZ", "BM": "BMIZ", "WH": "WHZ"}
CUT_OFFS = [
    f"{index}{cut}" for index in ("HA", "WA", "BMI", "WH") for cut in ("_3", "_2", "_1", "1", "2", "3")
] + ["HA_2_WH_2", "HA_2_WH2"]  # fmt: skip


def _read(name: str) -> list[dict[str, str]]:
    with (WHO_FOLDER / name).open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def _proportions(row: dict[str, str]) -> list[tuple[int, int, tuple[float, float]]]:
    """Return numerator, denominator and WHO's interval for each cut-off of a group, 0 % and 100 % left out."""
    found = []
    for cut in CUT_OFFS:
        index = "HA_2_WH_2" if cut.startswith("HA_2_WH") else INDEX_OF[cut[:2]]
        children, percent = row[f"{index}_unwpop"], row[f"{cut}_r"]
        if children not in ("", "0") and 0 < float(percent) < 100:
            numerator = round(float(percent) * int(children) / 100)
            found.append((numerator, int(children), (float(row[f"{cut}_ll"]), float(row[f"{cut}_ul"]))))
    return found


ROWS = len(_read("survey_input.csv"))
GROUPS = _read("prevalence_unweighted.csv")


def test_the_reference_gives_hundreds_of_proportions() -> None:
    assert sum(len(_proportions(group)) for group in GROUPS) > 400


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["Group"])
def test_the_interval_equals_who_in_every_group(group: dict[str, str]) -> None:
    proportions = _proportions(group)
    ours = [
        end
        for numerator, denominator, _ in proportions
        for end in interval(numerator, denominator, ROWS) or ()
    ]
    assert ours == pytest.approx([end for *_, who in proportions for end in who], abs=WHO_TOLERANCE_PERCENT)


def test_none_of_nine_is_not_certainty() -> None:
    assert interval(0, 9) == (0.0, pytest.approx(100 * (1 - 0.025 ** (1 / 9))))


def test_all_of_nine_is_not_certainty() -> None:
    assert interval(9, 9) == (pytest.approx(100 * 0.025 ** (1 / 9)), 100.0)


def test_no_children_have_no_interval() -> None:
    assert interval(0, 0) is None


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 3), (4, 3), (1, 0)])
def test_what_is_no_proportion_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        interval(numerator, denominator)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_percentage_and_mirrors(proportion: tuple[int, int]) -> None:
    numerator, denominator = proportion
    ends, mirrored = interval(numerator, denominator), interval(denominator - numerator, denominator)
    assert ends is not None
    assert mirrored is not None
    assert 0 <= ends[0] <= 100 * numerator / denominator <= ends[1] <= 100
    assert ends == pytest.approx((100 - mirrored[1], 100 - mirrored[0]), abs=1e-9)


@pytest.mark.parametrize(
    ("degrees", "value"),
    [(1, tan(pi * 0.475)), (2, 0.95 * sqrt(2 / (1 - 0.95**2))), (10**12, NormalDist().inv_cdf(0.975))],
)
def test_students_t_where_it_is_solved_by_hand(degrees: int, value: float) -> None:
    assert t_quantile(0.975, degrees) == pytest.approx(value, abs=QUANTILE_TOLERANCE)


def _area_up_to(t: float, degrees: int, steps: int = 20_000) -> float:
    """Integrate Student's density from -t to t by Simpson's rule."""
    height = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2)) / sqrt(degrees * pi)
    density = [
        height * (1 + (t * i / steps) ** 2 / degrees) ** (-(degrees + 1) / 2) for i in range(steps + 1)
    ]
    total = density[0] + density[-1] + 4 * sum(density[1:-1:2]) + 2 * sum(density[2:-1:2])
    return 2 * total * t / steps / 3


@pytest.mark.parametrize("degrees", [3, 4, 30, 99, SERIES_FROM_DEGREES - 1, SERIES_FROM_DEGREES, 599, 5000])
def test_95_percent_of_students_t_lie_within_the_quantile(degrees: int) -> None:
    t = t_quantile(0.975, degrees)
    area_tolerance = QUANTILE_TOLERANCE * 2 * 0.03  # the density there is 0.03 or more
    assert _area_up_to(t, degrees) == pytest.approx(0.95, abs=area_tolerance)


def test_a_page_and_a_survey_use_one_formula() -> None:
    low, high = proportion_limits(0.2, sqrt(0.2 * 0.8 / 99), 99)
    assert interval(20, 100) == pytest.approx((100 * low, 100 * high), abs=1e-12)


def test_the_limits_of_a_mean_lie_a_t_of_errors_away() -> None:
    assert mean_limits(-1.5, 0.1, 10**12) == pytest.approx(
        (-1.695996398454, -1.304003601546), abs=QUANTILE_TOLERANCE
    )


def test_a_huge_error_does_not_overflow() -> None:
    assert proportion_limits(1e-9, 1.0, 1) == (pytest.approx(0), pytest.approx(1))


@pytest.mark.parametrize("limits", [proportion_limits, mean_limits])
def test_without_degrees_of_freedom_there_is_no_interval(
    limits: Callable[[float, float, int], object],
) -> None:
    with pytest.raises(ValueError, match="0 degrees of freedom"):
        limits(0.5, 0.1, 0)
