"""Joining where there is no signal: the laptop's request goes out as a file, the province's answer comes back as one."""

import platform
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forms import Sentence
from siposyandu import access, as_laptop, by_file, letter
from siposyandu.errors import NotFound
from siposyandu.i18n import N_
from siposyandu.letter import Letter
from siposyandu.web import sessions
from siposyandu.web.join import MACHINE_NAME_LETTERS, NO_CODE
from siposyandu.web.morning import only_at_the_laptop
from siposyandu.web.sessions import needs_worker, signed_in
from siposyandu.web.titipan import panel
from sync import bundle
from sync.errors import SyncError

pages = Blueprint("join_by_file", __name__)

NO_FILE = N_("Choose a file first.")
NO_MARK = N_("Write the mark as it stands beside the square of the letter: four groups of five.")
Answer = AnyResponse | str | tuple[str, int]
Said = Mapping[str, Sequence[Sentence | str]]


@pages.get("/laptop/pasang/berkas")
def show() -> Answer:
    """Show both steps: make the request, take the answer."""
    if _has_joined():
        return redirect("/laptop/pasang")
    return _page({}, {})


@pages.post("/laptop/pasang/berkas/minta")
def ask() -> Answer:
    """Give the request as a file."""
    only_at_the_laptop()
    if _has_joined():
        return redirect("/laptop/pasang")
    given = _letter()
    if not given.code:
        return _page({"ask_code": [NO_CODE]}, {}), 400
    name = platform.node()[:MACHINE_NAME_LETTERS]
    return _file(by_file.ask(sessions.instance(), sessions.store(), given.code, name), by_file.NAME)


@pages.post("/laptop/pasang/berkas")
def take() -> Answer:
    """Take the answer; afterwards the workers' names stand at the door."""
    only_at_the_laptop()
    if _has_joined():
        return redirect("/laptop/pasang")
    given, data = _letter(), _uploaded()
    mark = given.fingerprint or request.form.get("mark", "").strip()
    typed = {"code": given.code, "mark": mark}
    wanted = (("code", given.code, NO_CODE), ("mark", mark, NO_MARK), ("file", data, NO_FILE))
    missing: Said = {name: [why] for name, found, why in wanted if not found}
    if missing:
        return _page(missing, typed), 400
    try:
        by_file.join(sessions.instance(), sessions.store(), data, given.code, mark)
    except SyncError as refused:
        field = "mark" if refused.code == "other_province" else "file"
        return _page({field: [Sentence(by_file.words(refused.code), word=refused.code)]}, typed), 400
    return redirect("/laptop/pasang")


@pages.post("/titipan/gabung")
@needs_worker
def answer() -> Answer:
    """Answer, at the province, the request of a laptop without a signal."""
    if not sessions.instance().config.is_province:
        raise NotFound("only the province lets laptops join")
    access.require(signed_in().role in access.KEEPERS, "letting laptops join")
    data = _uploaded()
    error: Sentence | str = NO_FILE
    if data:
        try:
            return _file(by_file.answer(sessions.instance(), sessions.store(), data), by_file.ANSWER_NAME)
        except SyncError as refused:
            error = Sentence(by_file.words(refused.code), word=refused.code)
    return render_template("titipan.html", titipan=panel(), results=[], join_error=error), 400


def _letter() -> Letter:
    return letter.read(request.form.get("code", ""))


def _uploaded() -> bytes:
    given = request.files.get("file")
    if given is None or not given.filename:
        return b""
    with given.stream as stream:
        return stream.read(bundle.LARGEST_FILE)


def _file(data: bytes, name: str) -> Response:
    found = Response(data, mimetype="application/octet-stream")
    found.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return found


def _page(errors: Said, typed: Mapping[str, Any]) -> str:
    return render_template("join_by_file.html", errors=errors, typed=typed)


def _has_joined() -> bool:
    here = sessions.instance()
    if here.config.is_province:
        raise NotFound("the province joins nobody")
    return as_laptop.has_joined(here, sessions.store())
