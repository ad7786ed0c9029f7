"""Stickers for the KMS: a child's name and code, and the QR that a scanner types into the search field.

The sheets are those that shops sell; their sizes are in sheets.css, to the tenth of a millimetre. A sheet of which labels
were used already is put in again: printing begins at the first label that is left.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from markupsafe import Markup

from siposyandu import child_code, people
from siposyandu.periods import Month
from siposyandu.web import day, qr, sessions, sheets
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("stickers", __name__)

SIZES = {"70x37": (24, "70 × 37 mm, 3 × 8"), "63x38": (21, "63,5 × 38,1 mm, 3 × 7")}
"""Labels on an A4 sheet, and how the shop calls them. The first has no margins at all and is the common one."""

Row = dict[str, Any]


class Sticker(NamedTuple):
    """One label: the child, her code as it is read, and as a drawing for the scanner."""

    child: Row
    code: str
    drawing: Markup


@pages.get("/cetak/stiker")
@needs_worker
def stickers() -> str:
    """Show the sheets of stickers of all children, or of those chosen."""
    posyandu_id = day.children_at_hand(signed_in())
    children = people.sasaran(sessions.store(), posyandu_id, Month.of(day.at_hand()))
    asked = set(request.args.getlist("anak"))
    chosen = [child for child in children if not asked or child["id"] in asked]
    size = _size()
    first = max(1, min(request.args.get("mulai", 1, type=int), SIZES[size][0]))
    return render_template(
        "stickers.html",
        place=sheets.place(posyandu_id),
        children=children,
        asked=asked,
        sizes=[(code, words) for code, (_, words) in SIZES.items()],
        size=size,
        first=first,
        most=SIZES[size][0],
        count=len(chosen),
        sheets=laid([sticker(child) for child in chosen], SIZES[size][0], first),
    )


def sticker(child: Row) -> Sticker:
    """Return a child's label."""
    code = child_code.code_of(child["id"])
    return Sticker(child, code, qr.drawing(code.replace("-", "")))


def laid(labels: Sequence[Sticker], per_sheet: int, first: int) -> list[list[Sticker | None]]:
    """Lay labels on sheets; those before the first one that is left on the sheet stay free. No label, no sheet."""
    if not labels:
        return []
    return sheets.cut([*[None] * (first - 1), *labels], per_sheet)


def _size() -> str:
    asked = request.args.get("ukuran", "")
    return asked if asked in SIZES else next(iter(SIZES))
