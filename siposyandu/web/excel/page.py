"""The page Excel: the lists of a posyandu to take out, and the way back for what was changed in them."""

from flask import Blueprint, render_template

from siposyandu import exports, places
from siposyandu.periods import Month
from siposyandu.web import day, sessions
from siposyandu.web.sessions import needs_worker, signed_in
from siposyandu.web.taking_out import GATHERED, month_asked

pages = Blueprint("excel", __name__)

MONTHS_OFFERED = 13


@pages.get("/excel")
@needs_worker
def excel() -> str:
    """Show the lists to take out."""
    posyandu_id, month = day.children_at_hand(signed_in()), month_asked()
    present = Month.of(day.at_hand())
    return render_template(
        "excel.html",
        posyandu=places.posyandu(sessions.store(), posyandu_id),
        choices=day.posyandu_of(signed_in()),
        month=month,
        months=[present.shifted(-back) for back in range(MONTHS_OFFERED)],
        lists=[exports.BY_IDENTIFIER[identifier] for identifier in GATHERED],
    )
