"""Finding a child in a real browser: the list sifts as the server would, and a scanner's code opens her."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from siposyandu import names
from siposyandu.child_code import code_of
from tests.kader import Child
from tests.window import Posyandu, Window, come_to_work, register, weigh

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

with (Path(__file__).parent / "data" / "names.csv").open(encoding="utf-8") as file:
    SET = list(csv.DictReader(file))
NABILA = Child("Baiq Nur'aini", "f", 731, "9,5", "87,0", "standing")


def test_the_page_sifts_names_as_the_server_does(posyandu: Posyandu, opened: Callable[..., Window]) -> None:
    window = opened(posyandu.laptop)
    come_to_work(window, "Aminah")
    words = [names.searchable(row["name"], row["mother_name"]) for row in SET]
    said = [said for row in SET for said in row["asked"].split(";")] + ["constructor", "ba", "l", "É"]
    sifted = window.page.evaluate(
        """([words, said]) => {
            const by = namesBy(JSON.parse(document.querySelector("#cari").dataset.forms));
            return said.map((each) => words.map((one) => by.fits(one, by.asked(each))));
        }""",
        [words, said],
    )
    assert sifted == [[names.fits(one, each) for one in words] for each in said]


def test_a_scanned_code_opens_a_child_from_the_list_and_her_sheet_shows_it(
    fresh_posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(fresh_posyandu.laptop)
    page, day = window.page, come_to_work(window, "Aminah")
    register(window, NABILA, day)
    weigh(window, NABILA)
    window.press("Child's page")
    child = page.url.rsplit("/", 1)[1]
    page.goto("/hari-ini?lihat=semua")
    page.fill("#cari", "bq. noeraini")
    expect(page.locator("#children li:visible")).to_have_count(1)
    page.fill("#cari", "")
    window.go(f":{code_of(child).replace('-', '')}", "Enter")
    page.wait_for_url(f"**/anak/{child}")
    page.goto(f"/anak/{child}/cetak")
    expect(page.locator(".sheet-code")).to_contain_text(code_of(child))
