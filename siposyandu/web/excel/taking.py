"""The rows of a file judged one after the other, and those that are ready saved: in one transaction, by the one write path."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from forms import N_, Sentence
from siposyandu import records, tally
from siposyandu.store import Store
from siposyandu.web import register
from siposyandu.web.changes import REASON
from siposyandu.web.excel import children, visits
from siposyandu.web.excel.finding import WrongRow
from siposyandu.web.excel.judged import NO_ANSWERS, READY, SAME, Answers, Judged
from siposyandu.web.excel.reading import Given, Sheet
from siposyandu.web.sessions import pen

JUDGES: Mapping[str, Callable[[Store, Sheet, Given, Answers], Judged]] = {
    "balita": children.judge,
    "kunjungan": visits.judge,
}
FORMS = {"balita": children.FORM, "kunjungan": visits.FORM}
TWICE = N_("Row {row} is about the same record. Leave one of the two; a new one has empty last columns.")
ROW = N_("Row")


class Saved(NamedTuple):
    """How many rows were saved, and what is left of the file."""

    rows: int
    left: list[Judged]


def judged(store: Store, sheet: Sheet, answers: Answers = NO_ANSWERS) -> Iterator[Judged]:
    """Judge the rows of a file in their order; what was saved in between is seen."""
    first: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        found = _judge(store, sheet, row, answers.of(row.number))
        about = (
            (row.stamp.person, row.stamp.visit)
            if row.stamp and (row.stamp.visit or _of_children(sheet))
            else None
        )
        before = first.setdefault(about, row.number) if about else row.number
        if before != row.number:
            found = replace(found, errors=[(ROW, Sentence(TWICE, row=before))])
        yield found


def _of_children(sheet: Sheet) -> bool:
    return sheet.export.identifier == "balita"


def _judge(store: Store, sheet: Sheet, row: Given, answers: Answers) -> Judged:
    try:
        return JUDGES[sheet.export.identifier](store, sheet, row, answers)
    except WrongRow as wrong:
        form = FORMS[sheet.export.identifier]
        return Judged(row.number, wrong.who, form, errors=[(ROW, wrong.sentence)])


def save(store: Store, sheet: Sheet, answers: Answers, reason: str) -> Saved:
    """Save every row that is ready; the others stay. A correction of a visit keeps the reason beside the old value."""
    left, saved = [], 0
    with store.write():
        for row in judged(store, sheet, answers):
            if row.state == READY:
                _keep(store, row, reason)
                saved += 1
            elif row.state != SAME:
                left.append(row)
        tally.settle(store)
    return Saved(saved, left)


def _keep(store: Store, row: Judged, reason: str) -> None:
    values: Mapping[str, Any] = row.values
    if row.form.name == "person" and row.entity is None:
        register.keep(store, dict(values), dict(row.family))
        return
    if row.corrects_a_visit:
        values = {**values, REASON: reason}
    records.save(store, pen(), row.form, values, row.entity, count=False)
