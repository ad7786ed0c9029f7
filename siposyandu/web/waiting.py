"""Waiting: records that cannot be read yet, and those that came before what they belong to. The second kind mends itself."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import Sentence
from siposyandu.errors import Refused
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.office import early, unreadable
from siposyandu.office.early import CHANGES, PERSONS, VISITS
from siposyandu.office.laptops_of import mark
from siposyandu.periods import instant_text
from siposyandu.web import difference_words, sessions
from siposyandu.web.difference_words import moment
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("waiting", __name__)

WAITS_FOR = {
    VISITS: N_("{count} visits wait for their child"),
    PERSONS: N_("A person waits for her posyandu"),
    CHANGES: N_("{count} changes wait for the record that they change"),
}
WHY = N_("Write in a few words why.")

Answer = str | Response | tuple[str, int]


@pages.get("/menunggu")
@needs_worker
def listed() -> str:
    """Show what waits in her area, and for what."""
    return _drawn()


@pages.post("/menunggu/<record_id>/lagi")
@needs_worker
def again(record_id: str) -> Response:
    """Try once more to read a record."""
    read = unreadable.again(sessions.store(), signed_in(), record_id, _now())
    if read:
        flash(_("Now it can be read. The record is there."), "s0")
    else:
        flash(_("It still cannot be read. It stays here, nothing is lost."), "s1")
    return redirect("/menunggu")


@pages.post("/menunggu/<record_id>/selesai")
@needs_worker
def settle(record_id: str) -> Answer:
    """Say that a record that cannot be read was looked at."""
    try:
        unreadable.settle(sessions.store(), signed_in(), record_id, (request.form.get("reason", ""), _now()))
    except Refused as refused:
        if type(refused) is not Refused:
            raise
        return _drawn({record_id: [Sentence(WHY)]}), 400
    flash(_("Put aside. It stays in the log."), "s0")
    return redirect("/menunggu")


def _drawn(errors: Any = None) -> str:
    store, who = sessions.store(), signed_in()
    return render_template(
        "waiting.html",
        unreadable=[_unreadable(row) for row in unreadable.waiting(store, who)],
        orphans=[_orphan(orphan) for orphan in early.orphans(store, who)],
        held=[(each, moment(each.since)) for each in early.held(store, who)],
        may_settle=who.role != "kader",
        at_province=sessions.instance().config.is_province,
        errors=errors or {},
    )


def _unreadable(row: dict[str, Any]) -> dict[str, Any]:
    known = row["child"] or row["visit"] or row["worker"] or row["posyandu_name"] or row["head_name"]
    subject = (
        difference_words.subject(row, signed_in())
        if known
        else _("record {mark}").format(mark=mark(row["entity"]))
    )
    return {**row, "subject": subject, "since": moment(row["flagged_at"])}


def _orphan(orphan: early.Orphan) -> dict[str, Any]:
    return {
        "what": Sentence(WAITS_FOR[orphan.kind], count=orphan.records),
        "posyandu": orphan.posyandu_name,
        "laptop": orphan.laptop,
        "since": moment(orphan.since),
        "mark": mark(orphan.entity),
    }


def _now() -> str:
    return instant_text(sessions.now())
