"""A browser and a posyandu for it to look at, for the tests that name this module among their plugins."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from deploy import chromium
from tests.places import Place
from tests.window import LAPTOP, Posyandu, Window, at_work


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine, begun once a run: each window has a profile of its own (`new_context`)."""
    path = chromium.found()
    if path is None:
        pytest.skip("there is no chromium on this machine; on Debian `make test` installs it")
    with chromium.started(path) as running:
        yield running


@pytest.fixture(scope="module")
def posyandu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Posyandu]:
    """A posyandu at work."""
    with ExitStack() as running:
        yield at_work(tmp_path_factory.mktemp("posyandu"), running)


@pytest.fixture
def fresh_posyandu(tmp_path: Path) -> Iterator[Posyandu]:
    """A posyandu at work of which nobody else has seen anything."""
    with ExitStack() as running:
        yield at_work(tmp_path, running)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Opens windows; when the test ends each one must have seen nothing that must not happen."""
    with ExitStack() as windows:

        def open_window(place: Place, screen: ViewportSize = LAPTOP, *, script: bool = True) -> Window:
            return windows.enter_context(Window(browser, place.address, screen, script=script))

        yield open_window
