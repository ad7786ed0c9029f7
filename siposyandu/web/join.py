"""A new laptop joins the province: its address and the one-time code from the puskesmas, typed once."""

import platform
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import Sentence
from siposyandu import as_laptop, letter
from siposyandu.errors import NotFound
from siposyandu.i18n import N_
from siposyandu.instance import Instance
from siposyandu.letter import Letter
from siposyandu.web import sending, sessions
from siposyandu.web.login import at_this_place
from siposyandu.web.morning import only_at_the_laptop
from sync.errors import BadCode, ClockWrong, SyncError, Unreachable

pages = Blueprint("join", __name__)

MACHINE_NAME_LETTERS = 100

NO_ADDRESS = N_("Write the address as it stands on the letter from the puskesmas.")
NO_CODE = N_("Write the code as it stands on the letter from the puskesmas.")
NOT_REACHED = N_("This address does not answer. Is there a signal? Is the address right, letter by letter?")
WRONG_CODE = N_(
    "The code is not right, was used, or is older than three days. Compare it letter by letter or ask for a new one."
)
NOT_TAKEN = N_(
    "The province did not take this laptop. Call the puskesmas and read them what stands here: {word}"
)

OTHER_PROVINCE = N_(
    "At this address answers another province than the letter's. Type nothing more here and call the puskesmas."
)

Answer = Response | str | tuple[str, int]


@pages.get("/laptop/pasang")
def ask() -> Answer:
    """Ask for address and code, of a laptop that was put back too; one that has joined waits here until its workers' names
    have come."""
    if _has_workers() and not as_laptop.must_join_again(sessions.store()):
        return redirect("/laptop" if sessions.current_worker() else "/masuk")
    if _has_joined():
        return render_template("join_waiting.html")
    return render_template("join.html", address=sessions.instance().config.upstream, code="", errors={})


@pages.post("/laptop/pasang")
def join() -> Answer:
    """Join the province; afterwards the workers' names stand at the door."""
    only_at_the_laptop()
    if _has_joined():
        return redirect("/laptop/pasang")
    typed = request.form.get("code", "")
    given = letter.read(typed)
    address = tidy_address(given.address or request.form.get("address", ""))
    errors = _missing(address, given.code) or _refusal(address, given)
    if errors:
        return render_template("join.html", address=address, code=typed, errors=errors), 400
    return redirect("/laptop/pasang")


@pages.post("/laptop/pasang/lagi")
def fetch_again() -> Response:
    """Ask the sending job to fetch the workers' names once more."""
    sessions.instance().ask_to_send()
    return redirect("/laptop/pasang")


def tidy_address(typed: str) -> str:
    """Return an address as a program needs it.

    >>> tidy_address(" SIPosyandu.ntbprov.go.id/ "), tidy_address("http://10.0.0.2:8520")
    ('https://SIPosyandu.ntbprov.go.id', 'http://10.0.0.2:8520')
    """
    address = typed.strip().rstrip("/")
    return address if not address or "://" in address else f"https://{address}"


def _missing(address: str, code: str) -> dict[str, list[Any]]:
    wanted = (("address", address, NO_ADDRESS), ("code", code, NO_CODE))
    return {name: [sentence] for name, given, sentence in wanted if not given}


def _refusal(address: str, given: Letter) -> dict[str, list[Any]]:
    """Join, or return why not. Once joined, a broken first fetch is no refusal: it is tried again by itself."""
    try:
        name = platform.node()[:MACHINE_NAME_LETTERS]
        as_laptop.enrol(sessions.instance(), address, given.code, name, given.fingerprint)
    except SyncError as refused:
        return {} if _has_joined() else _said(refused)
    return {}


def _said(refused: SyncError) -> dict[str, list[Any]]:
    if isinstance(refused, Unreachable):
        return {"address": [NOT_REACHED]}
    if isinstance(refused, ClockWrong):
        return {"address": [sending.CLOCK.words, sending.CLOCK.to_do]}
    if isinstance(refused, BadCode):
        return {"code": [WRONG_CODE]}
    if refused.code == "other_province":
        return {"code": [OTHER_PROVINCE]}
    return {"code": [Sentence(NOT_TAKEN, word=refused.code)]}


def _has_joined() -> bool:
    return as_laptop.has_joined(sessions.instance(), sessions.store())


def _has_workers() -> bool:
    return bool(at_this_place(sessions.store(), _laptop().config.area))


def _laptop() -> Instance:
    here = sessions.instance()
    if here.config.is_province:
        raise NotFound("the province joins nobody")
    return here
