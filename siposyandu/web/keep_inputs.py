"""The inputs of a puskesmas, posyandu or worker: what can be chosen is what lies in the keeper's own area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from forms import Sentence
from siposyandu import areas, keeping
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.indicators import scope
from siposyandu.keeping import POSYANDU, PUSKESMAS, Kind, Register
from siposyandu.places import ID_LENGTH, PROVINCE
from siposyandu.web.frame import ROLE_WORDS

# More posyandu than this are not listed: their code is typed.
LISTED_AT_MOST = 400

Options = list[tuple[str, str]]
Typed = Mapping[str, Any]


@dataclass(frozen=True)
class Input:
    """One input: `look` is text, list (to pull down), keys (to press) or ticks; options stand in titled groups."""

    name: str
    label: str
    look: str = "text"
    groups: Sequence[tuple[str, Options]] = ()
    value: str | tuple[str, ...] = ""
    hint: str = ""
    errors: Sequence[Sentence] = ()
    required: bool = False


YES_NO: Options = [("yes", N_("Yes")), ("no", N_("No"))]
CODE_OF_POSYANDU = N_("The posyandu's code, as in the list of posyandu.")
DESA_HINT = N_("Tick the desa that this puskesmas serves; they need not be one kecamatan.")
USERNAME_HINT = N_("Small letters and digits; with it one signs in on the province's page.")


def inputs(
    register: Register, kind: Kind, typed: Typed, errors: Mapping[str, Sequence[Sentence]]
) -> list[Input]:
    """Return the inputs of a record with what was typed and what is wrong with it."""
    return [
        _input(register, name, typed, tuple(errors.get(name, ())), kind)
        for name in kind.columns
        if not (name == "desa_codes" and not typed.get("kecamatan_code"))
    ]


def _input(register: Register, name: str, typed: Typed, errors: tuple[Sentence, ...], kind: Kind) -> Input:
    field = kind.form.by_name[name]
    look, groups, hint = _choice(register, name, typed)
    value = str(typed.get(name) or "")
    chosen = tuple(value.split(",")) if look == "ticks" else value
    return Input(name, field.label, look, groups, chosen, hint, errors, field.required)


def _choice(register: Register, name: str, typed: Typed) -> tuple[str, Sequence[tuple[str, Options]], str]:
    """Return how a field is asked for, its options in groups, and a hint."""
    if name == "active":
        return "keys", [("", YES_NO)], ""
    if name == "role":
        return "list", [("", [(role, _(ROLE_WORDS[role])) for role in keeping.grantable(register.who)])], ""
    if name == "kecamatan_code":
        return "list", _kecamatan(register), ""
    if name == "desa_code":
        return "list", desa(register), ""
    if name == "puskesmas":
        return "list", [("", _places(register, PUSKESMAS))], ""
    if name == "desa_codes":
        return "ticks", _desa_of(str(typed["kecamatan_code"])[:4]), DESA_HINT
    if name == "area":
        return _area(register, str(typed.get("role") or ""))
    return "text", (), USERNAME_HINT if name == "username" else ""


def _area(register: Register, role: str) -> tuple[str, Sequence[tuple[str, Options]], str]:
    """Return where a worker of a role can work."""
    if role == "bidan_desa":
        return "list", desa(register), ""
    if role == "tenaga_gizi":
        return "list", [("", _places(register, PUSKESMAS))], ""
    if role == "dinas_kabupaten":
        return "list", [("", [(each.code, each.name) for each in _kabupaten(register)])], ""
    if role == "provinsi":
        return "list", [("", [(PROVINCE, scope.area_name(PROVINCE))])], ""
    posyandu = _places(register, POSYANDU)
    if len(posyandu) > LISTED_AT_MOST:
        return "text", (), CODE_OF_POSYANDU
    return "list", [("", posyandu)], ""


def _places(register: Register, kind: Kind) -> Options:
    """The puskesmas or posyandu of the keeper's area, by name; a posyandu with its desa."""
    rows = [row for row in register.mine(kind) if row.get("active", 1)]
    return [(row["id"], _with_desa(row)) for row in rows]


def _with_desa(row: Mapping[str, Any]) -> str:
    return f"{row['name']}, {scope.area_name(row['desa_code'])}" if row.get("desa_code") else str(row["name"])


def desa(register: Register) -> Sequence[tuple[str, Options]]:
    """Return the desa of the keeper's area, under their kecamatan."""
    if len(register.who.area) != ID_LENGTH:
        return [group for each in _kabupaten(register) for group in _desa_of(each.code)]
    listed = sorted(register.her_desa, key=lambda code: (code[:6], scope.area_name(code)))
    return [
        (scope.area_name(kecamatan), [(code, scope.area_name(code)) for code in codes])
        for kecamatan, codes in groupby(listed, key=lambda code: code[:6])
    ]


def _desa_of(kabupaten: str) -> list[tuple[str, Options]]:
    return [
        (each.name, [(desa.code, desa.name) for desa in areas.children(each.code)])
        for each in areas.children(kabupaten)
    ]


def _kecamatan(register: Register) -> list[tuple[str, Options]]:
    return [
        (each.name, [(kecamatan.code, kecamatan.name) for kecamatan in areas.children(each.code)])
        for each in _kabupaten(register)
    ]


def _kabupaten(register: Register) -> list[areas.Area]:
    """The kabupaten of the keeper: all at the province, one at its dinas, that of her puskesmas for a tenaga gizi."""
    area = register.who.area
    if len(area) == ID_LENGTH:
        area = str(register.puskesmas[area]["kecamatan_code"])[:4]
    return list(areas.children(PROVINCE)) if area == PROVINCE else [areas.area(area)]
