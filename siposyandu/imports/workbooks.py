"""Excel workbooks: .xls (Excel 97-2003, as e-PPGBM wants it) and .xlsx. The libraries are loaded when needed."""

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from siposyandu.imports.cells import Cell

Rows = list[list[Cell]]
# An .xlsx of 90 kB can hold gigabytes. A kabupaten's largest list has a hundredth of these.
LARGEST_INFLATED_BYTES = 256 * 1024 * 1024
LARGEST_CELLS = 10_000_000


def xls_sheets(content: bytes) -> Iterator[Rows]:
    """The sheets of a BIFF workbook, each as its rows from the first line on. Raises xlrd.XLRDError."""
    import xlrd

    book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    for sheet in book.sheets():
        yield [[_xls_cell(cell, book.datemode) for cell in sheet.row(index)] for index in range(sheet.nrows)]


def _xls_cell(cell: object, datemode: int) -> Cell:
    import xlrd

    kind, value = cell.ctype, cell.value  # type: ignore[attr-defined]
    if kind == xlrd.XL_CELL_DATE:
        day: date = xlrd.xldate_as_datetime(value, datemode)
        return day
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#ERROR"))
    return float(value) if kind == xlrd.XL_CELL_NUMBER else str(value)


def xlsx_sheets(
    content: bytes, largest: int = LARGEST_INFLATED_BYTES, most_cells: int = LARGEST_CELLS
) -> Iterator[Rows]:
    """The sheets of an Excel 2007 workbook. Raises what zipfile and openpyxl raise on a broken one.

    ValueError for one that unpacks to more than `largest` bytes or letters, or to more cells than any list has.
    """
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > largest:
            raise ValueError("a workbook that unpacks too far")
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions it leaves out; only the cells matter here.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # other programs write wrong ones, and rows would be missing
            yield _counted(sheet.iter_rows(values_only=True), most_cells, largest)
        book.close()


def _counted(rows: Iterable[Sequence[Cell]], most_cells: int, most_letters: int) -> Rows:
    """Read rows as far as a list can go: one cell in the last column makes a row of 16,384, one long text may stand in all."""
    found, cells, letters = [], 0, 0
    for row in rows:
        cells += len(row) + 1  # a row without cells takes its time too
        letters += sum(len(cell) for cell in row if isinstance(cell, str))
        if cells > most_cells or letters > most_letters:
            raise ValueError("a sheet with more than any list has")
        found.append(list(row))
    return found
