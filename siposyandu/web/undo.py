"""Take the last save back: one press where the answer or the day's list is shown, and it can be done again at once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import Sentence
from siposyandu import taking_back
from siposyandu.errors import NotFound, Refused
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.taking_back import Saved
from siposyandu.web import day, drafts, fields, register, sessions, visits
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("undo", __name__)


class Kind(NamedTuple):
    """How a save of one form is told, and where it is shown and typed: addresses with the words of `about` in braces.

    `typed_at` and `corrected_at` are each a page and the name of that page's draft.
    """

    made: str
    corrected: str
    about: str
    shown_at: str
    typed_at: tuple[str, str]
    corrected_at: tuple[str, str]


KINDS = {
    "person": Kind(
        N_("{name}, registered"),
        N_("{name}, card corrected"),
        "select id as child, name, null as day, null as visit from person where id = $1",
        "/anak/{record}",
        (register.DRAFT, register.DRAFT),
        ("/anak/{record}/ubah", "/anak/{record}/ubah/{on}"),
    ),
    "balita": Kind(
        N_("{name}, visit of {day}"),
        N_("{name}, visit of {day} corrected"),
        """select p.id as child, p.name, b.visit_date as day, b.id as visit
        from balita b left join person p on p.id = b.person where b.id = $1""",
        "/kunjungan/{record}/hasil",
        ("/kunjungan/balita/{child}", "/kunjungan/balita/{child}/{on}"),
        ("/kunjungan/{record}/koreksi",) * 2,
    ),
    "home_visit": Kind(
        N_("{name}, home visit of {day}"),
        N_("{name}, home visit of {day} corrected"),
        """select p.id as child, p.name, h.visit_date as day, null as visit
        from home_visit h left join person p on p.id = h.person where h.id = $1""",
        "/anak/{child}",
        ("/kunjungan-rumah/{child}", "/kunjungan-rumah/{child}/{on}"),
        ("/kunjungan-rumah/{record}/koreksi",) * 2,
    ),
    "referral_return": Kind(
        N_("{name}, word of the referral on {day}"),
        N_("{name}, word of the referral on {day} corrected"),
        """select p.id as child, p.name, r.returned_date as day, r.visit
        from referral_return r left join person p on p.id = r.person where r.id = $1""",
        "/rujukan",
        ("/rujukan/{visit}/kembali", "/rujukan/{visit}/kembali/{on}"),
        ("/rujukan/{record}/koreksi",) * 2,
    ),
}
"""The forms of taking_back.py."""
REASON = N_("The save was taken back")
AGAIN = N_("The save stands again")
NOTHING_TO_TAKE_BACK = N_("Something else was saved since this page was opened. Nothing was taken back.")
IN_ITS_PLACE = N_("Something else was saved in its place meanwhile. It stays taken back.")


class Offer(NamedTuple):
    """The last save, which may be taken back: its edit, its record, the child it is about, and what it was in words."""

    uid: str
    entity: str
    child: str
    words: Sentence


def offered() -> Offer | None:
    """Return the last save of the worker at the keyboard that she may take back; None where there is none."""
    saved = taking_back.last(sessions.store(), signed_in(), sessions.started_at())
    return Offer(saved.edit.uid, saved.edit.entity, _about(saved)["child"], _words(saved)) if saved else None


def offered_about(child: str) -> Offer | None:
    """Return the last save if it was about this child; None otherwise."""
    offer = offered()
    return offer if offer is not None and offer.child == child else None


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
    return redirect(_filled(KINDS[saved.form.name].shown_at, saved))


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
    kind, about = KINDS[saved.form.name], _about(saved)
    said = kind.made if saved.made else kind.corrected
    day_said = {"day": visits.day_short(about["day"])} if about["day"] else {}
    return Sentence(said, name=about["name"] or "", **day_said)


def _about(saved: Saved) -> Mapping[str, Any]:
    """Return whom and which day a save is about: child, name, day, visit; empty where the record is not here."""
    nothing = {"child": "", "name": "", "day": None, "visit": ""}
    return sessions.store().one(KINDS[saved.form.name].about, saved.edit.entity) or nothing


def _typed_at(saved: Saved) -> tuple[str, str]:
    """Return the page where the save was typed, and the name of that page's draft."""
    kind = KINDS[saved.form.name]
    page, draft = kind.typed_at if saved.made else kind.corrected_at
    return _filled(page, saved), _filled(draft, saved)


def _filled(address: str, saved: Saved) -> str:
    return address.format(**_about(saved), record=saved.edit.entity, on=day.at_hand())
