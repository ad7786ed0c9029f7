"""Colleagues on this laptop: whoever is signed in vouches for a colleague who sets her first PIN, or a forgotten one.

A first PIN may be vouched for by any worker here; one that was forgotten only by a bidan desa or nutrition officer.
It works without a signal: no code has to come from anywhere.
"""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu import access, credentials
from siposyandu.access import Worker
from siposyandu.errors import BadInput, NotFound
from siposyandu.i18n import N_, gettext
from siposyandu.web import sessions
from siposyandu.web.frame import ROLE_WORDS
from siposyandu.web.login import NOT_TWICE_THE_SAME, at_this_place
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("colleagues", __name__)


@pages.get("/laptop/pin")
@needs_worker
def everybody() -> str:
    """Show who works here, who has a PIN, and for whom the worker at the keyboard may vouch."""
    store = sessions.store()
    rows = [
        {"worker": worker, "has_pin": credentials.has_secret(store, worker.id), "may": _may_vouch(worker)}
        for worker in _here()
    ]
    return render_template("colleagues.html", rows=rows, roles=ROLE_WORDS)


@pages.get("/laptop/pin/<worker_id>")
@needs_worker
def ask(worker_id: str) -> str:
    """Ask the colleague to type her new PIN herself."""
    return render_template("colleague_pin.html", colleague=_colleague(worker_id), errors={})


@pages.post("/laptop/pin/<worker_id>")
@needs_worker
def keep(worker_id: str) -> Response | tuple[str, int]:
    """Keep the colleague's PIN; whatever sessions she had end."""
    colleague, pin = _colleague(worker_id), request.form.get("pin", "")
    try:
        if pin != request.form.get("pin_again", ""):
            raise BadInput({"pin_again": [NOT_TWICE_THE_SAME]})
        credentials.set_pin(sessions.store(), colleague.id, pin, sessions.now())
    except BadInput as refused:
        return render_template("colleague_pin.html", colleague=colleague, errors=refused.fields), 400
    flash(gettext(N_("The PIN is kept. {name} can sign in now.")).format(name=colleague.name))
    return redirect("/laptop/pin")


def _here() -> list[Worker]:
    if sessions.instance().config.is_province:
        raise NotFound("PINs are for laptops")
    return at_this_place(sessions.store(), sessions.instance().config.area)


def _may_vouch(colleague: Worker) -> bool:
    who = signed_in()
    has_pin = credentials.has_secret(sessions.store(), colleague.id)
    return colleague != who and access.may_vouch(who, colleague, has_pin=has_pin)


def _colleague(worker_id: str) -> Worker:
    found = next((worker for worker in _here() if worker.id == worker_id), None)
    if found is None:
        raise NotFound(f"no worker {worker_id} at this place")
    access.require(_may_vouch(found), "vouch for this colleague")
    return found
