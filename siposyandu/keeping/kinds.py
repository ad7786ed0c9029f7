"""The three kinds of records an administrator keeps, and the columns of their files."""

from collections.abc import Mapping
from dataclasses import dataclass

import forms
from forms import Form


@dataclass(frozen=True)
class Kind:
    """One kind: its word in addresses, its form, the field it is known by, and its file's columns (field -> heading)."""

    word: str
    form: Form
    known_by: str
    columns: Mapping[str, str]


# A file names other records by their codes, never by ids: `puskesmas` and `area` are looked up.
PUSKESMAS = Kind(
    "puskesmas",
    forms.BY_NAME["puskesmas"],
    "code",
    {"code": "kode", "name": "nama", "kecamatan_code": "kode_kecamatan", "desa_codes": "kode_desa_dilayani"},
)
POSYANDU = Kind(
    "posyandu",
    forms.BY_NAME["posyandu"],
    "code",
    {
        "code": "kode",
        "name": "nama",
        "desa_code": "kode_desa",
        "puskesmas": "kode_puskesmas",
        "dusun": "dusun",
        "active": "dipakai",
    },
)
WORKER = Kind(
    "pekerja",
    forms.BY_NAME["worker"],
    "username",
    {
        "name": "nama",
        "username": "nama_pengguna",
        "role": "peran",
        "area": "kode_wilayah",
        "active": "dipakai",
    },
)
ALL: tuple[Kind, ...] = (PUSKESMAS, POSYANDU, WORKER)
BY_WORD: Mapping[str, Kind] = {kind.word: kind for kind in ALL}
