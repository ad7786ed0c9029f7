"""How a place begins: the province with its first keeper, a posyandu's laptop with a code from the puskesmas."""

from dataclasses import dataclass
from pathlib import Path

import forms
from siposyandu import config, credentials, records
from siposyandu.access import Worker
from siposyandu.config import Config
from siposyandu.errors import BadInput, Refused
from siposyandu.instance import Instance
from siposyandu.periods import local_date
from siposyandu.places import PROVINCE
from siposyandu.records import Pen

NOBODY = "0" * 32
"""The author of the first worker's record: there is nobody yet who could be."""


@dataclass(frozen=True)
class Keeper:
    """The first worker of the province, who may keep all its records."""

    name: str
    username: str
    password: str


def province(folder: Path, port: int, first: Keeper, database: str = "") -> Instance:
    """Found the province in an empty folder, on a file there or on an empty PostgreSQL database, with its first keeper."""
    _must_be_new(folder)
    form = forms.BY_NAME["worker"]
    credentials.check_password(first.password)
    place = Instance(Config(folder, area=PROVINCE, port=port, database=database or Config.database))
    typed = {
        "name": first.name,
        "username": first.username,
        "role": "provinsi",
        "area": PROVINCE,
        "active": "1",
    }
    checked = form.check(typed, today=local_date(place.now()))
    if checked.errors:
        raise BadInput(checked.errors)
    with place.store_for_job() as store:
        pen = Pen(place.lane, Worker(NOBODY, "", "provinsi", PROVINCE), place.now())
        keeper = records.save(store, pen, form, checked.values)
        credentials.set_password(store, keeper, first.password, place.now())
    config.save(place.config)
    return place


def laptop(folder: Path, port: int, address: str, code: str) -> Instance:
    """Found a posyandu's laptop in an empty folder and join it to the province. Raises SyncError when that fails."""
    _must_be_new(folder)
    place = Instance(Config(folder, area="", upstream=address.rstrip("/"), port=port))
    place.enrol(place.config.upstream, code, machine=folder.resolve().name)
    return place


def _must_be_new(folder: Path) -> None:
    if (folder / config.FILE_NAME).exists():
        raise Refused(f"there is a place in {folder} already", "choose another folder, or: siposyandu serve")
