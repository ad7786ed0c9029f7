"""A phone comes in: it scans the laptop's QR code, or its owner types the six digits that stand beside it."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu import phones
from siposyandu.errors import NotAllowed, NotFound
from siposyandu.i18n import N_
from siposyandu.web import phone_gate, sessions
from siposyandu.web.frame import local_path

pages = Blueprint("join_phone", __name__)

WRONG = N_("That is not the code. Look at the laptop's screen once more.")
KINDS = ("Android", "iPhone", "iPad", "Windows")
A_DAY_S = 24 * 3600

Answer = Response | str | tuple[str, int]


@pages.get("/gabung")
def ask() -> Answer:
    """Ask for the code; who scanned it brings it in the address."""
    _only_from_a_phone()
    return _tried(request.args["kode"]) if "kode" in request.args else _page([])


@pages.post("/gabung")
def join() -> Answer:
    """Let a phone in whose code is right."""
    _only_from_a_phone()
    return _tried(request.form.get("code", ""))


def _only_from_a_phone() -> None:
    if not phone_gate.by_hotspot():
        raise NotFound("the laptop itself needs no code")


def _tried(code: str) -> Answer:
    if not phone_gate.is_stranger():
        return redirect(_next())  # it is in already: the code was scanned twice
    digits = "".join(filter(str.isdigit, code))
    try:
        visitor = phones.Visitor(_kind(), request.remote_addr or "")
        secret = phones.join(sessions.store(), digits, visitor, sessions.now())
    except NotAllowed as refused:
        return _page([str(refused)]), 429
    if secret is None:
        return _page([WRONG]), 400
    inside = redirect(_next())
    inside.set_cookie(phone_gate.COOKIE, secret, max_age=A_DAY_S, httponly=True, samesite="Lax")
    return inside


def _kind() -> str:
    """Say what kind of phone it is, as far as its browser tells; only to be found again on the laptop's list."""
    said = request.user_agent.string
    return next((kind for kind in KINDS if kind in said), "")


def _next() -> str:
    return local_path(request.values.get("next"))


def _page(errors: list[str]) -> str:
    return render_template("join_phone.html", errors=errors, next=_next())
