"""Files are known by their content and their header, whatever their name says."""

import doctest
import importlib
import pkgutil
from datetime import date, datetime
from pathlib import Path

import pytest

from siposyandu import imports
from siposyandu.imports import CannotImport, read
from siposyandu.imports.cells import text_of
from siposyandu.imports.sheet import Sheet, from_bytes
from siposyandu.imports.templates import LAYOUTS, kinds, recognise
from tests.eppgbm_files import PHYSICAL, as_csv, only, save, table, written

NAMES = {"identitas": "IDENTITAS", "pengukuran": "PENGUKURAN", "unduhan": "unduhan e-PPGBM"}


def said(sheet: Sheet) -> list[tuple[int, dict[str, str]]]:
    """Rows as text by meaning."""
    return [
        (row.number, {meaning: text_of(cell) for meaning, cell in row.cells.items()}) for row in sheet.rows
    ]


def refusal(content: bytes) -> str:
    """The sentence for a file that cannot be read."""
    with pytest.raises(CannotImport) as refused:
        from_bytes("anak.xls", content)
    return str(refused.value.sentence)


@pytest.mark.parametrize("physical", PHYSICAL)
@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_the_same_in_every_form_whatever_its_name(tmp_path, name, physical):
    path = save(tmp_path, "data", table(name), physical)
    sheet = read(path.rename(tmp_path / "unduhan (1).xls"))
    assert (sheet.physical, sheet.header.kind.title, sheet.file) == (physical, NAMES[name], "unduhan (1).xls")
    assert said(sheet) == said(from_bytes("", as_csv(table(name))))
    assert [row.number for row in sheet.rows] == list(range(2, len(table(name)) + 1))


def test_a_row_is_read_by_the_meaning_of_its_columns():
    sheet = from_bytes("", as_csv(only(table("pengukuran"), 1)))
    number, cells = said(sheet)[0]
    assert number == 2
    assert {meaning: cells[meaning] for meaning in ("person.nik", "balita.weight_kg", "balita.measured")} == {
        "person.nik": "5299995405250001",
        "balita.weight_kg": "8.4",
        "balita.measured": "terlentang",
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_with_any_delimiter_and_any_of_windows_encodings(delimiter, encoding):
    rows = only(table("pengukuran"), 1)
    rows[1] = ["1", "5299995405250001", "Aïsyah", *rows[1][3:]]
    sheet = from_bytes("", as_csv(rows, delimiter, encoding))
    assert (sheet.physical, said(sheet)[0][1]["person.name"]) == ("csv", "Aïsyah")


@pytest.mark.parametrize("physical", PHYSICAL)
def test_a_title_above_the_header_and_blank_rows_below_do_not_matter(physical):
    rows = table("pengukuran")
    titled = [["Daftar Penimbangan Posyandu Melati"], [""], *rows[:3], [""], ["7", *[""] * 19], *rows[3:]]
    sheet = from_bytes("", written(titled, physical))
    assert [row.number for row in sheet.rows] == [4, 5, 8, 9, 10]


def test_the_header_is_found_on_another_sheet_of_the_workbook():
    import io

    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0].append(["Petunjuk pengisian"])
    second = book.create_sheet("Sheet2")
    for row in table("pengukuran"):
        second.append(row)
    content = io.BytesIO()
    book.save(content)
    assert len(from_bytes("", content.getvalue()).rows) == 5


@pytest.mark.parametrize("written_as", ["TGL_UKUR", "Tanggal"])
def test_a_renamed_column_is_another_column(written_as):
    rows = table("pengukuran")
    rows[0] = [written_as if title == "TANGGALUKUR" else title for title in rows[0]]
    assert refusal(as_csv(rows)) == (
        "anak.xls has no header of e-PPGBM (IDENTITAS, PENGUKURAN or download). Was a column renamed?"
    )


def test_case_spaces_and_order_of_columns_do_not_matter():
    rows = [list(reversed(row)) for row in table("identitas")]
    rows[0] = [f"  {str(title).upper().replace('_', '')} " for title in rows[0]]
    header = from_bytes("", as_csv(rows)).header
    assert (header.kind.name, header.version, header.unknown) == ("identitas", "22", ())


def test_a_column_not_known_is_told_and_makes_the_layout_a_new_one():
    rows = [[*row, extra] for row, extra in zip(table("pengukuran"), ["zscore_baru", *"12345"], strict=True)]
    header = from_bytes("", as_csv(rows)).header
    assert (header.version, header.unknown) == ("", ("zscore_baru",))


def test_a_column_that_stands_twice_is_not_guessed_at():
    rows = [[*row, row[4]] for row in table("pengukuran")]
    assert "has no header" in refusal(as_csv(rows))


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_layout_listed_is_recognised_as_its_own_version(kind):
    import tomllib

    told = next(one for one in tomllib.loads(LAYOUTS.read_text("utf-8"))["kinds"] if one["name"] == kind.name)
    found = [recognise(version["columns"]) for version in told["versions"]]
    assert [(header.kind.name, header.version, header.unknown) for header in found if header] == [
        (kind.name, version["name"], ()) for version in told["versions"]
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "anak.xls has no header of e-PPGBM (IDENTITAS, PENGUKURAN or download). Was a column renamed?"),
        (
            b"%PDF-1.4 \x00\x01",
            "anak.xls has no header of e-PPGBM (IDENTITAS, PENGUKURAN or download). Was a column renamed?",
        ),
        (
            b"\xd0\xcf\x11\xe0 broken",
            "anak.xls is damaged or locked with a password. Open it in Excel and save it again.",
        ),
        (
            b"PK\x03\x04 broken",
            "anak.xls is damaged or locked with a password. Open it in Excel and save it again.",
        ),
        (
            b"\x81\x8d\x8f",
            "anak.xls is damaged or locked with a password. Open it in Excel and save it again.",
        ),
    ],
)
def test_what_is_no_file_of_ours_is_refused_with_a_sentence(content, sentence):
    assert refusal(content) == sentence


@pytest.mark.parametrize("physical", ["xls", "xlsx"])
def test_half_a_workbook_is_refused(physical):
    assert "damaged" in refusal(written(table("identitas"), physical)[:3000])


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CannotImport, match=r"anak\.csv cannot be opened\. Is it on the disk\?"):
        read(tmp_path / "anak.csv")


@pytest.mark.parametrize("physical", ["xls", "xlsx"])
def test_dates_and_numbers_of_a_workbook_are_read_as_they_are_typed(physical):
    rows = only(table("pengukuran"), 1)
    rows[1][3:6] = [date(2026, 7, 6), 8.4, 72]
    cells = said(from_bytes("", written(rows, physical)))[0][1]
    assert [cells[f"balita.{name}"] for name in ("visit_date", "weight_kg", "length_height_cm")] == [
        "2026-07-06",
        "8.4",
        "72",
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (8.400000000000001, "8.4"), (8.0, "8"), (datetime(2026, 7, 6, 9, 30), "2026-07-06"), (None, ""), ("-", ""), (" – ", ""),
        ("\xa08,4 ", "8,4"), ("'0812", "0812"), ('="0812"', "0812"), (True, "ya"), ("#N/A", "#N/A"),
    ],
)  # fmt: skip
def test_a_cell_is_the_text_a_person_would_type(cell, text):
    assert text_of(cell) == text


def test_an_html_table_is_read_as_browsers_show_it():
    columns = "".join(f"<th>{title}</th>" for title in table("pengukuran")[0])
    cells = "".join(f"<td>{cell}" for cell in table("pengukuran")[1])
    page = f"<TABLE><tr><td colspan=20>Melati &amp; Mawar</td><tr>{columns}<tr>{cells}</table>"
    assert (
        said(from_bytes("", page.encode()))[0][1] == said(from_bytes("", as_csv(table("pengukuran"))))[0][1]
    )


def test_the_examples_in_the_documentation_are_true():
    modules = [
        importlib.import_module(f"{imports.__name__}.{found.name}")
        for found in pkgutil.iter_modules(imports.__path__)
    ]
    assert [doctest.testmod(module).failed for module in modules] == [0] * len(modules)


def test_columns_of_layouts_have_a_meaning_that_a_form_or_the_check_knows():
    import forms

    known = {
        "-",
        "deleted",
        "moved",
        "parent_name",
        "parent_nik",
        "posyandu_name",
        "desa_name",
        "age_words",
        "gain",
    }
    known |= {f"{form.name}.{field.name}" for form in forms.ALL for field in form.fields}
    for kind in kinds():
        assert set(kind.meanings.values()) <= known
        assert kind.required | frozenset().union(*kind.versions.values()) <= kind.meanings.keys()


def test_layouts_are_beside_the_code():
    assert LAYOUTS.parent == Path(imports.__file__).parent
