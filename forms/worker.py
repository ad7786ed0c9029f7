"""The worker: who works with the system, as what, and for which area. PINs are not here: they never travel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from forms.fields import Choice, Flag, Option, Text
from forms.form import Finding, Form, Known, Rule, Section
from forms.sentences import N_, Sentence

ROLES = (
    Option("kader", N_("kader")),
    Option("bidan_desa", N_("bidan desa")),
    Option("tenaga_gizi", N_("nutrition officer of the puskesmas")),
    Option("dinas_kabupaten", N_("health office of the kabupaten")),
    Option("provinsi", N_("province")),
)

_ID = r"[0-9a-f]{32}"
AREAS = {
    "kader": _ID,
    "bidan_desa": r"[0-9]{10}",
    "tenaga_gizi": _ID,
    "dinas_kabupaten": r"[0-9]{4}",
    "provinsi": r"[0-9]{2}",
}


def _area_fits_role(known: Known, today: date) -> Iterable[Finding]:
    """A kader belongs to a posyandu, a bidan desa to a desa, and so on."""
    pattern = AREAS.get(str(known.get("role")))
    if pattern and known.get("area") and not re.fullmatch(pattern, str(known["area"])):
        yield Finding("area", Sentence(N_("This area does not fit the role. Choose it from the list.")))


def _username_is_plain(known: Known, today: date) -> Iterable[Finding]:
    """Typed often and on every keyboard."""
    if known.get("username") and not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,29}", str(known["username"])):
        said = N_("A user name has 2 to 30 small letters or digits, without spaces.")
        yield Finding("username", Sentence(said))


FORM = Form(
    number=6,
    name="worker",
    title=N_("Worker"),
    fields=(
        Text(140, "name", N_("Name"), required=True, needs_letter=True, section="worker"),
        Text(141, "username", N_("User name"), longest=30, section="worker"),
        Choice(142, "role", N_("Role"), options=ROLES, required=True, section="worker"),
        Text(143, "area", N_("Area"), longest=32, required=True, section="worker"),
        Flag(144, "active", N_("In use"), default=1, section="worker"),
    ),
    sections=(Section("worker", N_("Worker")),),
    rules=(Rule(("role", "area"), _area_fits_role), Rule(("username",), _username_is_plain)),
)
