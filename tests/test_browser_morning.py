"""A laptop's first day and the morning after, in a real browser: passphrase, papers, letter, weighing, closing, opening."""

import re
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from siposyandu.letter import Letter
from tests.conftest import PIN
from tests.kader import Child
from tests.locked import OTHER, PASSPHRASE, everything_in
from tests.places import Place
from tests.window import PHONE, Window, come_to_work, office_at_work, register, send, weigh, words

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

A5_POINTS = (420, 594)
CHILD = Child("Baiq Zulaikha Mahendrawati", "f", 731, "9,5", "78,0", "standing")


def test_from_a_new_laptop_to_the_morning_after(tmp_path: Path, browser: Browser) -> None:
    with ExitStack() as running:
        province, _, letter = office_at_work(tmp_path, running)
        laptop = Place(tmp_path / "melati", upstream=province.address, encrypted=True)
        running.enter_context(laptop)
        with Window(browser, laptop.address) as window:
            papers = choose_a_passphrase(window)
            join(window, letter)
            first_day(window, laptop)
        laptop.stop()
        laptop.start()
        assert_nothing_readable(laptop)
        with Window(browser, laptop.address) as window:
            open_by_papers(window, papers)
            weighed_is_there(window)


def first_day(window: Window, laptop: Place) -> None:
    """Weigh, send, close; a closed laptop shows nothing; opened by its passphrase it goes on; in the evening it is closed."""
    day = come_to_work(window, "Aminah")
    register(window, CHILD, day)
    weigh(window, CHILD)
    send(window)
    assert_nothing_readable(laptop)
    close(window)
    assert_nothing_readable(laptop)
    assert_closed(window)
    open_by_passphrase(window, day)
    weighed_is_there(window)
    close(window)


def choose_a_passphrase(window: Window) -> list[str]:
    """Type the first passphrase twice, and copy the two papers."""
    page = window.page
    page.goto("/")
    expect(page.locator(".suggestion")).to_have_text(re.compile(r"^(\w+ ){3}\w+$"))
    assert window.faults() == []
    window.keys(f":{PASSPHRASE}", "Enter", f":{OTHER}")
    window.press("Go on")
    expect(page.locator(".field .error")).to_have_text(words("The two are not the same. Type both again."))
    for name in ("#passphrase", "#passphrase_again"):
        page.fill(name, PASSPHRASE)
    window.press("Go on")
    expect(page.locator(".paper .qr")).to_have_count(2)
    assert window.faults() == []
    assert_sheets_of_a5(page)
    papers = [
        "-".join(page.locator(".paper").nth(number).locator("li").all_inner_texts()) for number in (0, 1)
    ]
    window.press("Both are kept, go on")
    return papers


def assert_sheets_of_a5(page: Page) -> None:
    sheet = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    assert [(int(float(width)), int(float(height))) for width, height in boxes] == [A5_POINTS] * 2


def join(window: Window, letter: Letter) -> None:
    """Let a scanner type the letter's line, and choose a PIN with it."""
    page = window.page
    page.wait_for_url("**/laptop/pasang")
    page.focus("#code")
    window.go(f":{letter.line}", "Enter")
    page.get_by_role("link", name="Aminah").click()
    for name, typed in (("code", letter.line), ("pin", PIN), ("pin_again", PIN)):
        page.fill(f"#{name}", typed)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/hari-ini*")


def close(window: Window) -> None:
    window.page.goto("/laptop")
    window.press("Close the laptop")
    window.page.wait_for_url("**/buka")


def assert_closed(window: Window) -> None:
    """Whatever is opened, the one page comes; a wrong passphrase changes nothing."""
    page = window.page
    for path in ("/hari-ini", "/cari?q=zulaikha", "/laptop", "/skdn"):
        page.goto(path)
        expect(page.get_by_role("heading", name=words("Open the laptop"))).to_be_visible()
    for screen in (window.screen, PHONE):
        page.set_viewport_size(screen)
        window.screen = screen
        assert window.faults() == []
    page.fill("#passphrase", OTHER)
    page.check("[data-show]")
    assert page.get_attribute("#passphrase", "type") == "text"
    window.press("Open")
    expect(page.locator(".field .error")).to_have_text(
        words("That is not this laptop's passphrase. Try again, word by word.")
    )
    assert CHILD.name not in page.content()


def open_by_passphrase(window: Window, day: date) -> None:
    window.page.fill("#passphrase", PASSPHRASE.upper())
    window.press("Open")
    window.page.wait_for_url(re.compile("/masuk"))
    assert come_to_work(window, "Aminah") == day


def weighed_is_there(window: Window) -> None:
    window.page.goto("/cari?q=zulaikha")
    expect(window.page.get_by_role("main")).to_contain_text(CHILD.name)


def open_by_papers(window: Window, papers: list[str]) -> None:
    """Nobody remembers the passphrase: two people type their papers; the first slips once."""
    page = window.page
    page.goto("/")
    window.press("Forgotten the passphrase?")
    slipped = papers[0][:-1] + ("2" if papers[0][-1] != "2" else "3")
    for typed in (slipped, papers[0].lower().replace("-", " ")):
        for name, value in (("first", typed), ("second", papers[1])):
            page.fill(f"#{name}", value)
        for name in ("passphrase", "passphrase_again"):
            page.fill(f"#{name}", OTHER)
        window.press("Open and change")
        if typed == slipped:
            expect(page.locator(".field .error")).to_contain_text("7")
            assert window.faults() == []
    page.wait_for_url("**/laptop/kertas")
    assert window.faults() == []
    come_to_work(window, "Aminah")


def assert_nothing_readable(laptop: Place) -> None:
    """No file of the laptop, whatever its name, holds the child's or a worker's name, or the passphrase."""
    found = everything_in(laptop.folder)
    assert [word for word in (CHILD.name, "Zulaikha", "Aminah", PASSPHRASE) if word.encode() in found] == []
