"""Titipan: give records away as a file, take what was brought, and carry for others; for places without a network."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from siposyandu import access, keeping, titipan
from siposyandu.errors import NotFound
from siposyandu.i18n import N_, gettext
from siposyandu.titipan import LAPTOP, PROVINCE, PUSKESMAS, Outgoing
from siposyandu.web import sending, sessions
from siposyandu.web.join import tidy_address
from siposyandu.web.sessions import needs_worker, signed_in
from sync import bundle, satchel, vouching
from sync.bundle import Remark
from sync.errors import SyncError
from sync.status import status

pages = Blueprint("titipan", __name__)

SHOWN_AT_MOST = 100
LONGEST_ADDRESS = 200
# A machine by its name or its numbers, perhaps a port, perhaps a path.
ADDRESS = re.compile(
    r"https?://(\w[\w.-]*|\[[\da-f:.]+\])(:\d{1,5})?(/[\w./~%-]*)?", re.ASCII | re.IGNORECASE
)
NO_ADDRESS = N_("This is not an address. Write it as the puskesmas gave it, for example 192.168.1.2:8520.")
NO_FILE = N_("Choose a file first.")
NOTHING_WAITS = N_("No answer waits yet.")
NOT_GIVEN = N_("Nothing could be given away. Call the puskesmas and read them this word: {word}")
Answer = AnyResponse | str | tuple[str, int]


def panel() -> dict[str, Any]:
    """Return what the page of this place shows about records that travel without a network."""
    instance, store, now = sessions.instance(), sessions.store(), sessions.now()
    at = titipan.role(instance, store)
    shown: dict[str, Any] = {"at": at, "moment": lambda instant: sending.moment(instant, now)}
    if at == PUSKESMAS:
        carried = satchel.carried(store)
        shown |= {
            "carried": [(each, titipan.WORDS.get(each.refused, "")) for each in carried[:SHOWN_AT_MOST]],
            "more": len(carried) - SHOWN_AT_MOST,
            "answers": satchel.receipts_kept(store),
            "early": vouching.early_count(store),
        }
    if at == LAPTOP:
        shown |= {"relay": instance.config.relay, "relay_errors": [], "status": status(store)}
    return shown


@pages.get("/titipan")
@needs_worker
def show() -> Answer:
    """Show what can be given away and taken here; on a laptop that is part of its own page."""
    if not sessions.instance().config.is_province:
        return redirect("/laptop")
    _only_for_carriers()
    return render_template("titipan.html", titipan=panel(), results=[])


@pages.post("/titipan/berkas")
@needs_worker
def give() -> Answer:
    """Give a file away: of a laptop or PC to the province, of the province to laptops."""
    _only_for_carriers()
    return _given(lambda: titipan.outgoing(sessions.instance(), sessions.store(), _hers()))


@pages.post("/titipan/balasan")
@needs_worker
def give_answers() -> Answer:
    """Give away, at a puskesmas PC, the answers for its laptops."""
    _only_at(PUSKESMAS)
    return _given(lambda: titipan.answers_for_laptops(sessions.instance(), sessions.store()))


@pages.post("/titipan/terima")
@needs_worker
def take() -> Answer:
    """Take files that were brought, and say of each what became of it."""
    _only_for_carriers()
    results = [_taken(given) for given in request.files.getlist("files") if given.filename]
    if not results:
        flash(gettext(NO_FILE), "s1")
        return redirect(_home())
    return render_template("titipan.html", titipan=panel(), results=results)


@pages.post("/titipan/teruskan")
@needs_worker
def pass_on() -> AnyResponse:
    """Ask, at a puskesmas PC, to pass on what it carries over its own internet; the page never waits for it."""
    _only_at(PUSKESMAS)
    sessions.instance().ask_to_send()
    flash(gettext(N_("Passing on is tried now. You can go on working.")))
    return redirect(_home())


@pages.post("/titipan/alamat")
@needs_worker
def keep_address() -> Answer:
    """Keep the address of the puskesmas PC on whose hotspot this laptop gives its records away."""
    _only_at(LAPTOP)
    typed = request.form.get("relay", "").strip()[:LONGEST_ADDRESS]
    address = tidy_address(typed if "://" in typed or not typed else f"http://{typed}")
    if address and not ADDRESS.fullmatch(address):
        refused = panel() | {"relay": typed, "relay_errors": [NO_ADDRESS]}
        return render_template("titipan.html", titipan=refused, results=[]), 400
    titipan.relay_at(sessions.instance(), address)
    flash(
        gettext(
            N_("Kept. When the province cannot be reached, this PC is tried.")
            if address
            else N_("No PC is tried any more.")
        )
    )
    return redirect(_home())


def _hers() -> Callable[[str], bool]:
    """Return whether the province answers the laptops of an area for the worker at the keyboard: of her own area."""
    if not sessions.instance().config.is_province:
        return lambda area: True
    return keeping.register(sessions.store(), signed_in()).holds


def _given(make: Any) -> Answer:
    try:
        out: Outgoing = make()
    except NotFound:
        flash(gettext(NOTHING_WAITS), "s1")
        return redirect(_home())
    except SyncError as refused:
        words = titipan.WORDS.get(refused.code, NOT_GIVEN)
        flash(gettext(words).format(word=refused.code), "s3")
        return redirect(_home())
    out.given()
    answer = Response(out.data, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{out.name}"'
    return answer


def _taken(given: FileStorage) -> dict[str, Any]:
    with given.stream as stream:
        data = stream.read(bundle.LARGEST_FILE + 1)
    came = titipan.incoming(sessions.instance(), sessions.store(), data)
    return {"name": given.filename, "came": came, "parts": list(_parts(came.remarks))}


def _parts(remarks: tuple[Remark, ...]) -> Iterator[tuple[Remark, str, str]]:
    for remark in remarks[:SHOWN_AT_MOST]:
        words, word = titipan.sentence(remark)
        yield remark, gettext(words).format(word=word), word


def _home() -> str:
    return "/titipan" if sessions.instance().config.is_province else "/laptop"


def _only_at(place: str) -> None:
    if titipan.role(sessions.instance(), sessions.store()) != place:
        raise NotFound(f"only at a {place}")


def _only_for_carriers() -> None:
    """At the province those who keep its lists; elsewhere whoever works there."""
    if titipan.role(sessions.instance(), sessions.store()) == PROVINCE:
        access.require(signed_in().role in access.KEEPERS, "carrying files for laptops")
