"""Phones help: the laptop opens a door for them, shows its QR code, and says which phones are in."""

from typing import Any, Protocol

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu import addresses, phones, stations
from siposyandu.errors import NotAllowed, NotFound
from siposyandu.i18n import N_
from siposyandu.web import day, langkah, morning, qr, sending, sessions
from siposyandu.web.sessions import needs_worker

pages = Blueprint("hotspot", __name__)

URL = "/hotspot"
NOT_HEARD = N_(
    "The laptop cannot be reached at this address. Switch its hotspot on, then open the door once more."
)

Answer = Response | str | tuple[str, int]


class Listener(Protocol):
    """What listens for phones (siposyandu/listening.py)."""

    address: str
    port: int

    def open(self, address: str) -> None:
        """Listen on an address of this machine. OSError when that cannot be."""

    def shut(self) -> None:
        """Listen no more."""


def listener() -> Listener | None:
    """Return what listens for phones; None where another program serves the pages."""
    found: Listener | None = current_app.extensions.get("listener")
    return found


@pages.get(URL)
@needs_worker
def show() -> str:
    """Show the QR code and the phones that are in; before the door is open, how to open it."""
    _at_the_laptop()
    return _page([])


@pages.get(f"{URL}/hp")
@needs_worker
def phones_alone() -> str:
    """Return the list of phones alone, for the page that is looked at to fetch it again."""
    _at_the_laptop()
    return render_template("hotspot_phones.html", **_phones())


@pages.post(URL)
@needs_worker
def open_door() -> Answer:
    """Open the door for phones, for today."""
    ear, address = _at_the_laptop(), request.form.get("address", "")
    if address not in addresses.of_this_machine():
        return _page([NOT_HEARD]), 400
    try:
        ear.open(address)
    except OSError:
        return _page([NOT_HEARD]), 400
    phones.open_door(sessions.store(), address, sessions.today(), day.at_hand())
    return redirect(URL)


@pages.post(f"{URL}/tutup")
@needs_worker
def shut_door() -> Response:
    """Shut the door: no phone is heard any more."""
    ear = _at_the_laptop()
    phones.shut_door(sessions.store())
    ear.shut()
    return redirect(URL)


@pages.post(f"{URL}/kode")
@needs_worker
def change_code() -> Response:
    """Take another code; phones that are in stay in."""
    _at_the_laptop()
    phones.change_code(sessions.store())
    return redirect(URL)


@pages.post(f"{URL}/hp/<int:number>/keluar")
@needs_worker
def shut_out(number: int) -> Response:
    """Shut one phone out; the code changes with it."""
    _at_the_laptop()
    phones.shut_out(sessions.store(), number)
    return redirect(URL)


def _at_the_laptop() -> Listener:
    """Return what listens for phones. NotAllowed on a phone, NotFound where no phones are served."""
    ear = listener()
    if ear is None or sessions.instance().config.is_province:
        raise NotFound("phones help at a posyandu, where `siposyandu serve` shows the pages")
    if not morning.at_the_laptop():
        raise NotAllowed("the door for phones is opened at the laptop itself")
    return ear


def _page(errors: list[str]) -> str:
    ear, door = _at_the_laptop(), phones.opened(sessions.store(), sessions.today())
    url, here = f"http://{ear.address}:{ear.port}", addresses.of_this_machine()
    is_open = door is not None and bool(ear.address)
    return render_template(
        "hotspot.html",
        door=door if is_open else None,
        url=url,
        code=qr.drawing(f"{url}/gabung?kode={door.code}") if door is not None and is_open else "",
        addresses=here,
        choices=[(address, address) for address in here],
        errors=errors,
        **_phones(),
    )


def _phones() -> dict[str, Any]:
    store, now = sessions.store(), sessions.now()
    held = stations.held_by_all(store, day.at_hand())
    titles = {worker: [langkah.BY_CODE[code].title for code in codes] for worker, codes in held.items()}
    return {
        "phones": [{**phone, "titles": titles.get(phone["worker"], [])} for phone in phones.joined(store)],
        "moment": lambda instant: sending.moment(instant, now),
    }
