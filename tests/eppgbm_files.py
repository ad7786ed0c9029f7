"""Write invented e-PPGBM files in the four forms in which they are met: .xls, .xlsx, .csv and HTML named .xls."""

import csv
import io
from collections.abc import Sequence
from html import escape
from pathlib import Path

import openpyxl
import xlwt

Table = list[list[object]]
FOLDER = Path(__file__).parent / "data" / "eppgbm"
PHYSICAL = ("xls", "xlsx", "csv", "html")


def table(name: str) -> Table:
    """One of the committed files: header and rows, all as text."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return [list(row) for row in csv.reader(lines)]


def changed(rows: Table, row: int, **cells: object) -> Table:
    """A copy with some cells of the n-th row below the header changed; the keys are the header's own names."""
    header = [str(title) for title in rows[0]]
    copy = [list(line) for line in rows]
    for title, value in cells.items():
        copy[row][header.index(title)] = value
    return copy


def only(rows: Table, *numbers: int) -> Table:
    """The header and some rows below it."""
    return [rows[0], *(rows[number] for number in numbers)]


def written(rows: Table, physical: str) -> bytes:
    """The table as a file's content."""
    return {"xls": _xls, "xlsx": _xlsx, "csv": as_csv, "html": _html}[physical](rows)


def save(folder: Path, name: str, rows: Table, physical: str = "csv") -> Path:
    """Write a table into a folder; HTML gets the name .xls, as e-PPGBM gives it."""
    path = folder / f"{name}.{'xls' if physical == 'html' else physical}"
    path.write_bytes(written(rows, physical))
    return path


def as_csv(rows: Sequence[Sequence[object]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """CSV as spreadsheets save it."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def _xls(rows: Table) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    dates = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell, dates) if hasattr(cell, "isoformat") else sheet.write(y, x, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _xlsx(rows: Table) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _html(rows: Table) -> bytes:
    cells = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
    body = "\n".join(f"<tr>{row}</tr>" for row in cells)
    page = f"<html><head><meta charset='utf-8'></head><body><table border=1>{body}</table></body></html>"
    return page.encode()
