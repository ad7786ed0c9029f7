"""A month of visits out to Excel, filled there, and back, in a real browser: with and without script, on a phone too."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kader import Child
from tests.returned import Book
from tests.window import LAPTOP, PHONE, Posyandu, Window, come_to_work, register, weigh, words

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

WEIGHED, AWAY = Child("Rizki Ramadhan", "m", 500, "9,9", "78,4"), Child("Siti Zahra", "f", 800)


@pytest.mark.parametrize(("screen", "script"), [(LAPTOP, True), (PHONE, False)])
def test_empty_rows_filled_in_excel_become_visits(
    fresh_posyandu: Posyandu,
    opened: Callable[..., Window],
    tmp_path: Path,
    screen: dict[str, int],
    script: bool,
) -> None:
    first = opened(fresh_posyandu.laptop)
    day = come_to_work(first, "Aminah")
    for child in (WEIGHED, AWAY):
        register(first, child, day)
        if child.weight_kg:
            weigh(first, child)
    first.page.goto("/excel")
    with first.page.expect_download() as download:
        first.page.get_by_role("link", name=f"Excel: {words('Visits of a month')}").click()
    file = tmp_path / "kunjungan.xlsx"
    book = Book(download.value.path().read_bytes())
    file.write_bytes(book.put(AWAY.name, weight=11.2).put(WEIGHED.name, weight=99).content())

    window = opened(fresh_posyandu.laptop, screen, script=script)
    window._context.add_cookies(first._context.cookies())  # the same person at another screen
    page = window.page
    page.goto("/excel")
    page.set_input_files("#file", str(file))
    window.press("Check the file")
    page.get_by_text(words("Ready to be saved")).wait_for()
    assert window.faults() == []
    page.reload()
    page.get_by_role("button", name="Simpan 1 perubahan").click()
    page.get_by_role("status").wait_for()
    told = page.locator(".returned").all_inner_texts()
    assert (len(told), WEIGHED.name in told[0], window.faults()) == (1, True, [])
    page.goto("/hari-ini?lihat=sudah")
    assert f"{AWAY.name}" in page.locator("#children").inner_text()
