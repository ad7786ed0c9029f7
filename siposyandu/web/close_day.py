"""Close the posyandu day: PMT, what happened, what was agreed; then the minutes. Closing locks nothing and can be changed."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu import access, opened_days, places
from siposyandu.opened_days import FORM
from siposyandu.web import day, drafts, session_fields, sessions
from siposyandu.web.fields import Said
from siposyandu.web.session_fields import CLOSING, OPENING
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("close_day", __name__)

QUESTIONS = (*OPENING, *CLOSING)

Row = dict[str, Any]
Answer = str | Response | tuple[str, int]


@pages.get("/hari-ini/tutup")
@needs_worker
def ask() -> str:
    """Ask what the minutes say beside the numbers; what was typed and not saved is here again."""
    posyandu_id = _posyandu()
    kept = drafts.restored(FORM, QUESTIONS, _draft(posyandu_id))
    return _drawn(posyandu_id, kept or _proposed(posyandu_id), restored=bool(kept))


@pages.post("/hari-ini/tutup")
@needs_worker
def close() -> Answer:
    """Keep what was typed and, unless she only wanted to save, close the day; the minutes follow."""
    posyandu_id, on = _posyandu(), day.at_hand()
    typed = session_fields.typed((*QUESTIONS, "closed"))
    checked = session_fields.check(posyandu_id, on, typed)
    if checked.errors:
        drafts.keep_form(typed, _draft(posyandu_id))
        return _drawn(posyandu_id, typed, wrong=checked.errors), 400
    session_fields.keep(posyandu_id, on, checked.values)
    drafts.forget_form(_draft(posyandu_id))
    return redirect(f"/hari-ini/notulen?posyandu={posyandu_id}&tanggal={on}")


def _proposed(posyandu_id: str) -> Row:
    return session_fields.proposed(sessions.store(), posyandu_id, day.at_hand(), signed_in())


def _drawn(
    posyandu_id: str, typed: Mapping[str, Any], wrong: Said | None = None, *, restored: bool = False
) -> str:
    store, on = sessions.store(), day.at_hand()
    known = opened_days.of_day(store, posyandu_id, on)
    return render_template(
        "close_day.html",
        day=on,
        posyandu=places.posyandu(store, posyandu_id),
        asked=session_fields.asked(store, posyandu_id, on, typed, wrong),
        closing=CLOSING,
        closed=bool(known and known["closed"]),
        draft=_draft(posyandu_id),
        restored=restored,
        wrong=wrong,
    )


def _draft(posyandu_id: str) -> str:
    return f"{request.path}/{posyandu_id}/{day.at_hand()}"


def _posyandu() -> str:
    posyandu_id = day.posyandu_at_hand(signed_in())
    access.require(
        access.may_enter(sessions.store(), signed_in(), posyandu_id), "close the day of this posyandu"
    )
    return posyandu_id
