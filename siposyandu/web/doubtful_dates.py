"""Doubtful days: visits dated by a wrong clock, or after they came; each day of a laptop is repaired or confirmed at once."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import Sentence
from forms.dates import read_date
from siposyandu import access
from siposyandu.access import Worker
from siposyandu.errors import Refused
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.keeping import acts
from siposyandu.office import doubtful
from siposyandu.office.dates import BIRTH, CLOCK, FUTURE
from siposyandu.office.doubtful import Group
from siposyandu.office.laptops_of import mark
from siposyandu.store import Store
from siposyandu.web import sessions, visits
from siposyandu.web.day import NO_SUCH_DATE
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("doubtful_dates", __name__)

SHOWN_AT_MOST = 100
WHY_DOUBTED = {
    CLOCK: N_("The clock of that laptop was wrong when this day was written."),
    FUTURE: N_("The visits came to the province before this day."),
    BIRTH: N_(
        "The children were born after this day. Repair the day, or the birth date on the child's card."
    ),
}
NOT_REACHED = N_("This day has not been reached yet.")
BEFORE_BIRTH = N_("One of the children was born later, on {day}.")
WHY = N_("Write in a few words how you know.")

Answer = str | Response | tuple[str, int]
Errors = dict[str, list[Sentence]]


@pages.get("/tanggal-meragukan")
@needs_worker
def listed() -> str:
    """List the doubtful days of her area."""
    found = doubtful.groups(sessions.store(), signed_in())
    return render_template(
        "doubtful_dates.html", lines=[(group, WHY_DOUBTED[group.why], _where(group)) for group in found]
    )


@pages.get("/tanggal-meragukan/<group_key>")
@needs_worker
def show(group_key: str) -> str:
    """Show the visits of one doubtful day."""
    return _drawn(doubtful.find(sessions.store(), signed_in(), group_key), {})


@pages.post("/tanggal-meragukan/<group_key>/perbaiki")
@needs_worker
def repair(group_key: str) -> Answer:
    """Give all visits of the day their right day."""
    group = doubtful.find(sessions.store(), signed_in(), group_key)
    reason, errors = _reason()
    day, wrong = _day(group)
    if day is None or errors:
        return _drawn(group, {**errors, **wrong}), 400
    count = doubtful.repair(sessions.store(), pen(), group, day, reason)
    flash(
        _("{count} visits have their right day now. The old one stays in their history.").format(count=count),
        "s0",
    )
    return redirect("/tanggal-meragukan")


@pages.post("/tanggal-meragukan/<group_key>/benar")
@needs_worker
def confirm(group_key: str) -> Answer:
    """Say that the day is right after all."""
    group = doubtful.find(sessions.store(), signed_in(), group_key)
    reason, errors = _reason()
    if errors:
        return _drawn(group, {"confirm_reason": errors["reason"]}), 400
    count = doubtful.confirm(sessions.store(), pen(), group, reason)
    flash(_("The day is confirmed: {count} visits count from now on.").format(count=count), "s0")
    return redirect("/tanggal-meragukan")


def _reason() -> tuple[str, Errors]:
    try:
        return acts.reason(request.form.get("reason", "")), {}
    except Refused:
        return "", {"reason": [Sentence(WHY)]}


def _day(group: Group) -> tuple[date | None, Errors]:
    """Read the right day: one that has been reached, and on which all the children were born."""
    day = read_date(request.form.get("day", ""))
    if day is None:
        return None, {"day": [Sentence(NO_SUCH_DATE)]}
    if day > visits.reached():
        return None, {"day": [Sentence(NOT_REACHED)]}
    if day.isoformat() < group.latest_birth:
        return None, {"day": [Sentence(BEFORE_BIRTH, day=date.fromisoformat(group.latest_birth))]}
    return day, {}


def _where(group: Group) -> str:
    names = sorted({f"Posyandu {visit['posyandu_name']}" for visit in group.visits if visit["posyandu_name"]})
    names = [name for name in names if not group.laptop.startswith(name)]
    return " · ".join(filter(None, [*names, group.laptop]))


def _drawn(group: Group, errors: Errors) -> str:
    return render_template(
        "doubtful_date.html",
        group=group,
        why=WHY_DOUBTED[group.why],
        where=_where(group),
        lines=[_line(visit, signed_in()) for visit in group.visits[:SHOWN_AT_MOST]],
        more=max(0, len(group.visits) - SHOWN_AT_MOST),
        may_confirm=group.why != BIRTH,
        typed=request.form,
        errors=errors,
        proposed=_proposed(sessions.store(), group),
    )


def _line(visit: dict[str, Any], who: Worker) -> dict[str, Any]:
    names = who.role in access.WEIGHERS
    name = (
        visit["child_name"]
        if names and visit["child_name"]
        else _("child {mark}").format(mark=mark(visit["person"] or ""))
    )
    return {**visit, "name": name, "url": f"/kunjungan/{visit['id']}/koreksi" if names else ""}


def _proposed(store: Store, group: Group) -> str:
    """Return the day on which the province heard of the visits first: often it is the right one."""
    came = store.value("select min(received_at) from edits where uid = $1", group.visits[0]["id"])
    return str(came or "")[:10]
