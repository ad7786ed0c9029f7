"""The road is cut after every byte of a day's exchange, on the way there and on the way back: nothing lost, nothing doubled.

The whole program on both sides, over HTTP on loopback. Before each cut both databases are as they were; the laptop tries,
is cut off, and tries again. Afterwards both databases are, row by row, what an exchange without a cut makes of them.
Every run of the tests cuts in the headers and at bytes spread evenly; `make trials` cuts at all.
"""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import forms
from siposyandu import records
from siposyandu.app import create_app
from siposyandu.instance import Instance
from sync.client import HttpTransport, Outcome
from sync.errors import Unreachable
from tests.bench.days import CHILDREN, Day, days
from tests.conftest import NOW, Village, found
from tests.proxy import DOWN, UP, Proxy
from tests.sync_http import listening
from tests.trials import WHOLE, contents, report, some

CUTS_EACH_RUN = 40
TOLD = 5


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
    """Sixty children were weighed, the province has something to tell; as often as wanted, it is the same evening again."""

    folder: Path
    province: Village
    laptop: Instance
    proxy: Proxy
    answered: Answered

    def again(self) -> None:
        """Put both places back to the evening."""
        for name in ("province", "laptop"):
            shutil.rmtree(self.folder / name)
            shutil.copytree(self.folder / f"{name} that evening", self.folder / name)

    def exchange(self) -> Outcome:
        """Switch the laptop on and exchange over a new connection."""
        transport = HttpTransport(self.proxy.url)
        try:
            return Instance(self.laptop.config, clock=lambda: NOW).exchange(transport)
        finally:
            transport.close()

    def both(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the province holds and what the laptop holds."""
        return contents(self.province.instance.config.database_path), contents(
            self.laptop.config.database_path
        )


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    folder = tmp_path_factory.mktemp("cut")
    province = found(folder / "province", upstream="")
    app: Flask = create_app(province.instance)
    answered = Answered(app.wsgi_app)
    app.wsgi_app = answered  # type: ignore[method-assign]
    with listening(app) as port, Proxy(port) as proxy:
        day = Day(province, proxy.url, folder / "laptop")
        day.register(CHILDREN)
        day.weigh(next(days(CHILDREN)))
        tell(province)
        day.transport.close()
        for name in ("province", "laptop"):
            shutil.copytree(folder / name, folder / f"{name} that evening")
        yield Evening(folder, province, day.laptop, proxy, answered)


def tell(province: Village) -> None:
    """Register children of Melati at the province, which the laptop is told in the answer."""
    with province.instance.store_for_job() as store, store.write():
        for number in range(TOLD):
            card = {"posyandu": province.melati, "name": f"Pindahan {number}", "birth_date": "2025-02-15"}
            records.save(store, province.pen(province.citra), forms.BY_NAME["person"], card | {"sex": "m"})


def in_the_headers(size: int) -> list[int]:
    """Every second byte of the headers, where a cut looks like an end, and the last bytes."""
    return [*range(0, min(size, 90), 2), size - 1, size]


def test_an_exchange_cut_after_any_byte_loses_and_doubles_nothing(evening: Evening) -> None:
    evening.again()
    evening.proxy.reset()
    assert evening.exchange() == Outcome(CHILDREN, TOLD, 1)
    expected, sizes = evening.both(), {UP: evening.proxy.up, DOWN: evening.proxy.down}
    tried = 0
    for way, size in sizes.items():
        for offset in some(range(size + 1), CUTS_EACH_RUN, in_the_headers(size)):
            cut_off(evening, way, offset, whole=offset == size)
            assert evening.both() == expected, (way, offset)
            tried += 1
    report(
        f"cut: an exchange of {CHILDREN} rows up ({sizes[UP]} B) and {TOLD} told ({sizes[DOWN]} B) cut after"
        f" {tried} {'of its' if not WHOLE else '(all)'} offsets, both ways: 0 lost, 0 doubled"
    )


def cut_off(evening: Evening, way: str, offset: int, *, whole: bool) -> None:
    """Be cut off after so many bytes, then try again."""
    evening.again()
    done = evening.answered.count
    evening.proxy.cut_after(way, offset)
    if way == DOWN and whole:
        assert evening.exchange() == Outcome(CHILDREN, TOLD, 1)
    else:
        with pytest.raises(Unreachable):
            evening.exchange()
        evening.answered.wait_for(done + (way == DOWN or whole))
    evening.proxy.heal()
    evening.exchange()
