"""Weigh and measure a child: last time's values in sight, faults said at the field, doubts asked once, then saved."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import BY_NAME
from forms.dates import read_date
from siposyandu import access, people, records
from siposyandu.web import card, correct, day, drafts, fields, one_child, register, sessions, visits
from siposyandu.web.look_again import Case, Look, look
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("weigh", __name__)

FORM = BY_NAME["balita"]
DIED = "died"

Row = dict[str, Any]
Answer = str | Response | tuple[str, int]


@pages.get("/kunjungan/balita/<person_id>")
@needs_worker
def ask(person_id: str) -> Answer:
    """Show the scales' page; a child who was weighed this very day is corrected instead."""
    person = one_child.opened(person_id)
    if request.args.get("dari") == "baru":
        drafts.forget_form(register.DRAFT)  # the card that was begun turned out to be this child's
    if person["status"] == DIED:
        return redirect(f"/anak/{person_id}/ubah")
    others = one_child.visits_of(person_id)
    same_day = visits.on_day(others, day.at_hand())
    if same_day:
        return redirect(f"/kunjungan/{same_day['id']}/koreksi")
    kept = drafts.restored(FORM, visits.names(), _draft(person_id))
    return _drawn(person, others, kept or _proposed(person), visits.NOTHING_FOUND, restored=bool(kept))


@pages.post("/kunjungan/balita/<person_id>")
@needs_worker
def save(person_id: str) -> Answer:
    """Save a visit and show what it says; ask again what is hardly believable, give back what cannot be."""
    person = one_child.opened(person_id)
    access.require(access.may_enter(sessions.store(), signed_in(), person["posyandu"]), "weigh this child")
    others = one_child.visits_of(person_id)
    typed = fields.typed_in(FORM, visits.names(), request.form)
    found = look(
        Case(person, others, visits.reached()), {**typed, "person": person_id, "posyandu": person["posyandu"]}
    )
    if found.errors:
        return _given_back(person, others, typed, Look({}, found.errors, ())), 400
    still = found.still_open(request.form.getlist("asked"), request.form.get("answer", ""))
    if still.doubts and not _of_that_day(others, found):
        return _given_back(person, others, typed, still)
    return _kept(person, typed, found)


def _of_that_day(others: Sequence[Row], found: Look) -> Row | None:
    return visits.on_day(others, date.fromisoformat(str(found.values["visit_date"])))


def _kept(person: Row, typed: Row, found: Look) -> Answer:
    """Save the visit. One of that day is corrected instead, or is this very one: the button was pressed twice."""
    with sessions.store().write() as store:  # a second press waits here, then finds what the first one saved
        before = people.visit_on(store, person["id"], str(found.values["visit_date"]))
        twice = before is not None and correct.differs(before, found.values)
        visit_id = before["id"] if before else records.save(store, pen(), FORM, found.values)
        if not twice:
            drafts.forget_form(
                _draft(person["id"])
            )  # in the same transaction: a slow disk is waited for once
    if twice and (first := _of_that_day(one_child.visits_of(person["id"]), found)):
        return correct.weighed_twice(person, first, typed)
    return redirect(f"/kunjungan/{visit_id}/hasil")


def _given_back(person: Row, others: Sequence[Row], typed: Row, found: Look) -> str:
    """Show the page again as it was typed, and keep that too: the power may be cut now."""
    drafts.keep_form(typed, _draft(person["id"]))
    return _drawn(person, others, typed, found)


def _drawn(person: Row, others: Sequence[Row], typed: Row, found: Look, *, restored: bool = False) -> str:
    on = read_date(str(typed.get("visit_date", ""))) or day.at_hand()
    earlier = [visit for visit in others if visit["visit_date"] < on.isoformat()]
    same_month = [visit for visit in others if visit["visit_date"][:7] == on.isoformat()[:7]]
    return render_template(
        "weigh.html",
        person=one_child.heading(person, on),
        on=on,
        draft=_draft(person["id"]),
        restored=restored,
        same_month=same_month[-1] if same_month else None,
        earlier=earlier[-1] if earlier else None,
        found=found,
        card=visits.page(
            person, on, visits.Filled(visits.names(), typed, found, visits.last_values(earlier))
        ),
    )


def _proposed(person: Mapping[str, Any]) -> dict[str, str]:
    on = day.at_hand()
    age_days = (on - date.fromisoformat(person["birth_date"])).days
    return {"visit_date": fields.day_typed(on.isoformat()), "measured": card.position_at(age_days)}


def _draft(person_id: str) -> str:
    """Name the draft by child and day: what was typed last month is not given back today."""
    return f"/kunjungan/balita/{person_id}/{day.at_hand()}"
