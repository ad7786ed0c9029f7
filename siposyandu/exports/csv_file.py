"""A table as a CSV file that an Indonesian Excel opens by a double click: semicolons, decimal commas, no cell it would run.

UTF-8 with its mark. Where Excel speaks Indonesian a comma parts whole numbers from decimals, so cells are parted by semicolons.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from siposyandu.exports.columns import Cell, Taken

DELIMITER = ";"
BYTE_ORDER_MARK = "\ufeff"
# What begins a formula in Excel, LibreOffice or Google Sheets (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# An Excel of another language parts cells at commas: what stands behind one begins a cell there.
FORMULA_WITHIN = re.compile(r"([;,\t\r\n]\s*)(?=[=+\-@])")
NEUTRALISED = re.compile(r"([;,\t\r\n]\s*)'(?=[=+\-@])")


def text(rows: Iterable[Sequence[Cell]]) -> str:
    r"""Write rows as CSV; a text that Excel would take for a formula gets an apostrophe before it.

    >>> text([("=1+1", 2.5, None, "Mawar; Melati")])
    '\'=1+1;2,5;;"Mawar; Melati"\r\n'
    """
    written = StringIO()
    csv.writer(written, delimiter=DELIMITER).writerows([[_safe(cell) for cell in row] for row in rows])
    return written.getvalue()


def bare(cell: str) -> str:
    """Return a cell without the apostrophes that `text` put into it."""
    within = NEUTRALISED.sub(r"\1", cell)
    return within[1:] if within.startswith("'") and within[1:].startswith(FORMULA_STARTS) else within


def file(taken: Taken) -> bytes:
    """Write an export as the bytes of a CSV file."""
    return (BYTE_ORDER_MARK + text([taken.headings(), *taken.rows()])).encode()


def _safe(cell: Cell) -> str | int | None:
    if isinstance(cell, float):
        return f"{cell:.10g}".replace(".", ",")
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, str):
        return cell
    within = FORMULA_WITHIN.sub(r"\1'", cell)
    return f"'{within}" if cell.startswith(FORMULA_STARTS) else within
