"""A file is checked whole: every row that cannot be taken is told with its reason, and nothing is written."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from siposyandu.imports import Child, Place, Report, Together, check
from siposyandu.imports.register import Register
from siposyandu.imports.report import RowProblem, Values
from siposyandu.imports.sheet import from_bytes
from tests.eppgbm_files import Table, as_csv, changed, only, table, written

TODAY = date(2026, 8, 3)
KK_SPOILT = "Family card number (KK) ends in 0000: spoilt by Excel. Copy it again from the family card."
MELATI, MAWAR, MAWAR_ELSEWHERE = "a1" * 16, "a2" * 16, "a3" * 16


@dataclass
class Book:
    """A register in memory: posyandu Melati of Batu Tulis, and two posyandu Mawar."""

    children: list[Child] = field(default_factory=list)
    visits: dict[str, list[Values]] = field(default_factory=dict)

    def child_by_nik(self, nik: str) -> Child | None:
        return next((child for child in self.children if child.values.get("nik") == nik), None)

    def children_born(self, posyandu_id: str, birth_date: str) -> list[Child]:
        wanted = {"posyandu": posyandu_id, "birth_date": birth_date}
        return [child for child in self.children if wanted.items() <= child.values.items()]

    def visits_of(self, child: Child) -> list[Values]:
        return self.visits.get(str(child.id), [])

    def posyandu_by_name(self, name: str) -> list[Place]:
        places = {
            "melati": [Place(MELATI, "Melati", "Batu Tulis")],
            "mawar": [Place(MAWAR, "Mawar", "Batu Tulis"), Place(MAWAR_ELSEWHERE, "Mawar", "Tanjung Luar")],
        }
        return places.get(name.casefold().removeprefix("posyandu "), [])


def looked_at(rows: Table, register: Register | None = None, posyandu: str | None = MELATI) -> Report:
    """The report on a table."""
    return check(from_bytes("anak.csv", as_csv(rows)), register or Book(), TODAY, posyandu)


def registered() -> Together:
    """A register that is about to hold the children of identitas.csv."""
    together = Together(Book())
    looked_at(table("identitas"), together)
    return together


def kept(**values: object) -> Child:
    """Baiq Aulia as she stands in the register."""
    aulia = {
        "posyandu": MELATI,
        "name": "Baiq Aulia Rahma",
        "nik": "5299995405250001",
        "sex": "f",
        "birth_date": "2025-05-14",
        "mother_name": "Baiq Suhartini",
        "birth_weight_g": 3100,
    }
    return Child("cd" * 16, aulia | values)


def told(remarks: list[RowProblem]) -> list[tuple[int, str, str]]:
    """Row, column and reason of each remark."""
    return [(remark.row_number, remark.column, str(remark.reason)) for remark in remarks]


def test_children_of_an_identitas_file_become_what_the_form_would_store():
    report = looked_at(only(table("identitas"), 1))
    assert (report.kind, report.version, report.rows_read, report.problems, report.doubts) == (
        "IDENTITAS",
        "22",
        1,
        [],
        [],
    )
    assert report.good[0].child.values == {
        "posyandu": MELATI,
        "name": "Baiq Aulia Rahma",
        "nik": "5299995405250001",
        "sex": "f",
        "birth_date": "2025-05-14",
        "mother_name": "Baiq Suhartini",
        "mother_nik": "5299994708950002",
        "phone": "081234567801",
        "address": "Montong Lisung",
        "rt": "003",
        "rw": "01",
        "status": "active",
        "birth_order": 1,
        "gestation_weeks": 39,
        "birth_weight_g": 3100,
        "birth_length_mm": 485,
        "birth_head_circumference_mm": 340,
        "kia_book": 1,
        "kia_book_small_baby": 0,
        "early_initiation": 1,
    }
    assert report.good[0].child.family == {
        "posyandu": MELATI,
        "kk_number": "5299991203180004",
        "head_name": "Baiq Suhartini",
        "phone": "081234567801",
        "address": "Montong Lisung",
        "rt": "003",
        "rw": "01",
    }


def test_a_parent_with_a_mans_nik_is_the_father():
    child = looked_at(only(table("identitas"), 2)).good[0].child
    assert (child.values.get("father_name"), child.values.get("mother_name")) == ("Lalu Wirajaya", None)
    assert "mother_nik" not in child.values


def test_a_newborn_without_nik_is_taken_and_the_family_without_card_left_open():
    child = looked_at(only(table("identitas"), 3)).good[0].child
    assert (child.values.get("nik"), child.values["nik_missing_reason"], child.family) == (
        None,
        "unknown",
        {},
    )


def test_the_temporary_number_of_a_newborn_is_not_a_nik():
    rows = changed(table("identitas"), 3, NIK="52999965019900031")
    child = looked_at(only(rows, 3)).good[0].child
    assert (child.values.get("nik"), child.values["nik_missing_reason"]) == (None, "not_yet")


def test_a_measurement_becomes_what_the_form_would_store():
    report = looked_at(only(table("pengukuran"), 3), registered())
    assert [entry.visit for entry in report.good] == [
        {
            "visit_date": "2026-07-06",
            "weight_g": 11200,
            "length_height_mm": 864,
            "muac_mm": 148,
            "measured": "standing",
            "oedema": "1",
            "vitamin_a": 0,
            "mother_class": 0,
            "mbg": 1,
        }
    ]


def test_rows_good_bad_and_already_there_make_up_the_file():
    rows = changed(table("pengukuran"), 2, BERAT="91", TINGGI="8,03")
    rows = changed(rows, 4, NIK="5299990311239999", nama_anak="Lalu Tidak Ada")
    together = registered()
    looked_at(only(table("pengukuran"), 5), together)
    report = looked_at(rows, together)
    assert (report.rows_read, len(report.good), report.already_there, report.rows_with_problems) == (
        5,
        2,
        1,
        2,
    )
    assert told(report.problems) == [
        (3, "BERAT", "Weight must be between 0.9 and 58 kg."),
        (3, "TINGGI", "Length/height must be between 38 and 150 cm."),
        (5, "NIK", "This child is not in the register. Take the IDENTITAS file first."),
    ]


@pytest.mark.parametrize(
    ("title", "value", "reason"),
    [
        ("NIK", "5.29999E+15", "NIK was spoilt by Excel (5.29999E+15). Copy it again from the family card."),
        ("NIK", "529999540525001", "NIK has 16 digits; this one has 15."),
        ("nik_ortu", "5.29999E+15", "Mother's NIK was spoilt by Excel (5.29999E+15). Copy it again from the family card."),
        ("nomor_KK", "5299991203180000", KK_SPOILT),
        ("nama_anak", "", "Name is not filled in yet."),
        ("jenis_kelamin", "Anak", "Sex: choose one of the answers."),
        ("tgl_lahir", "2025-14-05", "Birth date is written as 2024-08-03 or 3 Agustus 2024."),
        ("tgl_lahir", "2026-08-04", "Birth date 2026-08-04 has not come yet. Check the date."),
        ("berat_lahir", "3100", "Birth weight must be between 0.5 and 6.5 kg."),
        ("kia", "mungkin", "Has the KIA book: answer yes or no."),
        ("hapus", "Ya", "The row is marked as deleted or moved away."),
        ("pindah", "ya", "The row is marked as deleted or moved away."),
    ],
)  # fmt: skip
def test_a_child_that_cannot_be_taken_is_told_by_column_and_reason(title, value, reason):
    report = looked_at(only(changed(table("identitas"), 1, **{title: value}), 1))
    assert (report.good, told(report.problems)) == ([], [(2, title, reason)])


@pytest.mark.parametrize(
    ("title", "value", "reason"),
    [
        ("TANGGALUKUR", "", "Day of the visit is not filled in yet."),
        ("TANGGALUKUR", "2025-05-13", "This day is before the child was born. Check the date."),
        ("TANGGALUKUR", "2027-07-06", "Day of the visit 2027-07-06 has not come yet. Check the date."),
        ("BERAT", "8.444", "Weight is read to 0.01 kg, no finer."),
        ("CARAUKUR", "miring", "Measured: choose one of the answers."),
        ("Pitting_edema", "4", "Swelling of both feet: choose one of the answers."),
        (
            "nama_anak",
            "Lalu Ahmad Rizki",
            "This NIK belongs to another child in the register: Baiq Aulia Rahma.",
        ),
    ],
)
def test_a_measurement_that_cannot_be_taken_is_told_by_column_and_reason(title, value, reason):
    report = looked_at(only(changed(table("pengukuran"), 1, **{title: value}), 1), registered())
    column = "NIK" if "belongs" in reason else title
    assert (report.good, told(report.problems)) == ([], [(2, column, reason)])


def test_a_row_with_nothing_measured_is_told():
    rows = changed(
        table("pengukuran"),
        1,
        BERAT="0",
        TINGGI="-",
        LILA="",
        lingkar_kepala="0.0",
        Pitting_edema="",
        vita="",
    )
    rows = [[*row[:11], *[""] * 9] if number == 1 else row for number, row in enumerate(rows)]
    report = looked_at(only(rows, 1), registered())
    assert told(report.problems) == [(2, "BERAT", "Nothing was measured on this row.")]


@pytest.mark.parametrize("physical", ["xls", "xlsx"])
def test_a_nik_kept_as_a_number_is_refused_even_when_all_its_digits_are_there(physical):
    rows = changed(table("identitas"), 1, NIK=5299995405250001, nik_ortu=5299994708950002.0)
    report = check(from_bytes("", written(only(rows, 1), physical)), Book(), TODAY, MELATI)
    assert told(report.problems) == [
        (2, "NIK", "NIK was kept as a number, not as text, so its digits are not to be trusted."),
        (
            2,
            "nik_ortu",
            "Mother's NIK was kept as a number, not as text, so its digits are not to be trusted.",
        ),
    ]


def test_a_column_of_nik_that_all_end_in_0_was_destroyed_by_excel():
    rows = table("identitas")
    for number in (1, 2, 4, 5, 6):
        rows = changed(rows, number, NIK=str(rows[number][5])[:15] + "0")
    report = looked_at(rows)
    reason = "All numbers in this column end in 0: spoilt by Excel. Download the file again."
    assert told(report.problems) == [(number + 1, "NIK", reason) for number in (1, 2, 4, 5, 6)]
    assert [entry.row_number for entry in report.good] == [4]  # the newborn has none to destroy


def test_one_nik_that_ends_in_0_may_be_true():
    report = looked_at(only(changed(table("identitas"), 1, NIK="5299995405250010"), 1))
    assert (len(report.good), report.problems) == (1, [])


def test_a_slip_in_phone_or_rt_is_told_but_the_child_is_taken():
    report = looked_at(only(changed(table("identitas"), 1, hp_ortu="tidak ada", rt="3A"), 1))
    assert len(report.good) == 1
    assert told(report.doubts) == [
        (2, "hp_ortu", "Phone (WhatsApp) is a phone number such as 081234567890."),
        (2, "rt", "RT is written in digits only, at most 3."),
    ]


def test_a_remark_shows_a_nik_by_its_area_only():
    report = looked_at(only(changed(table("identitas"), 1, NIK="529999540525000"), 1))
    assert [problem.value for problem in report.problems] == ["529999*********"]


def test_an_unusual_weight_is_a_doubt_and_is_taken():
    report = looked_at(only(changed(table("pengukuran"), 1, BERAT="18.4"), 1), registered())
    assert (len(report.good), told(report.doubts)) == (
        1,
        [(2, "BERAT", "Weight 18.4 kg is unusual for a child of 13 months. Measure once more.")],
    )


def test_the_same_child_twice_is_taken_once_and_contradicting_rows_not_at_all():
    rows = table("identitas")
    alike = looked_at([*rows, rows[1]])
    assert (len(alike.good), told(alike.problems)) == (6, [(8, "nama_anak", "The same as row 2.")])
    other = looked_at([*rows, changed(rows, 1, berat_lahir="2.1")[1]])
    assert [entry.row_number for entry in other.good] == [3, 4, 5, 6, 7]
    assert told(other.problems) == [
        (2, "nama_anak", "Row 8 says otherwise of the same child and day."),
        (8, "nama_anak", "Row 2 says otherwise of the same child and day."),
    ]


def test_the_same_child_and_day_twice_is_taken_once_and_contradicting_weights_not_at_all():
    rows = table("pengukuran")
    alike = looked_at([*rows, rows[1]], registered())
    assert (len(alike.good), told(alike.problems)) == (5, [(7, "TANGGALUKUR", "The same as row 2.")])
    other = looked_at([*rows, changed(rows, 1, BERAT="8.6")[1]], registered())
    assert (len(other.good), told(other.problems)) == (
        4,
        [
            (2, "TANGGALUKUR", "Row 7 says otherwise of the same child and day."),
            (7, "TANGGALUKUR", "Row 2 says otherwise of the same child and day."),
        ],
    )


def test_measurements_find_no_child_whose_rows_contradict_each_other():
    rows = table("identitas")
    together = Together(Book())
    looked_at([*rows, changed(rows, 1, berat_lahir="2.1")[1]], together)
    assert told(looked_at(only(table("pengukuran"), 1), together).problems) == [
        (2, "NIK", "This child is not in the register. Take the IDENTITAS file first.")
    ]


def test_a_child_in_the_register_is_found_by_nik_and_what_differs_is_told_not_taken():
    register = Book([kept(birth_weight_g=3000, mother_name="BAIQ  SUHARTINI")])
    report = looked_at(only(table("identitas"), 1), register)
    assert (report.good, report.already_there, report.problems) == ([], 1, [])
    assert (2, "berat_lahir", "The register has 3: it is not overwritten.") in told(report.differences)
    assert not [remark for remark in report.differences if remark.column == "nama_ortu"]


def test_a_child_in_the_register_without_nik_is_found_by_name_birth_date_and_mother():
    register = Book([kept(nik=None, nik_missing_reason="not_yet", name="Baiq  aulia rahma")])
    report = looked_at(only(table("identitas"), 1), register)
    assert (report.good, report.already_there) == ([], 1)
    assert told(report.differences)[0] == (2, "NIK", "The register has -: it is not overwritten.")


def test_a_child_of_another_mother_is_another_child():
    report = looked_at(only(table("identitas"), 1), Book([kept(nik=None, mother_name="Rohani")]))
    assert len(report.good) == 1


def test_a_namesake_with_another_nik_is_told():
    report = looked_at(only(table("identitas"), 1), Book([kept(nik="5299995405259999")]))
    assert told(report.problems) == [
        (2, "NIK", "A child of this name, birth date and mother is in the register with another NIK.")
    ]


def test_a_weighing_in_the_register_with_the_same_values_is_already_there():
    visit = {"visit_date": "2026-07-06", "weight_g": 8400, "length_height_mm": 725, "measured": "lying"}
    rows = [row[:6] for row in only(table("pengukuran"), 1)]
    report = looked_at(rows, Book([kept()], {"cd" * 16: [visit]}))
    assert (report.good, report.already_there, report.differences, report.clean) == ([], 1, [], True)


def test_a_weighing_in_the_register_with_other_values_is_a_difference():
    visit = {"visit_date": "2026-07-06", "weight_g": 8600, "length_height_mm": 725}
    rows = [row[:6] for row in only(table("pengukuran"), 1)]
    report = looked_at(rows, Book([kept()], {"cd" * 16: [visit]}))
    assert (report.good, report.already_there, report.clean) == ([], 1, False)
    assert told(report.differences) == [(2, "BERAT", "The register has 8,6: it is not overwritten.")]


def test_without_nik_a_measurement_finds_its_child_by_name_and_birth_date_only():
    rows = changed(table("pengukuran"), 1, NIK="")
    assert told(looked_at(only(rows, 1), registered()).problems) == [
        (2, "nama_anak", "This child is not in the register. Take the IDENTITAS file first.")
    ]
    dated = [[*row, extra] for row, extra in zip(only(rows, 1), ["tgl_lahir", "14 Mei 2025"], strict=True)]
    assert len(looked_at(dated, registered()).good) == 1


def test_a_download_makes_the_child_once_and_a_visit_for_each_row():
    report = looked_at(table("unduhan"), posyandu=None)
    aulia, again, rizki = (entry.child for entry in report.good)
    assert (aulia is again, aulia is rizki) == (True, False)
    assert [entry.visit and entry.visit["visit_date"] for entry in report.good] == [
        "2026-06-06",
        "2026-07-06",
        "2026-07-06",
    ]
    assert report.good[0].visit == {
        "visit_date": "2026-06-06", "weight_g": 8200, "length_height_mm": 714, "measured": "lying", "muac_mm": 140,
        "mother_class": 1, "mbg": 0,
    }  # fmt: skip


def test_the_letters_of_a_download_are_compared_with_ours_and_not_taken():
    report = looked_at(table("unduhan"))
    # Rizki was weighed here for the first time: B, whatever the file says.
    assert (report.gains_agree, report.gains_differ) == (2, 1)


def test_an_age_that_does_not_fit_the_dates_of_its_row_is_a_problem():
    rows = changed(table("unduhan"), 1, **{"Usia Saat Ukur": "2 Tahun - 0 Bulan - 23 Hari"})
    assert told(looked_at(rows).problems) == [
        (
            2,
            "Usia Saat Ukur",
            "The file says 2 Tahun - 0 Bulan - 23 Hari, but by its dates the child was 12 months old.",
        )
    ]


@pytest.mark.parametrize(("days", "good"), [(23, 3), (28, 3), (29, 2)])
def test_a_few_days_of_difference_in_age_do_not_matter(days, good):
    rows = changed(table("unduhan"), 1, **{"Usia Saat Ukur": f"1 Tahun - 0 Bulan - {days} Hari"})
    assert len(looked_at(rows).good) == good


@pytest.mark.parametrize(
    ("posyandu", "desa", "found"),
    [
        ("POSYANDU  MELATI", "Batu Tulis", MELATI),
        ("Mawar", "Desa Tanjung Luar", MAWAR_ELSEWHERE),
        ("Mawar", "", "Several posyandu have this name."),
        ("Melati", "Tanjung Luar", "This posyandu is not in the register."),
        ("Kenanga", "Batu Tulis", "This posyandu is not in the register."),
        ("", "", "The row names no posyandu. Say which one with --posyandu."),
    ],
)
def test_the_posyandu_of_a_row_is_found_by_name_and_desa(posyandu, desa, found):
    rows = changed(only(table("unduhan"), 3), 1, Posyandu=" ".join(posyandu.split()), **{"Desa/Kel": desa})
    report = looked_at(rows, posyandu=None)
    assert [entry.said["posyandu"] for entry in report.good] + [
        str(one.reason) for one in report.problems
    ] == [found]


def test_the_posyandu_given_for_the_file_tells_namesakes_apart():
    rows = changed(only(table("unduhan"), 3), 1, Posyandu="Mawar", **{"Desa/Kel": ""})
    assert [entry.said["posyandu"] for entry in looked_at(rows, posyandu=MAWAR).good] == [MAWAR]


def test_two_spellings_of_a_new_child_in_one_file_are_told():
    rows = changed(table("unduhan"), 2, **{"BB Lahir": "3.2"})
    assert told(looked_at(rows).doubts) == [(3, "BB Lahir", "An earlier row has 3,1, which is taken.")]


@given(data=some.data())
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_the_cells_every_row_is_accounted_for(data):
    rows = data.draw(some.sampled_from([table("identitas"), table("pengukuran"), table("unduhan")]))
    cells = some.one_of(
        some.text(max_size=20), some.sampled_from(["", "0", "-1", "2026-07-06", "9" * 16, "5E+15", "1,5"])
    )
    for _ in range(data.draw(some.integers(1, 6))):
        row, column = (
            data.draw(some.integers(1, len(rows) - 1)),
            data.draw(some.integers(0, len(rows[0]) - 1)),
        )
        rows[row][column] = data.draw(cells)
    sheet = from_bytes("anak.xlsx", as_csv(rows))
    report = check(sheet, registered(), TODAY, MELATI)
    assert (
        len(report.good) + report.already_there + report.rows_with_problems
        == report.rows_read
        == len(sheet.rows)
    )
    assert report.already_there + len(report.good) + len(report.problems) >= report.rows_read
