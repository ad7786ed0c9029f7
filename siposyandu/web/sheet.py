"""A table as a CSV file that Excel opens without harm: UTF-8 with its mark, and no cell that Excel would run."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response

# What begins a formula in Excel, LibreOffice or Google Sheets (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
Cell = str | int | float | None


def text(rows: Iterable[Sequence[Cell]]) -> str:
    r"""Write rows as CSV; a text that Excel would take for a formula gets an apostrophe before it.

    >>> text([("=1+1", 2, None, "Mawar, Melati")])
    '\'=1+1,2,,"Mawar, Melati"\r\n'
    """
    written = StringIO()
    csv.writer(written).writerows([[_safe(cell) for cell in row] for row in rows])
    return written.getvalue()


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def download(name: str, rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer with rows as a file of that name."""
    answer = Response("\ufeff" + text(rows), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
