"""Correct a child's own card; send her to another posyandu; write down that she moved away or died."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import BY_NAME, Sentence
from siposyandu import people, places, records
from siposyandu.errors import Incomplete
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.web import changes, day, drafts, fields, one_child, sessions, visits
from siposyandu.web.look_again import Doubt, Look
from siposyandu.web.sessions import needs_worker, pen

pages = Blueprint("identity", __name__)

PERSON = BY_NAME["person"]
SECTIONS = ("identity", "parents", "address", "birth")
STATES = (
    ("moved", N_("moved far away, out of our reach")),
    ("died", N_("died")),
    ("active", N_("is here again")),
)
KECAMATAN_DIGITS = 6
WEIGHED_BEFORE = N_(
    "There is a visit on {day}, before this day. Correct the birth date, or that visit first."
)
NIK_HELD = N_("Another child has this NIK already. Compare it with the family card.")

Row = dict[str, Any]
Answer = str | Response | tuple[str, int]


@pages.get("/anak/<person_id>/ubah")
@needs_worker
def ask(person_id: str) -> str:
    """Show the child's card to be corrected, with what was typed and not saved."""
    kept = drafts.restored(PERSON, _names(), _draft(person_id))
    return _card(one_child.opened(person_id, whole=False), kept, visits.NOTHING_FOUND, restored=bool(kept))


@pages.app_errorhandler(Incomplete)
def complete_first(lacking: Incomplete) -> Response:
    """Lead from a page that needs birth date and sex to the card where they are filled in."""
    return redirect(f"/anak/{lacking.person}/ubah")


@pages.post("/anak/<person_id>/ubah")
@needs_worker
def save(person_id: str) -> Answer:
    """Keep what was corrected; the old values stay in the history."""
    person = one_child.opened(person_id, whole=False)
    typed = fields.typed_in(PERSON, _names(), request.form)
    found = look(person, typed)
    still = found.still_open(request.form.getlist("asked"), request.form.get("answer", ""))
    if found.errors or still.doubts:
        drafts.keep_form(typed, _draft(person_id))
        return _card(person, typed, Look({}, found.errors, still.doubts)), 400 if found.errors else 200
    hers = changes.touched(PERSON, person_id, found.values)
    records.save(sessions.store(), pen(), PERSON, hers, person_id)
    drafts.forget_form(_draft(person_id))
    flash(_("The card is corrected."))
    return redirect(f"/anak/{person_id}")


def look(person: Row, typed: Mapping[str, Any]) -> Look:
    """Look at a correction of a child's card: what is wrong, and of what changed what is doubtful."""
    checked = PERSON.check(typed, partial=True, today=visits.reached(), context=person)
    changed = {
        PERSON.by_column[column].name for column, value in checked.values.items() if person[column] != value
    }
    doubts = [
        Doubt(f"{name}:{said}", name, said)
        for name, sentences in checked.questions.items()
        for said in sentences
        if name in changed
    ]
    if "nik" in changed and _held_by_another(checked.values.get("nik"), person["id"]):
        doubts.append(Doubt("nik:held", "nik", NIK_HELD))
    return Look(checked.values, {**checked.errors, **_weighed_before_birth(person, checked.values)}, doubts)


@pages.get("/anak/<person_id>/pindah")
@needs_worker
def ask_where(person_id: str) -> str:
    """Ask where the child has gone: to another posyandu, away, or whether she has died."""
    return _leaving(one_child.opened(person_id), {}, {})


@pages.post("/anak/<person_id>/pindah")
@needs_worker
def move(person_id: str) -> Answer:
    """Send the child to another posyandu from a day on: its kader weigh her from then, and she is counted there."""
    person = one_child.opened(person_id)
    typed = {name: request.form.get(name, "") for name in ("posyandu", "posyandu_since")}
    checked = PERSON.check(typed, partial=True, today=visits.reached(), context=person)
    errors = dict(checked.errors)
    if "posyandu" not in errors and checked.values["posyandu"] not in {
        row["id"] for row in _neighbours(person)
    }:
        errors["posyandu"] = [Sentence(N_("Choose the posyandu from the list."))]
    if "posyandu_since" not in errors:
        errors |= _since_when(person, checked.values["posyandu_since"])
    if errors:
        return _leaving(person, typed, errors), 400
    records.save(sessions.store(), pen(), PERSON, checked.values, person_id)
    flash(_("%(name)s now belongs to the other posyandu.") % {"name": person["name"]})
    return redirect("/hari-ini")


def _since_when(person: Row, since: Any) -> dict[str, list[Sentence]]:
    if not since:
        return {"posyandu_since": [Sentence(N_("Write since which day."))]}
    before_birth = Sentence(N_("This day is before the birth. Check the date."))
    return {"posyandu_since": [before_birth]} if since < person["birth_date"] else {}


@pages.post("/anak/<person_id>/status")
@needs_worker
def leave(person_id: str) -> Answer:
    """Write down that the child moved away, died, or is here again."""
    person = one_child.opened(person_id)
    typed = {name: request.form.get(name, "") for name in ("status", "status_date")}
    checked = PERSON.check(
        typed, partial=True, today=visits.reached(), context={**person, "status_date": None}
    )
    errors = dict(checked.errors)
    if "status" not in errors and checked.values["status"] not in dict(STATES):
        errors["status"] = [Sentence(N_("Choose what has happened."))]
    if errors:
        return _leaving(person, typed, errors), 400
    records.save(sessions.store(), pen(), PERSON, checked.values, person_id)
    flash(_("Written down."))
    return redirect(f"/anak/{person_id}")


def _weighed_before_birth(person: Row, values: Mapping[str, Any]) -> dict[str, list[Sentence]]:
    """Return why a birth date cannot be: a visit lies before it. That date or the visit's is wrong."""
    sql = "select min(visit_date) from balita where person = $1 and retracted = 0"
    born, first = values.get("birth_date"), sessions.store().value(sql, person["id"])
    if not born or not first or born == person["birth_date"] or born <= first:
        return {}
    return {"birth_date": [Sentence(WEIGHED_BEFORE, day=date.fromisoformat(first))]}


def _held_by_another(nik: Any, person_id: str) -> bool:
    holder = people.by_nik(sessions.store(), str(nik)) if nik else None
    return holder is not None and holder["id"] != person_id


def _names() -> list[str]:
    return [name for section in SECTIONS for name in fields.of_section(PERSON, section)]


def _draft(person_id: str) -> str:
    """Name the draft by child and day: what was typed last month is not laid over today's card."""
    return f"/anak/{person_id}/ubah/{day.at_hand()}"


def _card(person: Row, typed: Mapping[str, Any], found: Look, *, restored: bool = False) -> str:
    titles = {section.code: section.title for section in PERSON.sections}
    stands = {**fields.as_typed(PERSON, person), **typed}
    return render_template(
        "identity.html",
        person=person,
        found=found,
        draft=_draft(person["id"]),
        seen=records.newest(sessions.store(), person["id"]),
        restored=restored,
        sections=[
            (titles[code], fields.shown(PERSON, fields.of_section(PERSON, code), stands, found.errors))
            for code in SECTIONS
        ],
    )


def _leaving(person: Row, typed: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    today = fields.day_typed(day.at_hand().isoformat())
    shown = {"posyandu_since": today, "status_date": today, **typed}
    return render_template(
        "leaving.html",
        person=one_child.heading(person, day.at_hand()),
        neighbours=[(row["id"], row["name"]) for row in _neighbours(person)],
        typed=typed,
        errors=errors,
        states=[(code, _(words)) for code, words in STATES if code != (person["status"] or "active")],
        leaving=fields.shown(PERSON, ("posyandu_since", "status", "status_date"), shown, errors),
    )


def _neighbours(person: Row) -> list[Row]:
    """Return the other posyandu of the same kecamatan, which every laptop there knows."""
    here = places.posyandu(sessions.store(), person["posyandu"])
    near = places.within(sessions.store(), here["desa_code"][:KECAMATAN_DIGITS])
    return [row for row in near if row["id"] != here["id"]]
