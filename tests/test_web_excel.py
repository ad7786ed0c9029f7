"""A list out to Excel, changed, and back: what was changed is saved, what is wrong is named, nothing else is touched."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records
from siposyandu.exports.csv_file import bare
from tests.children import register, weigh
from tests.conftest import Village, app_of, on_the_day, sign_in
from tests.returned import Book, brought, saved, shown, taken

NIK = "5202014508240001"


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop on 3 August."""
    return on_the_day(client, village.aminah)


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


def test_apostrophes_of_the_csv_file_are_taken_off_again() -> None:
    assert [bare(text) for text in ("'=1", "'Ain", "x;'=1")] == ["=1", "'Ain", "x;=1"]


def test_a_sheet_among_others_is_found(village: Village, aminah: FlaskClient) -> None:
    person = register(village, "Aisyah")
    book: Book = taken(aminah, "balita").put("Aisyah", dusun="Montong Are")
    book.book.create_sheet("Rekap saya", 0)
    brought(aminah, book)
    saved(aminah)
    assert child(village, person)["dusun"] == "Montong Are"
