"""The book typed afterwards: cells are kept one by one, good rows are saved, bad ones stand with a sentence, nothing is lost."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from siposyandu import people
from siposyandu.periods import Month
from siposyandu.web.grid_names import Match, matched
from siposyandu.web.grid_rows import Book
from tests.children import register, weigh
from tests.conftest import PIN, Village, sign_in
from tests.kader import Kader
from tests.mornings import kader_with_children
from tests.questions import Listening
from tests.visitor import Page, Visitor

DAY = "2026-08-03"
BOOK = f"/hari-ini/buku?tanggal={DAY}"
OF_THE_DAY = {"tanggal": DAY}
SAVE = {**OF_THE_DAY, "langkah": "simpan"}


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, the day confirmed."""
    sign_in(client, village.aminah)
    client.post("/hari-ini/tanggal", data={"day": DAY})
    return client


@pytest.fixture
def nabila(village: Village) -> str:
    """A girl of 14 months, weighed in July: 8.6 kg, 74 cm."""
    child = register(village, "Baiq Nabila")
    weigh(village, child, "2026-07-06", 8600, length_height_mm=740, measured="lying")
    return child


@pytest.fixture
def rizki(village: Village) -> str:
    """A boy of 27 months, weighed in July: 11 kg, 86 cm, standing."""
    child = register(village, "Lalu Muh. Rizki", sex="m", birth_date="2024-04-20", dusun="Aik Ampat")
    weigh(village, child, "2026-07-06", 11000, length_height_mm=860, measured="standing")
    return child


def cells(child: str, **typed: str) -> dict[str, str]:
    """Cells of one child's row, as the page sends them."""
    return {f"sel.{child}.{name}": text for name, text in typed.items()}


def rows(village: Village, sql: str, *values: str) -> list[dict[str, Any]]:
    with village.instance.store_for_job() as store:
        return store.rows(sql, *values)


def stored(village: Village, child: str, day: str = DAY) -> list[tuple[Any, ...]]:
    """What is stored of a child's day: grams, millimetres, how measured."""
    sql = "select * from balita where person = $1 and visit_date = $2 and retracted = 0"
    found = rows(village, sql, child, day)
    return [(row["weight_g"], row["length_height_mm"], row["measured"]) for row in found]


def words(page: str) -> str:
    """The text of a page without its tags and runs of spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def shown(page: str, child: str, name: str) -> str | None:
    """What stands in a cell of the page."""
    found = re.search(rf'id="sel\.{child}\.{name}"[^>]* value="([^"]*)"', page)
    return unescape(found[1]) if found else None


def names_in_order(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'class="who-name">([^<]+)<', page)]


def test_the_rows_are_the_sasaran_by_name_with_last_times_values_beside_and_the_proposed_position_in_grey(
    aminah: FlaskClient, nabila: str, rizki: str
) -> None:
    page = aminah.get(BOOK).text
    assert names_in_order(page) == ["Baiq Nabila", "Lalu Muh. Rizki"]
    assert re.findall(r'class="before" aria-hidden="true">([^<]+)<', page) == ["8,6", "74", "11", "86"]
    assert re.findall(r'placeholder="(\w)"', page) == ["t", "b"]
    assert names_in_order(aminah.get(f"{BOOK}&urut=dusun").text) == ["Lalu Muh. Rizki", "Baiq Nabila"]


def test_a_cell_is_kept_as_typed_at_once_and_stands_there_after_a_reload(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    answer = aminah.post("/hari-ini/buku/sel", data={**OF_THE_DAY, **cells(nabila, weight_kg="8,9")})
    kept = {"state": '<span class="kept">disimpan sementara</span>', "faults": []}
    assert answer.json == {"rows": {nabila: kept}}
    assert shown(aminah.get(BOOK).text, nabila, "weight_kg") == "8,9"
    assert stored(village, nabila) == []


def test_what_anybody_wrote_stands_in_the_book_as_it_was_written_and_never_as_mark_up(
    aminah: FlaskClient, village: Village
) -> None:
    name, mother, typed = "<b>Baiq</b> \"A' & %(id)s 100%", "<i>Inaq</i>", "'\"><script>8,9"
    child = register(village, name, mother_name=mother)
    aminah.post("/hari-ini/buku/sel", data={**OF_THE_DAY, **cells(child, weight_kg=typed)})
    page = aminah.get(BOOK).text
    told = re.search(rf'id="sel\.{child}\.weight_kg"[^>]* aria-label="([^"]*)"', page)
    seen = re.search(rf"name=\"tampak\.{child}\" value='([^']*)'", page)
    assert told is not None
    assert seen is not None
    assert [mark for mark in ("<b>Baiq", "<i>Inaq", "><script") if mark in page] == []
    assert (names_in_order(page), f"14 bln · {mother}" in unescape(page)) == ([name], True)
    assert (unescape(told[1]), shown(page, child, "weight_kg")) == (f"Berat, {name}", typed)
    assert json.loads(unescape(seen[1])) == {"weight_kg": typed}


def test_a_bad_cell_is_named_by_row_child_and_measure(aminah: FlaskClient, nabila: str, rizki: str) -> None:
    typed = {**cells(rizki, weight_kg="78"), **cells(nabila, weight_kg="8,9", measured="x")}
    answer = aminah.post("/hari-ini/buku/sel", data={**OF_THE_DAY, **typed})
    assert answer.json is not None
    said = {fault["field"]: fault["text"] for row in answer.json["rows"].values() for fault in row["faults"]}
    assert said == {
        "weight_kg": "Baris 2, Lalu Muh. Rizki, BB: Berat harus antara 0,9 dan 58 kg.",
        "measured": "Baris 1, Baiq Nabila, Posisi: Cara ukur: ketik t = terlentang, b = berdiri.",
    }


def test_good_rows_are_saved_and_never_wait_for_bad_ones(
    aminah: FlaskClient, village: Village, nabila: str, rizki: str
) -> None:
    typed = {**cells(nabila, weight_kg="8.9", length_height_cm="74,8"), **cells(rizki, weight_kg="78")}
    page = aminah.post("/hari-ini/buku", data={**SAVE, **typed}, follow_redirects=True).text
    assert (stored(village, nabila), stored(village, rizki)) == ([(8900, 748, "lying")], [])
    assert "1 baris tersimpan." in words(page)
    assert "Baris 2, Lalu Muh. Rizki, BB: Berat harus antara 0,9 dan 58 kg." in words(page)
    assert shown(page, rizki, "weight_kg") == "78"
    assert "N, naik" in words(page)
    assert rows(village, "select person, field, typed from grid_cell where typed <> ''") == [
        {"person": rizki, "field": "weight_kg", "typed": "78"}
    ]


def test_the_months_figures_count_what_the_book_said(
    aminah: FlaskClient, village: Village, nabila: str, rizki: str
) -> None:
    typed = {**cells(nabila, weight_kg="8,9"), **cells(rizki, weight_kg="11,2")}
    aminah.post("/hari-ini/buku", data={**SAVE, **typed})
    sql = "select sum(d) as d, sum(n) as n from tally where posyandu = $1 and month = '2026-08'"
    assert rows(village, sql, village.melati) == [{"d": 2, "n": 2}]


def test_the_guards_question_is_asked_once_per_row_and_its_answer_survives_a_reload(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    data = {**SAVE, **cells(nabila, weight_kg="6,8")}
    page = aminah.post("/hari-ini/buku", data=data, follow_redirects=True).text
    keys = [unescape(key) for key in re.findall(rf'name="tanya\.{nabila}" value="([^"]*)"', page)]
    assert (stored(village, nabila), len(keys)) == ([], 1)
    again = {**OF_THE_DAY, "langkah": "jaga", f"jawab.{nabila}": "again", f"tanya.{nabila}": keys}
    page = aminah.post("/hari-ini/buku", data=again, follow_redirects=True).text
    assert "ukur ulang" in words(page)
    assert f"tanya.{nabila}" not in aminah.get(f"{BOOK}&periksa=1").text
    aminah.post("/hari-ini/buku", data=SAVE)
    assert stored(village, nabila) == []
    aminah.post("/hari-ini/buku", data={**SAVE, f"jawab.{nabila}": "right", f"tanya.{nabila}": keys})
    assert stored(village, nabila) == [(6800, None, None)]


def test_a_row_weighed_that_day_is_corrected_in_its_changed_cells_alone_with_one_reason_for_all(
    aminah: FlaskClient, village: Village, nabila: str, rizki: str
) -> None:
    weigh(village, nabila, DAY, 8700, length_height_mm=745, measured="lying", note="batuk")
    weigh(village, rizki, DAY, 11200)
    page = aminah.get(BOOK).text
    assert [shown(page, nabila, name) for name in ("weight_kg", "length_height_cm", "measured", "note")] == [
        "8,7", "74,5", "t", None,
    ]  # fmt: skip
    typed = {**cells(nabila, weight_kg="8,9", length_height_cm="74,50"), **cells(rizki, weight_kg="11,3")}
    page = aminah.post("/hari-ini/buku", data={**SAVE, **typed}, follow_redirects=True).text
    assert "Tulis alasannya, singkat saja." in words(page)
    assert stored(village, nabila) == [(8700, 745, "lying")]
    reason = {"sel..correction_reason": "salah baca buku"}
    aminah.post("/hari-ini/buku", data={**SAVE, **reason})
    assert (stored(village, nabila), stored(village, rizki)) == (
        [(8900, 745, "lying")],
        [(11300, None, None)],
    )
    found = rows(
        village,
        "select note, correction_reason from balita where person = $1 and visit_date = $2",
        nabila,
        DAY,
    )
    assert found == [{"note": "batuk", "correction_reason": "salah baca buku"}]
    assert rows(village, "select * from grid_cell") == []  # the reason was that of these corrections


def test_two_tabs_do_not_undo_each_other_though_each_sends_the_whole_page(
    aminah: FlaskClient, nabila: str, rizki: str
) -> None:
    keep = {**OF_THE_DAY, "langkah": "jaga"}
    empty = {f"tampak.{child}": json.dumps({}) for child in (nabila, rizki)}
    as_drawn = {f"tampak.{child}": json.dumps({"weight_kg": ""}) for child in (nabila, rizki)} or empty
    first = {**cells(nabila, weight_kg="8,9"), **cells(rizki, weight_kg="")}
    second = {**cells(nabila, weight_kg=""), **cells(rizki, weight_kg="11,2")}
    aminah.post("/hari-ini/buku", data={**keep, **as_drawn, **first})
    page = aminah.post("/hari-ini/buku", data={**keep, **as_drawn, **second}, follow_redirects=True).text
    assert (shown(page, nabila, "weight_kg"), shown(page, rizki, "weight_kg")) == ("8,9", "11,2")


def test_pressing_save_twice_saves_once(aminah: FlaskClient, village: Village, nabila: str) -> None:
    data = {**SAVE, **cells(nabila, weight_kg="8,9")}
    for _press in range(2):
        aminah.post("/hari-ini/buku", data=data)
    assert stored(village, nabila) == [(8900, None, None)]


def test_the_script_saves_batch_by_batch(aminah: FlaskClient, village: Village) -> None:
    children = [register(village, f"Anak {number:02}") for number in range(25)]
    typed = {name: text for child in children for name, text in cells(child, weight_kg="8,9").items()}
    aminah.post("/hari-ini/buku/sel", data={**OF_THE_DAY, **typed})
    first = aminah.post("/hari-ini/buku/simpan", data={**OF_THE_DAY, "dari": "1"}).json
    assert first == {"saved": 20, "next": 21}
    assert aminah.post("/hari-ini/buku/simpan", data={**OF_THE_DAY, "dari": "21"}).json == {
        "saved": 5,
        "next": 0,
    }
    assert [stored(village, child) for child in children] == [[(8900, None, None)]] * 25


def test_the_power_goes_while_the_book_is_saved_and_every_row_is_saved_whole_or_still_typed(
    tmp_path: Path,
) -> None:
    kader = kader_with_children(tmp_path / "melati")
    typed = {
        child: f"{8 + number / 10:.1f}".replace(".", ",")
        for number, child in enumerate(kader.persons.values())
    }
    sent = {f"sel.{child}.weight_kg": text for child, text in typed.items()}
    with kader.laptop:
        kader.visitor = Visitor(kader.laptop.address)
        kader.sign_in()
        visitor = kader.visitor
        press(visitor, visitor.open("/hari-ini/buku"), {**sent, "langkah": "jaga"})
        page = visitor.open("/hari-ini/buku")
        kader.laptop.kill_while(lambda: press(visitor, page, {"langkah": "simpan"}))
        assert still_there(kader) == typed
        kader.laptop.start()
        door = f"/masuk/{kader.worker.id}"
        with Visitor(kader.laptop.address) as visitor:
            visitor.submit(visitor.open(door), door, {"pin": PIN})  # the day goes on
            page = visitor.open("/hari-ini/buku")
            for _time in range(2):
                press(visitor, page, {"langkah": "simpan"})
    with kader.laptop.instance.store_for_job() as store:
        found = store.rows("select person, weight_g from balita order by person")
        assert store.rows("select * from grid_cell") == []
    grams = {child: int(text.replace(",", "")) * 100 for child, text in typed.items()}
    assert {row["person"]: row["weight_g"] for row in found} == grams
    assert len(found) == len(typed)


def press(visitor: Visitor, page: Page, typed: dict[str, str]) -> None:
    """Press a button under the book, after typing into its cells; the form over it only chooses what is shown."""
    form = next(form for form in page.forms if form.action == "/hari-ini/buku" and form.method == "post")
    answer = visitor.session.post(visitor.address + form.action, {**dict(form.fields), **typed}, timeout=30)
    assert answer.status_code == 200, answer.text


def still_there(kader: Kader) -> dict[str, str]:
    """What is on a laptop's disk of each child, stored or typed; nobody twice."""
    with kader.laptop.instance.store_for_job() as store:
        kept = store.rows("select person, typed from grid_cell where field = 'weight_kg'")
        saved = store.rows("select person, weight_g from balita")
    assert not {row["person"] for row in kept} & {row["person"] for row in saved}
    weights = {row["person"]: f"{row['weight_g'] / 1000:.1f}".replace(".", ",") for row in saved}
    return {row["person"]: row["typed"] for row in kept} | weights


def test_what_was_typed_under_a_wrong_day_is_named_and_can_be_moved(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    wrong = {"tanggal": "2026-07-03"}
    aminah.post("/hari-ini/buku/sel", data={**wrong, **cells(nabila, weight_kg="8,9")})
    assert "belum disimpan di tanggal lain: 3 Juli 2026, 1 anak" in words(aminah.get(BOOK).text)
    moved = aminah.post(
        "/hari-ini/buku/pindah", data={**OF_THE_DAY, "dari": "2026-07-03"}, follow_redirects=True
    ).text
    assert (shown(moved, nabila, "weight_kg"), "tanggal lain" in words(moved)) == ("8,9", False)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kemarin", "Tulis tanggal seperti di kalender, misalnya 3-12-2026."),
        ("2026-09-30", "Hari ini belum tiba. Periksa tanggalnya."),
    ],
)
def test_a_day_that_is_none_or_has_not_come_is_asked_again(
    aminah: FlaskClient, typed: str, said: str
) -> None:
    answer = aminah.get(f"/hari-ini/buku?tanggal={typed}")
    assert (answer.status_code, said in words(answer.text)) == (400, True)


def test_before_the_day_is_confirmed_the_book_asks_for_its_day(client: FlaskClient, village: Village) -> None:
    page = sign_in(client, village.aminah).get("/hari-ini/buku").text
    assert ('name="tanggal"' in page, "data-grid" in page) == (True, False)


def test_a_child_who_is_not_expected_is_found_by_name_and_gets_a_row(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    old = register(village, "Muhammad Sahrul", birth_date="2021-01-10")
    page = aminah.get(f"{BOOK}&cari=moh+syahrul").text
    assert f"tambah={old}" in unescape(page)
    assert names_in_order(aminah.get(f"{BOOK}&tambah={old}").text) == ["Baiq Nabila", "Muhammad Sahrul"]
    aminah.post("/hari-ini/buku", data={**SAVE, "tambah": old, **cells(old, weight_kg="17")})
    assert stored(village, old) == [(17000, None, None)]
    assert names_in_order(aminah.get(BOOK).text) == ["Baiq Nabila", "Muhammad Sahrul"]


def test_a_child_registered_from_the_book_leads_back_to_her_row(
    aminah: FlaskClient, village: Village
) -> None:
    assert 'name="buku" value="2026-08-03"' in aminah.get(f"/anak/baru?buku={DAY}").text
    card = {"name": "Denda Zahra", "sex": "f", "birth_date": "1-2-2026", "mother_name": "Inaq Zahra"}
    answer = aminah.post("/anak/baru", data={**card, "nik_missing_reason": "not_brought", "buku": DAY})
    child = rows(village, "select id from person where name = 'Denda Zahra'")[0]["id"]
    assert answer.location == f"{BOOK}&posyandu={village.melati}&tambah={child}#sel.{child}.weight_kg"


def test_nobody_types_into_the_book_of_another_posyandu_or_sees_another_workers_cells(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    elsewhere = register(village, "Anak Kenanga", posyandu=village.kenanga)
    data = {**OF_THE_DAY, **cells(elsewhere, weight_kg="8,9"), **cells(nabila, weight_kg="8,8")}
    assert list((aminah.post("/hari-ini/buku/sel", data=data).json or {})["rows"]) == [nabila]
    assert rows(village, "select person from grid_cell") == [{"person": nabila}]
    assert aminah.get(f"{BOOK}&posyandu={village.kenanga}").status_code == 403
    aminah.post("/keluar")
    baiq = sign_in(aminah, village.baiq)
    assert shown(baiq.get(BOOK).text, nabila, "weight_kg") == ""


def test_what_is_posted_after_the_session_ended_is_kept_for_its_worker(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    with village.instance.store_for_job() as store, store.write():
        store.run("update login_session set seen_at = '2026-08-01T00:00:00Z'")
    data = {**SAVE, "posyandu": village.melati, **cells(nabila, weight_kg="8,9")}
    assert aminah.post("/hari-ini/buku", data=data).status_code == 302
    assert stored(village, nabila) == []
    page = sign_in(aminah, village.aminah).get(BOOK).text
    assert shown(page, nabila, "weight_kg") == "8,9"


def test_an_old_cookie_keeps_nothing_under_another_posyandu_or_a_child_of_nobody(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    with village.instance.store_for_job() as store, store.write():
        store.run("update login_session set seen_at = '2026-08-01T00:00:00Z'")
    for posyandu, person in ((village.kenanga, nabila), ("nowhere", nabila), (village.melati, "x" * 500)):
        aminah.post("/hari-ini/buku", data={**SAVE, "posyandu": posyandu, **cells(person, weight_kg="8,9")})
    assert rows(village, "select person from grid_cell") == []


def test_a_day_to_move_from_that_is_none_is_refused(aminah: FlaskClient) -> None:
    assert aminah.post("/hari-ini/buku/pindah", data={**OF_THE_DAY, "dari": "kemarin"}).status_code == 400


def test_a_cell_that_is_none_or_too_long_is_refused(aminah: FlaskClient, nabila: str) -> None:
    codes = [
        aminah.post("/hari-ini/buku/sel", data={**OF_THE_DAY, **typed}).status_code
        for typed in (cells(nabila, person="x"), cells(nabila, note="x" * 601))
    ]
    assert codes == [400, 400]


def test_pasted_names_are_found_however_they_are_written_and_nobody_is_guessed(village: Village) -> None:
    for name in ("Lalu Muhammad Rizki", "Siti Nur Aini", "Siti Aminah", "Siti Aminah Zahra", "Ahmad"):
        register(village, name)
    with village.instance.store_for_job() as store:
        children = people.sasaran(store, village.melati, Month.of(date(2026, 8, 3)))
    by_id = {child["id"]: child["name"] for child in children}
    pasted = ["L. Moh. Rizqi", "ST NURAINI", "St. Aminah", "Siti", "Nama", "Ahmad", "Achmad", "7"]
    found = matched(children, pasted)
    assert [match._replace(child=by_id.get(match.child or "")) for match in found] == [
        Match("L. Moh. Rizqi", "Lalu Muhammad Rizki", several=False),
        Match("ST NURAINI", "Siti Nur Aini", several=False),
        Match("St. Aminah", "Siti Aminah", several=False),
        Match("Siti", None, several=True),
        Match("Nama", None, several=False),
        Match("Ahmad", None, several=True),
        Match("Achmad", None, several=True),
        Match("7", None, several=False),
    ]


def test_a_page_of_the_book_costs_four_questions_however_many_children(village: Village) -> None:
    for number in range(20):
        weigh(village, register(village, f"Child {number}"), DAY if number % 2 else "2026-07-06", 9000)
    with village.instance.store_for_job() as store:
        listening = Listening(store)
        found = Book(listening, village.melati, date.fromisoformat(DAY)).rows({})
    assert (len(found), sum(row.visit is not None for row in found), len(listening.asked)) == (20, 10, 4)


def test_beside_a_cell_stands_the_newest_value_before_the_day_and_never_a_later_one(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    weigh(village, nabila, "2026-07-20", 8650)
    weigh(village, nabila, "2026-08-20", 9100, length_height_mm=760, measured="lying")
    page = words(aminah.get(BOOK).text)
    assert re.findall(r"8,6 |8,65|74|9,1|76|sudah ditimbang 20 Agu", page) == [
        "8,65",
        "74",
        "sudah ditimbang 20 Agu",
    ]
