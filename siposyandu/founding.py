"""How a place begins: the province with its first keeper, a posyandu's laptop with a code from the puskesmas."""

from dataclasses import dataclass, replace
from pathlib import Path

import forms
from siposyandu import as_laptop, config, credentials, letter, records
from siposyandu.access import Worker
from siposyandu.config import Config
from siposyandu.errors import BadInput, Refused
from siposyandu.instance import KEYS_FILE, Instance
from siposyandu.machine import Chance
from siposyandu.periods import local_date
from siposyandu.places import PROVINCE
from siposyandu.records import Pen
from siposyandu.vault import converting, passphrases
from siposyandu.vault.papers import Paper
from siposyandu.vault.safe import Vault
from siposyandu.vault.shelf import SealedShelf
from sync.rings import KeyFile

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


def laptop(folder: Path, port: int, address: str) -> Instance:
    """Return a new laptop of a posyandu, encrypted and still closed; its settings are written when it has joined.

    A try whose answer was lost on the way is gone on with by the same keys, under the passphrase chosen then.
    """
    _must_be_new(folder)
    return Instance(_laptop(folder, port, address))


def join(place: Instance, code: str) -> None:
    """Join a laptop that is open to the province by the code, or by the whole line of the letter. Raises SyncError."""
    given = letter.read(code)
    name = place.config.folder.resolve().name
    as_laptop.enrol(place, place.config.upstream, given.code, machine=name, fingerprint=given.fingerprint)


def waiting_laptop(folder: Path, port: int, address: str) -> Config:
    """Write the settings of an encrypted laptop that chooses its passphrase and joins on its own page."""
    _must_be_new(folder)
    place = _laptop(folder, port, address)
    config.save(place)
    return place


def _laptop(folder: Path, port: int, address: str) -> Config:
    return Config(folder, area="", upstream=address.rstrip("/"), port=port, encrypted=True)


def encrypt(folder: Path, passphrase: str) -> tuple[Paper, Paper]:
    """Encrypt a plain place; return its recovery papers. Refused while it is in use, BadInput when the passphrase is weak."""
    passphrases.check(passphrase)
    place = config.load(folder)
    vault, chance = Vault(folder, Chance().token_bytes), Chance()
    file = KeyFile(place.keys_folder / KEYS_FILE)
    secrets = converting.convert(
        place, vault, passphrase, lambda made: SealedShelf(file, made.key("ring"), chance.token_bytes)
    )
    config.save(replace(place, encrypted=True))
    return vault.print_papers(secrets)


def _must_be_new(folder: Path) -> None:
    if (folder / config.FILE_NAME).exists():
        raise Refused(f"there is a place in {folder} already", "choose another folder, or: siposyandu serve")
