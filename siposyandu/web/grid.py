"""The book: a paper register typed afterwards like a sheet of a calculation program, kept cell by cell, saved row by row.

Every cell is kept on this machine as soon as it is left, for its worker, posyandu and day. Saving takes the rows that are
good and leaves the others as they were typed. Without script the same page is one form that comes back filled.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
)
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from siposyandu import access, people
from siposyandu.i18n import N_, say
from siposyandu.i18n import gettext as _
from siposyandu.store import Store
from siposyandu.web import day, grid_cells, grid_columns, grid_names, grid_saving, sessions, visits
from siposyandu.web.changes import REASON
from siposyandu.web.grid_cells import ANSWER, NOBODY, Cell, Sheet
from siposyandu.web.grid_columns import BY_COLUMN
from siposyandu.web.grid_drawing import Drawing, state_drawer
from siposyandu.web.grid_rows import Book, GridRow
from siposyandu.web.grid_saving import Judged, Saving
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("grid", __name__)

PAGE = "/hari-ini/buku"
CELL, SHOWN = "sel.", "tampak."
SAID, ASKED = "jawab.", "tanya."
LONGEST_CELL = 600
CELLS_AT_ONCE = 5_000
NOT_YET = N_("This day has not come yet. Check the date.")
MAY_BE_KEPT = frozenset((*BY_COLUMN, ANSWER, REASON))

Answer = str | Response | tuple[str, int]


@pages.get(PAGE)
@needs_worker
def show() -> Answer:
    """Show a day's page of the book as it was left; before the day is known, ask for it."""
    _remember_columns()
    posyandu_id = day.children_at_hand(signed_in())
    asked = request.args.get("tanggal")
    if asked is None and sessions.day() is None:
        return _ask(day.proposed(), "", posyandu_id)
    try:
        on = _day_of_book()
    except ValueError:
        return _ask(day.at_hand(), day.NO_SUCH_DATE, posyandu_id), 400
    if on > visits.reached():
        return _ask(day.at_hand(), NOT_YET, posyandu_id), 400
    return _drawn(_book(posyandu_id, on))


@pages.post(PAGE)
def save() -> Answer:
    """Keep what was typed, then save the good rows; the button "keep" only keeps."""
    if sessions.current_worker() is None:
        return _kept_at_the_door()
    book = _book_at_hand()
    sheet = _sheet(book)
    grid_cells.keep(book.store, sheet, _cells(book), sessions.now())
    if request.form.get("langkah") == "jaga":
        return redirect(_address(book))
    before = request.form.get("sudah", 0, type=int)  # by the page's script, batch by batch
    saved = before + grid_saving.save_all(book, _saving(book, sheet))
    if saved:
        flash(_("%(count)s rows saved.") % {"count": saved}, "s0")
    return redirect(_address(book, periksa="1"))


@pages.post(f"{PAGE}/sel")
def keep_cells() -> Answer:
    """Keep the cells that were typed and say what is wrong in their rows."""
    if sessions.current_worker() is None:
        return _kept_at_the_door()
    book = _book_at_hand()
    sheet, cells = _sheet(book), _cells(book)
    grid_cells.keep(book.store, sheet, cells, sessions.now())
    typed = grid_cells.typed(book.store, sheet)
    touched = {person for person, _field in cells}
    children = list(enumerate(book.children(typed.keys()), 1))
    rows = book.rows_of([(number, child) for number, child in children if child["id"] in touched], typed)
    return jsonify(rows={row.id: _said(book, row) for row in rows})


@pages.post(f"{PAGE}/simpan")
@needs_worker
def save_batch() -> Response:
    """Save the next few good rows; says how many, and from which row to go on."""
    book = _book_at_hand()
    first = request.form.get("dari", 1, type=int)
    outcome = grid_saving.save_some(book, _saving(book, _sheet(book)), first)
    return jsonify(saved=outcome.saved, next=outcome.next_row)


@pages.post(f"{PAGE}/nama")
@needs_worker
def match_names() -> Response:
    """Say which child each pasted name means."""
    book = _book_at_hand()
    pasted = request.form.getlist("nama")
    if len(pasted) > CELLS_AT_ONCE or any(len(name) > LONGEST_CELL for name in pasted):
        raise BadRequest("more than a page of the book holds")
    children = book.children(grid_cells.typed(book.store, _sheet(book)).keys())
    return jsonify(matches=[match._asdict() for match in grid_names.matched(children, pasted)])


@pages.post(f"{PAGE}/pindah")
@needs_worker
def move() -> Response:
    """Put what was typed under another day under this one: the date on top was wrong."""
    book = _book_at_hand()
    try:
        wrong = day.believable(request.form.get("dari", ""))
    except ValueError as fault:
        raise BadRequest("no such day") from fault
    grid_cells.move(book.store, _sheet(book)._replace(day=wrong.isoformat()), book.on.isoformat())
    return redirect(_address(book))


def _day_of_book() -> date:
    asked = request.values.get("tanggal")
    return day.believable(asked) if asked is not None else day.at_hand()


def _book_at_hand() -> Book:
    """Return the book that a form belongs to; NotAllowed at another's posyandu, BadRequest for no day."""
    posyandu_id = day.children_at_hand(signed_in())
    access.require(access.may_enter(sessions.store(), signed_in(), posyandu_id), "weigh the children here")
    try:
        return _book(posyandu_id, _day_of_book())
    except ValueError as fault:
        raise BadRequest("no such day") from fault


def _book(posyandu_id: str, on: date) -> Book:
    guests = tuple(request.values.getlist("tambah"))
    return Book(sessions.store(), posyandu_id, on, request.values.get("urut") == "dusun", guests)


def _sheet(book: Book) -> Sheet:
    return Sheet(signed_in().id, book.posyandu, book.on.isoformat())


def _saving(book: Book, sheet: Sheet) -> Saving:
    reason = grid_saving.reason_of(grid_cells.typed(book.store, sheet))
    return Saving(sheet, pen(), visits.reached(), reason)


def _cells(book: Book) -> dict[Cell, str]:
    """Return the cells that came and belong to the book's children; those that still show what the page did are left out."""
    return _of_children(book.store, book.posyandu)


def _of_children(store: Store, posyandu_id: str) -> dict[Cell, str]:
    sql = "select id from person where posyandu = $1 and retracted = 0"
    hers = {row["id"] for row in store.rows(sql, posyandu_id)} | {NOBODY}
    return {cell: text for cell, text in _sent().items() if cell[0] in hers}


def _sent() -> dict[Cell, str]:
    names = [name for name in request.form if name.startswith(CELL)]
    cells = {_cell(name): request.form[name] for name in names}
    if len(cells) > CELLS_AT_ONCE or any(len(text) > LONGEST_CELL for text in cells.values()):
        raise BadRequest("more than a page of the book holds")
    cells |= {(row, ANSWER): said for row, said in _answers()}
    return {cell: text for cell, text in cells.items() if text != _was(cell)}


def _cell(name: str) -> Cell:
    person, _dot, field = name.removeprefix(CELL).partition(".")
    if field not in MAY_BE_KEPT:
        raise BadRequest("no such cell")
    return person, field


def _was(cell: Cell) -> str | None:
    """Return what the page showed in a cell when it was drawn; another page may have typed there since."""
    try:
        shown = json.loads(request.form[SHOWN + cell[0]])
        return str(shown.get(cell[1], "")) if cell[1] != ANSWER else None
    except (KeyError, ValueError, AttributeError):
        return None  # the script sends nothing but what was typed


def _answers() -> list[tuple[str, str]]:
    """Return what was answered at each row that was asked about, with the keys of its questions."""
    given = {name.removeprefix(SAID): request.form[name] for name in request.form if name.startswith(SAID)}
    return [(row, "\n".join([said, *request.form.getlist(ASKED + row)])) for row, said in given.items()]


def _kept_at_the_door() -> Response:
    """Keep what was typed though the session has ended: she signs in again and finds it."""
    store, posyandu_id = sessions.store(), request.form.get("posyandu", "")
    worker = access.worker(store, sessions.whose() or "")
    if worker is not None and access.may_enter(store, worker, posyandu_id):
        try:
            sheet = Sheet(worker.id, posyandu_id, _day_of_book().isoformat())
        except ValueError as fault:
            raise BadRequest("no such day") from fault
        grid_cells.keep(store, sheet, _of_children(store, posyandu_id), sessions.now())
    return sessions.to_the_door()


def _remember_columns() -> None:
    wanted = [name for name in request.args.getlist("kolom") if name in BY_COLUMN]
    if wanted:
        session["grid_columns"] = wanted


def _address(book: Book, **more: str) -> str:
    known: list[tuple[str, str]] = [("tanggal", book.on.isoformat()), ("posyandu", book.posyandu)]
    known += [("urut", "dusun")] if book.by_dusun else []
    known += [("tambah", guest) for guest in book.guests]
    return f"{PAGE}?{urlencode([*known, *more.items()])}"


def _ask(proposal: date, error: str, posyandu_id: str) -> str:
    sheet = Sheet(signed_in().id, posyandu_id, "")
    return render_template(
        "grid_day.html",
        typed=request.args.get("tanggal") or proposal,
        errors=[error] if error else [],
        posyandu_id=posyandu_id,
        by_dusun=request.args.get("urut") == "dusun",
        unfinished=grid_cells.unfinished(sessions.store(), sheet),
    )


def _said(book: Book, row: GridRow) -> dict[str, Any]:
    """Return what the page is told of a row: its state as it is drawn, and what is wrong where."""
    seen = _judged(book, row)
    faults = [{"field": fault.field, "text": say(fault.sentence)} for fault in (seen.faults if seen else ())]
    return {"state": state_drawer()(row, seen), "faults": faults}


def _judged(book: Book, row: GridRow) -> Judged | None:
    return grid_saving.judged(book.store, row, visits.reached()) if row.is_open and row.waits else None


def _drawn(book: Book) -> str:
    sheet = _sheet(book)
    typed = grid_cells.typed(book.store, sheet)
    rows = book.rows(typed)
    seen = {row.id: found for row in rows if (found := _judged(book, row))}
    asked = "periksa" in request.args
    used = {name for row in rows for name, text in row.typed.items() if text and name in BY_COLUMN}
    columns = grid_columns.chosen({*(session.get("grid_columns") or grid_columns.USUAL), *used})
    reason = grid_saving.reason_of(typed)
    return render_template(
        "grid.html",
        book=book,
        columns=columns,
        all_columns=grid_columns.COLUMNS,
        rows=Drawing(columns, by_dusun=book.by_dusun).rows(rows, seen),
        letters=[(column, grid_columns.letters(column.name)) for column in columns],
        faults=[fault for each in seen.values() for fault in each.faults],
        questions=[each for each in seen.values() if asked and each.questions and not each.found.errors],
        reason=reason,
        corrections=[row for row in rows if row.is_correction],
        reason_fault=grid_saving.reason_fault(rows, reason) if asked else None,
        waiting=len(seen),
        unfinished=grid_cells.unfinished(book.store, sheet),
        here=_address(book),
        choices=day.posyandu_of(signed_in()),
        **_search(book, rows),
    )


def _search(book: Book, rows: list[GridRow]) -> Mapping[str, Any]:
    """Return who fits the name typed under the list and is not on it yet."""
    wanted = request.args.get("cari", "").strip()
    here = {row.id for row in rows}
    found = people.find(book.store, wanted, frozenset({book.posyandu})) if wanted else []
    strangers = [child for child in found if child["id"] not in here and child["birth_date"]]
    return {
        "wanted": wanted,
        "found": strangers,
        "on_list": [row for row in rows if row.id in {child["id"] for child in found}],
    }
