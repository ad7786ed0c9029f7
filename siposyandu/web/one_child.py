"""One child's record as the pages open it: who may, what stands over the page, her visits, and who looked at it."""

from datetime import date
from typing import Any

from flask import request

from forms import BY_NAME
from siposyandu import access, joined_cards, people, records
from siposyandu.access import Worker
from siposyandu.errors import Incomplete, Joined, NotFound
from siposyandu.exports.stamps import masked
from siposyandu.periods import instant_text
from siposyandu.store import Store
from siposyandu.web import sessions
from siposyandu.web.changes import REASON, changed_columns
from siposyandu.web.charts.words import age_words
from siposyandu.web.sessions import signed_in

VISIT = BY_NAME["balita"]

Row = dict[str, Any]


def opened(person_id: str, *, whole: bool = True) -> Row:
    """Return a child whom the worker at the keyboard may see by name; NotFound, NotAllowed or Joined otherwise.

    A look from outside the child's posyandu is written down. Incomplete for a card without birth date or sex, unless
    `whole` is false: then the page is there to complete it.
    """
    person = people.person(sessions.store(), person_id)
    stays = joined_cards.stays(sessions.store(), [person_id]).get(person_id)
    if person is None or (person["retracted"] and not stays):
        raise NotFound(f"no person {person_id}")
    allowed = access.may_view_people(sessions.store(), signed_in(), person["posyandu"] or "")
    access.require(allowed, "see this child")
    if stays:
        raise Joined(person_id, stays)
    if request.method == "GET":
        note_view(sessions.store(), signed_in(), person, request.endpoint or "")
    if whole and not (person["birth_date"] and person["sex"]):
        raise Incomplete(person_id)
    return person


def note_view(store: Store, who: Worker, person: Row, page: str) -> None:
    """Write down that somebody from outside the child's posyandu looked at her record (UU 27/2022)."""
    if who.area == person["posyandu"]:
        return
    with store.write() as writing:
        writing.run(
            "insert into person_view (worker, person, page, viewed_at) values ($1, $2, $3, $4)",
            who.id,
            person["id"],
            page,
            instant_text(sessions.now()),
        )


def heading(person: Row, on: date) -> Row:
    """Return what stands over every page about a child: name, age in words, mother, NIK with only its end."""
    return {
        **person,
        "age": age_words(date.fromisoformat(person["birth_date"]), on),
        "nik": masked(person["nik"]),
        "mother_nik": masked(person["mother_nik"]),
    }


def visits_of(person_id: str) -> list[Row]:
    """Return all visits of a child, oldest first, each with the columns that were corrected in it."""
    return [{**visit, "corrected": _corrected(visit)} for visit in people.visits(sessions.store(), person_id)]


def _corrected(visit: Row) -> frozenset[str]:
    if not visit[REASON]:
        return frozenset()
    return changed_columns(records.history(sessions.store(), VISIT, visit["id"]))
