"""The gate for phones: what comes by the hotspot opens nothing before the day's code was typed on that phone.

A page elsewhere that a phone looks at cannot reach in: a request must name the laptop's own address (no other name that
was made to point there), the cookie stays on this address, and every form carries its token.
"""

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from siposyandu import phones
from siposyandu.addresses import BY_HOTSPOT
from siposyandu.instance import Instance
from siposyandu.web import sessions

COOKIE = "siposyandu_hp"
BEFORE_THE_CODE = frozenset({"static", "join_phone.ask", "join_phone.join", "frame.change_language"})
WHILE_CLOSED = frozenset({"static", "morning.ask"})
BAD_REQUEST, NOT_FOUND, UNAVAILABLE = 400, 404, 503


def keep(app: Flask, instance: Instance) -> None:
    """Put the gate before all pages; it must stand before what notes that somebody is at work."""

    @app.before_request
    def only_phones_that_joined() -> ResponseReturnValue | None:
        host = request.environ.get(BY_HOTSPOT)
        if host is None:
            return None
        if request.host != host:
            abort(BAD_REQUEST)
        if request.path.startswith("/v1/"):
            abort(NOT_FOUND)  # machines have their own ways in; this door is for people
        return _for_a_phone() if instance.is_open else _while_closed(instance)


def by_hotspot() -> bool:
    """Whether the visitor came by the hotspot."""
    return BY_HOTSPOT in request.environ


def is_stranger() -> bool:
    """Whether this is a phone that has not typed the code: nobody at work."""
    return bool(g.get("stranger"))


def _while_closed(instance: Instance) -> ResponseReturnValue | None:
    g.bare = g.stranger = True
    if instance.damage is not None:
        abort(UNAVAILABLE)
    return None if request.endpoint in WHILE_CLOSED else redirect(url_for("morning.ask"), 303)


def _for_a_phone() -> ResponseReturnValue | None:
    if request.endpoint == "static":
        return None
    store = sessions.store()
    phone = phones.known(store, request.cookies.get(COOKIE, ""), sessions.today())
    if phone is None:
        g.bare = g.stranger = True
        if request.endpoint in BEFORE_THE_CODE:
            return None
        return redirect(url_for("join_phone.ask", next=sessions.this_page() or "/"), 303)
    worker = sessions.current_worker()
    phones.note_seen(store, phone, worker.id if worker else None, sessions.now())
    return None
