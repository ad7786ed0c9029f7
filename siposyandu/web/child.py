"""The child's page: who she is, her growth card and length, all her visits, and what was corrected by whom."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from forms import BY_NAME
from siposyandu import child_code, places, records
from siposyandu.growth.classify import BY_CODE
from siposyandu.web import curves, day, followed, joining, one_child, qr, sessions, undo
from siposyandu.web.changes import Correction, corrections
from siposyandu.web.charts import CARDS
from siposyandu.web.findings import findings
from siposyandu.web.sessions import needs_worker
from sync import vouching

pages = Blueprint("child", __name__)

PERSON, VISIT = BY_NAME["person"], BY_NAME["balita"]
VISITS_ON_PAPER = 6

Row = dict[str, Any]


@pages.get("/anak/<person_id>")
@needs_worker
def show(person_id: str) -> str:
    """Show a child."""
    person = one_child.opened(person_id)
    visits = one_child.visits_of(person_id)
    return render_template(
        "child.html",
        **_seen(person, visits),
        **followed.of_child(person, day.at_hand()),
        changes=_changes(person, visits),
        joined=joining.standing(person),
        undoable=undo.offered_about(person_id),
    )


@pages.get("/anak/<person_id>/cetak")
@needs_worker
def paper(person_id: str) -> str:
    """Show the sheet to print: growth card, length, and the last visits."""
    person = one_child.opened(person_id)
    visits = one_child.visits_of(person_id)
    code = child_code.code_of(person_id)
    return render_template(
        "child_print.html",
        **_seen(person, visits),
        last_visits=visits[::-1][:VISITS_ON_PAPER],
        code=code,
        code_drawing=qr.drawing(code.replace("-", "")),
    )


def _seen(person: Row, visits: list[Row]) -> Row:
    """Gather what page and paper both show."""
    card = _card(person, day.at_hand())
    last = next((visit for visit in reversed(visits) if visit["month"]), None)
    known_early = vouching.early(sessions.store(), [person["id"], *(visit["id"] for visit in visits)])
    return {
        "early": bool(known_early),
        "person": one_child.heading(person, day.at_hand()),
        "posyandu": places.posyandu(sessions.store(), person["posyandu"])["name"],
        "visits": visits[::-1],
        "last": last,
        "findings": findings(last) if last else [],
        "categories": BY_CODE,
        "card": card,
        "cards": CARDS,
        "kms": curves.kms_of(person, visits, card=card),
        "length": curves.length_of(person, visits, card=card),
    }


def _card(person: Row, on: date) -> str:
    wanted = request.args.get("kartu", "")
    return wanted if wanted in CARDS else curves.card_at(person, on)


def _changes(person: Row, visits: list[Row]) -> list[tuple[str | None, Correction]]:
    """Return what was corrected, newest first, each with the day of the visit it belongs to (None: her own record)."""
    store = sessions.store()
    found: list[tuple[str | None, Correction]] = [
        (None, each) for each in corrections(PERSON, records.history(store, PERSON, person["id"]))
    ]
    for visit in visits:
        if visit["correction_reason"]:
            history = records.history(store, VISIT, visit["id"])
            found += [(visit["visit_date"], each) for each in corrections(VISIT, history)]
    return sorted(found, key=lambda change: change[1].at, reverse=True)
