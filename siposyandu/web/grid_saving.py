"""Saving a page of the book: the good rows are saved in batches, each in one transaction; the others stay as typed.

A row is good when no cell of it is wrong, no question about it is open, and a correction has its reason.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from forms import BY_NAME, Sentence
from siposyandu import people, records, tally
from siposyandu.i18n import N_
from siposyandu.records import Pen
from siposyandu.store import Store
from siposyandu.web import grid_cells
from siposyandu.web.changes import REASON
from siposyandu.web.correct import WHY
from siposyandu.web.grid_cells import NOBODY, Sheet
from siposyandu.web.grid_columns import BY_COLUMN, letters
from siposyandu.web.grid_rows import Book, GridRow, waiting
from siposyandu.web.look_again import RIGHT, Case, Doubt, Look, look, look_at_correction

FORM = BY_NAME["balita"]
ROWS_AT_ONCE = 20
"""So many rows are one transaction: on a slow disk a second or two, and nobody else waits longer to save."""
ONE_LETTER = N_("{label}: type {letters}.")
AT_ROW, AT_CELL = N_("Row {number}, {name}: {said}"), N_("Row {number}, {name}, {column}: {said}")


class Fault(NamedTuple):
    """What is wrong with a row: at which cell, or "" where it is the row as a whole."""

    row: GridRow
    field: str
    sentence: Sentence


@dataclass(frozen=True)
class Judged:
    """A row with what was found in it: what may be stored, faults, and the questions nobody has answered yet."""

    row: GridRow
    found: Look

    @property
    def faults(self) -> list[Fault]:
        """What is wrong, each as a sentence that names row and child."""
        return [
            Fault(self.row, name, _at(self.row, name, _in_letters(name, said)))
            for name, sentences in self.found.errors.items()
            for said in list(sentences)[:1]
        ]

    @property
    def questions(self) -> list[Doubt]:
        """What is to be answered before it is saved; what is to be measured again is not asked twice."""
        return [doubt for doubt in self.found.doubts if doubt.key not in self.row.answer[1]]

    @property
    def measure_again(self) -> bool:
        """Whether somebody said that this will be measured again: the row waits until its values change."""
        said, keys = self.row.answer
        return said not in ("", RIGHT) and any(doubt.key in keys for doubt in self.found.doubts)

    @property
    def is_good(self) -> bool:
        """Whether nothing stands in the way but, for a correction, its reason."""
        return not self.found.errors and not self.questions and not self.measure_again


def judged(store: Store, row: GridRow, reached: date) -> Judged:
    """Look at a row as the scales' page would look at this child."""
    seen = people.visits(store, row.id)
    others = [visit for visit in seen if visit["visit_date"] != row.on.isoformat()]
    case = Case(row.child, others, reached)
    given = row.as_typed()
    if row.visit is not None:
        return Judged(row, look_at_correction(case, row.visit, given))
    known = {"person": row.id, "posyandu": row.child["posyandu"], "visit_date": row.on.isoformat()}
    return Judged(row, look(case, {**given, **known}))


class Saving(NamedTuple):
    """What a page is saved with: the sheet, whose pen, the day that has been reached, the reason of corrections."""

    sheet: Sheet
    pen: Pen
    reached: date
    reason: str


class Outcome(NamedTuple):
    """What became of some rows: how many were saved, and from which row on to go on; 0 when all were looked at."""

    saved: int
    next_row: int


def save_some(book: Book, saving: Saving, from_row: int = 1) -> Outcome:
    """Save the good rows among the next few that wait, in one transaction."""
    with book.store.write() as store:  # a second press waits here and finds what the first one has saved
        page = book.rows(grid_cells.typed(store, saving.sheet))
        rows = [row for row in waiting(page) if row.number >= from_row]
        now, later = rows[:ROWS_AT_ONCE], rows[ROWS_AT_ONCE:]
        good = [each for each in _judged(store, now, saving) if each.is_good]
        for each in good:
            _save(store, saving, each)
        _forget(store, saving.sheet, page, {each.row.id for each in good})
        tally.settle(store)
    return Outcome(len(good), later[0].number if later else 0)


def save_all(book: Book, saving: Saving) -> int:
    """Save all good rows, batch by batch; returns how many."""
    saved, from_row = 0, 1
    while from_row:
        outcome = save_some(book, saving, from_row)
        saved, from_row = saved + outcome.saved, outcome.next_row
    return saved


def _judged(store: Store, rows: Iterable[GridRow], saving: Saving) -> Sequence[Judged]:
    return [
        judged(store, row, saving.reached) for row in rows if saving.reason.strip() or not row.is_correction
    ]


def _forget(store: Store, sheet: Sheet, page: Sequence[GridRow], saved: Collection[str]) -> None:
    """Throw away what was typed and is stored now, by this saving or another; the reason goes with the last correction."""
    done = [row.id for row in page if row.id in saved or (row.visit and row.typed and not row.changed)]
    corrected = [row.id for row in page if row.is_correction]
    if corrected and set(corrected) <= set(saved):
        done.append(NOBODY)
    grid_cells.forget(store, sheet, done)


def _save(store: Store, saving: Saving, each: Judged) -> None:
    values, visit = each.found.values, each.row.visit
    if visit is None:
        records.save(store, saving.pen, FORM, values, count=False)
    else:
        said = {**values, FORM.by_name[REASON].column: saving.reason.strip()}
        records.save(store, saving.pen, FORM, said, visit["id"], count=False)


def reason_fault(rows: Iterable[GridRow], reason: str) -> Sentence | None:
    """Return the sentence that asks why, when a correction waits and nobody said why."""
    return Sentence(WHY) if not reason.strip() and any(row.is_correction for row in rows) else None


def reason_of(typed: dict[str, dict[str, str]]) -> str:
    """Return the reason typed for all corrections of a sheet."""
    return typed.get(NOBODY, {}).get(REASON, "")


def _in_letters(name: str, said: Sentence) -> Sentence:
    """A cell that takes one letter says which, not "choose one of the answers"."""
    answers = letters(name) if name in FORM.by_name else {}
    if not answers:
        return said
    listed = ", ".join(f"{letter} = {word}" for letter, word in answers.items())
    return Sentence(ONE_LETTER, label=Sentence(FORM.by_name[name].label), letters=listed)


def _at(row: GridRow, name: str, said: Sentence) -> Sentence:
    if name not in BY_COLUMN:
        return Sentence(AT_ROW, number=row.number, name=row.name, said=said)
    head = Sentence(BY_COLUMN[name].head)
    return Sentence(AT_CELL, number=row.number, name=row.name, column=head, said=said)
