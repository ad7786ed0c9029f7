"""One puskesmas, posyandu or worker: made, corrected; a password for a worker, a code for a new laptop."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import Sentence
from siposyandu import access, areas, as_province, credentials, keeping, records
from siposyandu.errors import NotFound
from siposyandu.i18n import gettext as _
from siposyandu.keeping import POSYANDU, PUSKESMAS, WORKER, Kind, Register
from siposyandu.letter import Letter
from siposyandu.records import Pen
from siposyandu.web import qr, sessions
from siposyandu.web.keep import TITLES, kept, kind_of
from siposyandu.web.keep_inputs import inputs
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("keep_edit", __name__)

# Words to read aloud: 4 of 4,900 give 49 bits, which fifteen-minute waits after five tries make plenty.
CONSONANTS, VOWELS, PASSWORD_WORDS = "bdgjklmnprstwy", "aeiou", 4
CODE_HOURS = 72

Answer = Response | str | tuple[str, int]
Said = Mapping[str, Sequence[Sentence]]


def pen() -> Pen:
    """Return the pen of the worker at the keyboard."""
    return Pen(sessions.instance().lane, signed_in(), sessions.now())


@pages.get("/kelola/<word>/baru")
@needs_worker
def ask_new(word: str) -> Answer:
    """Show an empty record; `peran` and `wilayah` in the address fill in a worker's role and area."""
    kind = kind_of(word)
    given = {"role": request.args.get("peran", ""), "area": request.args.get("wilayah", "")}
    return _page(kept(), kind, {**given, "active": "yes"}, {}, None)


@pages.post("/kelola/<word>/baru")
@needs_worker
def make(word: str) -> Answer:
    """Keep a new record."""
    return _save(kept(), kind_of(word), None)


@pages.get("/kelola/<word>/<entity>")
@needs_worker
def ask(word: str, entity: str) -> Answer:
    """Show a record as it is kept."""
    register, kind = kept(), kind_of(word)
    row = _row(register, kind, entity)
    return _page(register, kind, kind.form.shown(row), {}, row)


@pages.post("/kelola/<word>/<entity>")
@needs_worker
def correct(word: str, entity: str) -> Answer:
    """Keep a record's changes."""
    register, kind = kept(), kind_of(word)
    return _save(register, kind, _row(register, kind, entity))


@pages.post("/kelola/pekerja/<entity>/sandi")
@needs_worker
def new_password(entity: str) -> Answer:
    """Give a worker a new password, shown only now; her open pages on this server end."""
    row = _row(kept(), WORKER, entity)
    password = _password()
    credentials.set_password(sessions.store(), entity, password, sessions.now())
    return render_template("keep_password.html", row=row, password=password)


@pages.post("/kelola/posyandu/<entity>/kode")
@needs_worker
def new_code(entity: str) -> Answer:
    """Give a one-time code for a new laptop of a posyandu, shown only now."""
    return letter(_row(kept(), POSYANDU, entity))


@pages.post("/kelola/puskesmas/<entity>/kode")
@needs_worker
def new_code_of_pc(entity: str) -> Answer:
    """Give a one-time code for the PC of a puskesmas, shown only now."""
    return letter(_row(kept(), PUSKESMAS, entity), kind=PUSKESMAS)


def letter(row: Mapping[str, Any], *, replaces: bool = False, kind: Kind = POSYANDU) -> str:
    """Draw the letter with a one-time code for a posyandu's laptop, or a puskesmas' PC: what to type, and what becomes of the
    old laptop."""
    here = sessions.instance()
    code = as_province.new_enrolment_code(here, sessions.store(), row["id"])
    said = Letter(request.host_url.rstrip("/"), code, as_province.fingerprint(here))
    return render_template(
        "keep_code.html",
        row=row,
        letter=said,
        drawing=qr.drawing(said.line),
        hours=CODE_HOURS,
        replaces=replaces,
        word=kind.word,
    )


def _row(register: Register, kind: Kind, entity: str) -> dict[str, Any]:
    row = register.rows(kind).get(entity)
    if row is None:
        raise NotFound(f"no {kind.word} {entity}")
    access.require(register.may_keep(kind, row), f"keeping {kind.word} {entity}")
    return row


def _save(register: Register, kind: Kind, row: dict[str, Any] | None) -> Answer:
    """Check what was typed and keep it, or show it again with what is wrong."""
    typed, entity = _typed(register, kind), row["id"] if row else None
    checked = keeping.check(register, kind, typed, entity, sessions.today())
    if checked.errors:
        return _page(register, kind, typed, checked.errors, row), 400
    saved = records.save(sessions.store(), pen(), kind.form, checked.values, entity)
    flash(_("Saved: {name}").format(name=checked.values["name"]), "s0")
    if entity is None:
        return redirect(url_for("keep_edit.ask", word=kind.word, entity=saved))
    return redirect(url_for("keep.listed", word=kind.word))


def _typed(register: Register, kind: Kind) -> dict[str, Any]:
    """Return what was typed. A new puskesmas serves the desa of its kecamatan; a kader's posyandu may be a code."""
    sent = request.form
    typed: dict[str, Any] = {name: sent.get(name, "") for name in kind.columns if name != "desa_codes"}
    if kind is PUSKESMAS:
        ticked = ",".join(sent.getlist("desa_codes"))
        typed["desa_codes"] = ticked if "ticks" in sent else _desa_of(typed["kecamatan_code"])
    if kind is WORKER and typed["role"] == "kader":
        named = register.named(POSYANDU, typed["area"].strip())
        typed["area"] = named[0]["id"] if named else typed["area"]
    return typed


def _desa_of(kecamatan: str) -> str:
    try:
        return ",".join(desa.code for desa in areas.children(kecamatan))
    except areas.UnknownArea:
        return ""


def _page(register: Register, kind: Kind, typed: Mapping[str, Any], errors: Said, row: Any) -> str:
    return render_template(
        "keep_edit.html",
        kind=kind,
        title=TITLES[kind.word],
        row=row,
        inputs=inputs(register, kind, typed, errors),
        wrong=bool(errors),
        has_password=bool(row) and kind is WORKER and credentials.has_secret(sessions.store(), row["id"]),
    )


def _password() -> str:
    """Make a password that can be read aloud: "bira-tuno-keli-masu"."""
    pairs = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
    return "-".join(secrets.choice(pairs) + secrets.choice(pairs) for _word in range(PASSWORD_WORDS))
