"""Correct a visit: the old value is kept, with who changed it, when and why; or withdraw a visit made by mistake."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import BY_NAME, Sentence
from siposyandu import records
from siposyandu.i18n import N_
from siposyandu.web import changes, drafts, fields, one_child, sessions, visits
from siposyandu.web.changes import REASON, corrections
from siposyandu.web.look_again import Case, Look, look_at_correction
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("correct", __name__)

FORM = BY_NAME["balita"]
WHY = N_("Write in a few words why.")

Row = dict[str, Any]
Answer = str | Response | tuple[str, int]


@pages.get("/kunjungan/<visit_id>/koreksi")
@needs_worker
def ask(visit_id: str) -> str:
    """Show a visit as it stands, to be corrected."""
    person, _, visit = visits.of_id(visit_id)
    kept = drafts.restored(FORM, [*_names(), REASON], _draft(visit_id))
    return _drawn(person, visit, kept, visits.NOTHING_FOUND, restored=bool(kept))


@pages.post("/kunjungan/<visit_id>/koreksi")
@needs_worker
def save(visit_id: str) -> Answer:
    """Keep the correction beside the old value; what is wrong, doubtful or without a reason is asked."""
    person, all_visits, visit = visits.of_id(visit_id)
    typed = fields.typed_in(FORM, [*visits.names(), REASON], request.form)
    others = [each for each in all_visits if each["id"] != visit_id]
    found = look_at_correction(Case(person, others, visits.reached()), visit, typed)
    errors = {**found.errors, **_reason_missing(typed)}
    hers = repaired(visit, changes.touched(FORM, visit_id, found.values))
    if not found.errors and not differs(visit, hers):
        return redirect(f"/kunjungan/{visit_id}/hasil")
    still = found.still_open(request.form.getlist("asked"), request.form.get("answer", ""))
    if errors or still.doubts:
        shown = Look({}, errors, () if errors else still.doubts)
        drafts.keep_form(typed, _draft(visit_id))
        return _drawn(person, visit, typed, shown), 400 if errors else 200
    records.save(sessions.store(), pen(), FORM, hers, visit_id)
    drafts.forget_form(_draft(visit_id))
    return redirect(f"/kunjungan/{visit_id}/hasil")


def repaired(visit: Row, hers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is corrected; where the day is, it is doubted no longer."""
    if visit["date_doubt"] and hers.get("visit_date", visit["visit_date"]) != visit["visit_date"]:
        return {**hers, "date_doubt": None}
    return hers


@pages.post("/kunjungan/<visit_id>/batal")
@needs_worker
def withdraw(visit_id: str) -> Answer:
    """Withdraw a visit that was written for the wrong child, or twice; the log keeps it with the reason."""
    gone = "select person from balita where id = $1 and retracted = 1"
    if child := sessions.store().value(gone, visit_id):
        return redirect(f"/anak/{child}")  # the button was pressed twice
    person, _, visit = visits.of_id(visit_id)
    reason = request.form.get("withdraw_reason", "").strip()
    if not reason:
        missing = Look({}, {"withdraw_reason": [Sentence(WHY)]}, ())
        return _drawn(person, visit, {}, missing), 400
    records.retract(sessions.store(), pen(), visit_id, reason)
    return redirect(f"/anak/{person['id']}")


def weighed_twice(person: Row, visit: Row, typed: Mapping[str, Any]) -> Answer:
    """Answer a second weighing of the same day: the first one is shown with what was typed now, to be corrected."""
    now = {name: given for name, given in typed.items() if given}
    return _drawn(person, visit, now, visits.NOTHING_FOUND, twice=True)


def _drawn(person: Row, visit: Row, typed: Mapping[str, Any], found: Look, **said: bool) -> str:
    on = date.fromisoformat(visit["visit_date"])
    stands = {name: text for name, text in fields.as_typed(FORM, visit).items() if name in _names()}
    filled = visits.Filled({*_names(), *typed}, {**stands, **typed}, found)
    return render_template(
        "correct.html",
        person=one_child.heading(person, on),
        visit=visit,
        twice=said.get("twice", False),
        restored=said.get("restored", False),
        draft=_draft(visit["id"]),
        seen=records.newest(sessions.store(), visit["id"]),
        found=found,
        card=visits.page(person, on, filled),
        reason=fields.shown(FORM, [REASON], typed, found.errors)[REASON],
        changes=corrections(FORM, records.history(sessions.store(), FORM, visit["id"])),
    )


def _draft(visit_id: str) -> str:
    return f"/kunjungan/{visit_id}/koreksi"


def _names() -> list[str]:
    """Return the fields whose stored answers this worker may read; others are neither shown nor sent back empty."""
    return fields.may_see(FORM, signed_in(), visits.names())


def differs(visit: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether these values would change a visit."""
    return any(visit[column] != value for column, value in values.items() if column != REASON)


def _reason_missing(typed: Mapping[str, Any]) -> dict[str, list[Sentence]]:
    return {} if str(typed.get(REASON) or "").strip() else {REASON: [Sentence(WHY)]}
