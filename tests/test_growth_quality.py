"""Figures about measuring against values worked out by hand, or by a second way written only here."""

from datetime import date, timedelta
from fractions import Fraction
from math import comb, gamma, sqrt
from random import Random
from statistics import NormalDist, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu.growth.quality.ages import EXPECTED_GUESSED, Ages, ages, equal_shares_p
from siposyandu.growth.quality.chance import at_least_p, chi_square_p, proportion_p
from siposyandu.growth.quality.counts import Counts, count
from siposyandu.growth.quality.digits import (
    TENTH_CM_IN_MM,
    TENTH_KG_IN_G,
    Digits,
    final_digits,
)
from siposyandu.growth.quality.moments import moments
from siposyandu.growth.quality.ratios import age_ratio, sex_ratio
from siposyandu.growth.quality.reading import Share
from siposyandu.growth.quality.visits import Measured

BORN = date(2024, 3, 11)


def measured(**values: object) -> Measured:
    """A girl of 20 months as most are: 9.7 kg, 78.6 cm, lying."""
    usual: dict[str, object] = {
        "sex": "f", "birth_date": BORN, "age_days": 610, "age_months": 20,
        "weight_g": 9700, "length_height_mm": 786, "measured": "lying", "waz": -0.8, "haz": -1.1, "whz": -0.4,
    }  # fmt: skip
    return Measured(**{**usual, **values})  # type: ignore[arg-type]


# Chance.


def _density_area(statistic: float, degrees: int) -> float:
    """The upper tail of chi-square by Simpson's rule over its density, on a transformed axis."""
    # With t = sqrt(x) the density is smooth at 0: f(t) = 2^(1-k/2) / gamma(k/2) t^(k-1) exp(-t^2/2).
    steps, low, high = 4000, 0.0, sqrt(statistic)
    width = (high - low) / steps

    def density(t: float) -> float:
        return (
            2 ** (1 - degrees / 2)
            / gamma(degrees / 2)
            * t ** (degrees - 1)
            * 2.718281828459045 ** (-t * t / 2)
        )

    inner = sum(density(low + step * width) * (4 if step % 2 else 2) for step in range(1, steps))
    return 1 - width / 3 * (density(low) + inner + density(high))


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 5, 9, 11, 12, 30])
@pytest.mark.parametrize("statistic", [0.1, 1.0, 3.84, 9.0, 16.92, 40.0])
def test_a_chi_square_has_the_area_of_its_density_beyond_it(statistic: float, degrees: int) -> None:
    assert chi_square_p(statistic, degrees) == pytest.approx(_density_area(statistic, degrees), abs=1e-9)


@pytest.mark.parametrize(
    ("statistic", "degrees", "p"),
    [(2.705543, 1, 0.1), (10.827566, 1, 0.001), (14.683657, 9, 0.1), (19.675138, 11, 0.05)],
)
def test_chi_square_agrees_with_printed_tables(statistic: float, degrees: int, p: float) -> None:
    assert chi_square_p(statistic, degrees) == pytest.approx(p, rel=1e-5)


def test_a_chi_square_of_nothing_is_certain_and_needs_a_degree() -> None:
    assert chi_square_p(0, 3) == 1.0
    with pytest.raises(ValueError, match="0 degrees"):
        chi_square_p(1, 0)


def test_a_proportion_is_tested_with_yates_correction() -> None:
    # By hand: 60 of 100 against a half: (10 - 0.5)^2 / 25 = 3.61; two-sided normal tail beyond 1.9.
    assert proportion_p(60, 100, 0.5) == pytest.approx(2 * (1 - NormalDist().cdf(1.9)), abs=1e-12)
    assert (proportion_p(50, 100, 0.5), proportion_p(0, 0, 0.5)) == (1.0, 1.0)


def test_the_binomial_tail_is_exact() -> None:
    by_hand = sum(
        Fraction(comb(30, k)) * Fraction(1, 5) ** k * Fraction(4, 5) ** (30 - k) for k in range(12, 31)
    )
    assert at_least_p(12, 30, 0.2) == pytest.approx(float(by_hand), rel=1e-12)


def test_the_binomial_tail_of_many_is_that_of_the_normal_curve() -> None:
    exact = sum(comb(600, k) * 0.2**k * 0.8 ** (600 - k) for k in range(140, 601))
    assert at_least_p(140, 600, 0.2) == pytest.approx(exact, abs=0.002)


# Last digits.


def test_a_digit_is_the_tenth_even_of_a_whole_number() -> None:
    assert final_digits([840, 1053, None, 840], TENTH_CM_IN_MM).counts == (2, 0, 0, 1, 0, 0, 0, 0, 0, 0)


def test_a_digit_beyond_the_tenth_is_rounded_half_up() -> None:
    assert final_digits([7840, 7850, 7949, 7950], TENTH_KG_IN_G).counts == (1, 0, 0, 0, 0, 0, 0, 0, 1, 2)


def test_a_scale_of_50_g_makes_every_tenth_equally_likely() -> None:
    assert set(final_digits(range(5000, 15000, 50), TENTH_KG_IN_G).counts) == {20}


def test_the_digit_figures_by_hand() -> None:
    # 40 readings: 20 end in 0, 8 in 5, 12 in the rest (two each of six digits). Expected 4 each.
    digits = Digits((20, 2, 2, 2, 2, 8, 2, 2, 0, 0))
    chi_square = ((20 - 4) ** 2 + (8 - 4) ** 2 + 6 * (2 - 4) ** 2 + 2 * 4**2) / 4  # 82
    assert chi_square == 82
    assert digits.score.value == pytest.approx(100 * sqrt(82 / (40 * 9)))
    assert (digits.zero.percent, digits.zero_or_five.percent) == (50.0, 70.0)
    # Half the sum of |p - 0.1|: (0.4 + 0.1 + 6 x 0.05 + 2 x 0.1) / 2 = 0.5.
    assert digits.dissimilarity.value == pytest.approx(50.0)
    assert digits.heaped is True


def test_equal_digits_have_no_preference_and_one_digit_has_all() -> None:
    even, one = Digits((5,) * 10), Digits((50, *(0,) * 9))
    assert (even.score.value, even.dissimilarity.value, even.heaped) == (0.0, 0.0, False)
    assert (one.score.value, one.dissimilarity.value, one.heaped) == pytest.approx((100.0, 90.0, True))


def test_with_fewer_than_thirty_nothing_is_said_of_digits() -> None:
    digits = Digits((29, *(0,) * 9))
    assert (digits.score, digits.zero.percent, digits.heaped) == ((None, 29, 30), None, None)
    assert digits.score.too_few
    assert Digits().score.too_few


FALSE_ALARMS_AT_MOST = 0.05
CAUGHT_AT_LEAST = 0.95


def _session(chance: Random, size: int, heaping: float) -> Digits:
    """A session of honest readings, of which a share is rounded to the nearest half centimetre."""
    honest = [chance.randrange(500, 1100) for _ in range(size)]
    return final_digits(
        [round(mm / 5) * 5 if chance.random() < heaping else mm for mm in honest], TENTH_CM_IN_MM
    )


def test_an_honest_session_of_thirty_is_hardly_ever_called_heaped() -> None:
    chance = Random(17)
    alarms = sum(bool(_session(chance, 30, 0.0).heaped) for _ in range(2000))
    assert alarms / 2000 <= FALSE_ALARMS_AT_MOST


def test_a_kader_who_rounds_most_lengths_is_seen_in_one_session_of_thirty() -> None:
    chance = Random(18)
    caught = sum(
        bool(_session(chance, 30, 0.54).heaped) for _ in range(500)
    )  # 63 in 100 then end in .0 or .5
    assert caught / 500 >= CAUGHT_AT_LEAST


def test_little_heaping_of_many_is_not_called_heaped() -> None:
    digits = Digits((650, *(600,) * 4, 650, *(600,) * 4))
    assert (digits.heaped, round(digits.zero_or_five.percent or 0, 1)) == (False, 21.3)


# Moments.


@given(st.lists(st.floats(-5, 5), min_size=100, max_size=200))
def test_moments_agree_with_the_formulas_of_nipntk(zs: list[float]) -> None:
    mean = sum(zs) / len(zs)
    away = [z - mean for z in zs]
    squares = sum(d**2 for d in away)
    found = moments(zs)
    assert found.sd.value == pytest.approx(stdev(zs), abs=1e-6)
    if squares > 1e-3:
        skewness = sqrt(len(zs)) * sum(d**3 for d in away) / squares**1.5
        kurtosis = len(zs) * sum(d**4 for d in away) / squares**2 - 3
        assert (found.skewness.value, found.kurtosis.value) == pytest.approx(
            (skewness, kurtosis), rel=1e-4, abs=1e-4
        )


def test_the_shape_of_one_two_three_four_by_hand() -> None:
    # d = -1.5, -0.5, 0.5, 1.5; squares 5, cubes 0, fourths 10.25: kurtosis 4 x 10.25 / 25 - 3 = -1.36. 25 of each.
    found = moments([1, 2, 3, 4] * 25)
    assert (found.mean.value, found.skewness.value, found.kurtosis.value) == pytest.approx((2.5, 0.0, -1.36))
    assert found.sd.value == pytest.approx(sqrt(125 / 99))


def test_equal_values_have_no_shape() -> None:
    found = moments([0.7] * 100)
    assert (found.skewness.value, found.kurtosis.value, round(found.sd.value or 0, 6)) == (None, None, 0.0)


def test_few_values_have_no_sd_and_hundreds_are_needed_for_a_shape() -> None:
    few, some = moments([0.1, 0.2]), moments([0.1, 0.2, 0.4] * 20)
    assert (few.sd.value, few.sd.too_few, some.sd.value is None, some.skewness.too_few) == (
        None,
        True,
        False,
        True,
    )
    assert moments([]).mean == (None, 0, 30)


# Ages, sexes.


def test_ages_gather_at_whole_years_by_hand() -> None:
    # 72 children, 12 remainders, 6 expected; 17 at whole years, 5 in each other: (11^2 + 11 x 1) / 6 = 22.
    counted = ages([(12, BORN)] * 17 + [(24 + month, BORN) for month in range(1, 12)] * 5)
    assert counted.remainders == (17, *(5,) * 11)
    assert counted.heaping_p.value == pytest.approx(chi_square_p(22, 11))
    assert counted.half_year_heaping_p.value == pytest.approx(chi_square_p((10**2 + 5 * 2**2) / 12, 5))


def test_birth_dates_by_day_and_month_by_hand() -> None:
    spread = [(20, date(2024, month, 10)) for month in range(1, 13)] * 5  # 60 children, five of each month
    guessed = [(20, date(2024, 1, day)) for day in (1, 15)] * 10
    counted = ages(spread + guessed)
    assert counted.guessed_days == Share(20, 80, 60)
    assert counted.birth_months == (25, *(5,) * 11)
    # January 25/80 - 1/12, the others 1/12 - 5/80 each: half the sum is 25/80 - 1/12.
    assert counted.birth_month_dissimilarity.value == pytest.approx(100 * (25 / 80 - 1 / 12))
    assert (counted.heaped, ages(spread).heaped, Ages().heaped) == (True, False, None)


def test_two_days_of_each_month_are_a_fifteenth_of_the_year() -> None:
    assert pytest.approx(24 / 365.25) == EXPECTED_GUESSED


def test_sixty_ages_are_needed() -> None:
    assert equal_shares_p([5] * 11).too_few
    assert Ages().birth_month_dissimilarity.too_few


def test_the_sexes_by_hand() -> None:
    # 40 boys, 60 girls: (10 - 0.5)^2 / 25 = 3.61.
    ratio = sex_ratio(40, 60)
    assert (ratio.observed.value, ratio.p.value) == pytest.approx((2 / 3, chi_square_p(3.61, 1)))


def test_the_age_groups_by_hand() -> None:
    # Expected share of the young 0.85 / 1.85; of 100: 45.95. 60 came: (14.054 - 0.5)^2 / (100 p q).
    p = 0.85 / 1.85
    ratio = age_ratio(60, 40)
    assert ratio.p.value == pytest.approx(chi_square_p((60 - 100 * p - 0.5) ** 2 / (100 * p * (1 - p)), 1))
    assert age_ratio(10, 0).observed == (None, 10, 30)


# Slips of one visit.


@pytest.mark.parametrize(
    ("age_days", "position", "wrong", "impossible"),
    [
        (730, "lying", False, False), (730, "standing", True, False), (731, "lying", True, False),
        (731, "standing", False, False), (273, "standing", True, True), (274, "standing", True, False),
        (100, None, False, False),
    ],
)  # fmt: skip
def test_the_position_is_judged_by_days(
    age_days: int, position: str | None, wrong: bool, impossible: bool
) -> None:
    visit = measured(age_days=age_days, measured=position)
    assert (visit.wrong_position, visit.impossible_position) == (wrong, impossible)


def test_without_a_length_there_is_no_position_to_judge() -> None:
    assert not measured(length_height_mm=None, measured="standing").wrong_position


@pytest.mark.parametrize(
    ("before", "comparable", "copied"),
    [
        ((9700, 786), True, True),
        ((9700, 780), True, False),
        ((9600, 786), True, False),
        ((9700, None), False, False),
    ],
)
def test_a_copy_is_last_months_weight_and_length(
    before: tuple[int, int | None], comparable: bool, copied: bool
) -> None:
    visit = measured(weight_before_g=before[0], length_height_before_mm=before[1])
    assert (visit.comparable, visit.copied) == (comparable, copied)


# Counts.


def test_a_group_is_counted_whole() -> None:
    group = [
        measured(),
        measured(sex="m", age_days=1100, age_months=36, measured="lying"),
        measured(weight_g=None, waz=None, whz=None, haz=-6.5, haz_flag=True),
        measured(length_height_mm=None, measured=None, haz=None, whz=None),
        measured(measured=None, weight_before_g=9700, length_height_before_mm=786),
        measured(age_days=200, age_months=6, measured="standing", waz=None),
    ]
    counts = count(group)
    assert (counts.visits, counts.boys, counts.girls, counts.young, counts.old) == (6, 1, 5, 5, 1)
    assert (counts.incomplete, counts.missing_weight, counts.missing_length, counts.missing_position) == (
        Share(3, 6, 10), Share(1, 6, 10), Share(1, 6, 10), Share(1, 5, 10),
    )  # fmt: skip
    assert (counts.wrong_position, counts.impossible_position, counts.copied) == (
        Share(2, 4, 10), Share(1, 4, 10), Share(1, 1, 10),
    )  # fmt: skip
    assert (counts.haz.flags, counts.waz.flags, counts.haz.kept.whole) == (Share(1, 5), Share(0, 4), 4)
    assert (counts.weight_digits.whole, counts.length_digits.counts[6]) == (5, 5)


def test_a_child_measured_in_three_months_is_one_child() -> None:
    counts = count([measured(child="Nabila", age_months=months) for months in (28, 29, 30)])
    assert (counts.visits, counts.girls, counts.young, counts.old, counts.ages.whole) == (3, 1, 0, 1, 1)


def _some(seed: int, size: int) -> list[Measured]:
    chance = Random(seed)
    return [
        measured(
            sex=chance.choice("mf"), age_days=chance.randrange(1800), age_months=chance.randrange(60),
            birth_date=BORN + timedelta(days=chance.randrange(900)), weight_g=chance.choice((None, 9000, 9420)),
            length_height_mm=chance.randrange(500, 1100), haz=chance.gauss(-1, 1.1), haz_flag=chance.random() < 0.05,
            weight_before_g=chance.choice((None, 9000)), length_height_before_mm=800,
        )
        for _ in range(size)
    ]  # fmt: skip


@given(st.integers(0, 200), st.integers(0, 60))
def test_a_group_is_the_sum_of_its_parts(seed: int, cut: int) -> None:
    group = _some(seed, 60)
    together, added = count(group), count(group[:cut]) + count(group[cut:])
    assert (added.length_digits, added.ages, added.copied) == (
        together.length_digits,
        together.ages,
        together.copied,
    )
    assert added.haz.kept == pytest.approx(together.haz.kept)


@given(st.integers(0, 200))
def test_the_order_of_children_does_not_matter(seed: int) -> None:
    group = _some(seed, 40)
    assert count(group).length_digits == count(group[::-1]).length_digits


def test_nobody_is_nobody() -> None:
    assert count([]) == Counts()
    assert Counts().wrong_position.percent is None
