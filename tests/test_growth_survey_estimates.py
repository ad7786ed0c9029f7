"""Prevalence and its error, formula by formula: both paths, small surveys worked by hand, and what must not matter."""

from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siposyandu.growth import survey_estimates, survey_numpy
from siposyandu.growth.survey import interval, t_quantile
from siposyandu.growth.survey_estimates import Group
from siposyandu.growth.survey_sample import Sample
from siposyandu.growth.survey_table import Line, table
from tests.surveys import Child, invented, surveyed

Path = Callable[[Sample], list[Group]]
SAME = 1e-12
AGREED = 1e-9  # limits magnify the last bit of an error near 0 and 1


@pytest.fixture(params=[survey_estimates.estimates, survey_numpy.estimates], ids=["plain", "numpy"])
def estimates(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def lines(estimates: Path, sample: Sample) -> dict[str, Line]:
    return {str(line["Group"]): line for line in table(sample, estimates(sample))}


def all_of(estimates: Path, children: Sequence[Child], **how: Any) -> Line:
    return lines(estimates, surveyed(children, **how))["All"]


def numbers(line: Line, name: str) -> tuple[Any, ...]:
    return tuple(line[f"{name}_{part}"] for part in ("r", "se", "ll", "ul"))


def simple_interval(numerator: int, denominator: int) -> tuple[float, float]:
    found = interval(numerator, denominator)
    assert found is not None
    return found


def test_a_simple_survey_has_the_interval_that_every_page_shows(estimates: Path) -> None:
    children = [Child(haz=-2.5)] * 20 + [Child()] * 80
    line = all_of(estimates, children, designed=False)
    error = 100 * sqrt(0.2 * 0.8 / 99)
    assert numbers(line, "HA_2") == pytest.approx((20, error, *simple_interval(20, 100)), abs=SAME)


def test_exactly_1_percent_is_no_certainty_in_a_designed_survey(estimates: Path) -> None:
    # WHO's program prints [1, 1] here; without clusters it prints what we print.
    clustered = [Child(haz=-2.5, cluster="0")] + [Child(cluster=str(number)) for number in range(1, 100)]
    line = all_of(estimates, clustered)
    assert numbers(line, "HA_2") == pytest.approx((1, 100 * sqrt(0.01 * 0.99 / 99), 0.138, 6.97), abs=0.01)


def test_nobody_and_everybody_have_the_limits_of_the_reference(estimates: Path) -> None:
    line = all_of(estimates, [Child(haz=-2.5, weight=0.3), Child(haz=-2.1, weight=0.7, cluster="b")])
    assert (numbers(line, "HA_2"), numbers(line, "HA_3")) == ((100, 0, 100, 100), (0, 0, 0, 0))


def test_a_child_on_a_cut_off_is_not_counted(estimates: Path) -> None:
    line = all_of(estimates, [Child(haz=z) for z in (-3.0, -2.0, -1.0, 1.0, 2.0, 3.0)])
    assert [line[f"HA{cut}_r"] for cut in ("_3", "_2", "_1", "1", "2", "3")] == pytest.approx(
        [0, 100 / 6, 200 / 6, 200 / 6, 100 / 6, 0]
    )


def test_two_clusters_by_hand(estimates: Path) -> None:
    # p = 1/4; u of the clusters: (1 - 2 x 1/4) / 4 and (0 - 2 x 1/4) / 4; variance 2 / 1 x 2 x (1/8)^2.
    children = [Child(haz=-2.5, cluster="a"), Child(cluster="a"), Child(cluster="b"), Child(cluster="b")]
    line = all_of(estimates, children)
    assert (line["HA_2_r"], line["HA_2_se"]) == pytest.approx((25, 25), abs=SAME)


def test_a_mean_by_hand(estimates: Path) -> None:
    line = all_of(estimates, [Child(haz=-1.0), Child(haz=-2.0), Child(haz=-3.0)], designed=False)
    error, t = sqrt(2 / 3 / 2), t_quantile(0.975, 2)
    expected = (-2, error, -2 - t * error, -2 + t * error, 1)
    assert (*numbers(line, "HA"), line["HA_stdev"]) == pytest.approx(expected, abs=SAME)


def test_a_stratum_of_one_cluster_is_measured_from_zero(estimates: Path) -> None:
    # p = 1/2 over 4 children; clusters a and b of stratum 1: u = 1/8 and -1/8; lonely c of stratum 2: u = 0.
    children = [
        Child(haz=-2.5, cluster="a", stratum="1"), Child(cluster="b", stratum="1"),
        Child(haz=-2.5, cluster="c", stratum="2"), Child(cluster="c", stratum="2"),
    ]  # fmt: skip
    alone = all_of(estimates, children)
    moved = all_of(estimates, [*children, Child(haz=-2.5, cluster="c", stratum="2")])
    # With one more: p = 3/5, u = 2/25, -3/25 and 1/25; variance 2 x 2 x (1/10)^2 / ... + (1/25)^2.
    by_hand = 100 * sqrt(2 * ((2 / 25 + 1 / 50) ** 2 + (-3 / 25 + 1 / 50) ** 2) + (1 / 25) ** 2)
    assert (alone["HA_2_se"], moved["HA_2_se"]) == pytest.approx((25, by_hand), abs=SAME)


def test_the_same_cluster_name_in_two_strata_is_two_clusters() -> None:
    children = [Child(cluster=cluster, stratum=stratum) for cluster in "ab" for stratum in "12"]
    assert surveyed(children).degrees == 4 - 2


def test_one_cluster_for_all_is_no_clusters() -> None:
    assert surveyed([Child(cluster="a", stratum=stratum) for stratum in "1122"]).degrees == 4 - 2


def test_oedema_counts_as_below_minus_3_in_weight_and_is_left_out_of_the_means(estimates: Path) -> None:
    swollen = Child(haz=-1.0, waz=None, baz=None, whz=None, oedema=True)
    line = all_of(estimates, [swollen, Child(haz=0.0, waz=1.0)], designed=False)
    assert [line[name] for name in ("WA_3_r", "BMI_3_r", "WH_3_r", "HA_3_r", "WAZ_unwpop", "WA_r", "HA_r")] == [
        50, 50, 50, 0, 2, 1, -0.5,
    ]  # fmt: skip


def test_each_index_has_its_own_denominator(estimates: Path) -> None:
    line = all_of(estimates, [Child(haz=None), Child(waz=None, weight=2.5), Child(whz=None)])
    pops = [line[f"{name}_{of}"] for name in ("HAZ", "WAZ", "BMIZ", "WHZ") for of in ("pop", "unwpop")]
    assert pops == [3.5, 2, 2.0, 2, 4.5, 3, 3.5, 2]


def test_stunted_and_wasted_want_both_measured(estimates: Path) -> None:
    children = [Child(haz=-2.5, whz=-2.5), Child(haz=-2.5, whz=2.5), Child(haz=-2.5, whz=None), Child()]
    line = all_of(estimates, children)
    found = [line[name] for name in ("HA_2_WH_2_unwpop", "HA_2_WH_2_r", "HA_2_WH2_r")]
    assert found == pytest.approx([3, 100 / 3, 100 / 3])


def test_a_group_without_children_has_zero_and_blanks(estimates: Path) -> None:
    line = lines(estimates, surveyed([Child(sex="f", age_months=3)]))["Sex: Male"]
    assert {value for name, value in line.items() if not name.endswith("pop")} == {"Sex: Male", None}
    assert {value for name, value in line.items() if name.endswith("pop")} == {0}


def test_one_child_alone_has_no_sd_and_no_limits_of_its_mean(estimates: Path) -> None:
    line = all_of(estimates, [Child(haz=-2.5)], designed=False)
    found = (*numbers(line, "HA"), line["HA_stdev"], *numbers(line, "HA_2"))
    assert found == (-2.5, 0, None, None, None, 100, 0, 100, 100)


def test_children_of_weight_zero_are_seen_and_change_nothing(estimates: Path) -> None:
    with_zero = all_of(estimates, [Child(haz=-2.5), Child(), Child(haz=-2.5, weight=0)])
    nobody = all_of(estimates, [Child(weight=0)])
    assert (with_zero["HA_2_r"], with_zero["HAZ_pop"], with_zero["HAZ_unwpop"]) == (50, 2, 3)
    assert (nobody["HAZ_pop"], nobody["HAZ_unwpop"], nobody["HA_2_r"]) == (0, 1, None)


def test_a_survey_of_nobody_is_a_table_of_zeros(estimates: Path) -> None:
    found = lines(estimates, surveyed([]))
    assert (len(found), {line["HAZ_unwpop"] for line in found.values()}) == (21, {0})


def test_children_without_age_or_sex_count_where_they_are_known(estimates: Path) -> None:
    found = lines(
        estimates, surveyed([Child(age_months=None, sex="m"), Child(sex=None, age_months=59.99), Child()])
    )
    counted = {group: line["HAZ_unwpop"] for group, line in found.items() if line["HAZ_unwpop"]}
    assert counted == {
        "All": 3, "Age group: 12-23 mo": 1, "Age group: 48-59 mo": 1, "Sex: Female": 1, "Sex: Male": 1,
        "Age + sex: 12-23 mo.Female": 1,
    }  # fmt: skip


def test_groups_follow_in_the_order_of_numbers_then_letters(estimates: Path) -> None:
    values = [("10", "b"), ("2", "a"), (None, "a"), ("rural", None)]
    found = lines(estimates, surveyed([Child(values=both) for both in values], ["Wealth", "Area"]))
    assert list(found)[21:] == ["Wealth: 2", "Wealth: 10", "Wealth: rural", "Area: a", "Area: b"]
    assert [found[name]["HAZ_unwpop"] for name in list(found)[21:]] == [1, 1, 1, 2, 1]


@pytest.mark.parametrize(
    ("age_months", "label"),
    [(0, "00-05"), (5.99, "00-05"), (6, "06-11"), (12, "12-23"), (24, "24-35"), (36, "36-47"), (48, "48-59")],
)
def test_age_groups_begin_at_their_month(age_months: float, label: str) -> None:
    counted = [
        name
        for name, line in lines(survey_estimates.estimates, surveyed([Child(age_months=age_months)])).items()
        if line["HAZ_unwpop"]
    ]
    assert counted[1] == f"Age group: {label} mo"


SURVEYS = st.builds(
    lambda seed, count: invented(Random(seed), count), st.integers(0, 10**6), st.integers(0, 60)
)


def cells(found: Sequence[Line]) -> Iterator[tuple[str, str, Any]]:
    for line in found:
        for name, value in line.items():
            yield str(line["Group"]), name, value


def assert_same(ones: Sequence[Line], others: Sequence[Line]) -> None:
    """Blank where blank, and equal to the last bits, relative to the size of what was added up."""
    for (group, name, one), (_, _, other) in zip(cells(ones), cells(others), strict=True):
        tolerance = AGREED if name.endswith(("_ll", "_ul")) else SAME * 100
        assert one == other or one == pytest.approx(other, rel=SAME, abs=tolerance), (group, name)


@settings(max_examples=30, deadline=None)
@given(SURVEYS, st.booleans())
def test_both_paths_give_the_same_numbers(children: list[Child], designed: bool) -> None:
    survey = surveyed(children, ["Wealth"], designed=designed)
    assert_same(
        *(table(survey, path(survey)) for path in (survey_estimates.estimates, survey_numpy.estimates))
    )


@settings(max_examples=25, deadline=None)
@given(SURVEYS.flatmap(lambda children: st.tuples(st.just(children), st.permutations(children))))
def test_the_order_of_rows_does_not_matter(both: tuple[list[Child], list[Child]]) -> None:
    ones, others = (surveyed(children, ["Wealth"]) for children in both)
    assert_same(
        table(ones, survey_estimates.estimates(ones)), table(others, survey_estimates.estimates(others))
    )


@settings(max_examples=25, deadline=None)
@given(SURVEYS, st.sampled_from([0.25, 2.0, 64.0]))
def test_the_unit_of_the_weights_does_not_matter(children: list[Child], factor: float) -> None:
    one = surveyed(children, ["Wealth"])
    scaled = surveyed([child._replace(weight=child.weight * factor) for child in children], ["Wealth"])
    found = table(scaled, survey_estimates.estimates(scaled))
    for line in found:
        line |= {name: value / factor for name, value in line.items() if name.endswith("Z_pop") and value}  # type: ignore[operator]
        line["HA_2_WH_2_pop"] = float(line["HA_2_WH_2_pop"] or 0) / factor
    assert_same(table(one, survey_estimates.estimates(one)), found)


@settings(max_examples=25, deadline=None)
@given(SURVEYS)
def test_limits_hold_the_percentage_and_parts_add_up(children: list[Child]) -> None:
    found = lines(survey_estimates.estimates, surveyed(children, ["Wealth"]))
    for line in found.values():
        for name in ("HA_2", "WA_3", "BMI2", "HA_2_WH_2"):
            percent, _, low, high = numbers(line, name)
            assert (
                percent is None
                or low is None
                or 0 <= low <= percent + SAME * 100 <= high + SAME * 200 <= 100 + 1e-9
            )
    ages = sum(float(line["HAZ_pop"] or 0) for group, line in found.items() if group.startswith("Age group"))
    known = [child for child in children if child.age_months is not None and child.haz is not None]
    assert ages == pytest.approx(sum(child.weight for child in known))
