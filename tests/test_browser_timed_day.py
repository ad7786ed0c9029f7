"""The day by keys, counted: a follow-up and a registration never ask for more keys, pointings or pages than they do now."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

import forms
from siposyandu import records
from siposyandu.periods import Month, local_date
from siposyandu.records import Pen
from tests.timed_day import Done, Hands, NewChild, close_the_day, follow_up, measure, open_the_day, register
from tests.window import Posyandu, Window

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

KNOWN = ("Baiq Nur'aini", "Lalu Arya Wiguna", "Zulfa Hidayati")
FOLLOW_UP_KEYS = (
    3 + 11
)  # letters until one is left, and Enter; 8,9 Enter 75,5 Ctrl+Enter; Enter at the answer
REGISTRATION_KEYS = 46
"""17 letters of a name, 10 of a mother's with its capital, 10 of a date; two choices; Enter after each, and two at the name."""


def known_children(posyandu: Posyandu) -> None:
    """Write three children of fifteen months on the laptop's list, each weighed last month."""
    here = posyandu.laptop.instance
    pen = Pen(here.lane, posyandu.village.aminah, here.now())
    today = local_date(here.now())
    before = Month.of(today).previous.first.isoformat()
    born = (today - timedelta(days=456)).isoformat()
    card = {"posyandu": posyandu.village.melati, "sex": "f", "birth_date": born, "posyandu_since": born}
    seen = {
        "posyandu": posyandu.village.melati,
        "visit_date": before,
        "weight_g": 8700,
        "length_height_mm": 748,
    }
    with here.store_for_job() as store, store.write():
        for name in KNOWN:
            child = records.save(store, pen, forms.BY_NAME["person"], {**card, "name": name})
            visit = {**seen, "person": child, "measured": "lying"}
            records.save(store, pen, forms.BY_NAME["balita"], visit)


def test_a_follow_up_and_a_registration_take_no_more_keys_than_today(
    fresh_posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    known_children(fresh_posyandu)
    window = opened(fresh_posyandu.laptop)
    hands, page = Hands(window), window.page
    morning = open_the_day(hands, "Aminah")
    followed = [follow_up(hands, name, "8,9", "75,5") for name in KNOWN]
    day = local_date(fresh_posyandu.laptop.instance.now()) - timedelta(days=40)
    born = f"{day.day}-{day.month}-{day.year}"
    page.fill("#cari", "kemala sekar ayu")
    window.go("Enter")
    expect(page.get_by_role("link", name="Kemala Sekar Ayu")).to_be_focused()
    faults = window.faults()
    page.goto("/hari-ini")
    window.ready()
    registered = register(hands, NewChild("Baiq Kemala Sekar", "Nurhayati", girl=True, born=born))
    faults += window.faults()
    heading = page.locator("h1").inner_text()
    with hands.work():
        measure(hands, "4,6", "55,5")
        hands.go("Enter")
    closed = close_the_day(hands, "telur")
    assert all(_within(done, FOLLOW_UP_KEYS) for done in followed), followed
    assert _within(registered, REGISTRATION_KEYS), registered
    assert (morning.keys, morning.points, closed.keys, closed.points) == (7, 1, 6, 2)
    assert (heading, faults + window.faults()) == ("Baiq Kemala Sekar", [])


def _within(done: Done, keys: int) -> bool:
    return done.keys <= keys and done.points == 0
