"""Keeping the places and people of one's area: the lists of puskesmas, posyandu and workers."""

from operator import itemgetter
from typing import Any

from flask import Blueprint, Response, render_template, request

from siposyandu import areas, keeping
from siposyandu.errors import NotAllowed, NotFound
from siposyandu.exports import Column, Export, Taken
from siposyandu.i18n import N_
from siposyandu.indicators import scope
from siposyandu.keeping import POSYANDU, PUSKESMAS, WORKER, Kind, Register
from siposyandu.periods import instant_text
from siposyandu.places import ID_LENGTH
from siposyandu.web import sessions, sheet
from siposyandu.web.frame import ROLE_WORDS
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("keep", __name__)

SHOWN_AT_MOST = 200
AGAIN = N_(
    "Take the list as a file, change it in Excel, and bring it in again: each row is recognised by its code."
)
TITLES = {
    PUSKESMAS.word: N_("Puskesmas"),
    POSYANDU.word: N_("Posyandu"),
    WORKER.word: N_("Workers"),
}


def kept() -> Register:
    """Read what is kept, for the worker at the keyboard. The lists are kept at the province, and only by keepers."""
    if not sessions.instance().config.is_province:
        raise NotAllowed("places are kept at the province")
    return keeping.register(sessions.store(), signed_in())


def kind_of(word: str) -> Kind:
    """Return the kind that an address names; NotFound for another word."""
    if word not in keeping.BY_WORD:
        raise NotFound(f"nothing called {word} is kept")
    return keeping.BY_WORD[word]


@pages.get("/kelola")
@needs_worker
def overview() -> str:
    """Show what there is to keep."""
    register = kept()
    counts = [(kind, TITLES[kind.word], len(register.mine(kind))) for kind in keeping.ALL]
    laptops = keeping.laptops.all_of(sessions.store(), register, instant_text(sessions.now()))
    return render_template("keep.html", counts=counts, laptops=len(laptops))


@pages.get("/kelola/<word>")
@needs_worker
def listed(word: str) -> str:
    """List the records of a kind, those whose name or code holds the words sought."""
    register, kind = kept(), kind_of(word)
    rows = [_line(register, kind, row) for row in register.mine(kind)]
    sought = request.args.get("cari", "").strip()
    found = [line for line in rows if all(part in line["words"] for part in sought.casefold().split())]
    return render_template(
        "keep_list.html",
        kind=kind,
        title=TITLES[kind.word],
        lines=found[:SHOWN_AT_MOST],
        more=len(found) - SHOWN_AT_MOST,
        all=len(rows),
        sought=sought,
        roles=[(role, ROLE_WORDS[role]) for role in keeping.grantable(register.who)],
        may_add=kind is not PUSKESMAS or register.who.role != "tenaga_gizi",
    )


@pages.get("/kelola/<word>.xlsx", defaults={"written_as": "xlsx"})
@pages.get("/kelola/<word>.csv", defaults={"written_as": "csv"})
@needs_worker
def file_of(word: str, written_as: str) -> Response:
    """Give a list as a file that can be changed and given back."""
    kind = kind_of(word)
    rows = keeping.file_rows(kept(), kind)
    return sheet.answer(Taken(_export(kind), rows[1:], kind.word, sheet.by_whom()), written_as)


def _export(kind: Kind) -> Export:
    """A kind's file: texts under the words by which the file is read again."""
    columns = tuple(
        Column(name, words, itemgetter(at)) for at, (name, words) in enumerate(kind.columns.items())
    )
    return Export(kind.word, TITLES[kind.word], (AGAIN,), columns)


def _line(register: Register, kind: Kind, row: dict[str, Any]) -> dict[str, Any]:
    """One record in a list: its name, what tells it from others, and the words it is sought by."""
    if kind is WORKER:
        detail = place(register, row["area"])
    elif kind is POSYANDU:
        detail = _in_full(row["desa_code"] or "")
    else:
        detail = _in_full(row["kecamatan_code"] or "")
    code = row[kind.known_by] or ""
    active = row.get("active", 1) == 1
    role = ROLE_WORDS.get(row.get("role") or "", "")
    words = f"{row['name']} {detail} {code}".casefold()
    return {**row, "detail": detail, "known_by": code, "in_use": active, "role_words": role, "words": words}


def _in_full(code: str) -> str:
    """Name an area with those around it: many a desa is called like its kecamatan, or like one elsewhere."""
    try:
        return areas.title(areas.area(code))
    except areas.UnknownArea:
        return code


def place(register: Register, key: str) -> str:
    """Name an area from what was read already."""
    if key in register.posyandu:
        row = register.posyandu[key]
        return f"Posyandu {row['name']}, {scope.area_name(row['desa_code'] or '')}"
    if key in register.puskesmas:
        return f"Puskesmas {register.puskesmas[key]['name']}"
    return "" if len(key) == ID_LENGTH else scope.area_name(key)
