"""One cell of a sheet as text: what a person would have typed, with Excel's own disguises taken off."""

import re
from datetime import date, datetime

Cell = str | int | float | bool | date | None

# What people write in a cell to say "nothing".
BLANKS = frozenset(("", "-", "--", "–", "—", "null", "none", "nan"))


def text_of(cell: Cell) -> str:
    """The cell as text; "" for a blank.

    >>> text_of(7.8), text_of(12.0), text_of(date(2026, 8, 3)), text_of('="0812"'), text_of("'5203"), text_of(" - ")
    ('7.8', '12', '2026-08-03', '0812', '5203', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return str(cell)  # of any length: a file may hold what no measure is
    if isinstance(cell, float):
        # A double holds 15 or 16 digits; ten are more than any measure has and drop the noise of 7.800000000000001.
        return str(int(cell)) if cell.is_integer() else f"{cell:.10g}"
    return _bare(cell)


def is_number(cell: Cell) -> bool:
    """Whether the cell was kept as a number: then a NIK in it has lost digits."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _bare(text: str) -> str:
    text = text.replace("\xa0", " ").strip()
    # Two ways in which people keep Excel from making a number of a text.
    text = re.sub(r'^="(.*)"$', r"\1", text).removeprefix("'").strip()
    return "" if text.casefold() in BLANKS else text
