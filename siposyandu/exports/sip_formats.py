"""The formats of the SIP as files: the rows that are printed, one column for each box of the paper.

A dash of the paper (a box that means nothing at that age) is an empty cell where days and numbers stand; so is a box that
the program holds nothing for.
"""

from collections.abc import Callable

from siposyandu import sip
from siposyandu.exports.columns import COUNT, DAY, MEASURE, TEXT, Cell, Column, Export, day_of
from siposyandu.i18n import N_
from siposyandu.sip import format as paper
from siposyandu.sip.format import Format

KINDS = {paper.COUNT: COUNT, paper.KILOGRAMS: MEASURE, paper.DATE: DAY}
LETTERS = N_("Letter")
EMPTY = N_("Boxes that the program holds nothing for are left empty here too.")
BY_HAND = N_("written by hand")


def _export(form: Format) -> Export:
    columns = tuple(_column(at, column) for at, column in enumerate(form.COLUMNS))
    return Export(f"sip-{form.CODE}", form.TITLE, (*form.NOTES, EMPTY), columns)


def _column(at: int, column: paper.Column) -> Column:
    return Column(
        column.key,
        column.label or LETTERS,
        _value(at, column.kind),
        kind=KINDS.get(column.kind, TEXT),
        unit="kg" if column.kind == paper.KILOGRAMS else "N/T" if column.below else "",
        note="" if column.known else BY_HAND,
        group=column.group,
    )


def _value(at: int, kind: str) -> Callable[[paper.Cells], Cell]:
    """Return what reads the cell at a place of a format's row."""

    def read(row: paper.Cells) -> Cell:
        return _cell(row[at], kind)

    return read


def _cell(cell: paper.Cell, kind: str) -> Cell:
    if cell is None or (cell == paper.NOT_ASKED and kind in KINDS):
        return None
    if kind == paper.DATE:
        return day_of(str(cell))
    return cell if kind in KINDS else paper.in_words(cell, kind)


ALL: tuple[Export, ...] = tuple(_export(form) for form in sip.ALL)
