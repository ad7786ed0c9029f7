"""Copies in a real browser on both screens: what would be lost, a damaged laptop, a new one that takes over."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from siposyandu import backups, config, founding
from tests import locked
from tests.locked import PASSPHRASE, Locked
from tests.places import Place
from tests.test_web_damaged import register, scratch
from tests.window import LAPTOP, PHONE, Window, come_to_work

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

SCREENS = (LAPTOP, PHONE)
Opened = Callable[..., Window]


@pytest.fixture
def lost(tmp_path: Path) -> Locked:
    """Melati's encrypted laptop with three copies on a flash disk, switched off."""
    stick = tmp_path / "KINGSTON"
    stick.mkdir()
    made = locked.found(tmp_path / "melati")
    made.instance.config = replace(made.instance.config, port=0, flash_disks=str(stick))
    config.save(made.instance.config)
    made.instance.unlock(PASSPHRASE)
    for name in ("Rinjani", "Tambora", "Sangeang"):
        register(made.village, name)
        backups.make_now(made.instance)
    made.instance.lock()
    return made


@pytest.fixture
def running() -> Iterator[ExitStack]:
    """Places that stay switched on until the windows at them are closed: named before `opened` in a test."""
    with ExitStack() as places:
        yield places


def unlock(window: Window) -> None:
    """Type the passphrase of the morning."""
    window.page.goto("/buka")
    if window.path == "/buka":
        window.page.fill("#passphrase", PASSPHRASE)
        window.go("Enter")
        window.page.wait_for_url(re.compile("^(?!.*/buka)"))


def faults(opened: Opened, place: Place, path: str, before: Callable[[Window], None]) -> Iterator[str]:
    """Say what is wrong with a page on both screens."""
    for screen in SCREENS:
        window = opened(place, screen)
        before(window)
        window.page.goto(path)
        yield from window.faults()


def test_the_page_of_copies_fits_both_screens(lost: Locked, running: ExitStack, opened: Opened) -> None:
    def come(window: Window) -> None:
        unlock(window)
        come_to_work(window, "Aminah")

    place = running.enter_context(Place.standing(lost.folder))
    assert list(faults(opened, place, "/laptop/salinan", come)) == []


def test_a_damaged_laptop_is_mended_by_the_keyboard_alone(
    lost: Locked, running: ExitStack, opened: Opened
) -> None:
    scratch(lost.instance.config.database_path)
    place = running.enter_context(Place.standing(lost.folder))
    assert list(faults(opened, place, "/rusak", unlock)) == []
    window = opened(place, LAPTOP)
    page = window.page
    page.goto("/rusak")
    window.go("Enter")  # the newest copy is chosen already
    page.wait_for_url("**/masuk**", wait_until="networkidle")


def test_a_new_laptop_takes_over_on_its_first_page(
    lost: Locked, running: ExitStack, opened: Opened, tmp_path: Path
) -> None:
    waiting = founding.waiting_laptop(tmp_path / "new", 0, "http://127.0.0.1:9")
    config.save(replace(waiting, flash_disks=str(tmp_path / "KINGSTON")))
    place = running.enter_context(Place.standing(tmp_path / "new"))
    assert list(faults(opened, place, "/laptop/pulihkan", lambda window: None)) == []
    window = opened(place, LAPTOP)
    window.page.goto("/")
    window.press("Was the old laptop lost or broken? Put a copy back here")
    window.page.fill("#passphrase", PASSPHRASE)
    window.press("Put it back")
    window.page.wait_for_url("**/laptop/pulih")
    assert list(faults(opened, place, "/laptop/pulih", lambda window: None)) == []
