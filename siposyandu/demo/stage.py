"""The places and people of the demonstration: which posyandu there are, who works there, and their logins."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import forms
from siposyandu import credentials, records
from siposyandu.access import Worker
from siposyandu.credentials import PIN_DIGITS
from siposyandu.instance import Instance
from siposyandu.records import Pen
from siposyandu.store import Store
from siposyandu.vault import passphrases

KABUPATEN, DESA = "5203", "5203122002"


@dataclass(frozen=True)
class Post:
    """One posyandu: how its records come, how many children it knows, and since how many months it is silent."""

    name: str
    desa_code: str
    puskesmas: str
    seed: int
    children: int
    laptop: bool = False
    silent_months: int = 0


POSTS = (
    Post("Melati", "5203122002", "Pengadangan", seed=2, children=84, laptop=True),
    Post("Kenanga", "5203122007", "Pengadangan", seed=3, children=78, laptop=True),
    Post("Mawar", "5203122010", "Pengadangan", seed=4, children=52),
    Post("Cempaka", "5201012008", "Gerung", seed=6, children=46),
    Post("Anggrek", "5204182003", "Labuhan Badas", seed=8, children=58),
    Post("Flamboyan", "5208012001", "Tanjung", seed=10, children=50, silent_months=2),
    Post("Teratai", "5271041002", "Tanjung Karang", seed=12, children=0),
)

# name, user name, role, whose area
OFFICE = (
    ("Baiq Rahmawati", "baiq", "bidan_desa", DESA),
    ("Citra Handayani", "citra", "tenaga_gizi", "Pengadangan"),
    ("Lalu Hasan", "hasan", "dinas_kabupaten", KABUPATEN),
    ("Eka Wulandari", "eka", "provinsi", "52"),
)
KADER = {
    "Melati": ("Aminah", "Sri Hartati", "Nurul Aini"),
    "Kenanga": ("Dedi Kurniawan", "Hj. Zubaidah", "Marni"),
}


@dataclass(frozen=True)
class Cast:
    """Everybody and every place by name, as the province knows them."""

    posyandu: Mapping[str, str]
    workers: Mapping[str, Worker]


def logins(path: Path) -> dict[str, str]:
    """Return name -> PIN, password or, of a laptop, passphrase; made up the first time and kept for whoever owns the folder."""
    if not path.is_file():
        made = {name: secrets.token_urlsafe(9) for _, name, _, _ in OFFICE}
        made |= {name: _pin() for names in KADER.values() for name in (*names, "Baiq Rahmawati")}
        made |= {laptop_of(post): passphrases.suggest(secrets.token_bytes) for post in KADER}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file, indent=1)
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


def laptop_of(post_name: str) -> str:
    """Return the name of a posyandu's laptop, by which its passphrase is kept."""
    return f"laptop {post_name}"


def _pin() -> str:
    return "".join(str(secrets.randbelow(10)) for _ in range(PIN_DIGITS - 2)) + "27"


def found(province: Instance, secret_of: Mapping[str, str]) -> Cast:
    """Write places and people at the province, those that are not there yet, and set the office's passwords."""
    with province.store_for_job() as store:
        office = Worker("0" * 32, "", "provinsi", "52")
        with store.write():
            cast = _places(store, Pen(province.lane, office, province.now()))
        for _, username, _, _ in OFFICE:
            worker = cast.workers[username]
            if not credentials.has_secret(store, worker.id):
                credentials.set_password(store, worker.id, secret_of[username], province.now())
        return cast


def _places(store: Store, pen: Pen) -> Cast:
    health_centres: dict[str, str] = {}
    for post in POSTS:
        served = ",".join(other.desa_code for other in POSTS if other.puskesmas == post.puskesmas)
        values = {"name": post.puskesmas, "desa_codes": served, "kecamatan_code": post.desa_code[:6]}
        health_centres[post.puskesmas] = _keep(store, pen, "puskesmas", values)
    posyandu = {
        post.name: _keep(store, pen, "posyandu", {
            "name": post.name, "desa_code": post.desa_code, "puskesmas": health_centres[post.puskesmas], "active": 1,
        })
        for post in POSTS
    }  # fmt: skip
    workers = {}
    for name, username, role, area in OFFICE:
        workers[username] = _hire(store, pen, name, role, health_centres.get(area, area), username)
    for post_name, names in KADER.items():
        for name in names:
            workers[name] = _hire(store, pen, name, "kader", posyandu[post_name], None)
    return Cast(posyandu, workers)


def _hire(  # noqa: PLR0913 - a worker's card
    store: Store, pen: Pen, name: str, role: str, area: str, username: str | None
) -> Worker:
    values: dict[str, str | int | None] = {
        "name": name, "role": role, "area": area, "active": 1, "username": username,
    }  # fmt: skip
    return Worker(_keep(store, pen, "worker", values), name, role, area)


def _keep(store: Store, pen: Pen, form: str, values: Mapping[str, str | int | None]) -> str:
    found = store.value(f"select id from {form} where name = $1", values["name"])
    return str(found) if found else records.save(store, pen, forms.BY_NAME[form], values)
