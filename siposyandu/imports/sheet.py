"""Open a file, whatever its name says: find out what it is by its content, and find its header.

1. The first bytes tell .xls, .xlsx, or text; text with a table tag is HTML, other text is CSV.
2. The header is the first row, near the top of any sheet, that has all required columns of one kind.
3. Every row below that is not blank becomes a row by meaning, with its number as Excel shows it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from forms import N_, Sentence
from siposyandu.imports.cells import Cell, text_of
from siposyandu.imports.errors import CannotImport
from siposyandu.imports.templates import NOT_TAKEN, Header, recognise
from siposyandu.imports.texts import csv_rows, decode, html_rows, looks_like_html
from siposyandu.imports.workbooks import Rows, xls_sheets, xlsx_sheets

LARGEST_BYTES = 64 * 1024 * 1024
HEADER_WITHIN_ROWS = 25
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


@dataclass(frozen=True)
class SheetRow:
    """One row: its number in the file and its cells by meaning."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Sheet:
    """A file's name, its form on the disk (xls, xlsx, csv, html), its header and its rows."""

    file: str
    physical: str
    header: Header
    rows: tuple[SheetRow, ...]


def read(path: Path) -> Sheet:
    """Read one file. Raises CannotImport with the sentence for the person who gave it."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise CannotImport(Sentence(N_("{file} is too big to be one posyandu's file."), file=path.name))
        content = path.read_bytes()
    except OSError as error:
        raise CannotImport(
            Sentence(N_("{file} cannot be opened. Is it on the disk?"), file=path.name)
        ) from error
    return from_bytes(path.name, content)


def from_bytes(name: str, content: bytes) -> Sheet:
    """Read the content of a file; `name` is only told again in sentences."""
    physical, sheets = _opened(name, content)
    for rows in sheets:
        for index, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
            header = recognise([text_of(cell) for cell in row])
            if header is not None:
                below = enumerate(rows[index + 1 :], start=index + 2)
                return Sheet(name, physical, header, tuple(_rows(header, below)))
    template = N_(
        "{file} has no header of e-PPGBM (IDENTITAS, PENGUKURAN or download). Was a column renamed?"
    )
    raise CannotImport(Sentence(template, file=name))


def _opened(name: str, content: bytes) -> tuple[str, list[Rows]]:
    """The kind of file and its sheets. Whatever a library says of a broken file becomes one sentence."""
    try:
        if content.startswith(OLE):
            return "xls", list(xls_sheets(content))
        if content.startswith(ZIP):
            return "xlsx", list(xlsx_sheets(content))
        text = decode(content)
        return ("html", [html_rows(text)]) if looks_like_html(text) else ("csv", [csv_rows(text)])
    except Exception as error:  # xlrd, openpyxl, zipfile, csv and codecs share no ancestor
        template = N_("{file} is damaged or locked with a password. Open it in Excel and save it again.")
        raise CannotImport(Sentence(template, file=name)) from error


def _rows(header: Header, below: Iterable[tuple[int, list[Cell]]]) -> Iterator[SheetRow]:
    """Rows that say anything beside their running number."""
    for number, row in below:
        cells = {
            meaning: cell
            for meaning, cell in zip(header.meanings, row, strict=False)
            if meaning != NOT_TAKEN and text_of(cell)
        }
        if cells:
            yield SheetRow(number, cells)
