"""What every printed sheet has: whose posyandu it is, how many sheets there are, and the day it was printed.

A list is cut into sheets here and not by the browser: each sheet carries its own head, its own row of titles and its own
foot, no row is torn apart, and "sheet 2 of 5" is true in every browser.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from siposyandu import areas, places
from siposyandu.web import sessions

Row = dict[str, Any]
Item = TypeVar("Item")


def place(posyandu_id: str) -> Row:
    """Return what stands on every sheet of a posyandu: its names, from the posyandu up to the kabupaten, and the day."""
    posyandu = places.posyandu(sessions.store(), posyandu_id)
    code = str(posyandu["desa_code"] or "")
    upward = [code[:digits] for digits in (10, 6, 4)] if code else []
    return {
        "id": posyandu_id,
        "posyandu": posyandu["name"],
        "areas": [areas.area(each).name for each in upward],
        "printed": sessions.today(),
    }


def cut(rows: Sequence[Item], per_sheet: int, spare: int = 0) -> list[list[Item | None]]:
    """Cut rows into sheets; the last one is filled up with None, empty lines to write on, and has `spare` of them at least.

    >>> cut("abc", 2), cut("ab", 2, spare=1), cut("", 2)
    ([['a', 'b'], ['c', None]], [['a', 'b'], [None, None]], [[None, None]])
    """
    lines = [*rows, *[None] * spare]
    count = max(1, -(-len(lines) // per_sheet))
    lines += [None] * (count * per_sheet - len(lines))
    return [lines[at : at + per_sheet] for at in range(0, len(lines), per_sheet)]


def day_in_numbers(day: date | str | None) -> str:
    """Write a day in the room of a box, "03-08-26"; "" for none.

    >>> day_in_numbers("2026-08-03")
    '03-08-26'
    """
    if not day:
        return ""
    return (date.fromisoformat(day) if isinstance(day, str) else day).strftime("%d-%m-%y")
