"""Fields for files in a real browser: our own words on the button, by mouse and by keys, and the browser's own without script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import siposyandu
from tests.window import LAPTOP, PHONE, Posyandu, Window, come_to_the_office, come_to_work, words

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

TEMPLATES = Path(siposyandu.__file__).parent / "web" / "templates"
OF_AN_OFFICE = ("/titipan", "/kelola/pekerja/impor")


def says(page: Page) -> tuple[list[str], list[str]]:
    """What the buttons of the page's file fields say, and what stands beside them."""
    return (
        page.locator(".file-choice .button").all_inner_texts(),
        page.locator(".file-names").all_inner_texts(),
    )


def test_every_field_for_a_file_is_drawn_by_one_component() -> None:
    drawn = [page.name for page in TEMPLATES.glob("*.html") if 'type="file"' in page.read_text("utf-8")]
    assert drawn == ["components.html"]


def test_a_press_on_our_button_chooses_and_the_name_of_the_file_is_said(
    posyandu: Posyandu, opened: Callable[..., Window], tmp_path: Path
) -> None:
    window = opened(posyandu.laptop, PHONE)
    come_to_work(window, "Aminah")
    window.page.goto("/excel")
    before = says(window.page)
    with window.page.expect_file_chooser() as choosing:
        window.page.locator(".file-choice .button").click(force=True)  # the field itself lies over it
    choosing.value.set_files({"name": "kunjungan-2026-11.xlsx", "mimeType": "text/plain", "buffer": b"x"})
    expect(window.page.locator(".file-names")).to_have_text("kunjungan-2026-11.xlsx")
    chooses, none = words("Choose a file"), words("No file is chosen yet")
    assert (before, window.faults()) == (([chooses], [none]), [])


def test_keys_reach_the_field_and_a_screen_reader_is_told_what_it_is_for(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop)
    come_to_work(window, "Aminah")
    window.page.goto("/laptop")
    field = window.page.locator("#files")
    expect(field).to_have_accessible_name(f"{words('An answer has come back')} {words('Choose files')}")
    field.focus()
    with window.page.expect_file_chooser() as choosing:
        window.page.keyboard.press("Enter")
    choosing.value.set_files(
        [{"name": f"{name}.sipb", "mimeType": "text/plain", "buffer": b"x"} for name in ("satu", "dua")]
    )
    expect(window.page.locator(".file-names")).to_have_text("satu.sipb, dua.sipb")


@pytest.mark.parametrize("path", OF_AN_OFFICE)
def test_the_offices_fields_speak_indonesian_too(
    posyandu: Posyandu, opened: Callable[..., Window], path: str
) -> None:
    window = opened(posyandu.province)
    come_to_the_office(window, "eka")
    window.page.goto(path)
    chooses, none = says(window.page)
    assert (set(chooses), set(none)) == ({words("Choose a file")}, {words("No file is chosen yet")})


def test_without_a_script_the_browsers_own_field_is_there(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    signed_in = opened(posyandu.laptop)
    come_to_work(signed_in, "Aminah")
    window = opened(posyandu.laptop, LAPTOP, script=False)
    window.page.context.add_cookies(signed_in.page.context.cookies())  # the same person
    window.page.goto("/excel")
    opacity = window.page.locator("#file").evaluate("field => getComputedStyle(field).opacity")
    assert (opacity, window.page.locator(".file-choice .button").is_visible()) == ("1", False)
