"""Uji kader: ten measured cases, one a page; at the end a score, why each answer is right, and a sheet with the name."""

import secrets

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import FormError
from siposyandu.exam import keeping, marking
from siposyandu.exam.case import Choosing
from siposyandu.exam.keeping import Trial
from siposyandu.web import exam_pictures, sessions
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("exam", __name__)

SCORES_SHOWN = 10
SEED_BYTES = 8

Answer = Response | str | tuple[str, int]


@pages.get("/uji")
@needs_worker
def begin_page() -> str:
    """Say what the trial is, and show this worker's last scores on this machine."""
    return render_template("exam.html", scores=keeping.scores(sessions.store(), signed_in().id, SCORES_SHOWN))


@pages.post("/uji")
@needs_worker
def begin() -> Response:
    """Begin a trial with numbers that nobody has seen."""
    seed = secrets.token_hex(SEED_BYTES)
    number = keeping.begin(sessions.store(), signed_in().id, seed, sessions.now())
    return redirect(f"/uji/{number}", 303)


@pages.get("/uji/<int:exam_no>")
@needs_worker
def case(exam_no: int) -> Answer:
    """Show the case that is next, or the result when all were answered."""
    asked = _own(exam_no)
    return redirect(f"/uji/{exam_no}/hasil") if asked.is_over else _shown(asked)


@pages.post("/uji/<int:exam_no>")
@needs_worker
def answer(exam_no: int) -> Answer:
    """Keep an answer and go on to the next case; one that cannot be read is asked for again."""
    asked, typed = _own(exam_no), request.form.get("answer", "")
    try:
        keeping.answer(sessions.store(), asked, request.form.get("number", -1, int), typed, sessions.now())
    except FormError as refused:
        return _shown(asked, typed, [refused.sentence]), 400
    return redirect(f"/uji/{exam_no}", 303)


@pages.get("/uji/<int:exam_no>/hasil")
@needs_worker
def result(exam_no: int) -> Answer:
    """Show the score, and of each case what was answered, what is right and why."""
    asked = _own(exam_no)
    if not asked.is_over:
        return redirect(f"/uji/{exam_no}")
    lines = [
        {
            "title": case.title,
            "is_right": answered.is_right,
            "typed": marking.typed_words(case, answered.typed),
            "right": marking.right_words(case),
            "why": case.why,
            "seconds": answered.seconds,
        }
        for case, answered in zip(asked.cases, asked.answers, strict=True)
    ]
    return render_template("exam_result.html", trial=asked, lines=lines, worker=signed_in())


def _own(exam_no: int) -> Trial:
    return keeping.found(sessions.store(), exam_no, signed_in().id)


def _shown(asked: Trial, typed: str = "", errors: list[object] | None = None) -> str:
    number = len(asked.answers)
    shown = asked.cases[number]
    choosing = isinstance(shown.answer, Choosing)
    return render_template(
        "exam_case.html",
        exam_no=asked.exam_no,
        number=number,
        of=len(asked.cases),
        case=shown,
        picture=exam_pictures.draw(shown.picture),
        unit="" if choosing else marking.field_of(shown.answer.field).unit,  # type: ignore[union-attr]
        choosing=choosing,
        typed=typed,
        errors=errors or [],
    )
