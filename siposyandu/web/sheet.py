"""A table as a CSV file that Excel opens without harm: UTF-8 with its mark, and no cell that Excel would run."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response

# What begins a formula in Excel, LibreOffice or Google Sheets (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# An Indonesian Excel parts cells at semicolons too: what stands behind one begins a cell.
FORMULA_WITHIN = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@])")
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
    if not isinstance(cell, str):
        return cell
    within = FORMULA_WITHIN.sub(r"\1'", cell)
    return f"'{within}" if cell.startswith(FORMULA_STARTS) else within


def download(name: str, rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer with rows as a file of that name."""
    answer = Response("\ufeff" + text(rows), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
