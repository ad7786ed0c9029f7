"""The check of one puskesmas, posyandu or worker: what the form asks, and what only the whole register can tell.

A code names one record; an area is one that exists; nobody keeps what lies outside her own area.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from forms import N_, Checked, Sentence
from siposyandu import areas
from siposyandu.keeping.kinds import POSYANDU, PUSKESMAS, WORKER, Kind
from siposyandu.keeping.register import Register, Values, grantable
from siposyandu.places import PROVINCE

TAKEN = N_("This code is already in use by {name}.")
TAKEN_NAME = N_("This user name is already in use by {name}.")
NO_AREA = N_("There is no area with the code {code}.")
NOT_YOURS = N_("This lies outside your area. Ask the keeper of that area.")
NO_PUSKESMAS = N_("There is no such puskesmas. Add it first.")
NO_PLACE = N_("There is no such posyandu or puskesmas. Add it first.")
NOT_THIS_ROLE = N_("You cannot give this role. Ask the health office of the kabupaten or the province.")
NEEDS_USERNAME = N_("Without a user name nobody can sign in on the province's page. Write one.")
ROLES_AT_THE_PROVINCE = frozenset({"tenaga_gizi", "dinas_kabupaten", "provinsi"})
LEVEL_OF_ROLE = {"bidan_desa": "desa", "dinas_kabupaten": "kabupaten", "provinsi": "province"}

Doubt = tuple[str, Sentence]


def check(
    register: Register, kind: Kind, typed: Mapping[str, Any], entity: str | None, today: date
) -> Checked:
    """Check what was typed about a record, a new one without `entity`; errors stand by field name."""
    checked = kind.form.check(typed, today=today)
    known = checked.values if entity is None else {**register.rows(kind)[entity], **checked.values}
    for name, sentence in _doubts(register, kind, known, entity):
        if name not in checked.errors:
            checked.errors[name] = [sentence]
    return checked


def _doubts(register: Register, kind: Kind, values: Values, entity: str | None) -> Iterable[Doubt]:
    yield from _same_code(register, kind, values, entity)
    kept = register.rows(kind)[entity] if entity else {}
    if kind is PUSKESMAS:
        yield from _puskesmas(register, values, kept)
    elif kind is POSYANDU:
        yield from _posyandu(register, values, kept)
    else:
        yield from _worker(register, values)


def _same_code(register: Register, kind: Kind, values: Values, entity: str | None) -> Iterable[Doubt]:
    name = str(values.get(kind.known_by) or "")
    for row in register.named(kind, name) if name else ():
        if row["id"] != entity:
            yield kind.known_by, Sentence(TAKEN_NAME if kind is WORKER else TAKEN, name=str(row["name"]))


def _puskesmas(register: Register, values: Values, kept: Values) -> Iterable[Doubt]:
    kecamatan = str(values.get("kecamatan_code") or "")
    if kecamatan and not _exists(kecamatan):
        yield "kecamatan_code", Sentence(NO_AREA, code=kecamatan)
    elif kecamatan not in ("", kept.get("kecamatan_code")) and not register.holds(kecamatan):
        yield "kecamatan_code", Sentence(NOT_YOURS)
    for code in _codes(values):
        if not _exists(code):
            yield "desa_codes", Sentence(NO_AREA, code=code)
        elif code not in _codes(kept) and not register.holds(code):
            # A desa more is power over its people: a keeper widens her own area by none.
            yield "desa_codes", Sentence(NOT_YOURS)


def _codes(puskesmas: Values) -> list[str]:
    return [code for code in str(puskesmas.get("desa_codes") or "").split(",") if code]


def _posyandu(register: Register, values: Values, kept: Values) -> Iterable[Doubt]:
    desa, puskesmas = str(values.get("desa_code") or ""), values.get("puskesmas")
    if desa and not _exists(desa):
        yield "desa_code", Sentence(NO_AREA, code=desa)
    elif desa and not register.holds_posyandu(values):
        yield ("puskesmas" if register.who.role == "tenaga_gizi" else "desa_code"), Sentence(NOT_YOURS)
    elif desa not in ("", kept.get("desa_code")) and not register.holds(desa):
        yield "desa_code", Sentence(NOT_YOURS)
    if puskesmas and puskesmas not in register.puskesmas:
        yield "puskesmas", Sentence(NO_PUSKESMAS)


def _worker(register: Register, values: Values) -> Iterable[Doubt]:
    role, area = str(values.get("role") or ""), str(values.get("area") or "")
    if role and area and not _area_of_role(register, role, area):
        yield "area", Sentence(NO_PLACE if role in ("kader", "tenaga_gizi") else NO_AREA, code=area)
    elif area and not register.holds(area):
        yield "area", Sentence(NOT_YOURS)
    if role and role not in grantable(register.who):
        yield "role", Sentence(NOT_THIS_ROLE)
    if role in ROLES_AT_THE_PROVINCE and not values.get("username"):
        yield "username", Sentence(NEEDS_USERNAME)


def _area_of_role(register: Register, role: str, area: str) -> bool:
    """Whether such an area exists: a kader's posyandu, a bidan's desa, and so on."""
    if role == "kader":
        return area in register.posyandu
    if role == "tenaga_gizi":
        return area in register.puskesmas
    return area == PROVINCE if role == "provinsi" else _exists(area, LEVEL_OF_ROLE[role])


def _exists(code: str, level: str = "") -> bool:
    try:
        found = areas.area(code)
    except areas.UnknownArea:
        return False
    return not level or found.level == level
