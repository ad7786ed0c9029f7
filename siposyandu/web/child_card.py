"""The child's card, A5: who she is, her QR, which vaccines and capsules she had and when, her last measures, the next day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forms.balita import VACCINES
from siposyandu import child_code, due
from siposyandu.web import day, one_child, prepare, qr, sessions, sheets
from siposyandu.web.sessions import needs_worker

pages = Blueprint("child_card", __name__)

LAST_VISITS, CAPSULES = 4, 8
IN_THE_BOOK = "√"
"""A dose that a visit only called complete for the age: it was given, the day stands in the KIA book."""
SHEETS = {
    "kms": "/anak/{}/kms",
    "kartu": "/anak/{}/kartu",
    "lembar": "/anak/{}/cetak",
    "stiker": "/cetak/stiker?anak={}",
}

Row = dict[str, Any]


@pages.get("/cetak/anak")
@needs_worker
def choose() -> Response:
    """Go on to the sheet of the child chosen on the page of all that can be printed; back to it when none is."""
    if not request.args.get("anak"):
        return redirect("/cetak")
    person = one_child.opened(request.args["anak"])
    sheet = SHEETS.get(request.args.get("lembar", ""), SHEETS["kms"])
    return redirect(sheet.format(person["id"]))


@pages.get("/anak/<person_id>/kartu")
@needs_worker
def card(person_id: str) -> tuple[str, int]:
    """Show a child's card."""
    person = one_child.opened(person_id)
    visits = one_child.visits_of(person_id)
    code = child_code.code_of(person_id)
    asked = prepare.day_asked(sessions.store(), person["posyandu"])
    page = render_template(
        "child_card.html",
        person=one_child.heading(person, day.at_hand()),
        code=code,
        code_drawing=qr.drawing(code.replace("-", "")),
        place=sheets.place(person["posyandu"]),
        doses=doses(person, visits),
        capsules=given_on(visits, "vitamin_a"),
        worms=given_on(visits, "deworming"),
        visits=visits[::-1][:LAST_VISITS],
        asked=asked,
        next_day=asked.on,
    )
    return page, asked.status


def doses(person: Row, visits: Sequence[Row]) -> list[tuple[str, str]]:
    """Return each vaccine with the day it was given, a tick where only the KIA book knows it, or nothing."""
    had = due.given(date.fromisoformat(person["birth_date"]), visits)
    dated = _first_days(visits)
    return [
        (option.label, dated.get(option.code) or (IN_THE_BOOK if option.code in had else ""))
        for option in VACCINES
    ]


def _first_days(visits: Sequence[Row]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for visit in visits:
        for code in (visit["immunisations"] or "").split(","):
            found.setdefault(code, sheets.day_in_numbers(visit["visit_date"]))
    return found


def given_on(visits: Sequence[Row], service: str) -> list[str]:
    """Return the last days on which something was given, oldest first, and empty boxes for the next ones."""
    days = [sheets.day_in_numbers(visit["visit_date"]) for visit in visits if visit[service]]
    return [*days, *[""] * CAPSULES][:CAPSULES] if len(days) < CAPSULES else days[-CAPSULES:]
