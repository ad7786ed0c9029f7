"""A registration that comes back with a question is answered by keys alone: the first answer is under the hands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.kader import Child
from tests.window import LAPTOP, PHONE, Posyandu, Window, come_to_work, days_before, register, words

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

AGE_DAYS = 420
FOCUSED = "document.activeElement.textContent.trim()"


def type_card(window: Window, name: str, mother: str, born: str) -> None:
    """Type a card by keys, as far as Enter in its last field, which sends it."""
    page = window.page
    page.goto("/anak/baru")
    page.fill("#name", name)
    page.fill("#mother_name", mother)
    page.check("input[name=sex][value=f]")
    page.fill("#birth_date", born)
    page.check("input[name=nik_missing_reason][value=not_brought]")
    page.locator("#birth_date").focus()
    window.go("Control+Enter")
    page.wait_for_selector(".ask-again")


@pytest.mark.parametrize(("screen", "name"), [(LAPTOP, "Rania"), (PHONE, "Zahra")], ids=["laptop", "phone"])
def test_a_child_who_is_here_already_is_opened_by_enter(
    posyandu: Posyandu, opened: Callable[..., Window], screen: ViewportSize, name: str
) -> None:
    window = opened(posyandu.laptop, screen)
    day = come_to_work(window, "Aminah")
    register(window, Child(f"Baiq {name}", "f", AGE_DAYS, "8,1", "72,3"), day)
    type_card(window, f"Bq. {name}", f"Ibu Baiq {name}", days_before(day, AGE_DAYS))
    focused = window.page.evaluate(FOCUSED)
    expect(window.page.get_by_role("heading", name=words("Is this the same child?"))).to_be_in_viewport()
    window.go("Enter")
    window.page.wait_for_url("**/kunjungan/balita/*?dari=baru")
    assert focused == words("Yes, it is she: weigh")


def test_another_child_is_registered_by_keys(posyandu: Posyandu, opened: Callable[..., Window]) -> None:
    window = opened(posyandu.laptop)
    day = come_to_work(window, "Aminah")
    page = window.page
    register(window, Child("Baiq Salma", "f", AGE_DAYS, "8,1", "72,3"), day)
    type_card(window, "Bq. Salma", "Ibu Baiq Salma", days_before(day, AGE_DAYS))
    stops = []
    while (stop := page.evaluate(FOCUSED)) not in stops:
        stops.append(stop)
        if stop == words("No, this is another child: register"):
            window.go("Enter")
            break
        window.keys("Tab")
    page.wait_for_url("**/kunjungan/balita/*")
    assert stops == [
        words(each)
        for each in ("Yes, it is she: weigh", "Open this child", "No, this is another child: register")
    ]


def test_a_doubtful_value_is_confirmed_by_enter(posyandu: Posyandu, opened: Callable[..., Window]) -> None:
    window = opened(posyandu.laptop)
    day = come_to_work(window, "Aminah")
    page = window.page
    type_card(window, "Wulan", "", days_before(day, AGE_DAYS))
    focused = page.evaluate(FOCUSED)
    window.go("Enter")
    page.wait_for_url("**/kunjungan/balita/*")
    assert focused == words("It is right, save")
