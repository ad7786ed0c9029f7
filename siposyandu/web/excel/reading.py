"""A file that came back: its cells as they stand, which list of which posyandu it is, and its rows by our columns.

Values only: a formula counts as what Excel last made of it. Files with macros, old .xls, locked or endless ones are refused.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from forms import N_, Sentence
from siposyandu import exports, i18n
from siposyandu.errors import Refused
from siposyandu.exports import Export, csv_file, stamps
from siposyandu.imports.cells import text_of
from siposyandu.imports.texts import csv_rows, decode
from siposyandu.imports.workbooks import xlsx_sheets

LARGEST_BYTES, LARGEST_INFLATED_BYTES = 4 * 1024 * 1024, 16 * 1024 * 1024
LARGEST_ROWS, LARGEST_CELLS = 3000, 300_000
HEADER_WITHIN_ROWS = 10
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
FORMULA_WITHOUT_VALUE = "#RUMUS"
SPOILT = frozenset(
    ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "####", FORMULA_WITHOUT_VALUE)
)
"""What Excel writes where it has no value."""

NO_FILE = N_("Choose a file first.")
TOO_LONG = N_("{file} is longer than any list. Split it and bring in the parts one after the other.")
UNREADABLE = N_("{file} cannot be read. Open it in Excel and save it again as .xlsx or .csv.")
OTHER_KIND = N_("{file} has macros, a password or an old format. Open it in Excel and save it as .xlsx.")
NOT_OURS = N_(
    "{file} is no list from here, or its last column is gone. Take the list out again and change that one."
)
TWICE = N_("The column {column} stands twice in {file}. Delete one of the two.")

Cell = str | int | float | None
Cells = list[list[Cell]]


class NotTaken(Refused):
    """The file as a whole cannot be taken; `sentence` says why."""

    def __init__(self, template: str, **params: str) -> None:
        self.sentence = Sentence(template, **params)
        super().__init__(str(self.sentence))


@dataclass(frozen=True)
class Given:
    """One row of the file: its number there, its cells by the key of their column, and its stamp, if it has one."""

    number: int
    cells: Mapping[str, Cell]
    stamp: stamps.Stamp | None

    def text(self, key: str) -> str:
        """Return a cell as text."""
        return text_of(self.cells.get(key))


@dataclass(frozen=True)
class Sheet:
    """The list that a file is: which, of which month and posyandu, and its rows."""

    file: str
    export: Export
    month: str
    posyandu: str
    rows: tuple[Given, ...]


def cells_of(content: bytes, file: str) -> Cells:
    """Return the cells of a file as they can be kept: numbers, and texts for all else. Raises NotTaken."""
    if len(content) > LARGEST_BYTES:
        raise NotTaken(TOO_LONG, file=file)
    if content.startswith(OLE) or file.casefold().endswith((".xlsm", ".xls", ".xlsb", ".ods", ".odt")):
        raise NotTaken(OTHER_KIND, file=file)
    if content.startswith(ZIP):
        _refuse_other_packages(content, file)
    try:
        rows = _workbook(content) if content.startswith(ZIP) else _text(content)
    except Exception as fault:  # csv, codecs, zipfile and openpyxl share no ancestor
        raise NotTaken(UNREADABLE, file=file) from fault
    if len(rows) > LARGEST_ROWS:
        raise NotTaken(TOO_LONG, file=file)
    return rows


def _refuse_other_packages(content: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
    except zipfile.BadZipFile as fault:
        raise NotTaken(UNREADABLE, file=file) from fault
    if "xl/workbook.xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        raise NotTaken(OTHER_KIND, file=file)


def _text(content: bytes) -> Cells:
    text = decode(content)
    if "\0" in text:
        raise ValueError("no text")
    return [[csv_file.bare(str(cell)) for cell in row] for row in csv_rows(text)]


def _workbook(content: bytes) -> Cells:
    """The first sheet that bears a mark, else the first; a formula without a value is marked as such."""
    for at, rows in enumerate(xlsx_sheets(content, LARGEST_INFLATED_BYTES, LARGEST_CELLS)):
        if _header(kept := [[_kept(cell) for cell in row] for row in rows]):
            return _with_formulas(content, at, kept)
    return []


def _kept(cell: object) -> Cell:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return text_of(cell)
    return cell if isinstance(cell, int | float | str) or cell is None else str(cell)


def _with_formulas(content: bytes, at: int, rows: Cells) -> Cells:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    sheet = book.worksheets[at]
    sheet.reset_dimensions()
    for row, asked in zip(rows, sheet.iter_rows(), strict=False):
        for place, cell in enumerate(asked):
            if cell.data_type == "f" and place < len(row) and row[place] is None:
                row[place] = FORMULA_WITHOUT_VALUE
    book.close()
    return rows


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[int, int, tuple[str, str, str]] | None:
    """Where the heading with the mark stands: row, column, and what it says."""
    for at, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
        for place, cell in enumerate(row):
            if isinstance(cell, str) and (mark := stamps.read_mark(cell.strip())):
                return at, place, mark
    return None


def understood(rows: Cells, file: str) -> Sheet:
    """Say which list the cells are. Raises NotTaken for cells that are none, or have a column twice."""
    found = _header(rows)
    export = exports.BY_IDENTIFIER.get(found[2][0]) if found else None
    if found is None or export is None or not export.comes_back:
        raise NotTaken(NOT_OURS, file=file)
    at, place, (_, month, posyandu) = found
    keys = _keys(export, rows[at], file)
    given = (_given(number, row, keys, place) for number, row in enumerate(rows[at + 1 :], at + 2))
    return Sheet(file, export, month, posyandu, tuple(row for row in given if _filled(row)))


def _filled(row: Given) -> bool:
    return row.stamp is not None or any(text_of(cell) for cell in row.cells.values())


def _given(number: int, row: Sequence[Cell], keys: Sequence[str | None], place: int) -> Given:
    cells = {key: cell for key, cell in zip(keys, row, strict=False) if key}
    stamp = row[place] if place < len(row) else None
    return Given(number, cells, stamps.read(str(stamp)) if stamp else None)


def _keys(export: Export, headings: Sequence[Cell], file: str) -> list[str | None]:
    """The key of each column by its heading, in whichever language it was taken out."""
    known = {title: key for key, title in _titles(export)}
    keys = [known.get(_same(text_of(heading))) for heading in headings]
    for key, heading in zip(keys, headings, strict=True):
        if key and keys.count(key) > 1:
            raise NotTaken(TWICE, column=text_of(heading), file=file)
    return keys


def _titles(export: Export) -> Iterator[tuple[str, str]]:
    spoken = i18n.language()
    try:
        for language in i18n.LANGUAGES:
            i18n.speak(language)
            yield from ((column.key, _same(column.title)) for column in export.columns if not column.hidden)
    finally:
        i18n.speak(spoken)


def _same(title: str) -> str:
    return " ".join(title.split()).casefold()
