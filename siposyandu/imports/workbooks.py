"""Excel workbooks: .xls (Excel 97-2003, as e-PPGBM wants it) and .xlsx. The libraries are loaded when needed."""

import io
import warnings
from collections.abc import Iterator
from datetime import date

from siposyandu.imports.cells import Cell

Rows = list[list[Cell]]


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


def xlsx_sheets(content: bytes) -> Iterator[Rows]:
    """The sheets of an Excel 2007 workbook. Raises what zipfile and openpyxl raise on a broken one."""
    import openpyxl

    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions it leaves out; only the cells matter here.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # other programs write wrong ones, and rows would be missing
            yield [list(row) for row in sheet.iter_rows(values_only=True)]
        book.close()
