"""The growth card by hand: N, T, O, B, twice T, the red and orange lines, completed months."""

import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu.growth import kms
from siposyandu.growth.kms import GainStatus, Weighing, completed_months, gain_statuses, two_t
from siposyandu.periods import Month

BORN = date(2026, 1, 10)


def _letters(*weighings: tuple[int, int, int], sex: str = "m") -> str:
    """Return the letters of weighings in 2026, each (month, day, grams)."""
    listed = [Weighing(date(2026, month, day), grams) for month, day, grams in weighings]
    return "".join(status.letter for status in gain_statuses(BORN, sex, listed))


def test_the_first_weighing_is_b_and_the_next_month_compares() -> None:
    statuses = gain_statuses(
        BORN, "m", [Weighing(date(2026, 2, 12), 4000), Weighing(date(2026, 3, 12), 4950)]
    )
    assert statuses == [
        GainStatus(date(2026, 2, 12), 4000, "B", "B", 1, None, None, None),
        GainStatus(date(2026, 3, 12), 4950, "N", "N", 2, 950, 900, None),
    ]


@pytest.mark.parametrize(("gain_g", "letter"), [(900, "N"), (899, "T"), (0, "T"), (-100, "T")])
def test_a_gain_of_exactly_the_minimum_is_n(gain_g: int, letter: str) -> None:
    assert _letters((2, 12, 4000), (3, 12, 4000 + gain_g)) == f"B{letter}"


@pytest.mark.parametrize(("sex", "letter"), [("m", "T"), ("f", "N")])
def test_the_minimum_is_that_of_the_sex(sex: str, letter: str) -> None:
    assert _letters((7, 12, 7000), (8, 12, 7300), sex=sex) == f"B{letter}"  # 7 months: 400 g and 300 g


def test_a_missed_month_is_o_and_the_month_after_compares_again() -> None:
    assert _letters((2, 12, 4000), (4, 12, 6000), (5, 12, 6600)) == "BON"


def test_the_minimum_is_that_of_the_age_at_this_weighing() -> None:
    # On 9 April the child is 2 completed months (900 g); a day later 3 (800 g).
    assert [_letters((3, 9, 4000), (4, day, 4850)) for day in (9, 10)] == ["BT", "BN"]


def test_a_weighing_in_the_birth_month_is_followed_by_o_because_the_card_has_no_minimum_there() -> None:
    assert _letters((1, 12, 3000), (2, 9, 3900), (3, 12, 5000)) == "BON"


def test_of_two_weighings_in_a_month_the_last_one_counts() -> None:
    assert _letters((3, 20, 5000), (2, 12, 4000), (3, 5, 4100)) == "BN"


def test_of_two_weighings_on_a_day_the_later_in_the_list_counts() -> None:
    assert _letters((2, 12, 4000), (3, 5, 4100), (3, 5, 5000)) == "BN"


def test_december_is_the_month_before_january() -> None:
    listed = [Weighing(date(2026, 12, 31), 9000), Weighing(date(2027, 1, 1), 9300)]
    assert [status.letter for status in gain_statuses(BORN, "f", listed)] == ["B", "N"]


def test_a_health_workers_reading_is_kept_with_its_reason() -> None:
    listed = [Weighing(date(2026, 2, 12), 4000), Weighing(date(2026, 3, 12), 4800, "N", "follows the line")]
    assert gain_statuses(BORN, "m", listed)[1] == GainStatus(
        date(2026, 3, 12), 4800, "N", "T", 2, 800, 900, "follows the line"
    )


@pytest.mark.parametrize("override", ["N", "T"])
def test_b_and_o_cannot_be_overridden(override: str) -> None:
    listed = [Weighing(date(2026, month, 12), 5000, override, "wish") for month in (2, 4)]
    found = [(status.letter, status.override_reason) for status in gain_statuses(BORN, "m", listed)]
    assert found == [("B", None), ("O", None)]


@pytest.mark.parametrize(
    ("weights", "by_weighings", "by_months"),
    [
        ({2: 4000, 3: 4100, 4: 4200}, True, True),  # B T T
        ({2: 4000, 3: 4100, 4: 6000}, False, False),  # B T N
        ({2: 4000, 3: 5000, 4: 5100}, False, False),  # B N T
        ({2: 4000, 3: 4100}, False, False),  # B T
        ({2: 4000, 3: 4100, 5: 4200, 6: 4300}, True, False),  # B T O T
        ({2: 4000, 3: 4100, 5: 4200}, False, False),  # B T O
        ({2: 4000, 3: 4100, 4: 4200, 6: 4300}, False, False),  # B T T O
        ({2: 4000}, False, False),
        ({}, False, False),
    ],
)
def test_2t_by_weighings_and_by_months(weights: dict[int, int], by_weighings: bool, by_months: bool) -> None:
    listed = [Weighing(date(2026, month, 12), grams) for month, grams in weights.items()]
    statuses = gain_statuses(BORN, "m", listed)
    assert (two_t(statuses), two_t(statuses, kms.BY_MONTHS)) == (by_weighings, by_months)


@pytest.mark.parametrize(("waz", "below"), [(-3.01, True), (-3.0, False), (None, None)])
def test_below_the_red_line_is_strictly_below_minus_three(waz: float | None, below: bool | None) -> None:
    assert kms.below_red_line(waz) is below


def test_the_red_line_can_be_set() -> None:
    assert [kms.below_red_line(waz, red_line_sd=-2.0) for waz in (-2.01, -2.0)] == [True, False]


@pytest.mark.parametrize(("waz", "above"), [(1.01, True), (1.0, False), (None, None)])
def test_above_the_orange_line_is_strictly_above_plus_one(waz: float | None, above: bool | None) -> None:
    assert kms.above_orange_line(waz) is above


@pytest.fixture(params=["UTC", "Asia/Makassar", "America/Denver"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run the test with the machine's clock in another time zone."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize(
    ("birth_date", "on", "months"),
    [
        (date(2026, 1, 31), date(2026, 1, 31), 0),
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 31), date(2026, 3, 1), 1),
        (date(2026, 1, 31), date(2026, 3, 30), 1),
        (date(2026, 1, 31), date(2026, 3, 31), 2),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12),
        (date(2026, 5, 10), date(2026, 8, 9), 2),  # 2 months 30 days are 2 months
        (date(2026, 5, 10), date(2026, 5, 9), -1),
    ],
)
def test_months_are_complete_when_the_day_of_birth_is_reached(
    birth_date: date, on: date, months: int
) -> None:
    assert completed_months(birth_date, on) == months


@given(st.dates(date(2015, 1, 1), date(2026, 12, 31)), st.integers(0, 2000))
def test_completed_months_never_go_back_from_one_day_to_the_next(birth_date: date, days: int) -> None:
    today = birth_date + timedelta(days=days)
    step = completed_months(birth_date, today + timedelta(days=1)) - completed_months(birth_date, today)
    assert step in (0, 1)


WEIGHING = st.builds(
    Weighing, st.dates(BORN, date(2031, 3, 1)), st.integers(900, 30000), st.sampled_from([None, "N", "T"])
)


@given(st.lists(WEIGHING, max_size=40), st.sampled_from("mf"))
def test_d_is_n_and_t_and_o_and_b(weighings: list[Weighing], sex: str) -> None:
    letters = [status.letter for status in gain_statuses(BORN, sex, weighings)]
    months = {Month.of(weighing.visit_date) for weighing in weighings}
    assert sum(letters.count(letter) for letter in "NTOB") == len(letters) == len(months)
    assert letters.count("B") == min(1, len(months))


# Two weighings on one day are told apart by their order only, so the property is about different days.
DIFFERENT_DAYS = st.lists(WEIGHING, max_size=20, unique_by=lambda weighing: weighing.visit_date)


@given(DIFFERENT_DAYS.flatmap(lambda listed: st.tuples(st.just(listed), st.permutations(listed))))
def test_the_order_of_typing_does_not_matter(both: tuple[list[Weighing], list[Weighing]]) -> None:
    typed, shuffled = both
    assert gain_statuses(BORN, "m", shuffled) == gain_statuses(BORN, "m", typed)
