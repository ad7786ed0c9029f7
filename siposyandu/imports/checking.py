"""Check a file whole, row by row, before anything is written.

For each row: 1. type it into the forms; 2. find its posyandu; 3. find its child, or make it from the row if the
file tells who it is; 4. check the measurement against the child's birth date. Then, over all rows: 5. the same
child and day twice; 6. what is in the register already; 7. our N, T, O, B beside the file's.
"""

from collections import defaultdict
from datetime import date

from forms import BY_NAME, N_, Sentence
from siposyandu.imports import comparing
from siposyandu.imports.cells import text_of
from siposyandu.imports.children import Finder
from siposyandu.imports.drafts import Draft, draft, is_identity
from siposyandu.imports.register import Register, Together
from siposyandu.imports.remarks import BadRow, Remarks
from siposyandu.imports.report import Child, Entry, Report, Values
from siposyandu.imports.sheet import Sheet

# With so many numbers in a column, all ending in 0, they went through Excel: chance does it once in a thousand.
ZEROS_ARE_NO_CHANCE = 3
MARKED = ("ya", "y", "1")
BALITA = BY_NAME["balita"]


def check(sheet: Sheet, register: Register, today: date, posyandu: str | None = None) -> Report:
    """Check a file. `posyandu` is the id for rows that name none. Nothing is written.

    Give one `Together` for several files, so that measurements find the children of an earlier file.
    """
    together = register if isinstance(register, Together) else Together(register)
    return _Checking(sheet, together, today, posyandu).run()


class _Checking:
    """One file on its way to a report."""

    def __init__(self, sheet: Sheet, register: Together, today: date, posyandu: str | None) -> None:
        header = sheet.header
        self.report = Report(sheet.file, header.kind.title, header.version, len(sheet.rows))
        self.report.unknown_columns = header.unknown
        self.remarks = Remarks(self.report)
        self.finder = Finder(register, self.remarks, today, posyandu)
        self.register, self.today = register, today
        self.drafts = {row.number: draft(row, header) for row in sheet.rows}
        self.spoilt = _columns_ending_in_zero(sheet)

    def run(self) -> Report:
        """Row by row, then over all rows."""
        entries = [entry for made in self.drafts.values() if (entry := self._entry(made))]
        entries = self._without_repetitions(entries)
        self.report.good = [entry for entry in entries if self._is_new(entry)]
        found = comparing.gains(entries, self.register.visits_of)
        self.report.gains_agree, self.report.gains_differ = found
        return self.report

    def _entry(self, made: Draft) -> Entry | None:
        try:
            self._refuse_lost_rows(made)
            child, said = self.finder.child_of(made, self.finder.posyandu_of(made))
            visit = self._visit(made, child) if made.balita else None
        except BadRow:
            return None
        return Entry(made.row_number, child, said, visit, str(made.rest.get("gain", "")).upper())

    def _refuse_lost_rows(self, made: Draft) -> None:
        """Rows that e-PPGBM itself has given up, and numbers that Excel has destroyed."""
        for meaning in ("deleted", "moved"):
            if str(made.rest.get(meaning, "")).casefold() in MARKED:
                self.remarks.refuse(
                    made, meaning, Sentence(N_("The row is marked as deleted or moved away."))
                )
        for meaning in self.spoilt & made.shown.keys():
            reason = N_("All numbers in this column end in 0: spoilt by Excel. Download the file again.")
            self.remarks.refuse(made, meaning, Sentence(reason))

    def _visit(self, made: Draft, child: Child) -> Values:
        """The measurement, judged by the child's birth date."""
        typed = {"visit_date": ""} | made.balita
        checked = BALITA.check(typed, partial=True, today=self.today, context=child.values)
        self.remarks.hear(made, BALITA, checked)
        visit: Values = {column: value for column, value in checked.values.items() if value is not None}
        if not visit.keys() - {"visit_date", "measured"}:
            self.remarks.refuse(made, "balita.weight_kg", Sentence(N_("Nothing was measured on this row.")))
        age, birth = str(made.rest.get("age_words", "")), child.values.get("birth_date")
        if birth and (doubt := comparing.age_doubt(age, str(birth), str(visit["visit_date"]))):
            self.remarks.refuse(made, "age_words", doubt)
        return visit

    def _without_repetitions(self, entries: list[Entry]) -> list[Entry]:
        """Of rows that say the same of one child and day the first; of rows that contradict each other none."""
        alike: dict[tuple[int, object], list[Entry]] = defaultdict(list)
        for entry in entries:
            alike[id(entry.child), entry.visit and entry.visit["visit_date"]].append(entry)
        return [entry for rows in alike.values() for entry in self._one_of(rows)]

    def _one_of(self, rows: list[Entry]) -> list[Entry]:
        first, *others = rows
        if all(comparing.same_values(first.told, other.told) for other in others):
            for other in others:
                self._repeats(other, N_("The same as row {row}."), first)
            return [first]
        for entry, against in zip(rows, [others[0], *[first] * len(others)], strict=True):
            self._repeats(entry, N_("Row {row} says otherwise of the same child and day."), against)
        if first.child.id is None and first.visit is None:
            self.register.forget_child(first.child)
        return []

    def _repeats(self, entry: Entry, reason: str, other: Entry) -> None:
        meaning = "person.name" if entry.visit is None else "balita.visit_date"
        self.remarks.problem(self.drafts[entry.row_number], meaning, Sentence(reason, row=other.row_number))

    def _is_new(self, entry: Entry) -> bool:
        """Whether there is something to write; what differs from the register is told."""
        child, visit = entry.child, entry.visit
        if visit is None:
            self.report.already_there += child.id is not None
            return child.id is None
        kept = [old for old in self.register.visits_of(child) if old["visit_date"] == visit["visit_date"]]
        if not kept:
            self.register.add_visit(child, visit)
            return True
        self.report.already_there += 1
        self.remarks.differ(self.drafts[entry.row_number], BALITA, child, kept[-1], visit)
        return False


def _columns_ending_in_zero(sheet: Sheet) -> set[str]:
    """Columns of NIK or KK numbers that all end in 0: Excel keeps fifteen digits and makes the sixteenth a 0."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for row in sheet.rows:
        for meaning, cell in row.cells.items():
            if is_identity(meaning):
                numbers[meaning].add(text_of(cell))
    return {
        meaning
        for meaning, found in numbers.items()
        if len(found) >= ZEROS_ARE_NO_CHANCE and all(number.endswith("0") for number in found)
    }
