"""A phone waits on its page, with what was typed, until the laptop lets it save: it knows the phone again, or has room again."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from siposyandu import stations
from tests.conftest import PIN
from tests.hotspot_morning import KADER, Morning, come_in, five_kader, phone
from tests.small_disk import SmallDisk, small_disk
from tests.window import Window, words

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

MEGABYTES = 48


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "small", MEGABYTES) as made:
        yield made


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Morning]:
    """Five children, five kader, and a laptop with a hotspot."""
    with ExitStack() as running:
        yield five_kader(tmp_path, running, 5)


@pytest.fixture
def morning_on_a_small_disk(disk: SmallDisk) -> Iterator[Morning]:
    with ExitStack() as running:
        yield five_kader(disk.path, running, 5)


def at_the_scales(browser: Browser, morning: Morning) -> Window:
    """A phone on which the page of Anak 03 at the scales stands open."""
    window = phone(browser, morning)
    come_in(window, morning.code, KADER[0], stations.WEIGH)
    window.page.goto(f"/langkah/{stations.WEIGH}/{morning.children['Anak 03']}")
    return window


def save(page: Page, weight_kg: str) -> None:
    page.fill("#weight_kg", weight_kg)
    page.locator(".save-bar button").click()


def weights(morning: Morning) -> list[int]:
    with morning.laptop.instance.store_for_job() as store:
        sql = "select weight_g from balita where person = $1 and retracted = 0"
        return [row["weight_g"] for row in store.rows(sql, morning.children["Anak 03"])]


def test_what_waits_when_the_laptop_comes_back_with_another_date_waits_until_the_phone_is_in_again(
    browser: Browser, morning: Morning
) -> None:
    window = at_the_scales(browser, morning)
    page, notice = window.page, window.page.locator("[data-unreachable]")
    morning.laptop.kill()
    save(page, "8,4")
    expect(notice).to_contain_text(words("The laptop cannot be reached"))
    with morning.laptop.instance.store_for_job() as store, store.write():
        store.run("update hotspot set opened_on = '2010-01-01'")  # as after the clock was set
    morning.laptop.start()
    expect(notice).to_contain_text(words("Type the six digits that stand on the laptop's screen."))
    with page.context.expect_page() as opened:
        notice.get_by_role("link").click()
    door = opened.value
    door.fill("#code", morning.code)
    expect(notice).to_contain_text(words("Touch your name, then type your PIN."))
    waiting = page.input_value("#weight_kg")
    door.get_by_role("link", name=KADER[0]).click()
    door.locator("#pin").press_sequentially(PIN)
    expect(page.locator(".restored")).to_be_visible(timeout=20_000)
    again = page.input_value("#weight_kg")
    page.locator(".save-bar button").click()
    page.wait_for_selector(".sent-on")
    window.close()
    assert (waiting, again, weights(morning)) == ("8,4", "8,4", [8400])


def test_what_does_not_fit_on_a_full_disk_waits_on_the_phone_until_there_is_room(
    browser: Browser, morning_on_a_small_disk: Morning, disk: SmallDisk
) -> None:
    morning = morning_on_a_small_disk
    window = at_the_scales(browser, morning)
    page, notice = window.page, window.page.locator("[data-unreachable]")
    disk.fill(0)
    save(page, "8,4")
    expect(notice).to_contain_text(words("The disk is full"))
    waiting = page.input_value("#weight_kg")
    disk.empty()
    page.wait_for_selector(".sent-on", timeout=30_000)
    window.close()
    assert (waiting, weights(morning)) == ("8,4", [8400])
