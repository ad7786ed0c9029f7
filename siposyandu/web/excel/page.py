"""The page Excel: the lists of a posyandu to take out, and the way back for what was changed in them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import BY_NAME, Sentence
from siposyandu import access, exports, i18n, places
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.periods import Month
from siposyandu.web import day, sessions
from siposyandu.web.changes import REASON
from siposyandu.web.excel import taking, waiting
from siposyandu.web.excel.judged import ASKS, NO_ANSWERS, READY, REFUSED, SAME, Answers, Judged
from siposyandu.web.excel.reading import LARGEST_BYTES, NO_FILE, NotTaken, Sheet, cells_of
from siposyandu.web.sessions import needs_worker, signed_in
from siposyandu.web.taking_out import GATHERED, month_asked

pages = Blueprint("excel", __name__)

MONTHS_OFFERED = 13
WHY = N_("Write in a few words why.")
STATES = ((REFUSED, 3, N_("refused")), (ASKS, 1, N_("asks")), (READY, 0, N_("ready")))
"""What a row can be, how urgent that is, and its word; in this order they are shown."""

Row = dict[str, Any]
Answer = Response | str | tuple[str, int]


@pages.get("/excel")
@needs_worker
def excel() -> str:
    """Show the lists to take out, and the file that waits to be saved."""
    return _page()


@pages.post("/excel")
@needs_worker
def bring() -> Answer:
    """Check a file whole and show what it would change; nothing is written but the worker's draft."""
    _may_enter()
    given = request.files.get("file")
    if given is None or not given.filename:
        return _page(Sentence(NO_FILE)), 400
    with given.stream as stream:
        content = stream.read(LARGEST_BYTES + 1)
    name = waiting.short(given.filename)
    try:
        cells = cells_of(content, name)
        waiting.hers(cells, name)
    except NotTaken as refused:
        return _page(refused.sentence), 400
    waiting.keep(cells, name)
    return redirect("/excel#kembali")


@pages.post("/excel/simpan")
@needs_worker
def save() -> Answer:
    """Save the rows that are ready; those with a fault, or with a question that is open, stay and are shown again."""
    _may_enter()
    store, reason = sessions.store(), request.form.get(REASON, "").strip()
    sheet, answers = waiting.sheet(), _answers()
    if sheet is None:
        return redirect("/excel")
    if not reason and _corrects_visits(sheet, answers):
        return _page(reason_error=Sentence(WHY), answers=answers), 400
    parts = list(taking.save(store, sheet, answers, reason))
    rows, left = sum(part.rows for part in parts), any(part.left for part in parts)
    if not left:
        waiting.forget(sheet)
    if rows:
        flash(_("Saved: {rows} rows.").format(rows=i18n.number(rows)), "s0")
    if left and not rows:
        return _page(answers=answers)
    return redirect("/excel#kembali" if left else "/excel")


def _corrects_visits(sheet: Sheet, answers: Answers) -> bool:
    """Whether saving would change visits that stand: that needs a reason."""
    rows = taking.judged(sessions.store(), sheet, answers)
    return any(row.corrects_a_visit and row.state == READY for row in rows)


@pages.post("/excel/buang")
@needs_worker
def throw_away() -> Response:
    """Throw the waiting file away; nothing of it was written since the last press."""
    waiting.forget()
    return redirect("/excel")


def _may_enter() -> None:
    access.require(signed_in().role in access.WEIGHERS, "write about children")


def _answers() -> Answers:
    return Answers(frozenset(request.form.getlist("asked")), frozenset(request.form.getlist("over")))


def _page(
    error: Sentence | None = None, *, reason_error: Sentence | None = None, answers: Answers = NO_ANSWERS
) -> str:
    posyandu_id, month = day.children_at_hand(signed_in()), month_asked()
    present = Month.of(day.at_hand())
    return render_template(
        "excel.html",
        posyandu=places.posyandu(sessions.store(), posyandu_id),
        choices=day.posyandu_of(signed_in()),
        month=month,
        months=present.latest(MONTHS_OFFERED),
        lists=[exports.BY_IDENTIFIER[identifier] for identifier in GATHERED],
        error=error,
        back=_back(waiting.sheet(), answers),
        reason_error=reason_error,
        reason=request.form.get(REASON, ""),
    )


def _back(sheet: Sheet | None, answers: Answers) -> Row | None:
    """Gather what is shown of the file that waits."""
    if sheet is None:
        return None
    rows = list(taking.judged(sessions.store(), sheet, answers))
    counted = Counter(row.state for row in rows)
    return {
        "sheet": sheet,
        "title": sheet.export.title,
        "posyandu": places.posyandu(sessions.store(), sheet.posyandu)["name"],
        "counts": [
            (severity, _(words), counted[state]) for state, severity, words in STATES if counted[state]
        ],
        "same": counted[SAME],
        "groups": [(state, severity, _of_state(rows, state)) for state, severity, _words in STATES],
        "ready": sum(row.weight for row in rows if row.state == READY),
        "asks": counted[ASKS] + sum(bool(row.over) for row in rows if row.state == READY),
        "needs_reason": any(row.corrects_a_visit and row.state in (READY, ASKS) for row in rows),
        "reason_field": BY_NAME["balita"].by_name[REASON],
    }


def _of_state(rows: Sequence[Judged], state: str) -> list[Judged]:
    return [row for row in rows if row.state == state]
