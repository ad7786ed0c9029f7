"""Referrals: who was sent where and has not been heard of, how it ended, and the letter the family takes along."""

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request

from forms import BY_NAME, Option
from forms.balita import ILLNESSES, REFERRALS
from siposyandu import access, child_code, places, records, referrals
from siposyandu.access import Worker
from siposyandu.errors import NotFound
from siposyandu.growth.advice import Reason
from siposyandu.growth.referral import TB_SIGNS
from siposyandu.referrals import Referral
from siposyandu.web import beside, day, fields, findings, one_child, sessions, undo, visits
from siposyandu.web.beside import Answer, Page
from siposyandu.web.changes import REASON
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("referral", __name__)

FORM, VISIT = BY_NAME["referral_return"], BY_NAME["balita"]
BY_THE_PAGE = frozenset({"person", "posyandu", "visit", REASON})
NOT_REFERRED = (None, "none")

Row = dict[str, Any]


class Line(NamedTuple):
    """One open referral as the list shows it."""

    referral: Referral
    place: str
    posyandu: str
    days: int
    late: bool
    why: list[str]


@pages.get("/rujukan")
@needs_worker
def listed() -> str:
    """Show the open referrals of the posyandu, for a health worker of her whole area, and how others ended."""
    who, store, on = signed_in(), sessions.store(), day.at_hand()
    here = _posyandu_of(who)
    names = {row["id"]: row["name"] for row in here}
    ids = list(names)
    return render_template(
        "referrals.html",
        day=on,
        lines=[line_of(each, names, on) for each in referrals.open_at(store, ids, on)],
        ended=[_ended(row) for row in referrals.ended_at(store, ids, on)],
        late_after=referrals.LATE_AFTER_DAYS,
        choices=day.posyandu_of(who),
        options=[(row["id"], row["name"]) for row in day.posyandu_of(who)],
        chosen=ids[0] if len(ids) == 1 else "",
        several=len(ids) > 1,
        undoable=undo.offered(),
    )


@pages.get("/rujukan/<visit_id>/kembali")
@needs_worker
def ask(visit_id: str) -> str:
    """Ask how a referral ended."""
    return beside.ask(_new(visit_id))


@pages.post("/rujukan/<visit_id>/kembali")
@needs_worker
def save(visit_id: str) -> Answer:
    """Keep what was heard of a referral; it closes, or with "not yet" stays open."""
    return beside.save(_new(visit_id))


@pages.get("/rujukan/<return_id>/koreksi")
@needs_worker
def ask_again(return_id: str) -> str:
    """Show what was heard as it stands, to be corrected."""
    return beside.ask(_kept(return_id))


@pages.post("/rujukan/<return_id>/koreksi")
@needs_worker
def correct(return_id: str) -> Answer:
    """Keep the correction beside the old value, with the reason."""
    return beside.save(_kept(return_id))


@pages.post("/rujukan/<return_id>/batal")
@needs_worker
def withdraw(return_id: str) -> Answer:
    """Withdraw an answer that was written by mistake: the referral is open again."""
    return beside.withdrawn(FORM, return_id) or beside.withdraw(_kept(return_id))


@pages.get("/kunjungan/<visit_id>/surat")
@needs_worker
def letter(visit_id: str) -> str:
    """Show the letter that the family takes along; its lower part comes back filled in."""
    person, all_visits, visit = _referred(visit_id)
    on = date.fromisoformat(visit["visit_date"])
    until = [each for each in all_visits if each["visit_date"] <= visit["visit_date"]]
    slow = visit["month"] is not None and findings.slow_gain(person, until)
    posyandu = places.posyandu(sessions.store(), visit["posyandu"])
    return render_template(
        "referral_letter.html",
        person=one_child.heading(person, on),
        visit=visit,
        place=place_words(visit["referral"]),
        posyandu=posyandu,
        puskesmas=_puskesmas(posyandu),
        findings=findings.findings(visit) if visit["month"] else [],
        gain=findings.gain(visit) if visit["month"] else None,
        why=reasons(visit, slow=slow),
        writer=_writer(visit_id),
        code=child_code.code_of(person["id"]),
    )


def refers(visit: Row) -> bool:
    """Whether a visit sent the child on."""
    return visit["referral"] not in NOT_REFERRED


def place_words(code: str | None) -> str:
    """Return where a child was sent, as the form calls it."""
    return _label(REFERRALS, code or "none")


def reasons(visit: Row, *, slow: bool = False) -> list[str]:
    """Return why a child was referred, in the form's words: what growth says and signs of illness, as the reader may know."""
    hers = fields.may_see(VISIT, signed_in(), ("tb_cough", "illness"))
    found = findings.reasons_to_refer(visit, slow=slow) if visit["month"] else ()
    growth = [_words(reason) for reason in found if reason is not TB_SIGNS or "tb_cough" in hers]
    ill = visit["illness"].split(",") if visit["illness"] and "illness" in hers else []
    return [*growth, *(_label(ILLNESSES, code) for code in ill)]


def _words(reason: Reason) -> str:
    return reason.label


def _label(options: tuple[Option, ...], code: str) -> str:
    return next((option.label for option in options if option.code == code), code)


def _posyandu_of(who: Worker) -> list[Row]:
    """Return the posyandu to list: the one asked for, else all of a health worker's; a kader has hers."""
    here = day.children_at_hand(who)
    if who.role in access.HEALTH_WORKERS and not request.args.get("posyandu"):
        return day.posyandu_of(who)
    return [places.posyandu(sessions.store(), here)]


def line_of(referral: Referral, names: Row, on: date) -> Line:
    """Return an open referral as lists show it on a day."""
    return Line(
        referral,
        place_words(referral.visit["referral"]),
        names[referral.person["posyandu"]],
        referral.days_open(on),
        referral.late(on),
        reasons(referral.visit),
    )


def _ended(row: Row) -> Row:
    hers = beside.may_read(FORM, row)
    return {"found": None, "treatment": None, **hers, "place": place_words(row["referral"])}


def _referred(visit_id: str) -> tuple[Row, list[Row], Row]:
    person, all_visits, visit = visits.of_id(visit_id)
    if not refers(visit):
        raise NotFound(f"visit {visit_id} refers nobody")
    return person, all_visits, visit


def _new(visit_id: str) -> Page:
    person, _, visit = _referred(visit_id)
    return _page(person, visit, f"/rujukan/{visit_id}/kembali/{day.at_hand()}")


def _kept(return_id: str) -> Page:
    person, answer = beside.of_id(FORM, return_id)
    visit = sessions.store().one("select * from balita where id = $1", answer["visit"])
    page = _page(person, visit, f"/rujukan/{return_id}/koreksi")
    return replace(page, record=answer, afterwards=f"/anak/{person['id']}")


def _page(person: Row, visit: Row | None, draft: str) -> Page:
    sent = visit["visit_date"] if visit else None
    return Page(
        form=FORM,
        template="referral_return.html",
        person=person,
        names=[name for name in FORM.by_name if name not in BY_THE_PAGE],
        known={"person": person["id"], "posyandu": person["posyandu"], "visit": visit["id"] if visit else ""},
        context={"referred_date": sent},
        draft=draft,
        afterwards="/rujukan",
        proposed={"returned_date": fields.day_typed(day.at_hand().isoformat())},
        words={"visit": visit, "place": place_words(visit["referral"]) if visit else ""},
    )


def _puskesmas(posyandu: Row) -> str:
    kept = posyandu["puskesmas"]
    name = sessions.store().value("select name from puskesmas where id = $1", kept) if kept else None
    return str(name or "")


def _writer(visit_id: str) -> tuple[str, str]:
    """Return name and role of who wrote the referral into the visit."""
    history = records.history(sessions.store(), VISIT, visit_id)
    said = [change for change in history if change.column == "referral" and change.worker_name]
    who = signed_in()
    return (said[-1].worker_name, said[-1].role) if said else (who.name, who.role)
