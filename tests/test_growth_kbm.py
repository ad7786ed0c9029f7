"""KBM: the card's numbers by sex and age, and how an operator's own table is read."""

from datetime import date
from pathlib import Path

import pytest

from siposyandu.growth.errors import BadTable
from siposyandu.growth.kbm import minimum_gain_g, minimum_gains

CARDS = {
    "m": [800, 900, 800, 600, 500, 400, 400, 300, 300, 300, 300, *[200] * 49],
    "f": [800, 900, 800, 600, 500, 400, 300, 300, 300, 300, 200, *[200] * 49],
}
HEADER = "valid_from,sex,age_month_from,age_month_to,minimum_gain_g,source\n"


@pytest.mark.parametrize("sex", ["m", "f"])
def test_the_numbers_of_the_printed_card(sex: str) -> None:
    assert [minimum_gain_g(sex, month, date(2026, 8, 3)) for month in range(1, 61)] == CARDS[sex]


@pytest.mark.parametrize("age_months", [-1, 0, 61])
def test_the_card_has_no_number_for_other_ages(age_months: int) -> None:
    assert minimum_gain_g("m", age_months, date(2026, 8, 3)) is None


def test_the_edition_that_holds_on_the_day_is_used(tmp_path: Path) -> None:
    path = tmp_path / "kbm.csv"
    path.write_text(HEADER + "2027-01-01,m,1,1,850,new\n2010-01-01,m,1,2,800,old\n", "utf-8-sig")
    gains = minimum_gains(path)
    days = [date(2009, 12, 31), date(2010, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [gains.at("m", 1, day) for day in days] == [None, 800, 800, 850]
    assert gains.at("m", 2, date(2027, 1, 1)) is None  # an edition is whole: nothing is inherited


@pytest.mark.parametrize(
    "rows",
    [
        "2010-01-01,x,1,1,800,s\n",
        "2010-01-01,m,1,2,800,s\n2010-01-01,m,2,3,900,s\n",
        "2010-13-01,m,1,1,800,s\n",
        "2010-01-01,m,1,1,eight,s\n",
        "2010-01-01,m\n",
    ],
    ids=["unknown sex", "month twice", "no date", "no number", "cut off"],
)
def test_a_badly_written_table_is_refused_by_name(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "kbm.csv"
    path.write_text(HEADER + rows, "utf-8")
    with pytest.raises(BadTable, match=r"The table kbm\.csv cannot be used"):
        minimum_gains(path)


def test_a_table_without_the_columns_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "kbm.csv"
    path.write_text("sex;age\nm;1\n", "utf-8")
    with pytest.raises(BadTable, match="valid_from"):
        minimum_gains(path)
