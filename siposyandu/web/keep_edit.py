"""One puskesmas, posyandu or worker: made, corrected; a password for a worker, a code for a new laptop."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from siposyandu.web import changes, keep_clashes, qr, sessions
from siposyandu.web.clashes import Clash
from siposyandu.web.keep import TITLES, kept, kind_of
from siposyandu.web.keep_inputs import inputs
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("keep_edit", __name__)

# Words to read aloud: 4 of 4,900 give 49 bits, which fifteen-minute waits after five tries make plenty.
CONSONANTS, VOWELS, PASSWORD_WORDS = "bdgjklmnprstwy", "aeiou", 4
CODE_HOURS = 72

Answer = Response | str | tuple[str, int]
Typed = Mapping[str, Any]
Said = Mapping[str, Sequence[Sentence]]
NOTHING_WRONG: Said = {}


def pen() -> Pen:
    """Return the pen of the worker at the keyboard."""
    return Pen(sessions.instance().lane, signed_in(), sessions.now())


@dataclass(frozen=True)
class Spot:
    """What is kept, which kind of record is worked at, and the record as it stands, None for a new one."""

    register: Register
    kind: Kind
    row: dict[str, Any] | None = None


@pages.get("/kelola/<word>/baru")
@needs_worker
def ask_new(word: str) -> Answer:
    """Show an empty record; `peran` and `wilayah` in the address fill in a worker's role and area."""
    given = {"role": request.args.get("peran", ""), "area": request.args.get("wilayah", "")}
    return _page(Spot(kept(), kind_of(word)), {**given, "active": "yes"})


@pages.post("/kelola/<word>/baru")
@needs_worker
def make(word: str) -> Answer:
    """Keep a new record."""
    with sessions.store().write():
        at = Spot(kept(), kind_of(word))
        return _made(at, _typed(at.register, at.kind))


@pages.get("/kelola/<word>/<entity>")
@needs_worker
def ask(word: str, entity: str) -> Answer:
    """Show a record as it is kept."""
    register, kind = kept(), kind_of(word)
    row = _row(register, kind, entity)
    return _page(Spot(register, kind, row), kind.form.shown(row))


@pages.post("/kelola/<word>/<entity>")
@needs_worker
def correct(word: str, entity: str) -> Answer:
    """Keep what was changed on the page; what another keeper has changed since it was opened stays."""
    with sessions.store().write():
        register, kind = kept(), kind_of(word)
        row = _row(register, kind, entity)
        return _corrected(Spot(register, kind, row), row, _typed(register, kind))


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


def _made(at: Spot, typed: Typed) -> Answer:
    """Check what was typed and keep it, or show it again with what is wrong."""
    checked = keeping.check(at.register, at.kind, typed, None, sessions.today())
    if checked.errors:
        return _page(at, typed, checked.errors), 400
    return redirect(url_for("keep_edit.ask", word=at.kind.word, entity=_kept(at, checked.values)))


def _corrected(at: Spot, row: dict[str, Any], typed: Typed) -> Answer:
    """Keep what was changed beside what others have changed; show it again with what is wrong, or what contradicts."""
    read = at.kind.form.check(typed, today=sessions.today())
    hers = changes.touched(at.kind.form, row["id"], read.values)
    named = {at.kind.form.by_column[column].name for column in hers} | read.errors.keys()
    whole = {**at.kind.form.shown(row), **{name: text for name, text in typed.items() if name in named}}
    checked = keeping.check(at.register, at.kind, whole, row["id"], sessions.today())
    if checked.errors:
        return _page(at, whole, checked.errors), 400
    if told := keep_clashes.found(at.register, at.kind, row, hers):
        return _page(at, whole, clashes=told), 409
    _kept(at, checked.values)
    return redirect(url_for("keep.listed", word=at.kind.word))


def _kept(at: Spot, values: Mapping[str, Any]) -> str:
    entity = at.row["id"] if at.row else None
    saved = records.save(sessions.store(), pen(), at.kind.form, values, entity)
    flash(_("Saved: {name}").format(name=values["name"]), "s0")
    return saved


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


def _page(at: Spot, typed: Typed, errors: Said = NOTHING_WRONG, clashes: Sequence[Clash] = ()) -> str:
    """Draw a record to be changed. What was seen stays so until what contradicts is shown."""
    entity = at.row["id"] if at.row else ""
    return render_template(
        "keep_edit.html",
        kind=at.kind,
        title=TITLES[at.kind.word],
        row=at.row,
        seen=keep_clashes.seen(entity) if errors else records.newest(sessions.store(), entity),
        inputs=inputs(at.register, at.kind, typed, errors),
        wrong=bool(errors),
        clashes=clashes,
        has_password=at.kind is WORKER and credentials.has_secret(sessions.store(), entity),
    )


def _password() -> str:
    """Make a password that can be read aloud: "bira-tuno-keli-masu"."""
    pairs = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
    return "-".join(secrets.choice(pairs) + secrets.choice(pairs) for _word in range(PASSWORD_WORDS))
