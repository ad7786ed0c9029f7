"""What a file consists of: columns that know their words, unit and value, and an export that puts them in a row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms import Choice, Date, Field, Flag, Measure, Whole
from siposyandu.i18n import gettext as _

Cell = str | int | float | date | None
TEXT, DAY, COUNT, MEASURE = "text", "day", "count", "measure"
"""Kinds of columns. Whatever names somebody or something (NIK, phone, codes) is TEXT: Excel would spoil it as a number."""


@dataclass(frozen=True)
class Column:
    """One column: the key it is known by, its heading (English, as in the catalogue), and its value in a row's source.

    `field` is the form's field where the column may come back changed; `answers` are its words, offered as a list. `group`
    are the words over several columns beside each other, without which the heading would not be understood.
    """

    key: str
    heading: str
    value: Callable[[Any], Cell]
    kind: str = TEXT
    unit: str = ""
    note: str = ""
    field: Field | None = None
    answers: tuple[str, ...] = ()
    hidden: bool = False
    group: str = ""

    @property
    def title(self) -> str:
        """The heading in the reader's language, with the unit unless the words have it already."""
        heading, unit = _(self.heading), _(self.unit) if self.unit else ""
        words = heading if unit.casefold() in heading.casefold() else f"{heading} ({unit})"
        return f"{_(self.group)}: {words}" if self.group else words


@dataclass(frozen=True)
class Export:
    """One kind of file. `about` says in sentences what is in it and how it was counted."""

    identifier: str
    title: str
    about: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def comes_back(self) -> bool:
        """Whether the file may come back with changes."""
        return any(column.field is not None for column in self.columns)

    def rows(self, sources: Iterable[Any]) -> Iterator[list[Cell]]:
        """Give the row of each source: a record, a child of a list, a month's counts."""
        for source in sources:
            yield [column.value(source) for column in self.columns]


@dataclass(frozen=True)
class Taken:
    """A file about to be written: what its rows are made of, what it is called, and who took it where and when.

    `told` are pairs of words and values for the sheet that explains; `mark` is the heading of the column of stamps.
    """

    export: Export
    sources: Sequence[Any]
    name: str
    told: tuple[tuple[str, str], ...] = ()
    mark: str = ""

    def headings(self) -> list[str]:
        """Return the first row."""
        return [
            self.mark or column.title if column.hidden else column.title for column in self.export.columns
        ]

    def rows(self) -> list[list[Cell]]:
        """Return the rows below it."""
        return list(self.export.rows(self.sources))


def of_field(field: Field, value: Callable[[Any], Any] | None = None, *, fixed: bool = False) -> Column:
    """Return the column of a form's field; `fixed` where it is only shown and does not come back."""
    read = value or (lambda row: row[field.column])
    return Column(
        field.name,
        field.label,
        lambda row: cell_of(field, read(row)),
        kind=_kind(field),
        unit=field.unit if isinstance(field, Measure) else "",
        note=field.hint,
        field=None if fixed else field,
        answers=_answers(field),
    )


def _kind(field: Field) -> str:
    if isinstance(field, Measure):
        return MEASURE
    return COUNT if isinstance(field, Whole) else DAY if isinstance(field, Date) else TEXT


def _answers(field: Field) -> tuple[str, ...]:
    if isinstance(field, Flag):
        return ("Yes", "No")
    return tuple(option.label for option in field.options) if isinstance(field, Choice) else ()


def cell_of(field: Field, stored: Any) -> Cell:
    """Return a stored value as its cell: a number in the form's unit, a day, an answer in words, or text."""
    if stored is None or stored == "":
        return None
    if isinstance(field, Measure):
        return float(field.in_units(stored))
    if isinstance(field, Choice):
        labels = {option.code: _(option.label) for option in field.options}
        return ", ".join(labels.get(code, code) for code in str(stored).split(","))
    if isinstance(field, Flag):
        return _("Yes") if stored == 1 else _("No")
    return day_of(stored) if isinstance(field, Date) else stored


def day_of(stored: str | None) -> date | None:
    """Return a stored day as a day."""
    return date.fromisoformat(stored) if stored else None


def rounded(value: float | None, decimals: int = 2) -> float | None:
    """Return a figure with as many decimals as it is worth."""
    return None if value is None else round(value, decimals)
