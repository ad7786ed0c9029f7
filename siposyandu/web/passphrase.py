"""Looking after the lock of an open laptop: a new passphrase when somebody leaves, new recovery papers when one is lost."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu.errors import BadInput
from siposyandu.i18n import N_, gettext
from siposyandu.vault.door import Door
from siposyandu.web import first_passphrase, morning
from siposyandu.web.first_passphrase import typed_twice
from siposyandu.web.sessions import needs_worker

pages = Blueprint("passphrase", __name__)

Answer = Response | str | tuple[str, int]
Errors = dict[str, list[Any]]


@pages.get("/laptop/kata-sandi")
@needs_worker
def ask() -> Answer:
    """Ask for the passphrase in use and the new one."""
    _door()
    return _page({})


@pages.post("/laptop/kata-sandi")
@needs_worker
def change() -> Answer:
    """Take a new passphrase; the one before opens this laptop no more."""
    door = _door()
    errors = typed_twice()
    if not errors:
        try:
            why = morning.tried(lambda: door.change(request.form.get("now", ""), request.form["passphrase"]))
            errors = {"now": [why]} if why else {}
        except BadInput as refused:
            errors = {name: list(each) for name, each in refused.fields.items()}
    if errors:
        return _page(errors), 400
    flash(gettext(N_("From now on the new passphrase opens this laptop. Tell it only to those who open it.")))
    return redirect("/laptop")


@pages.get("/laptop/kertas")
def ask_for_papers() -> Answer:
    """Ask for the passphrase before new recovery papers are made; those of before open nothing then."""
    return _papers_page(_door(), {})


@pages.post("/laptop/kertas")
def print_papers() -> Answer:
    """Make and show new recovery papers, which are seen only now."""
    door = _door()
    why = morning.tried(lambda: door.prove(request.form.get("now", "")))
    if why:
        return _papers_page(door, {"now": [why]}), 400
    return first_passphrase.sheets(door.print_papers(), onward="/laptop")


def _page(errors: Errors) -> str:
    return render_template("passphrase.html", errors=errors)


def _papers_page(door: Door, errors: Errors) -> str:
    return render_template("papers_ask.html", errors=errors, lacking=door.lacks_papers)


def _door() -> Door:
    """Return the door of an encrypted laptop, for somebody who sits at it."""
    door = morning.door()
    morning.only_at_the_laptop()
    return door
