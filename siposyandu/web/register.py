"""Register a child: only what is needed first, the rest may wait; a child who may be here already is asked about."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import BY_NAME, Checked
from forms.person import SEXES
from siposyandu import access, people, places, records
from siposyandu.alike import finding
from siposyandu.exports.stamps import masked
from siposyandu.i18n import N_, date_long
from siposyandu.i18n import gettext as _
from siposyandu.store import Store
from siposyandu.web import day, drafts, fields, langkah, sessions, visits
from siposyandu.web.look_again import Doubt, Look
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("register", __name__)

PERSON, FAMILY = BY_NAME["person"], BY_NAME["family"]
FIRST = ("name", "sex", "birth_date", "mother_name", "nik", "nik_missing_reason")
LATER_SECTIONS = ("parents", "address", "birth")
OF_THE_FAMILY = ("kk_number", "head_name")
SHARED = ("address", "dusun", "rt", "rw", "desa_code", "phone")
"""What a family and its child both have: typed once."""
DRAFT = "/anak/baru"
SHOWN_AT_MOST = 3
BESIDE = ("name", "mother_name", "sex", "birth_date", "nik", "dusun")
"""What is shown of both, side by side."""
MAY_BE_HERE = N_("This child may be registered already.")

Row = dict[str, Any]
Answer = str | Response | tuple[str, int]


@pages.get("/anak/baru")
@needs_worker
def ask() -> str:
    """Show an empty card, or the one that was begun and not saved."""
    posyandu_id = _posyandu()
    kept = drafts.restored(PERSON, _names(), DRAFT) | drafts.restored(FAMILY, OF_THE_FAMILY, DRAFT)
    found = (
        {"name": request.args["nama"]} if "nama" in request.args else {}
    )  # the name that nobody on the list has
    return _drawn(posyandu_id, kept or found, visits.NOTHING_FOUND, (), restored=bool(kept))


@pages.post("/anak/baru")
@needs_worker
def save() -> Answer:
    """Register the child and go straight to the scales; what is wrong or doubtful is asked first."""
    posyandu_id = _posyandu()
    typed = fields.typed_in(PERSON, _names(), request.form)
    typed_family = fields.typed_in(FAMILY, OF_THE_FAMILY, request.form)
    child, family = check(posyandu_id, typed, typed_family)
    errors = {**family.errors, **child.errors}
    with (
        sessions.store().write() as store
    ):  # a second press waits here, then is asked about the first one's child
        same = [] if errors else may_be_the_same(store, posyandu_id, child.values)
        asked, answer = request.form.getlist("asked"), request.form.get("answer", "")
        doubts = Look({}, {}, doubts_of(child, same)).still_open(asked, answer).doubts
        person_id = None if errors or doubts else keep(store, child.values, family.values)
    if person_id is None:
        return _given_back(posyandu_id, {**typed, **typed_family}, Look({}, errors, doubts), same)
    drafts.forget_form(DRAFT)
    return redirect(_onwards(posyandu_id, person_id))


def _onwards(posyandu_id: str, person_id: str) -> str:
    """Return where to go on: to the scales or the queue, or back to the page of the book that the child was missing on."""
    try:
        book = day.believable(request.form.get("buku", ""))
    except ValueError:
        return langkah.after_registering(person_id)
    row = f"tambah={person_id}#sel.{person_id}.weight_kg"
    return f"/hari-ini/buku?tanggal={book}&posyandu={posyandu_id}&{row}"


def may_be_the_same(store: Store, posyandu_id: str, child: Mapping[str, Any]) -> list[Row]:
    """Return who may be this very child: one of this posyandu who looks like her (alike/), or the holder of her NIK."""
    here = store.rows("select * from person where posyandu = $1 and retracted = 0", posyandu_id)
    found = [dict(pair.other) for pair in finding.like(child, here)][:SHOWN_AT_MOST]
    holder = people.by_nik(store, child["nik"]) if child.get("nik") else None
    if holder is not None and holder["id"] not in {row["id"] for row in found}:
        found.append(holder)
    return found


def _posyandu() -> str:
    """Return the posyandu the child is registered at: the one the page was opened for."""
    posyandu_id = day.posyandu_at_hand(signed_in())
    access.require(access.may_enter(sessions.store(), signed_in(), posyandu_id), "register a child here")
    return posyandu_id


def _names() -> list[str]:
    later = [name for section in LATER_SECTIONS for name in fields.of_section(PERSON, section)]
    return list(dict.fromkeys((*FIRST, *later)))


def check(posyandu_id: str, typed: Row, typed_family: Row) -> tuple[Checked, Checked]:
    """Check the child's card, and the family's when a family card number is typed."""
    on = day.at_hand().isoformat()
    known = {"posyandu": posyandu_id, "posyandu_since": on, "registered_date": on}
    child = PERSON.check({**typed, **known}, today=visits.reached())
    if not str(typed_family.get("kk_number") or "").strip():
        return child, Checked()
    shared = {name: typed[name] for name in SHARED if name in typed}
    head = typed_family.get("head_name") or typed.get("father_name") or typed.get("mother_name") or ""
    home = {"posyandu": posyandu_id, "kk_number": typed_family["kk_number"], "head_name": head, **shared}
    return child, FAMILY.check(home, today=visits.reached())


def doubts_of(child: Checked, same: Sequence[Row]) -> list[Doubt]:
    """Return what is asked: the form's questions, and each child who may be the same."""
    found = [
        Doubt(f"{name}:{said}", name, said)
        for name, sentences in child.questions.items()
        for said in sentences
    ]
    return found + [Doubt(f"same:{row['id']}", "name", MAY_BE_HERE) for row in same]


def keep(store: Store, child: Row, family: Row) -> str:
    """Save the child; a family whose card number is known here is joined, another is made."""
    with store.write():
        if family:
            known = store.value(
                "select id from family where kk_number = $1 and retracted = 0 order by id",
                family["kk_number"],
            )
            child["family"] = known or records.save(store, pen(), FAMILY, family)
        return records.save(store, pen(), PERSON, child)


def _given_back(posyandu_id: str, typed: Row, found: Look, same: Sequence[Row]) -> Answer:
    drafts.keep_form(typed, DRAFT)
    shown = _drawn(posyandu_id, typed, found, same)
    return (shown, 400) if found.errors else shown


def _drawn(posyandu_id: str, typed: Row, found: Look, same: Sequence[Row], *, restored: bool = False) -> str:
    titles = {section.code: section.title for section in PERSON.sections}
    later = {
        code: [name for name in fields.of_section(PERSON, code) if name not in FIRST]
        for code in LATER_SECTIONS
    }
    return render_template(
        "register.html",
        posyandu=places.posyandu(sessions.store(), posyandu_id),
        draft=DRAFT,
        book=request.values.get("buku", ""),
        restored=restored,
        found=found,
        same=[{**row, "here": row["posyandu"] == posyandu_id, "beside": _beside(typed, row)} for row in same],
        first=fields.shown(PERSON, FIRST, typed, found.errors),
        named=bool(typed.get("name")) and not restored,
        family=fields.shown(FAMILY, OF_THE_FAMILY, typed, found.errors),
        later=[
            (titles[code], fields.shown(PERSON, names, typed, found.errors)) for code, names in later.items()
        ],
        open=any(name in found.errors for names in (*later.values(), OF_THE_FAMILY) for name in names),
    )


def _beside(typed: Row, row: Row) -> list[tuple[str, str, str]]:
    """Return what was typed and what stands on a card that is here: label, typed, there; what neither says is left out."""
    mine = PERSON.check(
        {name: typed.get(name) for name in BESIDE}, partial=True, today=visits.reached()
    ).values
    said = [name for name in BESIDE if mine.get(name) is not None or row[name] is not None]
    return [
        (PERSON.by_name[name].label, _said(name, mine.get(name)), _said(name, row[name])) for name in said
    ]


def _said(name: str, stored: Any) -> str:
    if stored is None:
        return "–"
    if name == "birth_date":
        return date_long(stored)
    if name == "sex":
        return next(_(option.label) for option in SEXES if option.code == stored)
    return masked(stored) if name == "nik" else str(stored)
