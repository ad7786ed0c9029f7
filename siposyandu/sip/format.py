"""What a format of the SIP must say: its number and name, its source, its columns, and what it cannot know.

SIP (Sistem Informasi Posyandu) is the set of registers that every posyandu keeps on paper; domain.md 3 lists them. A
format is a module with the names below in capitals. Its rows are figures and facts, not words or pixels: the same
rows are printed and can be exported. A box whose content the program does not hold stays empty, to be filled in by hand.
"""

from dataclasses import dataclass
from typing import Protocol

from siposyandu.i18n import gettext, month_name
from siposyandu.periods import Month
from siposyandu.store import Store

YEAR, MONTH = "year", "month"
"""What a format covers."""

TEXT, TERM, COUNT, KILOGRAMS, DATE, MONTH_NAME, TICK = (
    "text",
    "term",
    "count",
    "kg",
    "date",
    "month_name",
    "tick",
)
"""What a cell holds: a text as it is, a text to translate, a number, kg, a day "2026-08-03", a month "2026-08", yes or no."""
KINDS = (TEXT, TERM, COUNT, KILOGRAMS, DATE, MONTH_NAME, TICK)

NOT_ASKED = "–"
"""A box that means nothing here, as a capsule of a baby under six months; None is a box nobody knows the content of."""
TICKS = {True: "√", False: NOT_ASKED}

Cell = str | int | float | bool | None
Cells = tuple[Cell, ...]


def in_words(cell: Cell, kind: str) -> str:
    """Write a cell that is neither a day nor a number as it is read, on paper and in a file: a tick, a month, a term, a text."""
    if kind == TICK:
        return TICKS[bool(cell)]
    if kind == MONTH_NAME:
        return month_name(Month.parse(str(cell)).number)
    return gettext(str(cell)) if kind == TERM else str(cell)


@dataclass(frozen=True)
class Column:
    """One column: its key, its words, the words over a group of columns, its kind, and on which sheet side it stands.

    `known` is false where the program holds nothing: the column is filled in by hand. `below` puts it under the column
    before it, in one box. `room` is its width against that of others.
    """

    key: str
    label: str
    group: str = ""
    kind: str = COUNT
    side: int = 1
    known: bool = True
    below: bool = False
    room: float = 10


class Format(Protocol):
    """One format: the module of that name in this package."""

    CODE: str
    TITLE: str
    SOURCE: str
    PERIOD: str

    @property
    def COLUMNS(self) -> tuple[Column, ...]:  # noqa: N802 - read-only names of a module
        """The columns, in the order of the paper."""

    @property
    def NOTES(self) -> tuple[str, ...]:  # noqa: N802
        """What must be said below the table."""

    @property
    def rows(self) -> "Rows":
        """The function that returns the rows."""


class Rows(Protocol):
    """What returns a posyandu's rows of a month, or of the year in which the month lies."""

    def __call__(self, store: Store, posyandu_id: str, month: Month) -> list[Cells]:
        """Return the rows, a cell for each column."""


BY_HAND = "*"


def by_hand(
    *columns: tuple[str, str], group: str = "", side: int = 1, room: float = 10
) -> tuple[Column, ...]:
    """Return columns, as (key, words), that are filled in by hand."""
    return tuple(Column(key, label, group, side=side, known=False, room=room) for key, label in columns)


def year_of(month: Month) -> list[Month]:
    """Return the twelve months of the year in which a month lies."""
    return [Month(month.year, number) for number in range(1, 13)]
