"""Quarantine: what laptops sent after they were shut out. A keeper looks inside, takes it in, or puts it aside."""

from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import Form, Sentence
from siposyandu import as_province
from siposyandu.errors import Refused
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.keeping import acts
from siposyandu.office import envelopes
from siposyandu.office.envelopes import Inside
from siposyandu.periods import instant_text
from siposyandu.web import sessions
from siposyandu.web.difference_words import changed, moment, subject
from siposyandu.web.frame import ROLE_WORDS
from siposyandu.web.keep import kept
from siposyandu.web.sessions import needs_worker, signed_in
from sync.body import RETRACTED, Edit
from sync.errors import SyncError

pages = Blueprint("envelopes", __name__)

SHOWN_AT_MOST = 100
REASONS = {
    "revoked": N_("sent after the laptop was shut out"),
    "fork": N_("tells another story under numbers used before"),
}
UNREADABLE = N_("arrived out of turn and cannot follow")
WHY = N_("Write in a few words why.")
CANNOT_FOLLOW = N_(
    "It cannot be taken in yet: it does not follow on what is here of this laptop ({code}). Release the earlier envelopes first."
)

Answer = str | Response | tuple[str, int]


class Line(NamedTuple):
    """One record in an envelope: of whom, what it is, by whom, when by that laptop's clock, and what it says."""

    whose: str
    what: str
    who: str
    written: str
    says: str


@pages.get("/karantina")
@needs_worker
def listed() -> str:
    """List the envelopes that wait for a decision."""
    kept()
    rows = envelopes.waiting(sessions.store(), signed_in())
    lines = [
        {
            **row,
            "why": REASONS.get(row["reason"], UNREADABLE),
            "came": moment(row["received_at"]),
            "inside": envelopes.look(sessions.store(), row["quarantine_no"]),
        }
        for row in rows
    ]
    return render_template("envelopes.html", lines=lines)


@pages.get("/karantina/<int:number>")
@needs_worker
def show(number: int) -> str:
    """Show what is in one envelope."""
    return _drawn(number)


@pages.post("/karantina/<int:number>/terima")
@needs_worker
def release(number: int) -> Answer:
    """Take an envelope in as if its laptop were still believed."""
    kept()
    store = sessions.store()
    said = (" ".join(request.form.get("reason", "").split())[:200], instant_text(sessions.now()))
    try:
        envelopes.release(as_province.ports(sessions.instance(), store), signed_in(), number, said)
    except SyncError as error:
        return _drawn(number, trouble=Sentence(CANNOT_FOLLOW, code=error.code)), 409
    flash(_("Taken in. Its records go the way of all others."), "s0")
    return redirect("/karantina")


@pages.post("/karantina/<int:number>/sisihkan")
@needs_worker
def put_aside(number: int) -> Answer:
    """Put an envelope aside, with a reason; it is kept."""
    kept()
    try:
        why = acts.reason(request.form.get("reason", ""))
    except Refused:
        return _drawn(number, errors={"reason": [Sentence(WHY)]}), 400
    envelopes.put_aside(sessions.store(), signed_in(), number, (why, instant_text(sessions.now())))
    flash(_("Put aside. It is kept, but does not count."), "s0")
    return redirect("/karantina")


def _drawn(
    number: int, *, trouble: Sentence | None = None, errors: dict[str, list[Sentence]] | None = None
) -> str:
    kept()
    row = envelopes.find(sessions.store(), signed_in(), number)
    inside = envelopes.look(sessions.store(), number)
    return render_template(
        "envelope.html",
        row={**row, "why": REASONS.get(row["reason"], UNREADABLE), "came": moment(row["received_at"])},
        inside=inside,
        lines=_lines(inside),
        more=max(0, len(inside.edits) - SHOWN_AT_MOST),
        trouble=trouble,
        errors=errors or {},
    )


def _lines(inside: Inside) -> list[Line]:
    authors = {row["id"]: row for row in sessions.store().rows("select id, name, role from worker")}
    found = []
    for edit, form in inside.edits[:SHOWN_AT_MOST]:
        author = authors.get(edit.user, {})
        role = ROLE_WORDS.get(author.get("role") or "", "")
        who = f"{author['name']}, {_(role)}" if author else _("somebody unknown here")
        says = changed(form, edit.values, signed_in()) if form else ""
        found.append(Line(_whose(edit, form), _what(edit, form), who, moment(edit.device_time), says))
    return found


def _whose(edit: Edit, form: Form | None) -> str:
    child = envelopes.child_of(sessions.store(), signed_in(), edit, form)
    return subject(child, signed_in()) if child else ""


def _what(edit: Edit, form: Form | None) -> str:
    title = _(form.title) if form else _("a record of an unknown kind")
    if edit.values.get(RETRACTED) is not None:
        return _("{title}: withdrawn").format(title=title)
    return title if edit.kind == "create" else _("{title}: changed").format(title=title)
