"""Waiting: records that cannot be read yet, and those that came before what they belong to. The second kind mends itself."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import Sentence
from siposyandu import access, keeping
from siposyandu.errors import NotFound, Refused
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.keeping import Register
from siposyandu.office import early, lists_said, unreadable
from siposyandu.office.early import CHANGES, PERSONS, VISITS
from siposyandu.office.laptops_of import mark
from siposyandu.periods import instant_text
from siposyandu.web import difference_words, sessions
from siposyandu.web.difference_words import moment
from siposyandu.web.in_words import spoken
from siposyandu.web.keep import place
from siposyandu.web.keep_edit import pen
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("waiting", __name__)

WAITS_FOR = {
    VISITS: N_("{count} visits wait for their child"),
    PERSONS: N_("A person waits for her posyandu"),
    CHANGES: N_("{count} changes wait for the record that they change"),
}
WHY = N_("Write in a few words why.")
CHANGED = N_("A laptop has written about it again meanwhile. Look once more.")

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
        said = request.form.get("reason", ""), _now()
        unreadable.settle(sessions.store(), signed_in(), record_id, request.form.get("seen", 0, int), said)
    except Refused as refused:
        if type(refused) is not Refused:
            raise
        return _drawn({record_id: [Sentence(WHY)]}), 400
    flash(_("Put aside. It stays in the log."), "s0")
    return redirect("/menunggu")


@pages.post("/menunggu/<record_id>/tulis")
@needs_worker
def take_over(record_id: str) -> Answer:
    """Write at the province what a laptop said of a place or a worker, as it was shown."""
    store = sessions.store()
    unreadable.require_hers(store, signed_in(), record_id)
    found = lists_said.said(store, record_id) if sessions.instance().config.is_province else None
    if found is None:
        raise NotFound(f"nothing to take over of {record_id}")
    if str(found.seen) != request.form.get("seen"):
        return _drawn(refused={record_id: [Sentence(CHANGED)]}), 409
    wrong = lists_said.take_over(store, pen(), found, sessions.today())
    if wrong:
        return _drawn(refused={record_id: wrong}), 400
    flash(_("Written. All laptops will be told."), "s0")
    return redirect("/menunggu")


def _drawn(errors: Any = None, refused: Any = None) -> str:
    store, who = sessions.store(), signed_in()
    at_province = sessions.instance().config.is_province
    keeper = keeping.register(store, who) if at_province and access.may_keep_places(who) else None
    rows = [_unreadable(row, keeper) for row in unreadable.waiting(store, who)]
    return render_template(
        "waiting.html",
        unreadable=[row for row in rows if not row["of_lists"]],
        of_lists=[row for row in rows if row["of_lists"]],
        orphans=[_orphan(orphan) for orphan in early.orphans(store, who)],
        held=[(each, moment(each.since)) for each in early.held(store, who)],
        may_settle=who.role != "kader",
        at_province=at_province,
        errors=errors or {},
        refused=refused or {},
    )


def _unreadable(row: dict[str, Any], keeper: Register | None) -> dict[str, Any]:
    known = row["child"] or row["visit"] or row["worker"] or row["posyandu_name"] or row["head_name"]
    subject = (
        difference_words.subject(row, signed_in())
        if known
        else _("record {mark}").format(mark=mark(row["entity"]))
    )
    offer = _offer(keeper, row["entity"]) if keeper and row["of_lists"] else None
    named = {"subject": offer["subject"] if offer else subject, "since": moment(row["flagged_at"])}
    return {**row, **named, "offer": offer}


def _offer(keeper: Register, entity: str) -> dict[str, Any] | None:
    """What a laptop says of a place or a worker, in words, for a keeper who may write it."""
    found = lists_said.said(sessions.store(), entity)
    if found is None or not lists_said.may_take_over(keeper, found):
        return None
    fields = found.kind.form.by_column
    told = [
        (
            fields[column].label,
            (column == "area" and place(keeper, str(value)))
            or spoken(sessions.store(), fields[column], value),
        )
        for column, value in found.values.items()
    ]
    kept = keeper.rows(found.kind).get(entity, {})
    name = kept.get("name") or found.values.get("name") or mark(entity)
    return {"subject": f"{_(found.kind.form.title)} {name}", "told": told, "seen": found.seen}


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
