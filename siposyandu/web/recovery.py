"""A forgotten passphrase: two people bring their papers, the laptop opens, and a new passphrase is chosen."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu.errors import BadInput, Refused
from siposyandu.vault import papers
from siposyandu.vault.papers import Paper, Slip
from siposyandu.web import morning, sessions
from siposyandu.web.first_passphrase import typed_twice

pages = Blueprint("recovery", __name__)

FIELDS = ("first", "second")

Answer = Response | str | tuple[str, int]
Errors = dict[str, list[Any]]


@pages.get("/buka/lupa")
def ask() -> Answer:
    """Ask for both papers and a new passphrase."""
    if morning.door().is_new or sessions.instance().is_open:
        return redirect("/buka")
    return _page({})


@pages.post("/buka/lupa")
def recover() -> Answer:
    """Open the laptop by both papers and take the new passphrase; what was typed right stays on the page."""
    morning.door()
    morning.only_at_the_laptop()
    read, errors = _papers()
    errors |= typed_twice()
    errors = errors or _refusal(read)
    return (_page(errors), 400) if errors else redirect("/laptop/kertas")


def _papers() -> tuple[list[Paper], Errors]:
    read: list[Paper] = []
    errors: Errors = {}
    for name in FIELDS:
        try:
            read.append(papers.read(request.form.get(name, "")))
        except Slip as slip:
            errors[name] = [slip]
    return read, errors


def _refusal(read: list[Paper]) -> Errors:
    try:
        sessions.instance().recover(read[0], read[1], request.form["passphrase"])
    except BadInput as refused:
        return {name: list(why) for name, why in refused.fields.items()}
    except Refused as refused:
        return {"second": [refused]}
    return {}


def _page(errors: Errors) -> str:
    typed = {name: request.form.get(name, "") for name in FIELDS}
    return render_template("recovery.html", errors=errors, typed=typed, here=morning.at_the_laptop())
