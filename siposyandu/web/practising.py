"""The way to the practice posyandu: from the real place's door to its pages, which lie at an address of their own."""

from typing import Protocol, cast

from flask import Blueprint, current_app, flash, redirect, render_template
from werkzeug.wrappers import Response

from siposyandu.errors import NotFound
from siposyandu.i18n import N_, gettext
from siposyandu.web import morning

pages = Blueprint("practising", __name__)

PRACTICE = "practice"
"""In the real place's application: what opens the practice posyandu (practice/running.py)."""


class Practice(Protocol):
    """What the pages ask of the practice posyandu."""

    def open(self) -> str:
        """Start it where it does not run, and return the address of its pages."""

    def start_over(self) -> None:
        """Forget all that was typed in practice."""


@pages.get("/latihan")
def show() -> str:
    """Say what practice is, and show the way in."""
    _practice()
    return render_template("practising.html")


@pages.get("/latihan/masuk")
def enter() -> Response:
    """Start practice where it does not run, and go there. A link, not a button: forms may not lead to another address."""
    return redirect(_practice().open())


@pages.post("/latihan/ulang")
def start_over() -> Response:
    """Let practice begin anew."""
    _practice().start_over()
    flash(gettext(N_("Practice has begun anew: all ghosts stand as at the beginning.")))
    return redirect("/latihan", 303)


def offered() -> bool:
    """Whether practice can be had here and now: on a laptop at work, at the laptop itself."""
    return PRACTICE in current_app.extensions and morning.at_the_laptop()


def _practice() -> Practice:
    if not offered():
        raise NotFound("practice is to be had at the laptop itself")
    return cast(Practice, current_app.extensions[PRACTICE])
