"""A damaged database is shown to nobody: this page says so, and puts the newest good copy in its place."""

from itertools import chain, islice
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu import backups, health, restoring
from siposyandu.copies import locks
from siposyandu.copies.shelves import Copy
from siposyandu.errors import SiposyanduError
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.instance import Instance
from siposyandu.periods import local_date, parse_instant
from siposyandu.restoring import Opened
from siposyandu.web import morning, sending, sessions

pages = Blueprint("damaged", __name__)

# What is wrong, as the person at the laptop reads it to the puskesmas over the telephone.
SAID = {
    health.GONE: N_("the database is gone"),
    health.LOCKED_OR_TORN: N_("the database cannot be opened"),
    health.PAGES: N_("a part of the database cannot be read"),
    health.INDEX: N_("the tables of the database do not agree"),
    health.LOST_END: N_("the last records cannot be read"),
}
SEEN = frozenset({"frame.change_language", "booklet.booklet", "damaged.show", "damaged.put_back"})
COPIES_SHOWN = 5
GONE = N_("This copy is no longer there. Put the flash disk in again and choose once more.")
NOT_OPENED = N_("This copy cannot be used. Choose another one.")

Answer = Response | str | tuple[str, int]


@pages.get("/rusak")
def show() -> Answer:
    """Say that the database is damaged and show the good copies; a place that is well goes on to its pages."""
    if sessions.instance().damage is None:
        return redirect("/")
    return _page([])


@pages.post("/rusak")
def put_back() -> Answer:
    """Put the chosen copy in the place of the damaged database, which is kept aside; pressed twice, it is done once."""
    morning.only_at_the_laptop()
    here = sessions.instance()
    with here.turning():
        if here.damage is None:
            return redirect("/")
        errors = _put_back(here)
    if errors:
        return _page(errors), 400
    here.ask_to_send()
    return redirect("/")


def _put_back(here: Instance) -> list[str]:
    """Put the chosen copy back, or return why it cannot be."""
    wanted = request.form.get("copy", "")
    copy = next((copy for copy in _copies() if copy.path.name == wanted), None)
    if copy is None:
        return [GONE]
    try:
        restoring.put_back(here.config, _opened(copy))
        here.mended()
    except (SiposyanduError, OSError):
        return [NOT_OPENED]
    return []


def may_be_seen(endpoint: str | None) -> bool:
    """Whether a page may be shown while the database is damaged."""
    return endpoint in SEEN


def refused() -> Answer | tuple[dict[str, str], int]:
    """Lead a person to the page that says what to do; tell a machine to come again later."""
    if request.path.startswith("/v1/"):
        return {"refused": "damaged", "hint": "this place's database is damaged: see its page"}, 503
    return to_the_page()


def to_the_page() -> Response:
    """Return the way to the page that says what to do."""
    return redirect("/rusak", 303)


def _opened(copy: Copy) -> Opened:
    database_key = sessions.instance().database_key
    if database_key is None:
        return restoring.opened_by_paper(copy.path, request.form.get("paper", ""))
    return restoring.opened_here(copy.path, database_key)


def _copies() -> list[Copy]:
    """Return the newest copies of this place: of two laptops of one posyandu that share a flash disk, only of this one."""
    here = sessions.instance()
    ours = backups.at_hand(here, lambda copy: _is_of(here, copy) and _opens(here, copy))
    # A recovery paper that was replaced since may still open what was locked for it.
    older = backups.at_hand(here, lambda copy: _is_of(here, copy) and not _opens(here, copy))
    return list(islice(chain(ours, older if here.database_key is None else ()), COPIES_SHOWN))


def _is_of(here: Instance, copy: Copy) -> bool:
    return copy.head.area == here.config.area


def _opens(here: Instance, copy: Copy) -> bool:
    """Whether a copy is locked with the key of this database or, where that has none, for this place's recovery paper."""
    if here.database_key is None:
        return copy.head.lock.get("for") == here.config.copy_key
    try:
        locks.open_by_database_key(copy.head.lock, here.database_key)
    except SiposyanduError:
        return False
    return True


def _page(errors: list[str]) -> str:
    here = sessions.instance()
    shown: dict[str, Any] = {
        "copies": [described(copy) for copy in _copies()],
        "needs_paper": here.database_key is None,
        "word": SAID[here.damage.what] if here.damage else "",
        "here": morning.at_the_laptop(),
    }
    return render_template("damaged.html", errors=errors, **shown)


def described(copy: Copy) -> dict[str, Any]:
    """Return what a person is told of a copy: its file, whose it is, until when it reaches, how much it holds."""
    return {
        "name": copy.path.name,
        "place": copy.head.place,
        "made": _made(copy.head.made_at),
        "edits": copy.head.edits,
    }


def _made(instant: str) -> str:
    """Say when a copy was made, the day always in words: whoever chooses one must not take yesterday's for today's."""
    now = sessions.now()
    clock = sending.moment(instant, now)
    return f"{_('today')} {clock}" if local_date(parse_instant(instant)) == local_date(now) else clock
