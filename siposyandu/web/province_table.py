"""The table of an area's parts: one row each, in the order that was asked for, on the page and as a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.indicators import CHILDREN, Figure, Indicator, Totals, figure, scope
from siposyandu.periods import Month
from siposyandu.store import Store

NO_PUSKESMAS = N_("Without a puskesmas")
SEX_WORDS = {"f": N_("Girls"), "m": N_("Boys")}
AGE_WORDS = N_("{ages} months")


@dataclass(frozen=True)
class Row:
    """One part of an area: its key, name and figure; `leads_down` when it can be looked at by itself."""

    key: str
    name: str
    figure: Figure
    leads_down: bool


# By the word in the address: what a row is ordered by. A row without a value comes last either way.
SORTS: Mapping[str, Callable[[Row], str | float | None]] = {
    "nama": lambda row: row.name.casefold() or None,
    "pembilang": lambda row: row.figure.numerator,
    "penyebut": lambda row: row.figure.denominator,
    "persen": lambda row: None if row.figure.too_few else row.figure.percent,
    "ds": lambda row: row.figure.coverage,
    "belum": lambda row: row.figure.posyandu_unreported,
}


def rows(store: Store, indicator: Indicator, by: str, parts: Mapping[str, Totals]) -> list[Row]:
    """Return a row for each part of an area, whose counts were split by `by`, in the order of their keys."""
    figures = [(key, figure(indicator, counted)) for key, counted in sorted(parts.items())]
    if by in CHILDREN:
        return [Row(key, _children(by, key), found, leads_down=False) for key, found in figures]
    names = scope.names(store, by, parts)
    return [Row(key, names.get(key, _(NO_PUSKESMAS)), found, key in names) for key, found in figures]


def _children(by: str, key: str) -> str:
    return _(AGE_WORDS).format(ages=key.replace("-", "–")) if by == "age" else _(SEX_WORDS[key])


def ordered(rows: Sequence[Row], sort: str, *, falling: bool) -> list[Row]:
    """Return rows in an order of SORTS; equal ones keep their places."""
    value = SORTS[sort]
    known = [row for row in rows if value(row) is not None]
    unknown = [row for row in rows if value(row) is None]
    return sorted(known, key=value, reverse=falling) + unknown  # type: ignore[arg-type]


@dataclass(frozen=True)
class Line(Row):
    """A row as a file has it: with its month and indicator."""

    month: Month
    indicator: Indicator


def lines(rows: Iterable[Row], indicator: Indicator, month: Month) -> list[Line]:
    """Return the table as a file has it."""
    return [Line(row.key, row.name, row.figure, row.leads_down, month, indicator) for row in rows]
