"""Every page there is, in a real browser on a phone's screen: nothing to push sideways, nothing but Indonesian, no errors.

The list of pages is the application's own, so a new page is looked at from its first day.
"""

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import ViewportSize

from tests import every_page
from tests.every_page import NOT_AT_A_LAPTOP, NOT_FOR_THE_PROVINCE, NOTHING_WAITS, OPEN_ALREADY
from tests.kader import Child
from tests.window import PHONE, Posyandu, Window, come_to_the_office, come_to_work, register

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

# A laptop's screen at 200 %, and a phone's in the hand of somebody who has made everything larger.
ZOOMED: Sequence[ViewportSize] = ({"width": 683, "height": 384}, {"width": 320, "height": 568})
EXPECTED = Child("Nabila Putri", "f", 700)
DOUBTED = Child("Hendra Gunawan", "m", 600)


def faults_of(window: Window, paths: Sequence[str], not_here: tuple[str, ...]) -> dict[str, list[str]]:
    """Open the pages one after the other; returns what is wrong with each that has something wrong."""
    found = {}
    for path in paths:
        answer = window.page.goto(path)
        assert answer is not None
        expected = answer.ok or path.startswith(not_here)
        found[path] = (
            [f"it answers {answer.status}"] * (not expected) + window.faults() + window.too_wide(*ZOOMED)
        )
    return {path: faults for path, faults in found.items() if faults}


def test_every_page_of_a_laptop_fits_a_phone_and_speaks_indonesian(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop, PHONE)
    paths = every_page.of_a_laptop(window, posyandu)
    assert faults_of(window, paths, (*NOT_AT_A_LAPTOP, *OPEN_ALREADY)) == {}


def test_the_message_of_the_coming_day_is_copied_whole_and_nothing_is_called(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop, PHONE)
    page, day = window.page, come_to_work(window, "Aminah")
    register(window, EXPECTED, day)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/hari-ini/sebelum")
    page.click("main details summary")
    faults = window.faults()
    page.click("[data-copy]")
    page.wait_for_function("document.querySelector('[data-copy]').textContent === 'Sudah disalin'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (copied == page.input_value("#message"), EXPECTED.name in copied, faults) == (True, True, [])


def test_what_is_refused_or_doubted_fits_a_phone_and_speaks_indonesian(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop, PHONE)
    page, day = window.page, come_to_work(window, "Aminah")
    register(window, DOUBTED, day)
    found = {}
    for weight_kg, answer in (("78", ".field.wrong"), ("4,1", ".ask-again")):
        page.fill("#weight_kg", weight_kg)
        window.press("Save")
        page.wait_for_selector(answer)
        found[weight_kg] = window.faults()
    assert found == {"78": [], "4,1": []}


def test_every_page_of_the_province_fits_a_phone_and_speaks_indonesian(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.province, PHONE)
    come_to_the_office(window, "eka")
    paths = every_page.of_the_province(posyandu)
    assert faults_of(window, paths, (*NOT_FOR_THE_PROVINCE, *NOTHING_WAITS, *OPEN_ALREADY)) == {}
