"""Pages that break off on their way: a phone or laptop asks for them again by itself, and never stays with half of one."""

from playwright.sync_api import Browser, expect

from tests.proxy import DOWN, Proxy
from tests.window import Posyandu, Window

pytest_plugins = ("tests.browser",)

HALF_BYTES = 3000
"""Of the answer to the page of names: behind the head with its scripts, before the names."""
BROKEN_OFF = "document.readyState === 'loading' && !document.querySelector('.site-foot')"


def test_a_page_that_broke_off_comes_whole_by_itself_when_the_laptop_answers_again(
    browser: Browser, posyandu: Posyandu
) -> None:
    port = int(posyandu.laptop.address.rpartition(":")[2])
    with Proxy(port) as road, Window(browser, road.url) as window:
        window.page.goto("/masuk")
        road.cut_after(DOWN, HALF_BYTES)
        window.page.goto("/masuk", wait_until="commit")
        window.page.wait_for_function(BROKEN_OFF)
        road.heal()
        expect(window.page.locator(".site-foot")).to_be_visible()
        assert window.page.evaluate("document.readyState") != "loading"
        assert [said for said in window.complaints if "ERR_CONTENT_LENGTH_MISMATCH" not in said] == []
        window.complaints.clear()
