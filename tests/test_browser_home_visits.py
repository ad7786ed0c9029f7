"""A home visit and the end of a referral written with keys alone; the letter and the list for the visits on paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import forms
from siposyandu import records
from siposyandu.records import Pen
from tests.kader import Child
from tests.window import Posyandu, Window, come_to_work, register, words

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

AWAY, NOBODY_HOME = Child("Lalu Fadil", "m", 700), Child("Lalu Gani", "m", 720)
THIN = Child("Baiq Nisa", "f", 700)
A5_POINTS = (420, 595)


def child_registered(window: Window, child: Child) -> str:
    register(window, child, come_to_work(window, "Aminah"))
    return window.path.rpartition("/")[2]


def pages_and_size(page: Page) -> tuple[int, tuple[int, int]]:
    """How many sheets a page takes, and how large the first is in points."""
    paper = page.pdf(prefer_css_page_size=True)
    [width, height] = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)[0]
    return len(re.findall(rb"/Type /Page\b(?!s)", paper)), (round(float(width)), round(float(height)))


def test_a_home_visit_is_written_by_keys_alone(posyandu: Posyandu, opened: Callable[..., Window]) -> None:
    window = opened(posyandu.laptop)
    page, child = window.page, child_registered(window, AWAY)
    page.goto(f"/kunjungan-rumah/{child}")
    pressed = ["Space", "Tab", "Space", "Tab", "Tab", "Tab", "Tab", "Tab", "Space", "Control+Enter"]
    window.go(*pressed)
    page.wait_for_url(f"**/anak/{child}")
    expect(page.get_by_text(words("met"), exact=True)).to_be_visible()
    expect(page.get_by_text(f"{words('Danger signs')}: ")).to_be_visible()
    assert window.faults() == []


def test_at_a_closed_door_nothing_is_asked_of_the_child(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop)
    page, child = window.page, child_registered(window, NOBODY_HOME)
    page.goto(f"/kunjungan-rumah/{child}")
    found = page.locator(".section-found")
    expect(found).to_be_visible()
    page.get_by_text(words("nobody at home")).click()
    expect(found).to_be_hidden()


def test_the_letter_is_one_sheet_of_a5_and_the_answer_is_typed_by_keys(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop)
    page, child = window.page, child_registered(window, THIN)
    here, village = posyandu.laptop.instance, posyandu.village
    with here.store_for_job() as store:
        visit = records.save(
            store,
            Pen(here.lane, village.aminah, here.now()),
            forms.BY_NAME["balita"],
            {"person": child, "posyandu": village.melati, "visit_date": here.now().date().isoformat(), "weight_g": 6000,
             "length_height_mm": 800, "measured": "lying", "muac_mm": 110, "referral": "hospital", "illness": "cough,fever",
             "tb_cough": 1, "tb_fever": 1, "development_checklist": "incomplete", "oedema": "1",
             "head_circumference_mm": 420},
        )  # fmt: skip
    page.goto(f"/kunjungan/{visit}/surat")
    paper = pages_and_size(page)
    page.goto("/rujukan")
    with window.another_page():
        page.get_by_role("link", name=re.compile(words("How did it go?"))).click()
    page.wait_for_url("**/kembali")
    window.go("Space", "Control+Enter")
    page.wait_for_url("**/rujukan")
    expect(page.get_by_text(words("Nobody is waited for."))).to_be_visible()
    assert (paper, window.faults()) == ((1, A5_POINTS), [])
