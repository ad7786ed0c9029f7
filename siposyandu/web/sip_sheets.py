"""The SIP formats on paper: each a table of A4 sheets lying, with empty boxes where the program holds nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, render_template, request

from siposyandu import i18n, sip
from siposyandu.errors import NotFound
from siposyandu.i18n import N_, gettext
from siposyandu.periods import Month
from siposyandu.sip import Cell, Cells, Column, Format
from siposyandu.sip.format import COUNT, DATE, KILOGRAMS, TICK, YEAR, in_words
from siposyandu.web import day, sessions, sheets
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("sip_sheets", __name__)

KEPT = frozenset({"number", "name", "month"})
"""The columns that a further side repeats, so that its rows can be told apart."""
ROWS_ON_A_SHEET = {"f1": 14, "f2-bayi": 14, "f2-balita": 14}
LISTS = frozenset(ROWS_ON_A_SHEET)
"""Formats with a row for each child: their last sheet is filled up with empty rows."""
BY_HAND = N_("Columns with * are written by hand: the program does not hold them.")
YEARS_BACK = 10
MONTHS_OFFERED = 24


class Box(NamedTuple):
    """One box of a row: its title, the title over its group, its share of the width, and which cells stand in it."""

    words: str
    group: str
    percent: float
    cells: tuple[int, ...]
    narrow: bool


class Sheet(NamedTuple):
    """One sheet: its boxes, the titles over them with how many each spans, and what stands in each row's boxes."""

    boxes: list[Box]
    groups: list[tuple[str, int]]
    rows: list[list[list[str]]]


@pages.get("/cetak/sip/<sip_code>")
@needs_worker
def show(sip_code: str) -> str:
    """Show a format's sheets of a month or a year."""
    posyandu_id, form, month = day.children_at_hand(signed_in()), _form(sip_code), _month()
    rows = form.rows(sessions.store(), posyandu_id, month)
    return render_template(
        "sip.html",
        form=form,
        yearly=form.PERIOD == YEAR,
        month=month,
        years=_years(month),
        months=Month.of(day.at_hand()).latest(MONTHS_OFFERED),
        place=sheets.place(posyandu_id),
        sheets=list(_sheets(form, rows)),
        notes=[*form.NOTES, *([BY_HAND] if any(not column.known for column in form.COLUMNS) else [])],
    )


def _form(code: str) -> Format:
    if code not in sip.BY_CODE:
        raise NotFound(f"no format {code}")
    return sip.BY_CODE[code]


def _month() -> Month:
    """Return the month asked for, or one of the year asked for; else that of the day at hand."""
    asked = request.args.get("bulan") or (f"{request.args['tahun']}-12" if request.args.get("tahun") else "")
    try:
        return Month.parse(asked) if asked else Month.of(day.at_hand())
    except ValueError as fault:
        raise NotFound(f"no month {asked}") from fault


def _years(month: Month) -> list[int]:
    newest = max(day.at_hand().year, month.year)
    return list(range(newest, newest - YEARS_BACK, -1))


def _sheets(form: Format, rows: Sequence[Cells]) -> list[Sheet]:
    """Return the sheets, both sides of some children after each other, as the book lies open."""
    is_list = form.CODE in LISTS
    parts = sheets.cut(rows, ROWS_ON_A_SHEET[form.CODE]) if is_list else [list(rows)]
    sides = sorted({column.side for column in form.COLUMNS})
    return [_sheet(boxes_of(form.COLUMNS, side), part, form.COLUMNS) for part in parts for side in sides]


def _sheet(boxes: list[Box], rows: Sequence[Cells | None], columns: Sequence[Column]) -> Sheet:
    written = [[_written(row, box, columns) for box in boxes] for row in rows]
    return Sheet(boxes, _groups(boxes), written)


def _written(row: Cells | None, box: Box, columns: Sequence[Column]) -> list[str]:
    return [] if row is None else [said for at in box.cells if (said := shown(row[at], columns[at]))]


def boxes_of(columns: Sequence[Column], side: int) -> list[Box]:
    """Return the boxes of one side of a sheet: its columns, those that every side repeats, and what stands below in one box."""
    chosen: list[tuple[Column, list[int]]] = []
    for at, column in enumerate(columns):
        if column.side != side and column.key not in KEPT:
            continue
        if column.below:
            chosen[-1][1].append(at)
        else:
            chosen.append((column, [at]))
    whole = sum(column.room for column, _ in chosen)
    return [_box(column, cells, whole) for column, cells in chosen]


def _box(column: Column, cells: Sequence[int], whole: float) -> Box:
    words = gettext(column.label) + ("" if column.known else " *")
    group = gettext(column.group) if column.group else ""
    return Box(
        words,
        group,
        round(100 * column.room / whole, 2),
        tuple(cells),
        column.kind in (COUNT, KILOGRAMS, TICK),
    )


def _groups(boxes: Sequence[Box]) -> list[tuple[str, int]]:
    """Return the titles over the boxes, one for those beside each other that share it, "" for a box without."""
    found: list[tuple[str, int]] = []
    for box in boxes:
        if box.group and found and found[-1][0] == box.group:
            found[-1] = (box.group, found[-1][1] + 1)
        else:
            found.append((box.group, 1))
    return found


def shown(cell: Cell, column: Column) -> str:
    """Write a cell as it stands on paper."""
    if cell is None:
        return ""
    if column.kind == DATE:
        return sheets.day_in_numbers(str(cell))
    if column.kind == KILOGRAMS:
        return _kilograms(float(cell))
    return in_words(cell, column.kind)


def _kilograms(weight_kg: float) -> str:
    """As many decimals as were weighed: 8,4 or 8,45."""
    return i18n.number(weight_kg, 1 if round(weight_kg * 1000) % 100 == 0 else 2)
