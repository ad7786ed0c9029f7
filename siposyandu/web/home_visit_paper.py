"""The sheet that the visiting kader takes along: who was not weighed, by dusun, the most urgent first, with boxes to tick."""

from flask import Blueprint, render_template

from siposyandu import people, places
from siposyandu.periods import Month
from siposyandu.web import day, home_visit, sessions
from siposyandu.web.afterwards import sweeping
from siposyandu.web.sessions import needs_worker, signed_in
from siposyandu.web.today import expected

pages = Blueprint("home_visit_paper", __name__)


@pages.get("/hari-ini/kunjungan-rumah")
@needs_worker
def paper() -> str:
    """Show the sheet."""
    store, on = sessions.store(), day.at_hand()
    posyandu_id, month = day.children_at_hand(signed_in()), Month.of(day.at_hand())
    children = expected(store, posyandu_id, on)
    homes = home_visit.since_session(store, posyandu_id, on, children)
    groups = [
        (dusun, [home_visit.with_home(child, homes) for child in found])
        for dusun, found in sweeping(children, month)
    ]
    return render_template(
        "home_visit_paper.html",
        day=on,
        month=month,
        posyandu=places.posyandu(store, posyandu_id),
        groups=groups,
        houses={child.id: people.person(store, child.id) for _, found in groups for child in found},
    )
