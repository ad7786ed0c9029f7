"""The rows of a file judged one after the other, and those that are ready saved: part by part, by the one write path."""

from collections.abc import Callable, Iterable, Iterator, Mapping
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
ROWS_AT_ONCE = 100
"""Rows of one transaction: few enough that whoever else wants to save meanwhile does not notice."""


class Saved(NamedTuple):
    """How many rows were saved, and what is left of the file."""

    rows: int
    left: list[Judged]


def judged(store: Store, sheet: Sheet, answers: Answers = NO_ANSWERS) -> Iterator[Judged]:
    """Judge the rows of a file in their order; what was saved in between is seen."""
    return _judged(store, sheet, sheet.rows, _twice(sheet), answers)


def _judged(
    store: Store, sheet: Sheet, rows: Iterable[Given], twice: Mapping[int, int], answers: Answers
) -> Iterator[Judged]:
    for row in rows:
        found = _judge(store, sheet, row, answers.of(row.number))
        if row.number in twice:
            found = replace(found, errors=[(ROW, Sentence(TWICE, row=twice[row.number]))])
        yield found


def _twice(sheet: Sheet) -> dict[int, int]:
    """Return row -> the row above it that is about the same record."""
    first: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        if row.stamp and (row.stamp.visit or _of_children(sheet)):
            first.setdefault((row.stamp.person, row.stamp.visit), row.number)
    return {
        row.number: before
        for row in sheet.rows
        if row.stamp and (before := first.get((row.stamp.person, row.stamp.visit), row.number)) != row.number
    }


def _of_children(sheet: Sheet) -> bool:
    return sheet.export.identifier == "balita"


def _judge(store: Store, sheet: Sheet, row: Given, answers: Answers) -> Judged:
    try:
        return JUDGES[sheet.export.identifier](store, sheet, row, answers)
    except WrongRow as wrong:
        form = FORMS[sheet.export.identifier]
        return Judged(row.number, wrong.who, form, errors=[(ROW, wrong.sentence)])


def save(store: Store, sheet: Sheet, answers: Answers, reason: str) -> Iterator[Saved]:
    """Save every row that is ready, part by part, and say after each part what came of it; the others stay.

    Between two parts everybody else may write. It may be stopped there, or by a power cut, and run again: a row is judged
    once more inside the transaction that saves it, and one that was saved says what the records say, so it is not ready.
    A correction of a visit keeps the reason beside the old value.
    """
    twice = _twice(sheet)
    for start in range(0, len(sheet.rows), ROWS_AT_ONCE):
        part = sheet.rows[start : start + ROWS_AT_ONCE]
        ahead = list(_judged(store, sheet, part, twice, answers))
        if any(_is_taken(row, reason) for row in ahead):
            yield _save(store, _judged(store, sheet, part, twice, answers), reason)
        else:
            yield Saved(0, [row for row in ahead if row.state != SAME])


def _save(store: Store, rows: Iterable[Judged], reason: str) -> Saved:
    saved, left = 0, []
    with store.write():
        for row in rows:
            if _is_taken(row, reason):
                _keep(store, row, reason)
                saved += 1
            elif row.state != SAME:
                left.append(row)
        tally.settle(store)
    return Saved(saved, left)


def _is_taken(row: Judged, reason: str) -> bool:
    """Whether a row is saved: one that began to correct a visit after the reason was asked for waits for its own."""
    return row.state == READY and bool(reason or not row.corrects_a_visit)


def _keep(store: Store, row: Judged, reason: str) -> None:
    values: Mapping[str, Any] = row.values
    if row.form.name == "person" and row.entity is None:
        register.keep(store, dict(values), dict(row.family))
        return
    if row.corrects_a_visit:
        values = {**values, REASON: reason}
    records.save(store, pen(), row.form, values, row.entity, count=False)
