"""A file of puskesmas, posyandu or workers: checked whole before anything is written; then its good rows are taken.

Records are recognised by their code (workers by user name, or without one by name, role and area), so that a file can
be given twice, or taken out, changed in Excel and given back. A code that stands twice in one file is refused there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from forms import N_, Sentence, Stored
from siposyandu import records
from siposyandu.errors import Refused
from siposyandu.keeping.checking import NOT_YOURS, check
from siposyandu.keeping.finder import Finder
from siposyandu.keeping.kinds import Kind
from siposyandu.keeping.register import Register, Row
from siposyandu.records import Pen
from siposyandu.store import Store

TWICE = N_("Row {row} is about the same record. Leave one of the two.")
MISSING_COLUMNS = N_("The file lacks the column {columns}. Take the list as a file first and fill that in.")
HEADER_WITHIN_ROWS = 10
WORDS = {"yes": "ya", "no": "tidak"}
# The words of a role as people write them in a file.
ROLE_WORDS = {
    "bidan": "bidan_desa",
    "tpg": "tenaga_gizi",
    "dinas": "dinas_kabupaten",
    "dinkes": "dinas_kabupaten",
}

Cells = Sequence[str]


class UnknownFile(Refused):
    """The file has not the columns of this kind; `sentence` says which are missing."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class GoodRow:
    """A row that can be taken: a new record, or (with `entity`) one that changes."""

    number: int
    entity: str | None
    values: Mapping[str, Stored]


@dataclass(frozen=True)
class RefusedRow:
    """A row that cannot be taken: its cells and, by the column's heading, why."""

    number: int
    cells: Mapping[str, str]
    reasons: tuple[tuple[str, Sentence], ...]


@dataclass
class FileCheck:
    """What the check of a file says. Nothing has been written; `same` counts the rows that change nothing."""

    kind: Kind
    good: list[GoodRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    same: int = 0

    @property
    def new(self) -> int:
        """How many good rows make a new record."""
        return sum(row.entity is None for row in self.good)

    @property
    def changed(self) -> int:
        """How many good rows change a record."""
        return len(self.good) - self.new


def check_rows(register: Register, kind: Kind, rows: Sequence[Cells], today: date) -> FileCheck:
    """Check a file's rows, the header among the first. Raises UnknownFile when required columns are missing."""
    at, meanings = _header(kind, rows)
    checked, seen = FileCheck(kind), dict[tuple[str, ...], int]()
    finder = Finder(register, kind)
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = {name: cell.strip() for name, cell in zip(meanings, row, strict=False) if name}
        if any(cells.values()):
            before = seen.setdefault(finder.identity(cells), number)
            _judge(checked, finder, _Line(number, cells, before), today)
    return checked


@dataclass(frozen=True)
class _Line:
    number: int
    cells: Mapping[str, str]
    first_seen: int


def _header(kind: Kind, rows: Sequence[Cells]) -> tuple[int, list[str]]:
    names = {heading: name for name, heading in kind.columns.items()} | {name: name for name in kind.columns}
    required = {name for name in kind.columns if kind.form.by_name[name].required}
    for at, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
        meanings = [names.get(cell.strip().casefold().replace(" ", "_"), "") for cell in row]
        if required <= set(meanings):
            return at, meanings
    missing = ", ".join(kind.columns[name] for name in kind.columns if name in required)
    raise UnknownFile(Sentence(MISSING_COLUMNS, columns=missing))


def _judge(checked: FileCheck, finder: Finder, line: _Line, today: date) -> None:
    """Put one row among the good, the same or the refused."""
    kind, kept = checked.kind, finder.kept(line.cells)
    typed, unknown = finder.typed(line.cells)
    entity = kept["id"] if kept else None
    whole = {**(kind.form.shown(kept) if kept else {}), **typed}
    found = check(finder.register, kind, whole, entity, today)
    reasons = [(name, sentences[0]) for name, sentences in {**found.errors, **unknown}.items()]
    if line.first_seen != line.number:
        reasons.append((kind.known_by, Sentence(TWICE, row=line.first_seen)))
    if kept and not finder.register.may_keep(kind, kept):
        reasons.append((kind.known_by, Sentence(NOT_YOURS)))
    if reasons:
        headed = tuple((kind.columns.get(name, name), sentence) for name, sentence in reasons)
        checked.refused.append(RefusedRow(line.number, line.cells, headed))
    elif kept and all(kept[column] == value for column, value in found.values.items()):
        checked.same += 1
    else:
        checked.good.append(GoodRow(line.number, entity, found.values))


def take(store: Store, pen: Pen, checked: FileCheck, say: Callable[[int], None] = lambda _done: None) -> int:
    """Keep the good rows of a checked file in one transaction; returns how many. `say(done)` hears the progress."""
    with store.write():
        for done, row in enumerate(checked.good, 1):
            records.save(store, pen, checked.kind.form, row.values, row.entity)
            say(done)
    return len(checked.good)


def file_rows(register: Register, kind: Kind) -> list[list[str]]:
    """Return what the keeper keeps as the rows of a file, header first: taken out, changed, it can be given back."""
    codes = {row["id"]: row["code"] for row in (*register.puskesmas.values(), *register.posyandu.values())}
    return [list(kind.columns.values()), *(_told(kind, row, codes) for row in register.mine(kind))]


def _told(kind: Kind, row: Row, codes: Mapping[str, str]) -> list[str]:
    """One record with codes in the place of ids, and "ya" for "yes", as Flag reads them."""
    cells = (kind.form.shown(row)[name] for name in kind.columns)
    return [codes.get(cell) or WORDS.get(cell, cell) for cell in cells]
