"""The month's SKDN: the figures agree with what was written, and a figure that cannot be right is said to be wrong."""

import re

import pytest
from flask.testing import FlaskClient

from siposyandu.tally import LETTERS
from siposyandu.web.bars import Bar, Group, draw
from siposyandu.web.skdn import by_dusun, checks
from siposyandu.web.today import Expected
from tests.children import register, weigh
from tests.conftest import Village, sign_in

NOTHING = {column: 0 for column, _, _ in LETTERS}


@pytest.fixture
def month(client: FlaskClient, village: Village) -> FlaskClient:
    """Four children: one gained, one did not, one was away in July, one did not come in August."""
    for name, july_g, august_g in (
        ("Aisyah", 8000, 8900),
        ("Fadil", 9000, 9000),
        ("Zahra", None, 9500),
        ("Rizki", 9900, None),
    ):
        child = register(
            village,
            name,
            kia_book=int(name != "Zahra"),
            birth_date="2025-11-10",
            registered_date="2025-12-01",
        )
        for day, weight_g in (("2026-06-08", 7900), ("2026-07-06", july_g), ("2026-08-03", august_g)):
            if weight_g:
                weigh(village, child, day, weight_g)
    sign_in(client, village.aminah).get("/bahasa/en")
    return client


def figures(page: str) -> dict[str, int]:
    """The letters of the table with their figures."""
    rows = re.findall(r'<th scope="row">(.+?)</th>.*?class="num strong">(\d+)</td>', page, re.DOTALL)
    return {letter: int(count) for letter, count in rows}


def names(page: str) -> list[str]:
    return re.findall(r'row-title">(.+?) <span', page)


def test_the_letters_count_what_was_written(month: FlaskClient) -> None:
    page = month.get("/skdn?bulan=2026-08").text

    assert figures(page) == {"S": 4, "K": 3, "D": 3, "N": 1, "T": 1, "O": 1, "B": 0, "BGM": 0, "2T": 0}
    assert "75.0%" in page
    assert page.count("does not agree") == 0


def test_the_list_of_the_missing_names_who_was_not_weighed(month: FlaskClient) -> None:
    assert [names(month.get(f"/skdn?bulan={each}").text) for each in ("2026-08", "2026-07")] == [
        ["Rizki"],
        ["Zahra"],
    ]


def test_figures_that_cannot_be_right_are_said_to_disagree() -> None:
    wrong = {**NOTHING, "s": 2, "d": 3, "n": 1, "t": 1, "two_t": 2, "bgm": 4}

    assert [check.holds for check in checks(wrong)] == [False, False, False, False]
    assert str(checks(wrong)[0].sentence) == "D = N + T + O + B: 3 = 1 + 1 + 0 + 0"


def test_the_months_before_and_after_are_one_press_away(month: FlaskClient, village: Village) -> None:
    month.post("/hari-ini/tanggal", data={"day": "2026-08-03"})
    july, august = (month.get(f"/skdn?bulan={each}").text for each in ("2026-07", "2026-08"))

    links = [re.findall(r'rel="(prev|next)" href="\?bulan=([\d-]+)', page) for page in (july, august)]
    assert links == [[("prev", "2026-06"), ("next", "2026-08")], [("prev", "2026-07")]]


@pytest.mark.parametrize("nonsense", ["2026-13", "agustus", "2026", "-"])
def test_a_month_that_is_none_is_not_found(month: FlaskClient, nonsense: str) -> None:
    assert month.get(f"/skdn?bulan={nonsense}").status_code == 404


def test_the_province_sees_the_figures_and_no_names(province_client: FlaskClient, province: Village) -> None:
    weigh(province, register(province, "Aisyah"), "2026-08-03", 9100)
    sign_in(province_client, province.eka)
    page = province_client.get(f"/skdn?posyandu={province.melati}").text

    assert (figures(page)["S"], names(page)) == (1, [])


def test_dedi_cannot_ask_for_the_month_of_melati(province_client: FlaskClient, province: Village) -> None:
    sign_in(province_client, province.dedi)

    assert province_client.get(f"/skdn?posyandu={province.melati}").status_code == 403


def test_the_missing_are_grouped_by_dusun_those_without_one_last() -> None:
    children = [
        Expected(name, name, "f", 8, None, dusun, None, False, [])
        for name, dusun in (("A", "Timba Nuh"), ("B", None), ("C", "montong"), ("D", "Timba Nuh"))
    ]

    groups = [(dusun, [child.name for child in group]) for dusun, group in by_dusun(children)]
    assert groups == [("montong", ["C"]), ("Timba Nuh", ["A", "D"]), ("", ["B"])]


def test_bars_stand_on_one_scale_and_carry_their_figures() -> None:
    picture = draw([Group(10, [Bar("S", 10), Bar("D", 5)]), Group(5, [Bar("<N>", 0, 3)])], "Title & all")

    heights = [
        float(height) for height in re.findall(r'class="bar(?: bar-s\d)?".*?height="([\d.]+)"', picture)
    ]
    assert (heights, re.findall(r'bar-count".*?>(\d+)<', picture)) == ([180.0, 90.0, 0.0], ["10", "5", "0"])
    assert "<title>Title &amp; all</title>" in picture
    assert "&lt;N&gt;" in picture


def test_a_month_without_anybody_draws_empty_bars() -> None:
    assert "nan" not in draw([Group(0, [Bar("S", 0)])], "none")
