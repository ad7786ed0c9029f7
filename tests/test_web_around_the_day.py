"""Before and after the posyandu day: who to look out for, what to bring, who has not come; nobody else's children."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from siposyandu.due import Due
from siposyandu.periods import Month
from siposyandu.tally import LETTERS
from siposyandu.web.afterwards import hurried
from siposyandu.web.marks import AWAY_LAST_MONTH, FIRST_TIME, MISSED_TWICE, NO_GAIN, Mark
from siposyandu.web.prepare import coming, with_due
from siposyandu.web.skdn import away_check
from siposyandu.web.today import Expected
from tests.children import register, weigh
from tests.conftest import Village, at_keyboard, sign_in

BEFORE, AFTER = "/hari-ini/sebelum", "/hari-ini/sesudah"


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, on 3 August."""
    return at_keyboard(client, village.aminah)


def rows(page: str) -> dict[str, list[str]]:
    """Each child of the page with her chips, in the page's order."""
    listed = re.findall(r'row-title">(.+?) <span.*?row-marks">(.*?)</span>\s*</a>', page, re.DOTALL)
    return {name: re.findall(r'class="chip[^"]*">([^<]+)<', chips + "<") for name, chips in listed}


def message(page: str) -> str:
    """The message for WhatsApp."""
    [found] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    return str(found)


def child(**values: object) -> Expected:
    usual: dict[str, object] = {
        "id": "1", "name": "Aisyah", "sex": "f", "age_months": 8, "mother_name": None, "dusun": None, "last": None,
        "came": False, "marks": [], "from_date": "2026-08-01",
    }  # fmt: skip
    return Expected(**{**usual, **values})  # type: ignore[arg-type]


def test_the_coming_day_shows_each_child_with_the_reasons_to_look(
    aminah: FlaskClient, village: Village
) -> None:
    away = register(village, "Fadil", dusun="Montong Are", phone="081234567890")
    weigh(village, away, "2026-06-08", 8000, immunisation_complete=1)
    came = register(village, "Aisyah")
    weigh(village, came, "2026-07-06", 9000)
    weigh(village, came, "2026-08-03", 9100)
    page = aminah.get(f"{BEFORE}?tanggal=2026-08-10").text

    assert rows(page) == {
        "Fadil": ["away last month", "PCV 3", "vitamin A red", "worm medicine"],
    }
    assert "081234567890" in page
    assert ("1 × vitamin A red" in page, "Monday, 10 August 2026" in page) == (True, True)


def test_nobody_was_away_from_a_month_that_had_no_posyandu_day(aminah: FlaskClient, village: Village) -> None:
    weigh(village, register(village, "Aisyah"), "2026-07-06", 8000, immunisation_complete=1)
    assert [rows(aminah.get(f"{BEFORE}?tanggal={day}").text) for day in ("2026-09-14", "2026-10-12")] == [
        {"Aisyah": []},
        {"Aisyah": []},
    ]


def test_a_child_with_many_doses_open_is_looked_up_in_her_book_once() -> None:
    five = ("bcg", "opv1", "dpt1", "rv1", "pcv1")
    said = [
        [mark.words for mark in with_due(child(age_months=months), Due(doses, "", deworming=False)).marks]
        for months, doses in ((8, five[:4]), (8, five), (24, five[:1]), (24, ()))
    ]
    assert said == [
        ["BCG", "Polio drops 1", "DPT-HB-Hib 1", "Rotavirus 1"],
        ["vaccines: see the book"],
        ["vaccines: see the book"],
        [],
    ]


@pytest.mark.parametrize(
    ("weighed_on", "today", "proposed"),
    [
        ([], date(2026, 8, 3), date(2026, 8, 3)),
        ([date(2026, 7, 13)] * 2 + [date(2026, 7, 20)], date(2026, 8, 3), date(2026, 8, 10)),
        ([date(2026, 7, 13)], date(2026, 8, 20), date(2026, 8, 20)),
        ([date(2026, 8, 31)], date(2026, 8, 31), date(2026, 9, 28)),
        ([date(2026, 12, 14)], date(2026, 12, 14), date(2027, 1, 11)),
    ],
)
def test_the_coming_day_is_proposed_a_month_after_the_last_on_the_same_weekday(
    weighed_on: list[date], today: date, proposed: date
) -> None:
    assert coming(weighed_on, today) == proposed


def test_after_the_day_the_list_names_who_has_not_come_the_most_urgent_first(
    aminah: FlaskClient, village: Village
) -> None:
    weigh(village, register(village, "Aisyah"), "2026-07-06", 8000)
    twice = register(village, "Zahra")
    weigh(village, twice, "2026-06-08", 8000)
    weigh(village, register(village, "Fadil", dusun="Montong Are"), "2026-08-03", 9100)
    page = aminah.get(AFTER).text

    assert rows(page) == {"Zahra": ["not come twice running"], "Aisyah": []}
    assert "D + not come = S: 1 + 2 = 3" in page
    assert page.count(">does not agree<") == 0


def test_who_was_away_last_month_too_has_missed_twice_and_keeps_her_other_reasons() -> None:
    said = hurried(child(marks=[NO_GAIN, AWAY_LAST_MONTH]), Month(2026, 8)).marks
    assert said == [NO_GAIN, MISSED_TWICE]


@pytest.mark.parametrize(
    ("from_date", "said"), [("2026-06-30", [FIRST_TIME, MISSED_TWICE]), ("2026-07-01", [FIRST_TIME])]
)
def test_who_was_never_weighed_has_missed_twice_when_she_was_here_all_of_last_month(
    from_date: str, said: list[Mark]
) -> None:
    new = child(marks=[FIRST_TIME], from_date=from_date)
    assert hurried(new, Month(2026, 8)).marks == said


def test_the_page_says_where_to_look_when_the_figures_do_not_fit(
    aminah: FlaskClient, village: Village
) -> None:
    weigh(village, register(village, "Aisyah"), "2026-08-03", 9100)
    with village.instance.store_for_job() as store, store.write():
        store.run("update tally set d = d + 1 where posyandu = $1 and month = '2026-08'", village.melati)
    page = aminah.get(AFTER).text
    assert re.findall(r'>does not agree</span> <span>(.+?)<br><span class="small">(.+?)[.] ', page) == [
        ("D = N + T + O + B: 2 = 0 + 0 + 0 + 1", "A weighing has none of the letters"),
        ("D is not more than S: 2 of 1", "A child was weighed who is not on this list"),
        ("D + not come = S: 2 + 0 = 1", "A child moved this month, or a weight does not count"),
    ]


def test_before_the_first_weighing_of_a_month_there_is_nothing_to_check(
    aminah: FlaskClient, village: Village
) -> None:
    register(village, "Aisyah")
    page = aminah.get(AFTER).text
    assert ("Do the figures agree?" in page, "Nobody has been weighed this month yet." in page, list(rows(page))) == (
        False, True, ["Aisyah"],
    )  # fmt: skip


def test_a_child_who_is_counted_nowhere_is_said_with_where_to_look() -> None:
    counts = dict.fromkeys((column for column, _, _ in LETTERS), 0) | {"s": 3, "d": 1}
    assert [(away_check(counts, away).holds, bool(away_check(counts, away).todo)) for away in (2, 1)] == [
        (True, True),
        (False, True),
    ]


def test_the_message_names_children_day_and_place_and_nothing_that_is_the_matter(
    aminah: FlaskClient, village: Village
) -> None:
    child_id = register(village, "Fadil", dusun="Montong Are", phone="081234567890", nik="5202021005250001")
    weigh(village, child_id, "2026-07-06", 4000, illness="cough")
    before = message(aminah.get(f"{BEFORE}?tanggal=2026-08-10&tempat=Balai+Dusun").text)
    after = message(aminah.get(AFTER).text)

    assert before == (
        "*Come to the posyandu*\nDay: Monday, 10 August 2026\nPlace: Balai Dusun\n\n*Montong Are*\n1. Fadil"
    )
    assert after == "*Not yet weighed in August 2026*\nPlace: Posyandu Melati\n\n*Montong Are*\n1. Fadil"


def test_nothing_on_these_pages_leads_to_another_computer(aminah: FlaskClient, village: Village) -> None:
    register(village, "Fadil")
    pages = aminah.get(BEFORE).text + aminah.get(AFTER).text
    assert re.findall(r'(?:href|src|action)="(?:https?:)?//[^"]*"', pages) == []


@pytest.mark.parametrize("nonsense", ["besok", "2026-13-01", "0001-01-01"])
def test_a_file_of_a_day_that_is_none_is_not_found(aminah: FlaskClient, nonsense: str) -> None:
    assert aminah.get(f"/excel/persiapan.xlsx?tanggal={nonsense}").status_code == 404


def test_a_place_is_only_words(aminah: FlaskClient) -> None:
    page = aminah.get(f"{BEFORE}?tempat=%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page


@pytest.mark.parametrize("page", [BEFORE, AFTER])
def test_dedi_and_the_province_see_no_child_of_melati(
    province_client: FlaskClient, province: Village, page: str
) -> None:
    register(province, "Aisyah")
    told = []
    for worker in (province.dedi, province.eka):
        sign_in(province_client, worker)
        answers = [province_client.get(page), province_client.get(f"{page}?posyandu={province.melati}")]
        told.append([(answer.status_code, "Aisyah" in answer.text) for answer in answers])
        province_client.post("/keluar")
    assert told == [[(200, False), (403, False)], [(403, False), (403, False)]]
