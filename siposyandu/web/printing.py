"""Everything that can be printed for a posyandu, on one page; each is a page of its own that the browser prints."""

from flask import Blueprint, render_template

from siposyandu import people, places, sip
from siposyandu.periods import Month
from siposyandu.sip.format import YEAR
from siposyandu.web import day, sessions
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("printing", __name__)


@pages.get("/cetak")
@needs_worker
def printing() -> str:
    """Show what can be printed."""
    who = signed_in()
    posyandu_id, month = day.children_at_hand(who), Month.of(day.at_hand())
    return render_template(
        "printing.html",
        posyandu=places.posyandu(sessions.store(), posyandu_id),
        choices=day.posyandu_of(who),
        month=month,
        children=people.sasaran(sessions.store(), posyandu_id, month),
        formats=[(form, form.PERIOD == YEAR) for form in sip.ALL],
    )
