"""The morning: an encrypted laptop is opened by its passphrase before anything else, and closed again in the evening."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import Sentence
from siposyandu.addresses import BY_HOTSPOT, THIS_MACHINE
from siposyandu.errors import MustWait, NotAllowed, NotFound, WrongPassphrase
from siposyandu.i18n import N_
from siposyandu.vault.door import Door
from siposyandu.web import sessions
from siposyandu.web.frame import local_path

pages = Blueprint("morning", __name__)

SEEN_WHILE_CLOSED = frozenset({"frame.change_language", "booklet.booklet"})
BLUEPRINTS_SEEN_WHILE_CLOSED = frozenset({"morning", "first_passphrase", "recovery", "put_back"})

WRONG = N_("That is not this laptop's passphrase. Try again, word by word.")
ONCE_MORE = N_("Please type it once more.")
WAIT = N_("Too many wrong tries. Wait {minutes} minutes, then try again. The right passphrase must wait too.")

Answer = Response | str | tuple[str, int]


@pages.get("/buka")
def ask() -> Answer:
    """Ask for the passphrase; a laptop that is open goes on to its pages, a new one chooses its passphrase first."""
    lock_here = door()
    if sessions.instance().is_open:
        return redirect(_next())
    if lock_here.is_new:
        return redirect("/laptop/kata-sandi/pertama")
    return _page([_to_wait(lock_here.wait_s())] if lock_here.wait_s() else [])


@pages.post("/buka")
def unlock() -> Answer:
    """Open the laptop, and go on to the page that was wanted; where no recovery papers were ever made, first to theirs."""
    door()
    only_at_the_laptop()
    refusal = tried(lambda: sessions.instance().unlock(request.form.get("passphrase", "")))
    if refusal:
        return _page([refusal]), 400
    return redirect("/laptop/kertas" if sessions.instance().door.lacks_papers else _next())


@pages.post("/tutup")
def lock() -> Response:
    """Close the laptop for everybody; who presses it leaves too. Only at the laptop itself, not from a phone."""
    door()
    only_at_the_laptop()
    if sessions.current_worker() is not None:
        sessions.end()
    sessions.instance().lock()
    return redirect("/buka", 303)


def door() -> Door:
    """Return the door of this place. NotFound where it has no lock: its pages are not for here."""
    found = sessions.instance().door
    if not found.has_lock:
        raise NotFound("this place is not encrypted")
    return found


def tried(act: Callable[[], None]) -> Sentence | None:
    """Try a passphrase; return why it was not taken, or None."""
    try:
        act()
    except WrongPassphrase:
        return Sentence(WRONG)
    except MustWait as refused:
        return _to_wait(refused.seconds)
    return None


def may_be_seen(endpoint: str | None) -> bool:
    """Whether a page may be shown while the laptop is closed."""
    return endpoint in SEEN_WHILE_CLOSED or (endpoint or "").split(".")[0] in BLUEPRINTS_SEEN_WHILE_CLOSED


def to_the_lock() -> Response:
    """Return the way to the page that opens the laptop, and from there back to this one."""
    return redirect(url_for("morning.ask", next=sessions.this_page() or "/"), 303)


def again() -> Answer:
    """Ask once more for what was typed on a page that had been open since before the program was started."""
    return _page([Sentence(ONCE_MORE)]), 400


def at_the_laptop() -> bool:
    """Whether the visitor sits at the laptop itself, or comes by an encrypted way: a passphrase never crosses a hotspot."""
    if BY_HOTSPOT in request.environ:
        return False
    return request.is_secure or request.remote_addr in THIS_MACHINE


def only_at_the_laptop() -> None:
    """Refuse (NotAllowed) what a phone may not do: the laptop is opened and closed where it stands."""
    if not at_the_laptop():
        raise NotAllowed("a laptop is opened and closed at its own keyboard")


def _page(errors: list[Sentence]) -> str:
    return render_template("morning.html", errors=errors, next=_next(), here=at_the_laptop())


def _to_wait(seconds: int) -> Sentence:
    return Sentence(WAIT, minutes=-(-seconds // 60))


def _next() -> str:
    return local_path(request.values.get("next"))
