"""The answer at once after saving: each index in words and colour, N or T, the growth card, and what to say to the mother."""

from datetime import date
from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, session
from werkzeug.wrappers import Response

from siposyandu import i18n, mother_tongues
from siposyandu.growth.advice import Advice
from siposyandu.web import curves, findings, one_child, referral, undo, visits
from siposyandu.web.sessions import needs_worker

pages = Blueprint("answer", __name__)

CATALOGUES = "MOTHER_TONGUES"
"""Where the catalogues of the mothers' languages lie, when not in the program."""


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
    last, advice = undo.offered(), findings.to_say(visit, slow=slow)
    return render_template(
        "answer.html",
        last=last if last and last.entity == visit_id else None,
        person=one_child.heading(person, on),
        visit=visit,
        place=referral.place_words(visit["referral"]) if referral.refers(visit) else "",
        gain=findings.gain(visit),
        findings=findings.findings(visit),
        reasons=findings.reasons_to_refer(visit, slow=slow),
        advice=advice,
        tongues=mother_tongues.complete(_catalogues()),
        in_her_tongue=_in_her_tongue(advice),
        kms=curves.kms_of(person, until, card=curves.card_at(person, on)),
    )


def _in_her_tongue(advice: Advice) -> tuple[str, str] | None:
    """Return the mother's language, as chosen here or at a child before, and the sentence in it; None for Indonesian."""
    if "bahasa" in request.args:
        session["mother_tongue"] = request.args["bahasa"]
    chosen = session.get("mother_tongue")
    spoken = {tongue.code for tongue in mother_tongues.complete(_catalogues())}
    return (chosen, mother_tongues.say(advice, chosen, _catalogues())) if chosen in spoken else None


def _catalogues() -> Path:
    return Path(current_app.config.get(CATALOGUES, i18n.LOCALE_FOLDER))
