"""Open the posyandu day: its date, the place and who is present; one key when all is as last time, and never a wall.

The date is asked at every sign-in, for a laptop's clock may be wrong. Who is present is asked with it where one posyandu
lives on this machine; it may wait, and can be written or changed at any time of the day.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu import access, places
from siposyandu.web import day, langkah, session_fields, sessions
from siposyandu.web.fields import Said
from siposyandu.web.session_fields import OPENING
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("open_day", __name__)

Row = dict[str, Any]
Answer = str | Response | tuple[str, int]


@pages.get("/hari-ini/tanggal")
@needs_worker
def ask_day() -> str:
    """Ask for another date: a book is typed afterwards, or the first answer was wrong."""
    return ask(day.at_hand())


@pages.post("/hari-ini/tanggal")
@needs_worker
def choose_day() -> Answer:
    """Keep the date of the visits that are typed from now on, and open the day where that was asked.

    A date that is far ahead is asked about once.
    """
    proposal = day.proposed()
    try:
        chosen = day.believable(request.form.get("day", ""))
    except ValueError:
        return ask(proposal, errors=[day.NO_SUCH_DATE]), 400
    typed = session_fields.typed(OPENING) if "open" in request.form else None
    if chosen > proposal + day.CLOCK_AHEAD_AT_MOST and "sure" not in request.form:
        return ask(chosen, typed=typed, later_than=proposal), 200
    posyandu_id = _only_posyandu()
    if typed is not None and posyandu_id is not None:
        checked = session_fields.check(posyandu_id, chosen, typed)
        if checked.errors:
            return ask(chosen, typed=typed, wrong=checked.errors), 400
        session_fields.keep(posyandu_id, chosen, checked.values)
    sessions.keep_day(chosen)
    return redirect(langkah.after_the_day())


@pages.get("/hari-ini/buka")
@needs_worker
def ask_who() -> str:
    """Ask where the day at hand is held and who is present."""
    return _who(_posyandu(), None)


@pages.post("/hari-ini/buka")
@needs_worker
def keep_who() -> Answer:
    """Keep where the day is held and who is present."""
    posyandu_id, typed = _posyandu(), session_fields.typed(OPENING)
    checked = session_fields.check(posyandu_id, day.at_hand(), typed)
    if checked.errors:
        return _who(posyandu_id, typed, checked.errors), 400
    session_fields.keep(posyandu_id, day.at_hand(), checked.values)
    return redirect(f"/hari-ini?posyandu={posyandu_id}")


def ask(
    proposal: date,
    *,
    typed: Row | None = None,
    errors: list[str] | None = None,
    wrong: Said | None = None,
    later_than: date | None = None,
) -> str:
    """Show the page that asks for the date, with the questions of the opening where one posyandu lives here."""
    posyandu_id = _only_posyandu()
    doubtful = proposal != sessions.today() and sessions.day() is None and later_than is None
    return render_template(
        "open_day.html",
        proposal=proposal,
        clock=sessions.today() if doubtful else None,
        later_than=later_than,
        typed_day=request.form.get("day", "") if errors else proposal,
        errors=errors or [],
        asked=posyandu_id and _asked(posyandu_id, proposal, typed, wrong),
        wrong=wrong,
    )


def _who(posyandu_id: str, typed: Row | None, wrong: Said | None = None) -> str:
    return render_template(
        "open_day_who.html",
        day=day.at_hand(),
        posyandu=places.posyandu(sessions.store(), posyandu_id),
        asked=_asked(posyandu_id, day.at_hand(), typed, wrong),
        wrong=wrong,
    )


def _asked(
    posyandu_id: str, on: date, typed: Mapping[str, Any] | None, wrong: Said | None
) -> session_fields.Asked:
    store = sessions.store()
    shown = session_fields.proposed(store, posyandu_id, on, signed_in()) if typed is None else typed
    return session_fields.asked(store, posyandu_id, on, shown, wrong)


def _only_posyandu() -> str | None:
    """Return the posyandu whose day it is where only one can be meant and she may write there; else None."""
    here = [str(row["id"]) for row in day.posyandu_of(signed_in())]
    may = len(here) == 1 and access.may_enter(sessions.store(), signed_in(), here[0])
    return here[0] if may else None


def _posyandu() -> str:
    posyandu_id = day.posyandu_at_hand(signed_in())
    access.require(
        access.may_enter(sessions.store(), signed_in(), posyandu_id), "open the day of this posyandu"
    )
    return posyandu_id
