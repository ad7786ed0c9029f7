"""A list out to Excel, changed, and back: what was changed is saved, what is wrong is named, nothing else is touched."""

import json
import re
import zipfile
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records
from siposyandu.exports import stamps
from siposyandu.exports.csv_file import bare
from siposyandu.web import drafts
from siposyandu.web.excel import reading, waiting
from siposyandu.web.excel.reading import NotTaken, cells_of, understood
from tests.children import register, weigh
from tests.conftest import NOW, Village, app_of, sign_in
from tests.returned import Book, brought, saved, taken

NIK = "5202014508240001"


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop on 3 August."""
    sign_in(client, village.aminah).post("/hari-ini/tanggal", data={"day": "2026-08-03"})
    return client


def table(village: Village, name: str) -> list[dict[str, Any]]:
    """All rows of a form's table."""
    with village.instance.store_for_job() as store:
        return store.rows(f"select * from {name} order by id")


def edits(village: Village) -> int:
    with village.instance.store_for_job() as store:
        return int(store.value("select count(*) from edits"))


def child(village: Village, person: str) -> dict[str, Any]:
    with village.instance.store_for_job() as store:
        found = store.one("select * from person where id = $1", person)
    assert found is not None
    return found


def different(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs between two rows."""
    return {column: value for column, value in after.items() if before[column] != value}


def shown(page: str) -> list[tuple[str, str, str]]:
    """Each row of the page: how it stands, whose it is, and its words."""
    listed = re.findall(r'<li class="card returned (r\d)">(.*?)</li>', page, re.DOTALL)
    plain = [
        (state, re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip())
        for state, text in listed
    ]
    return [(state, *re.match(r"(Baris \d+ \S+) ?(.*)", text).groups()) for state, text in plain]  # type: ignore[union-attr]


def boxes(page: str, kind: str) -> list[str]:
    """What can be ticked on the page."""
    return [unescape(value) for value in re.findall(rf'name="{kind}" value="([^"]+)"', page)]


def test_a_list_that_was_not_changed_changes_nothing(village: Village, aminah: FlaskClient) -> None:
    full = register(
        village, "Nur'aini", nik=NIK, phone="081234567890", rt="01", birth_weight_g=3100, kia_book=1, birth_order=2,
        address='=HYPERLINK("x";"y")', desa_code="5202022005", birth_length_mm=495,
    )  # fmt: skip
    weigh(village, full, "2026-08-03", 9050, length_height_mm=735, measured="lying", illness="cough,fever",
          immunisations="mr1", vitamin_a=1, note="baik;=1+1", oedema="no", counselling="satu\ndua")  # fmt: skip
    register(village, "Fadil", sex="m")
    before = edits(village)
    for identifier in ("balita", "kunjungan"):
        for kind in ("xlsx", "csv"):
            for query in ("", "nik=1"):
                content = aminah.get(f"/excel/{identifier}.{kind}?{query}").data
                page = brought(aminah, content, f"x.{kind}").text
                assert "Isi berkas ini sama dengan catatan" in page, (identifier, kind, query, shown(page))
    assert edits(village) == before


def test_a_card_is_corrected_and_nothing_else_of_it_is_touched(village: Village, aminah: FlaskClient) -> None:
    aisyah, fadil = (
        register(village, "Aisyah", nik=NIK),
        register(village, "Fadil", sex="m", nik_missing_reason="not_yet"),
    )
    before = child(village, aisyah), child(village, fadil)
    book = taken(aminah, "balita").put(
        "Aisyah", phone="0812 3456 7890", birth_weight=3.1, dusun="Montong Are"
    )
    page = brought(aminah, book).text
    assert shown(page) == [
        ("r0", "Baris 2 Aisyah",
         "Nomor HP (WA) sebelumnya: kosong → di berkas: 081234567890 Dusun sebelumnya: Timba Nuh → di berkas: Montong Are "
         "Berat lahir sebelumnya: kosong → di berkas: 3,1 kg"),
    ]  # fmt: skip
    assert edits(village) == edits(village)
    assert "Tersimpan: 1 baris." in saved(aminah).text
    after = child(village, aisyah), child(village, fadil)
    assert different(before[0], after[0]) == {
        "phone": "081234567890",
        "dusun": "Montong Are",
        "birth_weight_g": 3100,
    }
    assert different(before[1], after[1]) == {}


def test_a_new_child_is_registered_once_however_often_the_file_comes_back(
    village: Village, aminah: FlaskClient
) -> None:
    register(village, "Aisyah")
    book = taken(aminah, "balita").put(
        "Fadil",
        name="Fadil",
        sex="laki-laki",
        born="3 Januari 2026",
        mother="Rohani",
        nik=NIK,
        kk="5202010101100007",
    )
    page = brought(aminah, book).text
    assert [row[:2] for row in shown(page)] == [("r1", "Baris 3 Fadil")]
    saved(aminah, asked=boxes(page, "asked"))
    assert "sama dengan catatan" in brought(aminah, book).text
    saved(aminah, asked=boxes(page, "asked"))
    found = {row["name"]: row for row in table(village, "person")}
    fadil = found["Fadil"]
    assert (len(found), fadil["sex"], fadil["birth_date"], fadil["nik"], fadil["posyandu"]) == (
        2, "m", "2026-01-03", NIK, village.melati,
    )  # fmt: skip
    assert [(row["id"], row["kk_number"]) for row in table(village, "family")] == [
        (fadil["family"], "5202010101100007")
    ]


def test_a_child_who_may_be_here_already_is_asked_about(village: Village, aminah: FlaskClient) -> None:
    register(village, "Muhammad Fadil", sex="m", birth_date="2026-01-03")
    book = taken(aminah, "balita").put(
        "Muh. Fadil",
        name="Muh. Fadil",
        sex="laki-laki",
        born="2026-01-03",
        mother="Saknah",
        why_no_nik="belum dibuat (bayi baru lahir)",
    )
    page = brought(aminah, book).text
    assert [row[0] for row in shown(page)] == ["r1"]
    saved(aminah)
    assert len(table(village, "person")) == 1


def test_the_empty_rows_of_a_month_become_visits(village: Village, aminah: FlaskClient) -> None:
    aisyah, fadil, away = (
        register(village, "Aisyah"),
        register(village, "Fadil", sex="m"),
        register(village, "Zahra"),
    )
    weigh(village, aisyah, "2026-07-06", 8800)
    weigh(village, fadil, "2026-07-06", 9000)
    book = taken(aminah, "kunjungan")
    book.put("Aisyah", weight=9.05, length="73,5", vitamin_a="Ya").put(
        "Fadil", weight="9,2", ill="batuk pilek, demam"
    )
    page = brought(aminah, book).text
    assert [row[:2] for row in shown(page)] == [("r0", "Baris 2 Aisyah"), ("r0", "Baris 3 Fadil")]
    assert "Simpan 2 perubahan" in page
    saved(aminah)
    visits = [row for row in table(village, "balita") if row["visit_date"] == "2026-08-03"]
    columns = (
        "person",
        "posyandu",
        "weight_g",
        "length_height_mm",
        "measured",
        "vitamin_a",
        "illness",
        "correction_reason",
    )
    assert sorted(tuple(row[column] for column in columns) for row in visits) == sorted([
        (aisyah, village.melati, 9050, 735, "lying", 1, None, None),
        (fadil, village.melati, 9200, None, "lying", None, "cough,fever", None),
    ])  # fmt: skip
    assert away not in {row["person"] for row in visits}
    assert "sama dengan catatan" in brought(aminah, book).text


def test_a_visit_is_corrected_with_one_reason_and_its_old_value_is_kept(
    village: Village, aminah: FlaskClient
) -> None:
    person = register(village, "Aisyah")
    visit = weigh(village, person, "2026-08-03", 9050, note="biasa")
    before = table(village, "balita")[0]
    brought(aminah, taken(aminah, "kunjungan").put("Aisyah", weight=9.15, note=None))
    without = saved(aminah)
    assert (
        without.status_code,
        "Tulis dengan singkat" in without.text or "alasan" in without.text.casefold(),
    ) == (400, True)
    assert table(village, "balita")[0] == before
    saved(aminah, "salah baca timbangan")
    assert different(before, table(village, "balita")[0]) == {
        "weight_g": 9150, "note": None, "correction_reason": "salah baca timbangan",
    }  # fmt: skip
    with village.instance.store_for_job() as store:
        told = records.history(store, forms.BY_NAME["balita"], visit)
    assert [change.value for change in told if change.column == "weight_g"] == [9050, 9150]


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten_unless_ticked(
    village: Village, aminah: FlaskClient
) -> None:
    person = register(village, "Aisyah", phone="081111111111", dusun="Timba Nuh")
    book = taken(aminah, "balita").put("Aisyah", phone="082222222222", mother="Rohani")
    with village.instance.store_for_job() as store:
        news = {"phone": "083333333333", "dusun": "Montong Are"}
        records.save(store, village.pen(village.baiq), forms.BY_NAME["person"], news, person)
    page = brought(aminah, book).text
    assert "Sementara itu ada yang menulis: 083333333333." in page
    saved(aminah)
    mine = {column: child(village, person)[column] for column in ("phone", "dusun", "mother_name")}
    assert mine == {"phone": "083333333333", "dusun": "Montong Are", "mother_name": "Rohani"}
    page = brought(aminah, book).text
    saved(aminah, over=boxes(page, "over"))
    mine = {column: child(village, person)[column] for column in ("phone", "dusun", "mother_name")}
    assert mine == {"phone": "082222222222", "dusun": "Montong Are", "mother_name": "Rohani"}


def test_good_rows_are_saved_without_the_bad_which_say_why(village: Village, aminah: FlaskClient) -> None:
    people = {name: register(village, name) for name in ("Aisyah", "Fadil", "Nabila", "Zahra", "Umar")}
    for person in people.values():
        weigh(village, person, "2026-07-06", 8800)
    book = taken(aminah, "kunjungan")
    book.put("Aisyah", weight=78).put("Fadil", weight=9.1, how="miring").put("Nabila", weight=9.0).put(
        "Zahra", weight=19.5
    )
    book.put("Umar", weight="2026-08-09", day="31-2-2026")
    page = brought(aminah, book).text
    told = {who.split()[-1]: (state, text) for state, who, text in shown(page)}
    assert {name: state for name, (state, _) in told.items()} == {
        "Aisyah": "r3", "Fadil": "r3", "Nabila": "r0", "Zahra": "r1", "Umar": "r3",
    }  # fmt: skip
    assert "Berat harus antara 0,9 dan 58 kg." in told["Aisyah"][1]
    assert "Cara ukur" in told["Fadil"][1]
    left = saved(aminah).text
    weighed = {row["person"] for row in table(village, "balita") if row["visit_date"] == "2026-08-03"}
    assert weighed == {people["Nabila"]}
    assert [row[0] for row in shown(left)] == ["r3", "r3", "r3", "r1"]  # they wait, also after a power cut
    saved(aminah, asked=boxes(left, "asked"))
    weighed = {row["person"] for row in table(village, "balita") if row["visit_date"] == "2026-08-03"}
    assert weighed == {people["Nabila"], people["Zahra"]}


def test_pressing_save_twice_saves_once(village: Village, aminah: FlaskClient) -> None:
    weigh(village, register(village, "Aisyah"), "2026-07-06", 8800)
    brought(aminah, taken(aminah, "kunjungan").put("Aisyah", weight=9.0))
    saved(aminah)
    before = edits(village)
    assert saved(aminah).status_code == 200
    assert edits(village) == before


def test_a_file_waits_for_its_own_worker_and_can_be_thrown_away(
    village: Village, aminah: FlaskClient
) -> None:
    weigh(village, register(village, "Aisyah"), "2026-07-06", 8800)
    brought(aminah, taken(aminah, "kunjungan").put("Aisyah", weight=9.0))
    again = sign_in(app_of(village).test_client(), village.aminah)
    other = sign_in(app_of(village).test_client(), village.baiq)
    seen = ["Yang akan berubah dari" in each.get("/excel").text for each in (again, other)]
    assert seen == [True, False]
    aminah.post("/excel/buang")
    assert "Yang akan berubah dari" not in again.get("/excel").text
    assert saved(again).status_code == 200
    assert len(table(village, "balita")) == 1


def test_a_file_of_another_posyandu_is_refused_by_name(village: Village, aminah: FlaskClient) -> None:
    register(village, "Aisyah")
    book = taken(aminah, "balita")
    marks = [cell for cell in book.sheet[1] if str(cell.value).startswith("siposyandu:")]
    marks[0].value = str(marks[0].value).replace(village.melati, village.kenanga)
    answer = brought(aminah, book)
    assert (answer.status_code, "berkas.xlsx adalah daftar Posyandu Kenanga" in answer.text) == (400, True)
    marks[0].value = str(marks[0].value).replace(village.kenanga, "f" * 32)
    assert "posyandu yang tidak dikenal" in brought(aminah, book).text


def test_half_a_sorted_table_is_noticed(village: Village, aminah: FlaskClient) -> None:
    for name, born in (("Aisyah", "2025-05-10"), ("Fadil", "2025-03-01")):
        register(village, name, birth_date=born)
    before = edits(village)
    for identifier in ("balita", "kunjungan"):
        book = taken(aminah, identifier)
        for column in ("Nama", "Tanggal lahir"):
            at = book.place(column)
            one, two = book.sheet.cell(2, at), book.sheet.cell(3, at)
            one.value, two.value = two.value, one.value
        page = brought(aminah, book.put_at(2, **{"note" if identifier == "kunjungan" else "dusun": "x"})).text
        assert [row[0] for row in shown(page)] == ["r3", "r3"]
        assert "sebagian tabel yang diurutkan" in page
        saved(aminah, "x")
    assert edits(village) == before


def test_a_row_copied_with_its_stamp_is_refused_once(village: Village, aminah: FlaskClient) -> None:
    register(village, "Aisyah")
    book = taken(aminah, "balita")
    for column in range(1, book.sheet.max_column + 1):
        book.sheet.cell(3, column).value = book.sheet.cell(2, column).value
    page = brought(aminah, book.put_at(3, name="Fadil")).text
    assert [(row[0], "Baris 2 tentang catatan yang sama" in row[2]) for row in shown(page)] == [("r3", True)]


def test_a_second_visit_is_written_on_a_row_with_the_childs_code(
    village: Village, aminah: FlaskClient
) -> None:
    person = register(village, "Aisyah")
    weigh(village, person, "2026-08-03", 9000)
    book = taken(aminah, "kunjungan")
    code = book.sheet.cell(2, book.place("Kode anak")).value
    book.put_at(3, name="Aisyah", day="2026-08-01", weight=8.95, code=code)
    book.put_at(4, name="Aisyah", day="2026-08-03", weight=8.5, code=code)
    book.put_at(5, name="Aisyah", day="2026-08-02", weight=8.5, code="222-222-223")
    page = brought(aminah, book).text
    assert [row[:2] for row in shown(page)] == [
        ("r3", "Baris 4 Aisyah"), ("r3", "Baris 5 Aisyah"), ("r0", "Baris 3 Aisyah"),
    ]  # fmt: skip
    saved(aminah)
    assert sorted((row["visit_date"], row["weight_g"]) for row in table(village, "balita")) == [
        ("2026-08-01", 8950), ("2026-08-03", 9000),
    ]  # fmt: skip


def test_only_values_are_taken_and_a_formula_without_one_is_named(
    village: Village, aminah: FlaskClient
) -> None:
    weigh(village, register(village, "Aisyah", mother_name="Saknah"), "2026-07-06", 8800)
    book = taken(aminah, "kunjungan").put("Aisyah", weight="=4+5", note="#REF!")
    [(state, _, text)] = shown(brought(aminah, book).text)
    assert (state, "#RUMUS" in text, "#REF!" in text) == ("r3", True, True)


def test_a_nik_that_excel_made_a_number_is_refused(village: Village, aminah: FlaskClient) -> None:
    register(village, "Aisyah", nik=NIK)
    [(state, _, text)] = shown(
        brought(aminah, taken(aminah, "balita").put("Aisyah", nik=5202014508240002)).text
    )
    assert (state, "sebagai angka" in text) == ("r3", True)


def test_columns_may_be_moved_or_missing(village: Village, aminah: FlaskClient) -> None:
    person = register(village, "Aisyah", phone="081111111111")
    book = taken(aminah, "balita").put("Aisyah", phone="082222222222")
    book.sheet.delete_cols(book.place("Alamat"))
    book.sheet.move_range("A1:A2", cols=60)
    brought(aminah, book)
    saved(aminah)
    assert (child(village, person)["phone"], child(village, person)["name"]) == ("082222222222", "Aisyah")


def test_an_english_file_comes_back_to_an_indonesian_page(village: Village, aminah: FlaskClient) -> None:
    person = register(village, "Aisyah", kia_book=1)
    aminah.get("/bahasa/en")
    book = taken(aminah, "balita")
    book.sheet.cell(2, book.place("Dusun")).value = "Montong Are"
    aminah.get("/bahasa/id")
    assert [row[:2] for row in shown(brought(aminah, book).text)] == [("r0", "Baris 2 Aisyah")]
    saved(aminah)
    assert child(village, person)["dusun"] == "Montong Are"


def test_a_child_who_moved_away_meanwhile_is_not_written(village: Village, aminah: FlaskClient) -> None:
    person = register(village, "Aisyah")
    book = taken(aminah, "kunjungan").put("Aisyah", weight=9)
    with village.instance.store_for_job() as store:
        gone = {"posyandu": village.kenanga, "posyandu_since": "2026-08-02"}
        records.save(store, village.pen(), forms.BY_NAME["person"], gone, person)
    [(state, _, text)] = shown(brought(aminah, book).text)
    assert (state, "ikut posyandu lain" in text) == ("r3", True)


def zipped(**files: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


BOMB = zipped(xl__workbook_xml=b" " * (reading.LARGEST_INFLATED_BYTES + 1))


@pytest.mark.parametrize(
    ("content", "file", "template"),
    [
        (b"", "x.csv", reading.NOT_OURS),
        (b"a;b\n1;2\n", "x.csv", reading.NOT_OURS),
        (b"\0\0\0", "x.csv", reading.UNREADABLE),
        (b"PK\x03\x04rubbish", "x.xlsx", reading.UNREADABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "x.xls", reading.OTHER_KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked.xlsx", reading.OTHER_KIND),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<x/>"),
            "x.xlsx",
            reading.OTHER_KIND,
        ),
        (zipped(xl__workbook_xml=b"<x/>", xl__vbaProject_bin=b"x"), "x.xlsx", reading.OTHER_KIND),
        (zipped(xl__workbook_xml=b"<x/>"), "x.xlsx", reading.UNREADABLE),
        (BOMB, "x.xlsx", reading.UNREADABLE),
        (b"x" * (reading.LARGEST_BYTES + 1), "x.csv", reading.TOO_LONG),
        (b"x\n" * (reading.LARGEST_ROWS + 1), "x.csv", reading.TOO_LONG),
    ],
)
def test_a_file_that_is_no_list_of_ours_is_refused_by_name(content: bytes, file: str, template: str) -> None:
    with pytest.raises(NotTaken) as refused:
        understood(cells_of(content, file), file)
    assert refused.value.sentence.template == template


def bomb(fill: Callable[[Any], None]) -> bytes:
    """A list of children of a few kilobytes whose sheet was filled so that it unpacks to more than a laptop bears."""
    book = openpyxl.Workbook()
    book.active.append(["Nama", stamps.mark("balita", "2026-08", "x")])
    fill(book.active)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


BOMBS: dict[str, Callable[[Any], None]] = {
    "one long text in every cell": lambda sheet: [sheet.append(["A" * 20_000] * 100) for _ in range(10)] and None,
    "something in the last column": lambda sheet: [setattr(sheet.cell(at, 16_384), "value", 1) for at in range(2, 30)] and None,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_file_that_would_fill_the_memory_is_refused(name: str) -> None:
    content = bomb(BOMBS[name])
    with pytest.raises(NotTaken) as refused:
        cells_of(content, "x.xlsx")
    assert (len(content) < 200_000, refused.value.sentence.template) == (True, reading.UNREADABLE)


@pytest.mark.parametrize(
    "stamp",
    [
        "[" * 100_000,
        r'{"p":"\ud800","v":"","was":{}}',
        r'{"p":"%s","v":"","was":{"name":"\ud800"}}',
        r'{"p":"a\u0000","v":"","was":{}}',
        "9" * 4500,
    ],
)
def test_a_forged_stamp_is_no_stamp_and_hinders_no_page(
    village: Village, aminah: FlaskClient, stamp: str
) -> None:
    forged = stamp.replace("%s", register(village, "Aisyah"))
    cells = [["Nama", stamps.mark("balita", "2026-08", village.melati)], ["Aisyah", forged], [10**4000, ""]]
    with village.instance.store_for_job() as store:
        typed = {"file": ["x.xlsx"], "cells": [json.dumps(cells)]}
        drafts.keep(store, village.aminah.id, waiting.PAGE, typed, NOW)
    seen = [aminah.get("/excel").status_code, saved(aminah).status_code]
    assert (stamps.read(forged), seen) == (None, [200, 200])


@pytest.mark.parametrize("typed", [{"file": "x"}, {"file": "x", "cells": "[[["}])
def test_a_draft_that_is_no_file_hinders_no_page(aminah: FlaskClient, typed: dict[str, str]) -> None:
    aminah.post(f"/draf?page={waiting.PAGE}", data=typed)
    assert [aminah.get("/excel").status_code, saved(aminah).status_code] == [200, 200]


def test_a_file_tells_no_name_of_another_posyandus_child(village: Village, aminah: FlaskClient) -> None:
    strange = register(village, "Rahasia Melayu", posyandu=village.kenanga)
    book = taken(aminah, "balita")
    book.put_at(2, name="Siapa").change(
        lambda sheet: sheet.cell(2, sheet.max_column, stamps.written(strange, "", (), {}))
    )
    [(state, number, who)] = shown(page := brought(aminah, book).text)
    assert (state, "Siapa" in number + who, "Rahasia" in page) == ("r3", True, False)


def test_the_page_gives_the_sentence_and_keeps_nothing(aminah: FlaskClient) -> None:
    answers = [brought(aminah, b"a;b", "x.csv"), aminah.post("/excel", data={})]
    assert [(answer.status_code, "returned" in answer.text) for answer in answers] == [(400, False)] * 2
    assert "x.csv bukan daftar dari sini" in answers[0].text


def test_an_entity_bomb_inside_a_workbook_is_refused(village: Village, aminah: FlaskClient) -> None:
    register(village, "Aisyah")
    content, bombed = BytesIO(taken(aminah, "balita").content()), BytesIO()
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    with zipfile.ZipFile(content) as whole, zipfile.ZipFile(bombed, "w") as out:
        for name in whole.namelist():
            told = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                told = (
                    b'<!DOCTYPE x [<!ENTITY a0 "lol">'
                    + levels.encode()
                    + b"]>"
                    + told.replace(b"<f>", b"<f>&a11;")
                )
                told = told.replace(b"<sheetData>", b"<sheetData><row><c t='str'><v>&a11;</v></c></row>", 1)
            out.writestr(name, told)
    assert brought(aminah, bombed.getvalue()).status_code == 400


def test_who_only_counts_brings_nothing_in(province: Village) -> None:
    eka = sign_in(app_of(province).test_client(), province.eka)
    asked = [eka.get("/excel"), eka.post("/excel", data={}), eka.post("/excel/simpan", data={})]
    assert [answer.status_code for answer in asked] == [403, 403, 403]


def test_apostrophes_of_the_csv_file_are_taken_off_again() -> None:
    assert [bare(text) for text in ("'=1", "'Ain", "x;'=1")] == ["=1", "'Ain", "x;=1"]


def test_a_sheet_among_others_is_found(village: Village, aminah: FlaskClient) -> None:
    person = register(village, "Aisyah")
    book: Book = taken(aminah, "balita").put("Aisyah", dusun="Montong Are")
    book.book.create_sheet("Rekap saya", 0)
    brought(aminah, book)
    saved(aminah)
    assert child(village, person)["dusun"] == "Montong Are"
