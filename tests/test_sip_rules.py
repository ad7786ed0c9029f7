"""Rules that every format of the SIP keeps: whoever adds one is told here what is still missing."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from siposyandu import indicators, sip
from siposyandu.periods import Month
from siposyandu.sip.format import (
    COUNT,
    DATE,
    KILOGRAMS,
    KINDS,
    MONTH,
    MONTH_NAME,
    NOT_ASKED,
    TERM,
    TEXT,
    TICK,
    YEAR,
    Cell,
    Column,
    Format,
    year_of,
)  # fmt: skip
from siposyandu.store import Store
from siposyandu.tally import LETTERS
from tests.children import register, weigh
from tests.conftest import Village

# Modules of the package that are no formats.
OTHERS = {"__init__", "births", "counts", "format", "present", "register"}
AUGUST = Month(2026, 8)
CODES = [each.CODE for each in sip.ALL]
for_each_format = pytest.mark.parametrize("form", sip.ALL, ids=CODES)


@pytest.fixture
def year(village: Village) -> Iterator[Store]:
    """Seven months at Melati: babies and older ones, who gain or not, leave, die, come late, or are weighed elsewhere too."""
    for number, (birth, sex) in enumerate(
        [
            ("2026-05-10", "f"),
            ("2026-01-20", "m"),
            ("2025-09-01", "f"),
            ("2025-02-11", "m"),
            ("2023-06-30", "f"),
        ]
    ):
        child = register(
            village,
            f"Child {number}",
            birth_date=birth,
            sex=sex,
            registered_date="2026-01-05",
            kia_book=number % 2,
        )
        for month in range(max(2, 5 if number == 0 else 0), 9):
            if (month + number) % 4:
                weigh(
                    village, child, f"2026-{month:02d}-03", 5000 + number * 1500 + month * (150 if number else 5),
                    vitamin_a=int(month in (2, 8)), immunisations="bcg,opv1" if month == 5 else None,
                    exclusive_breastfeeding=int(number == 0) if number < 2 else None, illness="diarrhoea" if month == 6 else None,
                )  # fmt: skip
    register(
        village,
        "Left",
        birth_date="2024-03-02",
        status="moved",
        status_date="2026-06-15",
        registered_date="2026-01-05",
    )
    register(
        village,
        "Lost",
        birth_date="2026-03-02",
        sex="m",
        status="died",
        status_date="2026-07-09",
        registered_date="2026-03-05",
    )
    register(village, "Elsewhere", posyandu=village.kenanga, registered_date="2026-01-05")
    with village.instance.store_for_job() as store:
        yield store


def fits(cell: Cell, column: Column) -> bool:
    """Whether a cell holds what its column says."""
    if cell is None or (column.kind == COUNT and cell == NOT_ASKED):
        return True
    if not column.known:
        return False
    if column.kind == DATE:
        return bool(date.fromisoformat(str(cell)))
    if column.kind == MONTH_NAME:
        return bool(Month.parse(str(cell)))
    kinds = {TEXT: str, TERM: str, COUNT: int, KILOGRAMS: float, TICK: bool}
    return type(cell) is kinds[column.kind] and cell != ""


def test_every_file_of_a_format_is_listed_once() -> None:
    files = {path.stem for path in Path(sip.__file__).parent.glob("*.py")} - OTHERS
    assert (sorted(code.replace("-", "_") for code in CODES), len(set(CODES))) == (sorted(files), len(CODES))


@for_each_format
def test_a_format_says_everything(form: Format) -> None:
    keys = [column.key for column in form.COLUMNS]
    assert all(text and text.strip() for text in (form.TITLE, form.SOURCE, form.__doc__, *form.NOTES))
    assert form.PERIOD in (YEAR, MONTH)
    assert re.fullmatch(r"[a-z0-9-]+", form.CODE)
    assert len(set(keys)) == len(keys)
    assert {column.kind for column in form.COLUMNS} <= set(KINDS)
    assert [column.side for column in form.COLUMNS] == sorted(column.side for column in form.COLUMNS)


def cells_of(form: Format, store: Store, posyandu_id: str) -> list[tuple[Column, Cell]]:
    """Every cell of a format with its column; a row that has too many or too few is an error."""
    rows = form.rows(store, posyandu_id, AUGUST)
    return [pair for row in rows for pair in zip(form.COLUMNS, row, strict=True)]


def test_each_row_has_a_cell_of_the_right_kind_for_each_column(village: Village, year: Store) -> None:
    cells = {form.CODE: cells_of(form, year, village.melati) for form in sip.ALL}
    wrong = [
        (code, column.key, cell)
        for code, each in cells.items()
        for column, cell in each
        if not fits(cell, column)
    ]
    assert (wrong, [code for code, each in cells.items() if not each]) == ([], [])


def test_a_posyandu_without_children_invents_nothing(village: Village) -> None:
    with village.instance.store_for_job() as store:
        said = {
            (form.CODE, cell)
            for form in sip.ALL
            for column, cell in cells_of(form, store, village.melati)
            if column.kind not in (TEXT, TERM, MONTH_NAME) and cell is not None
        }
    assert said == {("f1-gizi", NOT_ASKED)}


def test_nobody_elses_children_are_in_it(village: Village, year: Store) -> None:
    assert [
        form.CODE for form in sip.ALL if "Elsewhere" in str(form.rows(year, village.melati, AUGUST))
    ] == []


def column_of(form: Format, key: str, rows: list[sip.Cells]) -> list[Cell]:
    """The cells of one column."""
    [at] = [number for number, column in enumerate(form.COLUMNS) if column.key == key]
    return [row[at] for row in rows]


def test_the_weighing_report_agrees_with_the_tally_in_every_month(village: Village, year: Store) -> None:
    form = sip.BY_CODE["f1-gizi"]
    for month in year_of(AUGUST)[:8]:
        rows = form.rows(year, village.melati, month)[: len(LETTERS)]
        counts = indicators.totals(year, village.melati, month).counts
        told = {column: counts[column] for column, _, _ in LETTERS if counts["d"] or column in "sk"}
        for (column, _, _), row in zip(LETTERS, rows, strict=True):
            *parts, boys, girls, both = row[2:]
            expected = told.get(column)
            assert both == expected, (month, column)
            assert (
                [sum(parts[0::2]), sum(parts[1::2])] == [boys, girls]
                if both is not None
                else set(row[2:]) == {None}
            )


def test_the_registers_hold_each_weighing_of_the_tally_once(village: Village, year: Store) -> None:
    for month in year_of(AUGUST)[:8]:
        counts = indicators.totals(year, village.melati, month).counts
        weights: list[Cell] = []
        letters: list[Cell] = []
        for code in ("f2-bayi", "f2-balita"):
            form = sip.BY_CODE[code]
            rows = form.rows(year, village.melati, AUGUST)
            weights += column_of(form, f"weight_{month.number:02d}_kg", rows)
            letters += column_of(form, f"gain_{month.number:02d}", rows)
        assert sum(cell is not None for cell in weights) == counts["d"]
        assert {letter: letters.count(letter) for letter in "NTOB"} == {
            letter: counts[letter.lower()] for letter in "NTOB"
        }


def test_what_the_posyandu_did_agrees_with_the_tally(village: Village, year: Store) -> None:
    form = sip.BY_CODE["f6"]
    rows = form.rows(year, village.melati, AUGUST)
    held = {each: indicators.totals(year, village.melati, each).counts for each in year_of(AUGUST)[1:8]}
    told = {column: column_of(form, column, rows) for column in ("s", "k", "d", "n", "bgm")}
    assert {column: cells[1:8] for column, cells in told.items()} == {
        column: [counts[column] for counts in held.values()] for column in told
    }
    assert {column: cells[8:] for column, cells in told.items()} == dict.fromkeys(
        told, [None] * 4
    )  # still to come


def test_visitors_and_births_agree_with_the_tally_and_the_list_of_births(
    village: Village, year: Store
) -> None:
    form, births = sip.BY_CODE["f5"], sip.BY_CODE["f1"]
    rows = form.rows(year, village.melati, AUGUST)
    came = [sum(cell or 0 for cell in row[1:5]) for row in rows]
    assert came[:8] == [
        indicators.totals(year, village.melati, each).counts["d"] for each in year_of(AUGUST)[:8]
    ]
    listed = births.rows(year, village.melati, AUGUST)
    born = sum(int(cell or 0) for key in ("born_m", "born_f") for cell in column_of(form, key, rows))
    died = sum(int(cell or 0) for key in ("died_m", "died_f") for cell in column_of(form, key, rows))
    assert (born, died) == (
        len(listed),
        sum(cell is not None for cell in column_of(births, "baby_died", listed)),
    )
    assert (born, died) == (3, 1)


def test_a_child_stands_in_one_register_of_the_year(village: Village, year: Store) -> None:
    babies, older = (
        column_of(sip.BY_CODE[code], "name", sip.BY_CODE[code].rows(year, village.melati, AUGUST))
        for code in ("f2-bayi", "f2-balita")
    )
    assert (babies, older) == (["Child 0", "Child 1", "Child 2", "Child 3", "Lost"], ["Child 4", "Left"])
