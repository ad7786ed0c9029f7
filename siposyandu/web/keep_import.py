"""A list given as a file: checked whole, its good and bad rows shown, and the good ones taken when the keeper says so.

Between the two presses the file waits in the keeper's drafts, so that a reload or a power cut loses nothing.
"""

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import N_, Sentence
from siposyandu import i18n, keeping
from siposyandu.i18n import gettext as _
from siposyandu.imports.cells import text_of
from siposyandu.imports.texts import csv_rows, decode
from siposyandu.imports.workbooks import xlsx_sheets
from siposyandu.keeping import FileCheck, Kind, UnknownFile
from siposyandu.web import drafts, sessions
from siposyandu.web.keep import TITLES, kept, kind_of
from siposyandu.web.keep_edit import pen
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("keep_import", __name__)

ZIP = b"PK\x03\x04"
REFUSED_AT_MOST = 200
# The longest list, all workers of the province, has less than 2 MB.
LARGEST_BYTES, LARGEST_INFLATED_BYTES = 4 * 1024 * 1024, 16 * 1024 * 1024
NO_FILE = N_("Choose a file first.")
TOO_LONG = N_("{file} is longer than any list. Split it and bring in the parts one after the other.")
UNREADABLE = N_("{file} cannot be read. Open it in Excel and save it again as .xlsx or .csv.")

Answer = Response | str | tuple[str, int]


@pages.get("/kelola/<word>/impor")
@needs_worker
def ask(word: str) -> Answer:
    """Ask for a file; one that was given and not yet taken is shown again."""
    kept()
    kind, waiting = kind_of(word), _waiting(word)
    return _page(kind, _checked(kind, waiting) if waiting else None)


@pages.post("/kelola/<word>/impor")
@needs_worker
def check(word: str) -> Answer:
    """Check a file whole and show what it says; nothing is written but the keeper's draft."""
    kept()  # whose file may be read at all is asked before it is read
    kind, given = kind_of(word), request.files.get("file")
    if given is None or not given.filename:
        return _page(kind, None, Sentence(NO_FILE)), 400
    with given.stream as stream:
        content = stream.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        return _page(kind, None, Sentence(TOO_LONG, file=given.filename)), 400
    try:
        rows = _rows(content)
    except Exception:  # csv, codecs, zipfile and openpyxl share no ancestor
        return _page(kind, None, Sentence(UNREADABLE, file=given.filename)), 400
    try:
        checked = _checked(kind, rows)
    except UnknownFile as refused:
        return _page(kind, None, refused.sentence), 400
    drafts.keep(sessions.store(), signed_in().id, _draft(word), {"rows": [json.dumps(rows)]}, sessions.now())
    return _page(kind, checked)


@pages.post("/kelola/<word>/impor/ambil")
@needs_worker
def take(word: str) -> Answer:
    """Take the good rows of the file that waits; it is checked once more, for the register may have changed."""
    kept()
    kind, waiting = kind_of(word), _waiting(word)
    if not waiting:
        return redirect(url_for("keep_import.ask", word=word))
    taken = keeping.take(sessions.store(), pen(), _checked(kind, waiting))
    drafts.forget(sessions.store(), signed_in().id, _draft(word))
    flash(_("Taken: {rows} rows.").format(rows=i18n.number(taken)), "s0")
    return redirect(url_for("keep.listed", word=word))


@pages.post("/kelola/<word>/impor/buang")
@needs_worker
def throw_away(word: str) -> Answer:
    """Throw the waiting file away; nothing of it was written."""
    kept()
    drafts.forget(sessions.store(), signed_in().id, _draft(kind_of(word).word))
    return redirect(url_for("keep_import.ask", word=word))


def _draft(word: str) -> str:
    return f"/kelola/{word}/impor"


def _waiting(word: str) -> list[list[str]]:
    kept_file = drafts.typed_before(sessions.store(), signed_in().id, _draft(word))
    found: list[list[str]] = json.loads(kept_file["rows"][0]) if kept_file else []
    return found


def _rows(content: bytes) -> list[list[str]]:
    """Read the cells of a CSV file or of the first sheet of an Excel file as text."""
    packed = content.startswith(ZIP)
    rows = next(iter(xlsx_sheets(content, LARGEST_INFLATED_BYTES))) if packed else csv_rows(decode(content))
    return [[text_of(cell) for cell in row] for row in rows]


def _checked(kind: Kind, rows: list[list[str]]) -> FileCheck:
    return keeping.check_rows(kept(), kind, rows, sessions.today())


def _page(kind: Kind, checked: FileCheck | None, error: Sentence | None = None) -> str:
    return render_template(
        "keep_import.html",
        kind=kind,
        title=TITLES[kind.word],
        checked=checked,
        refused=checked.refused[:REFUSED_AT_MOST] if checked else [],
        more=len(checked.refused) - REFUSED_AT_MOST if checked else 0,
        error=error,
    )
