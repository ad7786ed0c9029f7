"""The posyandu day by keyboard alone: one key opens it, one takes a save back, and it is closed into its minutes."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.kader import Child
from tests.window import Posyandu, Window, register, sign_in, weigh

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)


def test_a_day_goes_by_with_the_keyboard_alone(
    fresh_posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(fresh_posyandu.laptop)
    page = window.page
    page.goto("/masuk")
    sign_in(window, "Aminah")
    page.wait_for_url("**/hari-ini")
    faults = window.faults()
    day = date.fromisoformat(page.locator("input[name=day]").first.input_value())
    window.go("Enter")
    page.wait_for_selector("#children", state="attached")
    child = Child("Dende Aulia", "f", 520, "8,9", "75,8")
    register(window, child, day)
    weigh(window, child)
    window.go("u")
    page.wait_for_url("**/batalkan/*")
    faults += window.faults()
    window.go("Enter")
    page.wait_for_url("**/kunjungan/balita/*")
    typed_again = page.input_value("#weight_kg")
    page.goto("/hari-ini/tutup")
    faults += window.faults()
    window.go(":bubur kacang hijau", "Enter")
    page.wait_for_url("**/notulen*")
    sheet = page.locator(".minutes").inner_text()
    assert (typed_again, "bubur kacang hijau" in sheet, "Aminah" in sheet) == ("8,9", True, True)
    assert faults + window.faults() == []
