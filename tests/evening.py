"""An evening that can be had again and again: sixty children were weighed, nothing was sent yet, the province has news.

The laptop is encrypted, as every laptop is. Whatever is done to the two places, `again` puts both back, databases and keys,
to how they were that evening.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

import forms
from siposyandu import as_laptop, as_province, config, records
from siposyandu.app import create_app
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.vault import safe
from sync.client import HttpTransport, Outcome
from tests.bench.days import CHILDREN, Day, days
from tests.conftest import NOW, Village, found
from tests.locked import PASSPHRASE
from tests.proxy import Proxy
from tests.sync_http import listening
from tests.trials import contents

TOLD = 5
PLACES = ("province", "laptop")
SENT = Outcome(CHILDREN, TOLD, 1)


@dataclass
class Answered:
    """Counts the requests that the province has done with: only then may its database be put back."""

    app: Any
    count: int = 0
    more: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, environ: Any, start: Any) -> Any:
        """Let the application answer, then count."""
        try:
            return self.app(environ, start)
        finally:
            with self.more:
                self.count += 1
                self.more.notify_all()

    def wait_for(self, count: int) -> None:
        """Wait until so many were answered."""
        with self.more:
            assert self.more.wait_for(lambda: self.count >= count, 20)


@dataclass
class Evening:
    """The province, the laptop, and the road between them."""

    folder: Path
    village: Village
    proxy: Proxy
    answered: Answered
    key: bytes | None
    """What opens the laptop's database."""
    code: str
    """For one more laptop."""

    @property
    def province(self) -> Path:
        """The folder of the province."""
        return self.folder / "province"

    @property
    def laptop(self) -> Path:
        """The folder of the laptop."""
        return self.folder / "laptop"

    @property
    def new_laptop(self) -> Path:
        """Where one more laptop may be founded."""
        return self.folder / "new laptop"

    def again(self) -> None:
        """Put both places back to the evening; one more laptop is not there yet."""
        shutil.rmtree(self.new_laptop, ignore_errors=True)
        for name in PLACES:
            shutil.rmtree(self.folder / name)
            shutil.copytree(self.folder / f"{name} that evening", self.folder / name)

    def exchange(self, url: str = "") -> Outcome:
        """Switch the laptop on and exchange over a new connection."""
        transport = HttpTransport(url or self.proxy.url)
        try:
            return as_laptop.exchange(switched_on(self.laptop), transport)
        finally:
            transport.close()

    def held(self, folder: Path) -> dict[str, Any]:
        """What a place holds."""
        return contents(config.load(folder).database_path, self.key if folder == self.laptop else None)

    def both(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the province holds and what the laptop holds."""
        return self.held(self.province), self.held(self.laptop)


def switched_on(folder: Path) -> Instance:
    """Return a place as its program opens it, at nine in the morning, its passphrase typed where it has one."""
    place = Instance(config.load(folder), clock=lambda: NOW)
    if not place.is_open:
        place.unlock(PASSPHRASE)
    return place


def founded(folder: Path, url: str) -> Instance:
    """Return a laptop that is about to join, or went down while it joined: encrypted, open."""
    place = Instance(Config(folder, area="", upstream=url, encrypted=True), clock=lambda: NOW)
    if place.door.is_new:
        with little_stretching():
            place.begin_vault(PASSPHRASE)
    if not place.is_open:
        place.unlock(PASSPHRASE)
    return place


@contextmanager
def evening(folder: Path) -> Iterator[Evening]:
    """Let the day of sixty children pass, and remember both places as they are then."""
    village = found(folder / "province", upstream="")
    config.save(village.instance.config)
    app: Flask = create_app(village.instance)
    answered = Answered(app.wsgi_app)
    app.wsgi_app = answered  # type: ignore[method-assign]
    # Until the last, for an opening seals anew what was stretched otherwise than it would: at the usual cost, each time.
    with little_stretching(), listening(app) as port, Proxy(port) as proxy:
        day = Day(village, proxy.url, folder / "laptop", passphrase=PASSPHRASE)
        day.register(CHILDREN)
        day.weigh(next(days(CHILDREN)))
        day.transport.close()
        _tell(village)
        with village.instance.store_for_job() as store:
            code = as_province.new_enrolment_code(village.instance, store, village.melati)
        for name in PLACES:
            shutil.copytree(folder / name, folder / f"{name} that evening")
        yield Evening(folder, village, proxy, answered, day.laptop.database_key, code)


@contextmanager
def little_stretching(passes: int = 1) -> Iterator[None]:
    """Let a passphrase that is chosen now open its place at once: some thousand are typed in a trial."""
    usual = safe.PASSES, safe.MEMORY_BYTES
    safe.PASSES, safe.MEMORY_BYTES = passes, 8192
    try:
        yield
    finally:
        safe.PASSES, safe.MEMORY_BYTES = usual


def _tell(province: Village) -> None:
    """Register children of Melati at the province, which the laptop is told in the answer."""
    with province.instance.store_for_job() as store, store.write():
        for number in range(TOLD):
            card = {"posyandu": province.melati, "name": f"Pindahan {number}", "birth_date": "2025-02-15"}
            records.save(store, province.pen(province.citra), forms.BY_NAME["person"], card | {"sex": "m"})
