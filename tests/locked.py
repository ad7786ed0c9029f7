"""An encrypted laptop of posyandu Melati for tests: founded once, opened and closed at will."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import forms
from siposyandu import config, records
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.vault.papers import Paper
from tests.conftest import NOW, PASSWORD, PIN, Village, let_in, settle

PASSPHRASE, OTHER = "melati laut kapur sungai", "gerobak sendok pelangi jujur"
NAME = "Lalu Zulkarnain Mahendra"


class Steady:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(frozen=True)
class Locked:
    """An encrypted place that is still closed, its papers, and the seconds that have passed."""

    folder: Path
    papers: tuple[Paper, Paper]
    village: Village
    steady: Steady

    @property
    def instance(self) -> Instance:
        """The place itself."""
        return self.village.instance


def found(folder: Path) -> Locked:
    """Found an encrypted laptop with the whole village on it in an empty folder; it is closed again."""
    made, papers, village = _made_once()
    shutil.copytree(made, folder)
    steady = Steady()
    instance = Instance(config.load(folder), clock=lambda: NOW, steady=steady)
    return Locked(folder, papers, replace(village, instance=instance), steady)


@cache
def _made_once() -> tuple[Path, tuple[Paper, Paper], Village]:
    folder = Path(mkdtemp(prefix="siposyandu-locked-"))
    place = Instance(
        Config(folder, area="", upstream="http://127.0.0.1:9", encrypted=True), clock=lambda: NOW
    )
    papers = place.begin_vault(PASSPHRASE)
    with place.store_for_job() as store:
        village = settle(store, place)
        let_in(store, PIN, NOW, village.aminah.id, village.baiq.id)
        let_in(store, PASSWORD, NOW, village.citra.id)
    config.save(replace(place.config, area=village.melati))
    place.lock()
    return folder, papers, village


def everything_in(folder: Path, wanted: Callable[[Path], bool] = lambda path: True) -> bytes:
    """Return the bytes of all files of a folder."""
    return b"".join(
        path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and wanted(path)
    )


def write_child(village: Village) -> str:
    """Write the card of a child whose name is looked for in files afterwards."""
    with village.instance.store_for_job() as store:
        values = {"posyandu": village.melati, "name": NAME, "sex": "m", "birth_date": "2025-05-01"}
        return records.save(store, village.pen(), forms.BY_NAME["person"], values)
