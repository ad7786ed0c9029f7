"""A weighing day in a real browser: by mouse, by keys alone, without JavaScript, and through a power cut."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import PIN, Village
from tests.kader import Child
from tests.window import (
    Posyandu,
    Window,
    come_to_the_office,
    come_to_work,
    days_before,
    register,
    send,
    weigh,
    words,
)

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

SHORT = Child("Baiq Nabila", "f", 731, "9,5", "78,0", "standing")  # z -2.7
NOT_SHORT = Child("Lalu Arya", "m", 730, "11,2", "86,5")
A4_POINTS = (596, 843)  # as Chromium rounds it


def test_a_weighing_becomes_the_provinces_stunting_number(
    fresh_posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(fresh_posyandu.laptop)
    page, day = window.page, come_to_work(window, "Aminah")
    register(window, NOT_SHORT, day)
    weigh(window, NOT_SHORT)
    register(window, SHORT, day)
    weigh(window, Child(SHORT.name, "f", 731, "9,5", "87,0", "standing"))  # a slip: 87 for 78
    stunted = page.locator(".statuses .chip").get_by_text(words("Stunted"), exact=True)
    expect(stunted).to_have_count(0)

    correct_the_length(window, SHORT.length_cm)
    expect(stunted).to_be_visible()
    assert_the_sheet_prints(page)
    send(window)
    assert_the_province_counts(opened(fresh_posyandu.province), fresh_posyandu.village)


def correct_the_length(window: Window, length_cm: str) -> None:
    """Correct the visit whose answer stands on the page; the child's page tells the old value, who and why."""
    page = window.page
    window.press("Correct")
    page.fill("#length_height_cm", length_cm)
    page.fill("#correction_reason", "terbalik saat mencatat")
    window.press("Save the correction")
    page.wait_for_url("**/hasil")
    window.press("Child's page")
    history = page.locator(".history")
    for told in ("87 cm → 78 cm", "Aminah", "terbalik saat mencatat"):
        expect(history).to_contain_text(told)


def assert_the_sheet_prints(page: Page) -> None:
    """The child's sheet is one or two pages A4, without the frame of the screen, with name and chart."""
    page.goto(f"{page.url}/cetak")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name=SHORT.name)).to_be_visible()
    expect(page.locator("svg.chart").first).to_be_visible()
    expect(page.locator(".site-header")).to_be_hidden()
    page.emulate_media(media="screen")
    sheet = page.pdf(format="A4", prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    sizes = [(round(float(width)), round(float(height))) for width, height in boxes]
    assert sizes in ([A4_POINTS], [A4_POINTS] * 2)
    assert len(sheet) > 20_000


def assert_the_province_counts(window: Window, village: Village) -> None:
    """The provincial worker reads one short child of two measured, both of them weighed."""
    come_to_the_office(window, "eka")
    page = window.page
    page.goto("/wilayah/52?indikator=stunting")
    stunting = page.locator(".indicators a[aria-current=page]")
    expect(stunting).to_contain_text(
        words("%(numerator)s of %(denominator)s") % {"numerator": 1, "denominator": 2}
    )
    expect(page.locator(".headline dd").first).to_contain_text("100%")
    expect(page.locator("#plot .main-svg").first).to_be_visible()
    page.goto(f"/wilayah/{village.melati}?indikator=stunting")
    expect(page.locator(".part-table .total")).to_contain_text(re.compile(r"1\s*2\s*"))


def test_a_child_is_registered_and_weighed_by_keys_alone(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop)
    page = window.page
    page.goto("/masuk")
    window.go("1")
    page.wait_for_url(re.compile(f"/masuk/{posyandu.village.aminah.id}"))
    window.go(f":{PIN}")
    page.wait_for_url("**/hari-ini")
    day = date.fromisoformat(page.locator("input[name=day]").first.input_value())
    window.go("Enter")  # yes, it is this day
    expect(page.locator("#cari")).to_be_focused()
    window.go("Shift+Tab", "b")  # out of the search, to a new child
    page.wait_for_url("**/anak/baru")
    for typed in ("Zaenal Arifin", "Ibu Zaenal Arifin", " ", days_before(day, 400), ""):
        window.keys(f":{typed}", "Enter")
    window.go("ArrowDown", "Enter")  # why there is no NIK yet: the first reason
    page.wait_for_url("**/kunjungan/balita/*")
    for typed in ("9,4", "76,2", "", ""):
        window.keys(f":{typed}", "Enter")
    while page.locator(":focus").evaluate("field => field.type") == "radio":
        window.keys("Enter")
    window.go("Enter")  # on the save button
    page.wait_for_url("**/hasil")
    window.go("Enter")  # the next child
    expect(page.locator("#cari")).to_be_focused()
    window.go(":zaenal", "Enter")
    page.wait_for_url("**/anak/*")
    expect(page.get_by_role("heading", name="Zaenal Arifin")).to_be_visible()


def test_a_child_is_registered_and_weighed_without_javascript(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop, script=False)
    page = window.page
    page.goto("/masuk")
    page.get_by_role("link", name="Aminah").click()
    page.fill("#pin", PIN)
    window.press("Enter")
    page.wait_for_url("**/hari-ini")
    page.goto("/hari-ini/tanggal")  # she may have confirmed the day in an earlier session: it goes on
    day = date.fromisoformat(page.locator("input[name=day]").first.input_value())
    window.press("Yes, begin")
    child = Child("Dende Aulia", "f", 520, "8,9", "75,8")
    register(window, child, day)
    weigh(window, child)
    expect(page.get_by_role("heading", name=child.name)).to_be_visible()
    expect(page.locator(".statuses .row")).not_to_have_count(0)


def test_what_is_typed_survives_a_reload_and_a_power_cut(posyandu: Posyandu, browser: Browser) -> None:
    window = Window(browser, posyandu.laptop.address)
    page, day = window.page, come_to_work(window, "Aminah")
    register(window, Child("Siti Zahra", "f", 800), day)
    with page.expect_response(re.compile("/draf\\?")):
        page.fill("#weight_kg", "10,3")
    expect(page.locator("[data-draft-state]")).to_have_text(words("What you type is kept."))
    page.reload()
    assert page.input_value("#weight_kg") == "10,3"

    with page.expect_response(re.compile("/draf\\?")):
        page.fill("#length_height_cm", "82,4")
    posyandu.laptop.kill()
    page.fill("#muac_cm", "14,1")
    lost = words("What you type cannot be kept right now: save soon.")
    expect(page.locator("[data-draft-state]")).to_have_text(lost)
    page.goto(f"{posyandu.laptop.start().address}{window.path}")  # her session goes on, at this run's port
    kept = {name: page.input_value(f"#{name}") for name in ("weight_kg", "length_height_cm", "muac_cm")}
    window.close()
    assert kept == {"weight_kg": "10,3", "length_height_cm": "82,4", "muac_cm": ""}
    assert window.strangers == []
