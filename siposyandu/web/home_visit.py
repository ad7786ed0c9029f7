"""A visit to a child's home: half a minute to write down; corrected or withdrawn like a weighing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint

from forms import BY_NAME
from forms.home_visit import MET, YES
from siposyandu import home_visits, people, referrals
from siposyandu.growth import classify
from siposyandu.i18n import N_, gettext, month_name
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.web import beside, day, fields, one_child, sessions
from siposyandu.web.beside import Answer, Page
from siposyandu.web.changes import REASON
from siposyandu.web.in_words import spoken
from siposyandu.web.marks import Mark
from siposyandu.web.sessions import needs_worker
from siposyandu.web.today import Expected
from siposyandu.web.visits import reached

pages = Blueprint("home_visit", __name__)

FORM = BY_NAME["home_visit"]
BY_THE_PAGE = frozenset({"person", "posyandu", REASON})
NEW_BABY_MONTHS = 1

Row = dict[str, Any]


@pages.get("/kunjungan-rumah/<person_id>")
@needs_worker
def ask(person_id: str) -> str:
    """Show the page for a new visit."""
    return beside.ask(_new(one_child.opened(person_id)))


@pages.post("/kunjungan-rumah/<person_id>")
@needs_worker
def save(person_id: str) -> Answer:
    """Save a visit; what is wrong is given back as it was typed."""
    return beside.save(_new(one_child.opened(person_id)))


@pages.get("/kunjungan-rumah/<home_visit_id>/koreksi")
@needs_worker
def ask_again(home_visit_id: str) -> str:
    """Show a visit as it stands, to be corrected."""
    return beside.ask(_kept(home_visit_id))


@pages.post("/kunjungan-rumah/<home_visit_id>/koreksi")
@needs_worker
def correct(home_visit_id: str) -> Answer:
    """Keep the correction beside the old value, with the reason."""
    return beside.save(_kept(home_visit_id))


@pages.post("/kunjungan-rumah/<home_visit_id>/batal")
@needs_worker
def withdraw(home_visit_id: str) -> Answer:
    """Withdraw a visit that was written by mistake."""
    return beside.withdrawn(FORM, home_visit_id) or beside.withdraw(_kept(home_visit_id))


def since_session(store: Store, posyandu_id: str, on: date, children: Sequence[Expected]) -> dict[str, Row]:
    """Return, by child, the last visit to her home since this month's posyandu day."""
    weighed_on = [date.fromisoformat(child.last["visit_date"]) for child in children if child.last]
    since = home_visits.since_session(weighed_on, Month.of(on))
    return home_visits.last_since(store, posyandu_id, since, reached())


def with_home(child: Expected, homes: Mapping[str, Row]) -> Expected:
    """Return the child with what the visit to her home found, beside what her last weighing says."""
    visit = homes.get(child.id)
    return replace(child, marks=[*child.marks, *_said(visit)], home=visit) if visit else child


def _said(visit: Row) -> list[Mark]:
    """Say of a visit when it was, whom it met, and what it found, as far as the reader may know."""
    hers = beside.may_read(FORM, visit)
    met = {option.code: option.label for option in MET}[visit["met"]]
    severity = classify.GOOD if visit["met"] == YES else classify.WATCH
    told = [Mark(severity, f"{short_day(visit['visit_date'])}: {gettext(met)}")]
    signs = hers["baby_signs"] or hers["danger_signs"]
    found = (
        (signs, Mark(classify.URGENT, N_("danger signs"))),
        (hers.get("tb_signs"), Mark(classify.ACT, N_("signs of TB"))),
        (hers["problems"], Mark(classify.WATCH, words_of("problems", hers["problems"]))),
    )
    return [*told, *(mark for holds, mark in found if holds)]


def words_of(name: str, codes: str | None) -> str:
    """Return several answers of the form in words.

    >>> words_of("agreed", None)
    ''
    """
    field = FORM.by_name[name]
    return spoken(sessions.store(), field, codes) if codes else ""


def short_day(iso: str) -> str:
    """Write a day of this or last year in little room: "3 Agu"."""
    return f"{int(iso[8:10])} {month_name(int(iso[5:7]))[:3]}"


def _new(person: Row) -> Page:
    on = day.at_hand()
    return Page(
        form=FORM,
        template="home_visit.html",
        person=person,
        names=_names(people.age_on(person, on)),
        known={"person": person["id"], "posyandu": person["posyandu"]},
        context={"birth_date": person["birth_date"]},
        draft=f"/kunjungan-rumah/{person['id']}/{on}",
        afterwards=f"/anak/{person['id']}",
        proposed={"visit_date": fields.day_typed(on.isoformat()), "reason": _reason(person, on)},
    )


def _kept(visit_id: str) -> Page:
    person, visit = beside.of_id(FORM, visit_id)
    months = people.age_on(person, date.fromisoformat(visit["visit_date"]))
    fresh = _new(person)
    return replace(
        fresh, record=visit, names=_names(months, visit), draft=f"/kunjungan-rumah/{visit_id}/koreksi"
    )


def _names(months: int, visit: Row | None = None) -> list[str]:
    """Return the names of the questions at an age, and of those answered already."""
    asked = [name for name in FORM.by_name if name not in BY_THE_PAGE]
    return [name for name in asked if home_visits.asked(name, months, visit)]


def _reason(person: Row, on: date) -> str:
    """Propose why she is visited, from her last weighing."""
    weighings = [visit for visit in one_child.visits_of(person["id"]) if visit["weight_g"] is not None]
    last = weighings[-1] if weighings else None
    if last is None and people.age_on(person, on) <= NEW_BABY_MONTHS:
        return "new_birth"
    if last is None or last["visit_date"] < Month.of(on).first.isoformat():
        return "did_not_come"
    warnings = (("severe_malnutrition", "severe"), ("below_red_line", "bgm"), ("two_t", "two_t"))
    found = next((reason for column, reason in warnings if last[column]), None)
    return found or ("referral" if referrals.of_child(sessions.store(), person, on) else "other")
