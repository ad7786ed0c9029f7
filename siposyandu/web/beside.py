"""A record about a child beside her weighings (a home visit, how a referral ended), on its page.

Typed, kept as a draft, checked, saved; later corrected with a reason or withdrawn. Which fields, and what is said over them,
the two pages decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import Form, Sentence
from siposyandu import access, records
from siposyandu.errors import NotFound
from siposyandu.i18n import gettext as _
from siposyandu.web import correct, drafts, fields, one_child, sessions, visits
from siposyandu.web.changes import REASON, Correction, corrections, touched
from siposyandu.web.fields import Shown
from siposyandu.web.look_again import Doubt, Look
from siposyandu.web.sessions import pen, signed_in

Row = dict[str, Any]
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Page:
    """One such page: the form, the child, the record as it stands (None: a new one), and what the page knows by itself.

    `names` are the fields it asks; `context` judges them; `proposed` fills a new page; `words` go to the template as they are.
    """

    form: Form
    template: str
    person: Row
    names: Sequence[str]
    known: Mapping[str, str]
    context: Mapping[str, Any]
    draft: str
    afterwards: str
    record: Row | None = None
    proposed: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Any] = field(default_factory=dict)


def of_id(form: Form, record_id: str) -> tuple[Row, Row]:
    """Return a record's child and the record; NotFound or NotAllowed where it is not for this worker."""
    record = sessions.store().one(f"select * from {form.name} where id = $1 and retracted = 0", record_id)
    if record is None:
        raise NotFound(f"no {form.name} {record_id}")
    return one_child.opened(record["person"]), record


def ask(page: Page) -> str:
    """Show the page: as it was typed and not saved, else as proposed."""
    kept = drafts.restored(page.form, _asked(page), page.draft)
    return _drawn(page, kept or page.proposed, visits.NOTHING_FOUND, restored=bool(kept))


def save(page: Page) -> Answer:
    """Save what was typed; what is wrong, doubtful or without a reason is asked, and nothing typed is lost."""
    access.require(
        access.may_enter(sessions.store(), signed_in(), page.person["posyandu"]), "write about this child"
    )
    typed = fields.typed_in(page.form, _asked(page), request.form)
    found = _look(page, typed)
    if page.record and not found.errors and not correct.differs(page.record, found.values):
        return redirect(page.afterwards)
    errors = {**found.errors, **_reason_missing(page, typed)}
    still = found.still_open(request.form.getlist("asked"), request.form.get("answer", ""))
    if errors or still.doubts:
        drafts.keep_form(typed, page.draft)
        shown = Look({}, errors, () if errors else still.doubts)
        return _drawn(page, typed, shown), 400 if errors else 200
    _keep(page, found.values)
    drafts.forget_form(page.draft)
    flash(_("Written down."))
    return redirect(page.afterwards)


def withdraw(page: Page) -> Answer:
    """Withdraw a record written by mistake; the log keeps it with the reason."""
    assert page.record is not None
    reason = request.form.get("withdraw_reason", "").strip()
    if not reason:
        missing = Look({}, {"withdraw_reason": [Sentence(correct.WHY)]}, ())
        return _drawn(page, {}, missing), 400
    records.retract(sessions.store(), pen(), page.record["id"], reason)
    return redirect(page.afterwards)


def withdrawn(form: Form, record_id: str) -> Response | None:
    """Return the way to the child's page where the record is withdrawn already: the button was pressed twice."""
    gone = f"select person from {form.name} where id = $1 and retracted = 1"
    child = sessions.store().value(gone, record_id)
    return redirect(f"/anak/{child}") if child else None


def may_read(form: Form, record: Row) -> Row:
    """Return a record without the answers that the worker at the keyboard may not read."""
    hers = {form.by_name[name].column for name in fields.may_see(form, signed_in(), form.by_name)}
    return {
        column: value for column, value in record.items() if column in hers or column not in form.by_column
    }


def _asked(page: Page) -> list[str]:
    """Return the fields of the page that she may fill in, and of a stored record only those she may read."""
    names = fields.may_enter(page.form, signed_in(), page.names)
    return names if page.record is None else [*fields.may_see(page.form, signed_in(), names), REASON]


def _look(page: Page, typed: Row) -> Look:
    stored = page.record or {}
    checked = page.form.check(
        typed if stored else {**page.known, **typed},
        partial=bool(stored),
        today=visits.reached(),
        context={**page.context, **stored},
    )
    doubts = [
        Doubt(f"{name}:{said}", name, said) for name, listed in checked.questions.items() for said in listed
    ]
    return Look(checked.values, checked.errors, doubts)


def _reason_missing(page: Page, typed: Row) -> dict[str, list[Sentence]]:
    needed = page.record is not None and not str(typed.get(REASON) or "").strip()
    return {REASON: [Sentence(correct.WHY)]} if needed else {}


def _keep(page: Page, values: Mapping[str, Any]) -> None:
    """Save it; a new record that says the same as one of hers was saved by an earlier press of the button."""
    store = sessions.store()
    with store.write():
        if page.record is not None:
            records.save(
                store, pen(), page.form, touched(page.form, page.record["id"], values), page.record["id"]
            )
        elif not _said_already(page, values):
            records.save(store, pen(), page.form, values)


def _said_already(page: Page, values: Mapping[str, Any]) -> bool:
    sql = f"select * from {page.form.name} where person = $1 and retracted = 0"
    rows = sessions.store().rows(sql, page.person["id"])
    return any(all(row[column] == value for column, value in values.items()) for row in rows)


def _drawn(page: Page, typed: Mapping[str, Any], found: Look, *, restored: bool = False) -> str:
    stands = fields.as_typed(page.form, page.record) if page.record else {}
    asked = [name for name in _asked(page) if name != REASON]
    shown = fields.shown(page.form, asked, {**stands, **typed}, found.errors)
    return render_template(
        page.template,
        person=one_child.heading(page.person, visits.reached()),
        record=page.record,
        draft=page.draft,
        seen=records.newest(sessions.store(), page.record["id"]) if page.record else None,
        found=found,
        restored=restored,
        sections=_sections(page.form, shown),
        reason=fields.shown(page.form, [REASON], typed, found.errors)[REASON] if page.record else None,
        changes=_changes(page.form, page.record["id"]) if page.record else [],
        afterwards=page.afterwards,
        **page.words,
    )


def _sections(form: Form, shown: Mapping[str, Shown]) -> list[tuple[str, str, list[Shown]]]:
    listed = [
        (section.code, section.title, [each for each in shown.values() if each.field.section == section.code])
        for section in form.sections
    ]
    return [each for each in listed if each[2]]


def _changes(form: Form, record_id: str) -> list[Correction]:
    """Return what was corrected, as far as the worker may read it."""
    hers = {form.by_name[name].column for name in fields.may_see(form, signed_in(), form.by_name)}
    history = records.history(sessions.store(), form, record_id)
    return corrections(form, [change for change in history if change.column in hers])
