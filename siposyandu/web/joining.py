"""A child who stands there twice: both cards side by side, joined with a reason, and parted again when it was a mistake."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import BY_NAME, Choice, Sentence
from forms.person import SEXES
from siposyandu import access, joined_cards, merging, people, places
from siposyandu.alike import finding
from siposyandu.errors import Joined, NotFound, Refused
from siposyandu.i18n import N_, date_long
from siposyandu.i18n import gettext as _
from siposyandu.merging import PERSON
from siposyandu.periods import local_date, parse_instant
from siposyandu.web import one_child, sessions
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("joining", __name__)

FORM = BY_NAME["same_person"]
SHOWN_AT_MOST = 5
WHY = N_("Choose why they are joined.")
WHY_PARTED = N_("Write in a few words why.")
CANNOT = N_(
    "These two cannot be joined so. Look at name, sex and birth date, and at open differences, then try again."
)

Row = dict[str, Any]
Answer = str | Response | tuple[str, int]


@pages.app_errorhandler(Joined)
def joined_elsewhere(joined: Joined) -> Answer:
    """Lead from a card that was joined with another to the one that stays; what was typed goes along. Her own page says so."""
    if request.endpoint == "child.show":
        return _gone(joined.card, {})
    return redirect(request.full_path.replace(joined.card, joined.stays).rstrip("?"), 307)


@pages.get("/anak/<person_id>/kembar")
@needs_worker
def choose(person_id: str) -> str:
    """Ask with whom a child stands there twice: those who look like her, or whoever is looked for by name."""
    person, store = one_child.opened(person_id, whole=False), sessions.store()
    wanted = request.args.get("q", "").strip()
    here = store.rows("select * from person where posyandu = $1 and retracted = 0", person["posyandu"])
    apart = joined_cards.apart(store)
    alike = [
        dict(pair.other)
        for pair in finding.like(person, here)
        if frozenset((person_id, pair.other["id"])) not in apart
    ]
    mine = frozenset(row["id"] for row in places.within(store, signed_in().area))
    found = people.find(store, wanted, mine) if wanted else alike
    others = [row for row in found if row["id"] != person_id][:SHOWN_AT_MOST]
    return render_template("joining_choose.html", person=person, others=others, wanted=wanted)


@pages.get("/kembar/<one_id>/<other_id>")
@needs_worker
def compare(one_id: str, other_id: str) -> Answer:
    """Show both cards side by side, all visits by date, and what would stay."""
    goes, stays = _two(one_id, other_id)
    return _drawn(goes, stays, {})


@pages.post("/kembar/<one_id>/<other_id>")
@needs_worker
def join(one_id: str, other_id: str) -> Answer:
    """Join the two cards, with the reason; which stays and which values are taken over was chosen on the page."""
    goes, stays = _two(one_id, other_id)
    if request.form.get("turn"):
        return redirect(f"/kembar/{goes['id']}/{stays['id']}?tetap={goes['id']}", 303)
    typed = {"reason": request.form.get("reason", ""), "note": request.form.get("note", "")}
    checked = FORM.check(typed, partial=True, today=sessions.today())
    if not checked.values.get("reason"):
        return _drawn(goes, stays, {"reason": [Sentence(WHY)]}), 400
    taken = [column for column in merging.COMPARED if request.form.get(f"take.{column}") == "goes"]
    try:
        merging.join(sessions.store(), pen(), goes, stays, checked.values, taken)
    except Refused:
        return _drawn(goes, stays, {"reason": [Sentence(CANNOT)]}), 400
    flash(_("The two cards are joined. If it was a mistake, they can be parted again below."))
    return redirect(f"/anak/{stays['id']}")


@pages.post("/anak/<person_id>/pisahkan")
@needs_worker
def part(person_id: str) -> Answer:
    """Part two cards again: each has its own visits as before."""
    store, link_id, why = sessions.store(), request.form.get("link", ""), request.form.get("why", "").strip()
    link = next((row for row in merging.standing(store, person_id) if row["id"] == link_id), None)
    if link is None:
        raise NotFound(f"no joined card {link_id}")
    cards = [people.person(store, link[end]) for end in ("person_goes", "person_stays")]
    allowed = merging.may_join(store, signed_in(), [card for card in cards if card])
    access.require(allowed, "part these cards")
    if not why:
        return _gone(link["person_goes"], {"why": [Sentence(WHY_PARTED)]}), 400
    merging.part(store, pen(), link, why)
    flash(_("The two cards are parted again, each with its own visits."))
    return redirect(f"/anak/{link['person_goes']}")


def standing(person: Row) -> list[Row]:
    """Return what a child's page says of cards that were joined with hers: the other name, who did it, when, and why."""
    return [_told(link, other) for link, other in _others(person["id"]) if other]


def _others(card: str) -> list[tuple[Row, Row | None]]:
    store = sessions.store()
    return [(link, people.person(store, link["person_goes"])) for link in merging.standing(store, card)]


def _told(link: Row, goes: Row) -> Row:
    reasons = {option.code: option.label for option in _choice().options}
    return {
        **link,
        "name": goes["name"] or _("a child without a name"),
        "day": date_long(local_date(parse_instant(link["made_at"]))),
        "why": _(reasons.get(link["reason"] or "", "")) if link["reason"] in reasons else "",
    }


def _choice() -> Choice:
    field = FORM.by_name["reason"]
    assert isinstance(field, Choice)
    return field


def _gone(card: str, errors: Mapping[str, Any]) -> str:
    store, links = sessions.store(), merging.standing(sessions.store(), card)
    goes, stays = (
        people.person(store, card),
        people.person(store, links[0]["person_stays"]) if links else None,
    )
    told = [_told(link, other) for link, other in _others(card) if other]
    inside = stays is not None and access.may_view_people(store, signed_in(), stays["posyandu"] or "")
    return render_template(
        "joined_card.html", card=goes, stays=stays, inside=inside, joined=told, errors=errors
    )


def both(one_id: str, other_id: str) -> tuple[Row, Row]:
    """Return two cards that the worker at the keyboard may compare; NotFound, NotAllowed or Joined otherwise."""
    one, other = (one_child.opened(card, whole=False) for card in (one_id, other_id))
    if one["id"] == other["id"]:
        raise NotFound("a card is not joined with itself")
    allowed = merging.may_join(sessions.store(), signed_in(), [one, other])
    access.require(allowed, "join these cards")
    return one, other


def _two(one_id: str, other_id: str) -> tuple[Row, Row]:
    """Return the card that goes and the card that stays: the one chosen on the page, else the one that knows more."""
    one, other = both(one_id, other_id)
    wanted = request.values.get("tetap") or merging.better(sessions.store(), one, other)["id"]
    return (other, one) if wanted == one["id"] else (one, other)


def _drawn(goes: Row, stays: Row, errors: Mapping[str, Any]) -> str:
    filled = merging.filled_in(goes, stays)
    return render_template(
        "joining.html",
        goes=goes,
        stays=stays,
        lines=[
            (column, *_line(column, goes, stays), column in filled)
            for column in merging.differing(goes, stays)
        ],
        alike=[
            _line(column, goes, stays)[:2]
            for column in merging.COMPARED
            if goes[column] == stays[column] is not None
        ],
        visits=_visits(goes, stays),
        homes={
            card["posyandu"]: places.posyandu(sessions.store(), card["posyandu"])["name"]
            for card in (goes, stays)
        },
        reasons=[(option.code, _(option.label)) for option in _choice().options],
        typed=request.form,
        errors=errors,
    )


def _visits(goes: Row, stays: Row) -> list[Row]:
    """Return the visits of both cards by date, each with its card, and whether there was another one that day."""
    store = sessions.store()
    seen = [
        {**visit, "of": card["id"]} for card in (stays, goes) for visit in people.visits(store, card["id"])
    ]
    days = [visit["visit_date"] for visit in seen]
    found = [{**visit, "twice": days.count(visit["visit_date"]) > 1} for visit in seen]
    return sorted(found, key=lambda visit: (visit["visit_date"], visit["id"]))


def _line(column: str, goes: Row, stays: Row) -> tuple[str, str, str]:
    """Return a column's label, what the card that stays says, and what the card that goes says."""
    field = PERSON.by_column[column]
    return _(field.label), _said(column, stays[column]), _said(column, goes[column])


def _said(column: str, stored: Any) -> str:
    if stored is None:
        return "–"
    if column == "birth_date":
        return date_long(stored)
    if column == "sex":
        return next(_(option.label) for option in SEXES if option.code == stored)
    if column == "kia_book":
        return _("Yes") if stored else _("No")
    return (
        PERSON.by_column[column].show(stored).replace(".", ",")
        if column.endswith(("_g", "_mm"))
        else str(stored)
    )
