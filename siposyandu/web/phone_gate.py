"""The gate for phones: what comes by the hotspot opens nothing before the day's code was typed on that phone.

A page elsewhere that a phone looks at cannot reach in: a request must name the laptop's own address (no other name that
was made to point there), the cookie stays on this address, and every form carries its token. Who typed her PIN on a phone is
signed in on that phone alone: when it is shut out, what its cookies say opens nothing on another that typed the new code.
"""

import re
from datetime import date, timedelta
from threading import Lock

from flask import Flask, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from siposyandu import phones
from siposyandu.addresses import BY_HOTSPOT, THIS_MACHINE
from siposyandu.i18n import gettext
from siposyandu.instance import Instance
from siposyandu.periods import local_date
from siposyandu.web import patience, sessions

COOKIE = "siposyandu_hp"
BOUND_TO = "phone"
"""In the cookie of a session that began on a phone: its number."""
PORT = re.compile(r":\d+$")
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
BEFORE_THE_CODE = frozenset({"static", "join_phone.ask", "join_phone.join", "frame.change_language"})
WHILE_CLOSED = frozenset({"static", "morning.ask"})
BAD_REQUEST, NOT_FOUND, UNAVAILABLE = 400, 404, 503
SET_BY = timedelta(minutes=5)
"""A clock that is so far from where steady seconds would have brought it was set; less is its own drift."""


def keep(app: Flask, instance: Instance) -> None:
    """Put the gate before all pages; it must stand before what notes that somebody is at work."""
    watch = _Watch(instance)

    @app.before_request
    def only_phones_that_joined() -> ResponseReturnValue | None:
        if instance.is_open and not instance.config.is_province:
            watch.let_the_door_follow()
        host = request.environ.get(BY_HOTSPOT)
        if host is None:
            _only_by_its_own_name(instance)
            return None
        if request.host != host:
            abort(BAD_REQUEST)
        if request.path.startswith("/v1/"):
            abort(NOT_FOUND)  # machines have their own ways in; this door is for people
        return _for_a_phone() if instance.is_open else _while_closed(instance)


class _Watch:
    """Sees that the clock was set while the program runs, so that no phone is a stranger by another date."""

    def __init__(self, instance: Instance) -> None:
        self._instance, self._turn = instance, Lock()
        self._looked = instance.now(), instance.steady_s

    def let_the_door_follow(self) -> None:
        """Let the door for phones that stood open by the clock as it was stand open by the clock as it is.

        One page after another: two that saw it at once would shut a door that had followed already.
        """
        with self._turn:
            day_as_it_was = self._day_as_it_was()
            if day_as_it_was is not None:
                phones.follow_clock(sessions.store(), day_as_it_was, sessions.today())

    def _day_as_it_was(self) -> date | None:
        """Return today by the clock as it was; None where nobody has set it since the last look."""
        then, then_s = self._looked
        now, now_s = self._looked = self._instance.now(), self._instance.steady_s
        goes_on = then + timedelta(seconds=now_s - then_s)
        return local_date(goes_on) if abs(now - goes_on) > SET_BY else None


def bind_session() -> None:
    """Let the session that begins hold on this phone alone; at the laptop itself it is bound to nothing."""
    if "phone" in g:
        session[BOUND_TO] = g.phone["phone_no"]


def by_hotspot() -> bool:
    """Whether the visitor came by the hotspot."""
    return BY_HOTSPOT in request.environ


def is_stranger() -> bool:
    """Whether this is a phone that has not typed the code: nobody at work."""
    return bool(g.get("stranger"))


def _only_by_its_own_name(instance: Instance) -> None:
    """Refuse a browser at the laptop that was told another name for it: a page elsewhere had it made, to read what it shows."""
    is_here = request.remote_addr in THIS_MACHINE and not request.is_secure
    if is_here and not instance.config.is_province and PORT.sub("", request.host) not in OWN_NAMES:
        abort(BAD_REQUEST)


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
        if patience.is_asked():  # it was in by another door or another date, and something may stand typed
            to_do = gettext("Type the six digits that stand on the laptop's screen.")
            return patience.stay(to_do, url_for("join_phone.ask", next="/masuk"))
        return redirect(url_for("join_phone.ask", next=sessions.this_page() or "/"), 303)
    g.phone = phone
    if session.get(BOUND_TO) != phone["phone_no"]:
        session.pop("id", None)  # begun elsewhere
    worker = sessions.current_worker()
    phones.note_seen(store, phone, worker.id if worker else None, sessions.now())
    return None
