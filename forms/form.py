"""A form: its fields in sections, the rules between fields, and the check of what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from marshmallow import ValidationError

from forms.dates import completed_months
from forms.fields import Date, Field, Stored
from forms.schemas import loader
from forms.sentences import N_, Sentence

Values = dict[str, Stored]
Known = Mapping[str, Stored]


@dataclass(frozen=True)
class Section:
    """A heading on the page and the fields under it."""

    code: str
    title: str


@dataclass(frozen=True)
class Finding:
    """What a rule says at a field: an error, or (ask) a question to be answered "yes, it is so"."""

    name: str
    sentence: Sentence
    ask: bool = False


@dataclass(frozen=True)
class Rule:
    """A rule between fields: in a correction it is heard only when one of its columns was typed."""

    columns: tuple[str, ...]
    judge: Callable[[Known, date], Iterable[Finding]]


@dataclass
class Checked:
    """What came out of a check: stored values by column; errors and questions by the name of the field."""

    values: Values = field(default_factory=dict)
    errors: dict[str, list[Sentence]] = field(default_factory=dict)
    questions: dict[str, list[Sentence]] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Keep one finding beside its field."""
        kept = self.questions if finding.ask else self.errors
        kept.setdefault(finding.name, []).append(finding.sentence)


@dataclass(frozen=True, eq=False)
class Form:
    """One kind of record. `number` travels as wire field 0 of every record made; `name` is the table's.

    `age_on` names the column with the day on which soft bounds by age are looked up.
    """

    number: int
    name: str
    title: str
    fields: tuple[Field, ...]
    sections: tuple[Section, ...] = ()
    rules: tuple[Rule, ...] = ()
    age_on: str = ""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Each field by the name it is typed under."""
        return {field.name: field for field in self.fields}

    @cached_property
    def by_column(self) -> dict[str, Field]:
        """Each field by the column it is stored in."""
        return {field.column: field for field in self.fields}

    @cached_property
    def by_number(self) -> dict[int, Field]:
        """Each field by its number on the wire."""
        return {field.number: field for field in self.fields}

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The columns that hold a day."""
        return tuple(column for column, field in self.by_column.items() if isinstance(field, Date))

    def check(
        self, typed: Mapping[str, Any], *, partial: bool = False, today: date, context: Known | None = None
    ) -> Checked:
        """Read what was typed. A value with an error is not among the values; a questioned one is.

        `partial`: a correction, only the fields typed are looked at; otherwise defaults are filled in and
        required fields must be there. `context`: columns known already, by which the rest is judged: the
        stored row when it is corrected; for a child's visit the child's birth_date and sex.
        """
        checked = self._read(typed, partial)
        broken = {self.by_name[name].column for name in checked.errors if name in self.by_name}
        known = {**(context or {}), **checked.values}
        known = {column: value for column, value in known.items() if column not in broken}
        for finding in self._doubts(checked.values, known, today):
            checked.add(finding)
        for rule in self.rules:
            heard = not partial or any(column in checked.values for column in rule.columns)
            if heard and broken.isdisjoint(rule.columns):
                for finding in rule.judge(known, today):
                    checked.add(finding)
        for name in checked.errors.keys() & self.by_name.keys():
            checked.values.pop(self.by_name[name].column, None)
        return checked

    def _read(self, typed: Mapping[str, Any], partial: bool) -> Checked:
        """Field by field: types and hard bounds."""
        try:
            values, errors = loader(self).load(typed, partial=partial), {}
        except ValidationError as refused:
            values, errors = refused.valid_data, refused.messages_dict
        checked = Checked(dict(values), {name: list(said) for name, said in errors.items()})
        if not partial:
            for given in self.fields:
                if given.default is not None and given.name not in typed:
                    checked.values[given.column] = given.default
        return checked

    def _doubts(self, values: Values, known: Known, today: date) -> Iterable[Finding]:
        """Soft bounds, and days that have not come yet."""
        months = self.age_months(known)
        for column, value in values.items():
            described = self.by_column[column]
            if sentence := described.doubt(value, months):
                yield Finding(described.name, sentence, ask=True)
            if isinstance(described, Date) and not described.future and str(value or "") > today.isoformat():
                yield Finding(described.name, _not_yet(described, str(value)))

    def knows(self, wire: Mapping[int, object]) -> bool:
        """Whether every field of a record is one of this form's; 0 names the form, numbers below are sync's own."""
        return all(number <= 0 for number in wire.keys() - self.by_number.keys())

    def age_months(self, known: Known) -> int | None:
        """The child's completed months on the form's day; None when a date is missing or before birth."""
        birth, day = known.get("birth_date"), known.get(self.age_on)
        if not birth or not day or str(day) < str(birth):
            return None
        return completed_months(date.fromisoformat(str(birth)), date.fromisoformat(str(day)))

    def shown(self, row: Known) -> dict[str, str]:
        """The row as a person would type it; columns that are not the form's are left out."""
        return {
            self.by_column[column].name: self.by_column[column].show(value)
            for column, value in row.items()
            if column in self.by_column
        }

    def to_wire(self, values: Known) -> dict[int, Stored]:
        """Values by wire number. A column the form does not have is a mistake and raises KeyError."""
        return {self.by_column[column].number: value for column, value in values.items()}

    def from_wire(self, values: Mapping[int, Stored]) -> Values:
        """Values by column; numbers this version does not know are left out (PROTOCOL.md 3.11)."""
        return {
            self.by_number[number].column: value
            for number, value in values.items()
            if number in self.by_number
        }


def _not_yet(described: Field, day: str) -> Sentence:
    """The error for a day in the future."""
    template = N_("{label} {day} has not come yet. Check the date.")
    return Sentence(template, label=Sentence(described.label), day=date.fromisoformat(day))
