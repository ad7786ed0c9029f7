"""Learning in a real browser: help by one key, a trial by keys alone, and practice at an address of its own."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from siposyandu.exam import keeping, marking
from siposyandu.exam.case import Case, Choosing
from siposyandu.web.frame import PRACTICE_PIN
from tests.window import LAPTOP, PHONE, Posyandu, Window, come_to_work, sign_in

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)


def test_one_key_shows_three_sentences_and_takes_them_away(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop, PHONE)
    window.page.goto("/masuk")
    sentences = window.page.locator(".page-help li")
    before = sentences.first.is_visible()
    window.keys("?")
    expect(sentences.first).to_be_visible()
    shown, faults = sentences.count(), window.faults()
    window.keys("?")
    expect(sentences.first).to_be_hidden()
    assert (before, shown, faults) == (False, 3, [])


def test_help_needs_no_script(posyandu: Posyandu, opened: Callable[..., Window]) -> None:
    window = opened(posyandu.laptop, LAPTOP, script=False)
    window.page.goto("/masuk")
    window.page.click(".page-help summary")
    window.page.click(".page-help a")
    expect(window.page.locator("article:target")).to_be_visible()
    assert window.page.url.endswith("/bantuan#masuk")


def answer_by_keys(window: Window, asked: Case) -> None:
    """The page puts the focus where the answer is given."""
    answer = asked.answer
    if isinstance(answer, Choosing):
        steps = [code for code, _ in answer.options].index(answer.right)
        window.go(*(["ArrowDown"] * steps or ["Space"]), "Enter")
    else:
        typed = str(marking.field_of(answer.field).in_units(answer.right)).replace(".", ",")
        window.go(f":{typed}", "Enter")


def test_a_trial_is_done_by_keys_alone_and_fits_a_phone(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop, PHONE)
    come_to_work(window, "Aminah")
    window.page.goto("/uji")
    window.go("Enter")
    window.page.wait_for_url(re.compile("/uji/[0-9]+$"))
    with posyandu.laptop.instance.store_for_job() as store:
        trial = keeping.found(store, int(window.path.rpartition("/")[2]), posyandu.village.aminah.id)
    faults = []
    for number, asked in enumerate(trial.cases, 1):
        expect(window.page.locator(".lead")).to_contain_text(f"Soal {number} dari 10")
        faults += window.faults()
        answer_by_keys(window, asked)
    window.page.wait_for_url("**/hasil")
    score = window.page.locator(".certificate-score b").inner_text()
    assert (score, faults + window.faults()) == ("10", [])


def test_a_kader_practises_at_an_address_of_its_own_and_comes_back(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop)
    page = window.page
    page.goto("/masuk")
    real = page.url.split("/masuk")[0]
    window.press("Practise")
    window.press("Go and practise")
    expect(page.get_by_role("link", name="Ani Latihan")).to_be_visible()
    sign_in(window, "Ani Latihan", PRACTICE_PIN)
    page.wait_for_url("**/hari-ini")
    banner = page.locator(".practice-banner")
    expect(banner).to_contain_text("LATIHAN")
    elsewhere, faults = not page.url.startswith(real), window.faults()
    banner.get_by_role("link").click()
    page.wait_for_url(f"{real}/latihan")
    with posyandu.laptop.instance.store_for_job() as store:
        ghosts = store.value("select count(*) from person where name like '%Latihan'")
    assert (elsewhere, faults, ghosts) == (True, [], 0)
