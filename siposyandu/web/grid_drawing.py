"""How the rows of the book are drawn: the template draws one row with holes, and each child's words are put into them.

A page has a hundred rows of five cells or more. Drawn by the template one by one they took more than half of its time.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from html import escape

from flask import get_template_attribute
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.i18n import language
from siposyandu.web.grid_columns import MEASURES, Column
from siposyandu.web.grid_rows import GridRow
from siposyandu.web.grid_saving import Judged
from siposyandu.web.marks import Mark

HOLE = r"%\(([a-z_.]+)\)s"
OF_A_CELL = ("text", "told", "before", "wrong")
"""The holes that every cell has: what stands in it, last time's value for the ear and for the eye, what is to be mended."""


class Drawing:
    """Draws the rows of one page: its columns, and under each name the mother's or the dusun."""

    def __init__(self, columns: Sequence[Column], *, by_dusun: bool) -> None:
        self._pieces = re.split(HOLE, _with_holes(columns))  # words and holes by turns
        self._holes = self._pieces[1::2]
        self._blank = {f"{hole}.{column.name}": "" for hole in OF_A_CELL for column in columns}
        self._under = ("dusun", "mother_name") if by_dusun else ("mother_name",)
        self._state, self._language = state_drawer(), language()
        self._told = f", {_('last time')} "

    def rows(self, rows: Iterable[GridRow], seen: Mapping[str, Judged]) -> Markup:
        """Return the rows as they stand in the table; `seen` says what was found in those that wait to be saved."""
        pieces: list[str] = []
        for row in rows:
            filled, drawn = self._filled(row, seen.get(row.id)), self._pieces.copy()
            drawn[1::2] = [filled[hole] for hole in self._holes]
            pieces += drawn
        return Markup("".join(pieces))  # noqa: S704 - our template; what `_filled` puts in is escaped

    def _filled(self, row: GridRow, look: Judged | None) -> dict[str, str]:
        """Return what stands in each hole; nothing that anybody typed goes in as it is."""
        cells = row.cells
        holes = self._blank | {
            "id": escape(row.id),
            "number": str(row.number),
            "name": escape(row.name),
            "more": self._more(row),
            "shown": htmlsafe_json_dumps(cells) if cells else "{}",
            "proposed": row.proposed,
            "closed": "" if row.is_open else " disabled",
            "state": self._state(row, look),
        }
        for name, text in cells.items():
            holes[f"text.{name}"] = escape(text)
        for name, value in row.before.items():
            holes[f"before.{name}"] = last = escape(value)
            holes[f"told.{name}"] = self._told + last
        return holes | _wrong(row, look) if look else holes

    def _more(self, row: GridRow) -> str:
        """Return what stands small under the name."""
        age = _age(self._language, row.age_months)
        words = next((row.child[name] for name in self._under if row.child[name]), "")
        return f"{age} · {escape(words)}" if words else age


def state_drawer() -> Callable[[GridRow, Judged | None], str]:
    """Return what draws how a row stands: what is wrong or kept, or how the stored visit came out."""
    return partial(get_template_attribute("grid_state.html", "state"), stored=_stored)


def _stored(marks: Iterable[Mark]) -> Markup:
    return _stored_in(language(), tuple(marks))


# The same few words stand in most rows of most pages: they are drawn once in each language.


@cache
def _stored_in(_language: str, marks: tuple[Mark, ...]) -> Markup:
    return Markup(get_template_attribute("grid_state.html", "stored")(marks))  # noqa: S704 - a template's


@cache
def _age(_language: str, months: int) -> str:
    return str(get_template_attribute("components.html", "age")(months))


def _with_holes(columns: Sequence[Column]) -> str:
    """Return a row of these columns as the template draws it."""
    measured = {field.name for field in MEASURES}
    heads = [(column.name, _(column.label), column.keys, column.name in measured) for column in columns]
    return str(get_template_attribute("grid_row.html", "row")(heads))


def _wrong(row: GridRow, look: Judged) -> dict[str, str]:
    mark = get_template_attribute("grid_row.html", "wrong")
    return {f"wrong.{name}": mark(row.id, name) for name in look.found.errors}
