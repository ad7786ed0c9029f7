"""The answer at once after saving: each index in words and colour, N or T, the growth card, and what to say to the mother."""

from datetime import date

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from siposyandu.web import curves, findings, one_child, referral, undo, visits
from siposyandu.web.sessions import needs_worker

pages = Blueprint("answer", __name__)


@pages.get("/kunjungan/<visit_id>/hasil")
@needs_worker
def show(visit_id: str) -> str | Response:
    """Show what one visit says; one that cannot be judged, because it lies before the birth, is corrected first."""
    person, all_visits, visit = visits.of_id(visit_id)
    if visit["month"] is None:
        return redirect(f"/kunjungan/{visit_id}/koreksi")
    on = date.fromisoformat(visit["visit_date"])
    until = [each for each in all_visits if each["visit_date"] <= visit["visit_date"]]
    slow = findings.slow_gain(person, until)
    last = undo.offered()
    return render_template(
        "answer.html",
        last=last if last and last.entity == visit_id else None,
        person=one_child.heading(person, on),
        visit=visit,
        place=referral.place_words(visit["referral"]) if referral.refers(visit) else "",
        gain=findings.gain(visit),
        findings=findings.findings(visit),
        reasons=findings.reasons_to_refer(visit, slow=slow),
        advice=findings.to_say(visit, slow=slow),
        kms=curves.kms_of(person, until, card=curves.card_at(person, on)),
    )
