"""Take the last save back: one press where the answer or the day's list is shown, and it can be done again at once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import BY_NAME, Sentence
from siposyandu import taking_back
from siposyandu.errors import NotFound, Refused
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.taking_back import Saved
from siposyandu.web import day, drafts, fields, register, sessions, visits
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("undo", __name__)

PERSON = BY_NAME["person"]
WEIGHED, REGISTERED = N_("{name}, visit of {day}"), N_("{name}, registered")
VISIT_CORRECTED, CARD_CORRECTED = (
    N_("{name}, visit of {day} corrected"),
    N_("{name}, card corrected"),
)
REASON = N_("The save was taken back")
AGAIN = N_("The save stands again")
NOTHING_TO_TAKE_BACK = N_("Something else was saved since this page was opened. Nothing was taken back.")
IN_ITS_PLACE = N_("Something else was saved in its place meanwhile. It stays taken back.")

Row = dict[str, Any]


class Offer(NamedTuple):
    """The last save, which may be taken back: its edit, its record, and what it was in words."""

    uid: str
    entity: str
    words: Sentence


def offered() -> Offer | None:
    """Return the last save of the worker at the keyboard that she may take back; None where there is none."""
    saved = taking_back.last(sessions.store(), signed_in(), sessions.started_at())
    return Offer(saved.edit.uid, saved.edit.entity, _words(saved)) if saved else None


@pages.post("/batalkan")
@needs_worker
def take_back() -> Response:
    """Take back the save that the page named, if it is still the last; the next page says what was undone."""
    store = sessions.store()
    with store.write():
        saved = taking_back.last(store, signed_in(), sessions.started_at())
        if saved is None or saved.edit.uid != request.form.get("edit"):
            flash(_(NOTHING_TO_TAKE_BACK), "s1")
            return redirect("/hari-ini")
        done = taking_back.take_back(store, pen(), saved, _(REASON))
    return redirect(f"/batalkan/{done}")


@pages.get("/batalkan/<uid>")
@needs_worker
def show(uid: str) -> str:
    """Say what was taken back, and lead to where it is typed again."""
    saved = _taken_back(uid)
    return render_template("undone.html", uid=uid, saved=saved, words=_words(saved))


@pages.post("/batalkan/<uid>/kembalikan")
@needs_worker
def restore(uid: str) -> Response:
    """Let what was taken back stand again."""
    saved = _taken_back(uid)
    try:
        taking_back.do_again(sessions.store(), pen(), saved, _(AGAIN))
    except Refused:
        flash(_(IN_ITS_PLACE), "s1")
        return redirect("/hari-ini")
    flash(_(AGAIN))
    return redirect(_shown_at(saved))


@pages.post("/batalkan/<uid>/lagi")
@needs_worker
def type_again(uid: str) -> Response:
    """Open the page where it was typed, with what was typed in its fields, to be mended and saved."""
    saved = _taken_back(uid)
    typed = fields.as_typed(saved.form, saved.form.from_wire(saved.edit.values))
    page, draft = _typed_at(saved)
    drafts.keep_form({name: given for name, given in typed.items() if given}, draft)
    return redirect(page)


def _taken_back(uid: str) -> Saved:
    saved = taking_back.taken_back(sessions.store(), signed_in(), uid)
    if saved is None:
        raise NotFound(f"nothing was taken back by {uid}")
    return saved


def _words(saved: Saved) -> Sentence:
    child = _child(saved)
    if saved.form is PERSON:
        return Sentence(REGISTERED if saved.made else CARD_CORRECTED, name=child["name"] or "")
    said = WEIGHED if saved.made else VISIT_CORRECTED
    return Sentence(said, name=child["name"] or "", day=visits.day_short(child["visit_date"]))


def _child(saved: Saved) -> Mapping[str, Any]:
    if saved.form is PERSON:
        sql = "select id, name, '' as visit_date from person where id = $1"
    else:
        sql = """select p.id, p.name, b.visit_date from balita b left join person p on p.id = b.person where b.id = $1"""
    return sessions.store().one(sql, saved.edit.entity) or {"id": "", "name": "", "visit_date": ""}


def _shown_at(saved: Saved) -> str:
    return f"/anak/{saved.edit.entity}" if saved.form is PERSON else f"/kunjungan/{saved.edit.entity}/hasil"


def _typed_at(saved: Saved) -> tuple[str, str]:
    """Return the page where the save was typed, and the name of that page's draft."""
    entity = saved.edit.entity
    if saved.form is PERSON:
        page = f"/anak/{entity}/ubah"
        return (register.DRAFT,) * 2 if saved.made else (page, f"{page}/{day.at_hand()}")
    if not saved.made:
        return (f"/kunjungan/{entity}/koreksi",) * 2
    page = f"/kunjungan/balita/{_child(saved)['id']}"
    return page, f"{page}/{day.at_hand()}"
