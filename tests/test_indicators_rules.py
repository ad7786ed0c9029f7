"""Rules that every indicator keeps: whoever adds one is told here what is still missing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu import indicators
from siposyandu.indicators.indicator import COVERAGE, KINDS, OVER_TIME, Indicator
from siposyandu.indicators.totals import Totals
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.tally import COUNTS

CODES = [indicator.CODE for indicator in indicators.ALL]
# Modules of the package that are no indicators.
OTHERS = {"__init__", "figures", "indicator", "scope", "totals"}


for_each_indicator = pytest.mark.parametrize("indicator", indicators.ALL, ids=CODES)


@st.composite
def children(draw: st.DrawFn) -> dict[str, int]:
    """The counts of some children as a tally makes them: each child once, in the columns that fit her."""
    one = st.fixed_dictionaries(
        {
            "k": st.booleans(),
            "gain": st.sampled_from(["", "n", "t", "o", "b"]),
            "two_t": st.booleans(),
            "bgm": st.booleans(),
            "haz": st.sampled_from([None, -3.5, -2.5, 0.0]),
            "whz": st.sampled_from([None, -3.5, -2.5, 0.0, 2.5, 3.5]),
            "waz": st.sampled_from([None, -3.5, -2.5, 0.0]),
        }
    )
    counts = dict.fromkeys(COUNTS, 0)
    for child in draw(st.lists(one, max_size=40)):
        for column in _columns(child):
            counts[column] += 1
    return counts


def _columns(child: dict) -> list[str]:
    haz, whz, waz = child["haz"], child["whz"], child["waz"] if child["gain"] else None
    told = {
        "s": True,
        "k": child["k"],
        "d": bool(child["gain"]),
        "two_t": child["two_t"] and child["gain"] == "t",
        "bgm": child["bgm"] and bool(child["gain"]),
        "haz_measured": haz is not None,
        "stunted": haz is not None and haz < -2,
        "severely_stunted": haz is not None and haz < -3,
        "whz_measured": whz is not None,
        "wasted": whz is not None and whz < -2,
        "severely_wasted": whz is not None and whz < -3,
        "overweight": whz is not None and whz > 2,
        "obese": whz is not None and whz > 3,
        "waz_measured": waz is not None,
        "underweight": waz is not None and waz < -2,
        "severely_underweight": waz is not None and waz < -3,
    }
    return [column for column, counted in told.items() if counted] + [child["gain"]] * bool(child["gain"])


def test_every_file_of_an_indicator_is_listed_once():
    files = {path.stem for path in Path(indicators.__file__).parent.glob("*.py")} - OTHERS
    assert (sorted(files), len(set(CODES))) == (sorted(CODES), len(CODES))


@for_each_indicator
def test_an_indicator_says_everything(indicator: Indicator):
    words = (indicator.TITLE, indicator.SOURCE, indicator.COUNTED, indicator.OUT_OF, indicator.__doc__)
    assert all(text and text.strip() for text in words)
    assert indicator.KIND in KINDS
    assert indicator.OVER_TIME in OVER_TIME


@for_each_indicator
def test_an_indicator_is_counted_in_columns_of_the_tally(indicator: Indicator):
    columns = {*indicator.NUMERATOR, *indicator.DENOMINATOR}
    assert columns
    assert columns <= set(COUNTS)


@given(counts=children())
def test_a_numerator_is_part_of_its_denominator(counts: dict[str, int]):
    figures = [indicators.figure(indicator, Totals(counts, 1, 1)) for indicator in indicators.ALL]
    assert all(0 <= figure.numerator <= figure.denominator for figure in figures)
    assert all((figure.percent is None) == (figure.denominator == 0) for figure in figures)


@given(counts=children())
def test_a_prevalence_lies_in_its_interval_and_a_coverage_has_none(counts: dict[str, int]):
    for indicator in indicators.ALL:
        figure = indicators.figure(indicator, Totals(counts, 1, 1))
        if indicator.KIND == COVERAGE or figure.percent is None:
            assert (figure.low, figure.high) == (None, None), indicator.CODE
        else:
            assert 0 <= figure.low <= figure.percent <= figure.high <= 100, indicator.CODE


@given(melati=children(), kenanga=children())
def test_the_figure_of_two_posyandu_is_the_figure_of_all_their_children(
    melati: dict[str, int], kenanga: dict[str, int]
):
    """Never the mean of two percentages."""
    together = Totals({column: melati[column] + kenanga[column] for column in COUNTS}, 2, 1)
    added = Totals.sum([Totals(melati, 1, 1), Totals(kenanga, 1, 0)])
    assert [indicators.figure(each, added) for each in indicators.ALL] == [
        indicators.figure(each, together) for each in indicators.ALL
    ]


@for_each_indicator
def test_an_empty_province_leaves_every_figure_blank(indicator: Indicator, store: Store):
    figure = indicators.compute(store, indicator, "52", Month(2026, 8))
    assert figure == indicators.Figure(0, 0, None, None, None, 0, 0, 0, 0)
