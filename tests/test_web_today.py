"""The posyandu day: the date is asked once, the list says who is missing, search finds, Dedi sees nothing."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from siposyandu.periods import Month
from siposyandu.store import SqliteStore
from siposyandu.web.day import propose
from siposyandu.web.marks import (
    AWAY_LAST_MONTH,
    BELOW_RED_LINE,
    FIRST_TIME,
    GAIN,
    NO_GAIN,
    SEVERE,
    TWICE,
    Mark,
    after_weighing,
    before_weighing,
)
from siposyandu.web.today import expected
from tests.children import register, weigh
from tests.conftest import Village, at_keyboard, sign_in
from tests.questions import Listening

AUGUST = Month(2026, 8)


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, the day confirmed."""
    return at_keyboard(client, village.aminah)


def shown(page: str) -> list[str]:
    """The names of the rows that are not hidden, in order."""
    rows = re.findall(
        r'<li data-words="[^"]*" (hidden)?>.*?row-title">(?:<svg.+?</svg>)?(.+?) <span', page, re.DOTALL
    )
    return [name for hidden, name in rows if not hidden]


def last(**values: object) -> dict[str, object]:
    """A child's last weighing: on 6 July, nothing the matter, unless told otherwise."""
    usual = {
        "visit_date": "2026-07-06",
        "gain": "N",
        "two_t": 0,
        "below_red_line": 0,
        "severe_malnutrition": 0,
    }
    return {**usual, **values}


def test_the_date_is_asked_once_and_then_stands_over_the_list(client: FlaskClient, village: Village) -> None:
    sign_in(client, village.aminah).get("/bahasa/en")
    before = client.get("/hari-ini").text
    client.post("/hari-ini/tanggal", data={"day": "2026-08-04"})
    after = client.get("/hari-ini").text

    assert ("Open the posyandu day" in before, "<h1>Tuesday, 4 August 2026</h1>" in after) == (True, True)


def test_a_date_that_is_none_is_asked_again(client: FlaskClient, village: Village) -> None:
    sign_in(client, village.aminah).get("/bahasa/en")
    answer = client.post("/hari-ini/tanggal", data={"day": "31-02-2026"})

    assert answer.status_code == 400
    assert "Write the date as it stands on the calendar, for example 3-12-2026." in answer.text


@pytest.mark.parametrize(
    ("device", "known", "proposed"),
    [
        (date(2026, 8, 3), (None, None), date(2026, 8, 3)),
        (date(2026, 8, 3), (date(2026, 7, 6), date(2026, 7, 20)), date(2026, 8, 3)),
        (date(2025, 8, 3), (date(2026, 7, 6), None), date(2026, 7, 6)),
        (date(2027, 8, 3), (date(2026, 7, 6), date(2026, 7, 20)), date(2026, 7, 20)),
    ],
)
def test_a_laptop_whose_clock_is_years_off_proposes_the_last_date_it_can_trust(
    device: date, known: tuple[date | None, ...], proposed: date
) -> None:
    assert propose(device, *known) == proposed


def test_the_list_tells_who_has_not_come_and_who_has(aminah: FlaskClient, village: Village) -> None:
    for name in ("Aisyah", "Fadil", "Zahra"):
        child = register(village, name)
        if name == "Fadil":
            weigh(village, child, "2026-08-03", 9100)

    page = aminah.get("/hari-ini").text
    lists = [shown(aminah.get(f"/hari-ini?lihat={tab}").text) for tab in ("belum", "sudah", "semua")]
    assert lists == [["Aisyah", "Zahra"], ["Fadil"], ["Aisyah", "Fadil", "Zahra"]]
    assert "<b>1</b> <span>of 3 weighed</span>" in page


def test_a_row_leads_to_the_scales_and_after_them_to_the_child(aminah: FlaskClient, village: Village) -> None:
    waiting, weighed = register(village, "Aisyah"), register(village, "Fadil")
    weigh(village, weighed, "2026-08-03", 9100)

    rows = re.findall(r'class="row(?: came)?" href="([^"]+)"', aminah.get("/hari-ini").text)
    assert rows == [f"/kunjungan/balita/{waiting}", f"/anak/{weighed}"]


def test_search_looks_through_child_mother_and_dusun_whatever_the_tab(
    aminah: FlaskClient, village: Village
) -> None:
    register(village, "Lalu Ahmad Rizki", mother_name="Hawariah")
    weighed = register(village, "Aisyah", mother_name="Baiq Rohani")
    register(village, "Zahra", mother_name="Rohani", dusun="Montong Are")
    weigh(village, weighed, "2026-08-03", 9100)

    found = [shown(aminah.get(f"/hari-ini?cari={words}&lihat=belum").text) for words in ("ROHANI", "xyz")]
    assert found == [["Aisyah", "Zahra"], []]


def test_enter_opens_the_only_child_who_fits(aminah: FlaskClient, village: Village) -> None:
    register(village, "Aisyah")
    zahra = register(village, "Zahra", dusun="Montong Are")

    assert aminah.get("/hari-ini?cari=zah+montong").location == f"/kunjungan/balita/{zahra}"


def test_a_child_of_five_years_or_another_posyandu_is_not_expected(
    village: Village, store: SqliteStore
) -> None:
    register(village, "Big", birth_date="2021-08-01", registered_date="2024-01-08")
    register(village, "Elsewhere", posyandu=village.kenanga)
    at_the_edge = register(village, "Edge", birth_date="2021-08-02", registered_date="2024-01-08")

    with village.instance.store_for_job() as reading:
        found = expected(reading, village.melati, date(2026, 8, 3))
    assert [(child.id, child.age_months) for child in found] == [(at_the_edge, 60)]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (None, [FIRST_TIME]),
        (last(), []),
        (last(gain="T"), [NO_GAIN]),
        (last(gain="T", two_t=1), [TWICE]),
        (last(visit_date="2026-06-08", below_red_line=1), [BELOW_RED_LINE, AWAY_LAST_MONTH]),
        (last(severe_malnutrition=1, below_red_line=1), [SEVERE, BELOW_RED_LINE]),
    ],
)
def test_the_marks_say_what_to_look_out_for_before_the_scales(
    before: dict[str, object] | None, said: list[Mark]
) -> None:
    assert before_weighing(before, AUGUST) == said


def test_the_marks_say_how_the_weighing_came_out() -> None:
    assert (after_weighing(last()), after_weighing(last(gain="T", two_t=1))) == ([GAIN], [TWICE])


def test_dedi_sees_nothing_of_melati(province_client: FlaskClient, province: Village) -> None:
    register(province, "Aisyah")
    sign_in(province_client, province.dedi)
    province_client.post("/hari-ini/tanggal", data={"day": "2026-08-03"})

    own, asked = (
        province_client.get("/hari-ini"),
        province_client.get(f"/hari-ini?posyandu={province.melati}"),
    )
    searched = province_client.get("/cari?q=aisyah")
    assert (own.status_code, asked.status_code, searched.status_code) == (200, 403, 200)
    assert "/anak/" not in re.sub("/anak/baru", "", own.text + asked.text + searched.text)


def test_the_province_may_count_children_but_not_name_them(
    province_client: FlaskClient, province: Village
) -> None:
    register(province, "Aisyah")
    sign_in(province_client, province.eka)

    answers = [province_client.get(page).status_code for page in ("/hari-ini", "/cari?q=aisyah")]
    assert answers == [403, 403]


def test_search_finds_by_parts_of_names_and_masks_the_nik(aminah: FlaskClient, village: Village) -> None:
    found = register(village, "Siti Nurhaliza", nik="5202025005250001", mother_name="Mariani")
    register(village, "Aisyah")

    pages = [aminah.get(f"/cari?q={words}").text for words in ("sit+nur", "maria", "5202025005250001")]
    assert [re.findall(r"/anak/(\w{32})", page) for page in pages] == [[found]] * 3
    assert all("NIK …0001" in page and "5202025005250001</" not in page for page in pages)


def test_a_list_costs_two_questions_however_many_children(village: Village) -> None:
    for number in range(20):
        weigh(village, register(village, f"Child {number}"), "2026-07-06", 9000)
    with village.instance.store_for_job() as store:
        listening = Listening(store)
        found = expected(listening, village.melati, date(2026, 8, 3))
    assert (len(found), len(listening.asked)) == (20, 2)
