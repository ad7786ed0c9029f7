"""What was corrected in a record: which field, from what to what, by whom, when, and why."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import request

from forms import Field, Form
from siposyandu import records
from siposyandu.periods import local_date, parse_instant
from siposyandu.records import Change
from siposyandu.web import sessions
from siposyandu.web.in_words import spoken

REASON = "correction_reason"
CREATED = "create"


class Correction(NamedTuple):
    """One field that was changed after the record was made; values in words."""

    at: str
    worker_name: str
    role: str
    label: str
    old: str
    new: str
    reason: str

    @property
    def on(self) -> date:
        """The day in NTB on which it was changed."""
        return local_date(parse_instant(self.at))


def corrections(form: Form, history: Sequence[Change]) -> list[Correction]:
    """Return what was changed after the first writing, newest first; the reason is the last one given by then."""
    known: dict[str, object] = {}
    found = []
    for change in history:
        old, known[change.column] = known.get(change.column), change.value
        if change.kind != CREATED and change.column != REASON and old != change.value:
            found.append((change, old))
    return [_told(form, change, old, _reason(history, change)) for change, old in reversed(found)]


def changed_columns(history: Sequence[Change]) -> frozenset[str]:
    """Return the columns whose value was changed after the record was made."""
    known: dict[str, object] = {}
    found = set()
    for change in history:
        if change.kind != CREATED and known.get(change.column) != change.value:
            found.add(change.column)
        known[change.column] = change.value
    return frozenset(found)


def touched(form: Form, entity: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values that were changed on the page, as against what it showed (`seen` in the form that was sent)."""
    seen = request.form.get("seen", type=int)
    return values if seen is None else records.touched(sessions.store(), form, entity, values, seen)


def _reason(history: Sequence[Change], change: Change) -> str:
    given = [other.value for other in history if other.column == REASON and other.at <= change.at]
    return str(given[-1] or "") if given else ""


def _told(form: Form, change: Change, old: object, reason: str) -> Correction:
    field = form.by_column[change.column]
    return Correction(
        at=change.at,
        worker_name=change.worker_name,
        role=change.role,
        label=field.label,
        old=_spoken(field, old),
        new=_spoken(field, change.value),
        reason=reason,
    )


def _spoken(field: Field, value: object) -> str:
    return "" if value in (None, "") else spoken(sessions.store(), field, value)  # type: ignore[arg-type]
