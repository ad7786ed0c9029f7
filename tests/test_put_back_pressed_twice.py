"""The button that puts a copy back is pressed twice, as on a slow laptop: the copy is put back once, and both are told so."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from siposyandu import config, restoring
from siposyandu.errors import Broken
from siposyandu.instance import DRAFT, Instance
from tests.conftest import NOW
from tests.locked import PASSPHRASE, Locked
from tests.test_put_back_unfit_or_cut import people
from tests.test_restore_cut_anywhere import opened
from tests.test_web_damaged import browser, laptop, scratch
from tests.test_web_put_back import PULIHKAN, chosen, lost, new, stick

__all__ = ["laptop", "lost", "new", "stick"]


class PressedTwice(Instance):
    """A place at which the other press comes to its end while this one waits for its turn."""

    other_press: Callable[[], object] | None = None

    @contextmanager
    def turning(self) -> Iterator[None]:
        press, self.other_press = self.other_press, None
        if press:
            press()
        with super().turning():
            yield


def both(here: PressedTwice, client: FlaskClient, address: str, said: dict[str, str]) -> list[str | None]:
    """Press twice; where each press leads."""
    led: list[str | None] = []

    def press() -> None:
        led.append(client.application.test_client().post(address, data=said).location)

    here.other_press = press
    press()
    return led


def copy_of(client: FlaskClient, address: str) -> str:
    return client.get(address).text.split('name="copy" value="')[1].split('"')[0]


def started_again(here: Instance) -> Instance:
    again = Instance(config.load(here.config.folder), clock=lambda: NOW)
    again.unlock(PASSPHRASE)
    return again


def test_a_damaged_laptop_is_put_back_once(laptop: Locked) -> None:
    here = PressedTwice(laptop.instance.config, clock=lambda: NOW)
    scratch(here.config.database_path)
    here.unlock(PASSPHRASE)
    client = browser(here)
    led = both(here, client, "/rusak", {"copy": copy_of(client, "/rusak")})
    aside = [each.name for each in here.config.folder.glob("damaged-*")]
    assert (led, here.damage, aside) == (["/", "/"], None, ["damaged-1"])
    here.lock()
    assert people(started_again(here)) == ["Rinjani"]


def test_a_new_laptop_takes_over_once_and_both_are_told_what_is_lost(lost: Locked, new: Instance) -> None:
    here = PressedTwice(new.config, clock=lambda: NOW)
    client = browser(here)
    led = both(here, client, PULIHKAN, {"copy": chosen(client), "passphrase": PASSPHRASE})
    assert led == ["/laptop/pulih", "/laptop/pulih"]
    assert "Catatan sudah kembali" in client.get("/laptop/pulih").text
    here.lock()
    assert people(started_again(here)) == ["Rinjani"]


def could_turn(here: Instance) -> bool:
    """Whether somebody else could open, close or put back this place now."""

    def taken() -> bool:
        could = here._turning.acquire(blocking=False)
        if could:
            here._turning.release()
        return could

    with ThreadPoolExecutor() as other:
        return other.submit(taken).result()


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Callable[[Instance], list[bool]]:
    """Watch, each time a copy that was filled gets its name, whether somebody else could put another one back."""

    def watched(here: Instance) -> list[bool]:
        seen, replace = [], os.replace

        def look(source: Path, target: Path) -> None:
            if Path(source).name == DRAFT:
                seen.append(could_turn(here))
            replace(source, target)

        monkeypatch.setattr(os, "replace", look)
        return seen

    return watched


def test_nobody_else_opens_or_puts_back_while_a_copy_is_put_back(
    laptop: Locked, turns: Callable[[Instance], list[bool]]
) -> None:
    here = laptop.instance
    scratch(here.config.database_path)
    here.unlock(PASSPHRASE)
    client, seen = browser(here), turns(here)
    client.post("/rusak", data={"copy": copy_of(client, "/rusak")})
    assert (seen, could_turn(here)) == ([False], True)


def test_nobody_else_begins_or_takes_over_while_a_new_laptop_takes_over(
    lost: Locked, new: Instance, turns: Callable[[Instance], list[bool]]
) -> None:
    client, seen = browser(new), turns(new)
    client.post(PULIHKAN, data={"copy": chosen(client), "passphrase": PASSPHRASE})
    assert (seen, could_turn(new)) == ([False], True)


def test_what_was_filled_and_is_gone_is_not_begun_empty(lost: Locked, stick: Path, tmp_path: Path) -> None:
    with pytest.raises(Broken):
        restoring._made_ready(tmp_path / DRAFT, opened(stick), keys_stay=False)
    assert not (tmp_path / DRAFT).exists()
