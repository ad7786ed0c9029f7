"""By keys alone: every stop is seen, none holds one back, what was refused is under the hands, no typed letter is a command."""

from collections.abc import Callable

import pytest

from tests.kader import Child
from tests.window import LAPTOP, Posyandu, Window, come_to_work, register, weigh

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

CHILD = Child("Lale Suhaili", "f", 420, "8,1", "72,3")
MOST_STOPS = 300
FROM_THE_TOP = (
    "() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
)
# What has the focus when all scripts of a page have run, whether the browser has drawn it or not.
FOCUSED = """document.addEventListener("DOMContentLoaded", () => { window.focusedByScripts = document.activeElement.id; });"""
# Where the focus is, and what is wrong with it: a ring must be seen, and nothing may lie over it.
STOP = """() => {
  const at = document.activeElement;
  if (at === document.body) return ["", ""];
  const ringed = [at, at.closest("label")].some((element) => {
    const look = element && getComputedStyle(element);
    return look && look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  });
  const box = at.getBoundingClientRect(), seen = box.width && box.bottom > 0 && box.top < innerHeight;
  const inside = (value, most) => Math.min(Math.max(value, 0), most - 1);
  const x = inside(box.left + box.width / 2, innerWidth), y = inside(box.top + Math.min(box.height, 40) / 2, innerHeight);
  const middle = document.elementFromPoint(x, y);
  const bare = middle && (at.contains(middle) || middle.contains(at) || at.closest("label")?.contains(middle));
  const name = `${at.localName} ${at.id || at.className || at.textContent.trim().slice(0, 30)}`;
  const faults = [ringed ? "" : "no ring", seen ? "" : "out of sight", bare ? "" : `under ${middle?.className}`];
  return [name, faults.filter(Boolean).join(", ")];
}"""


def faults_by_tab(window: Window, path: str) -> list[str]:
    """Go through a page with Tab until its end; returns what was wrong on the way."""
    page, found = window.page, []
    page.goto(path)
    window.ready()
    page.evaluate(FROM_THE_TOP)
    for number in range(MOST_STOPS):
        page.keyboard.press("Tab")
        name, fault = page.evaluate(STOP)
        if number == 0 and "skip-link" not in name:
            found.append(f"it begins with {name}")
        if number and (not name or "skip-link" in name):
            return found
        if fault:
            found.append(f"{name}: {fault}")
    return [*found, "it does not end"]


def test_every_stop_of_a_kaders_pages_is_seen_and_none_holds_her_back(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop, LAPTOP)
    register(window, CHILD, come_to_work(window, "Aminah"))
    to_weigh = window.path
    weigh(window, CHILD)
    child = f"/anak/{to_weigh.rpartition('/')[2]}"
    pages = [window.path, to_weigh, child, f"{child}/grafik", "/hari-ini", "/anak/baru", "/cari", "/skdn"]
    pages += ["/hari-ini/buka", "/hari-ini/tutup", "/hari-ini/sesudah", "/laptop", "/cetak", "/bantuan"]
    found = {path: faults_by_tab(window, path) for path in pages}
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_the_first_stop_leads_past_the_head_into_the_page(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop)
    page = window.page
    come_to_work(window, "Aminah")
    page.goto("/skdn")
    window.ready()
    page.evaluate(FROM_THE_TOP)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_what_was_refused_is_under_the_hands_and_says_why(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop)
    page = window.page
    come_to_work(window, "Aminah")
    page.goto("/anak/baru")
    window.keys(":Lalu Danish")
    with window.another_page():
        window.press("Register and weigh")
    page.wait_for_selector(".field.wrong")
    focused = page.locator(":focus")
    described = str(focused.get_attribute("aria-describedby")).split()
    said = [page.locator(f"#{each}").inner_text() for each in described if page.locator(f"#{each}").count()]
    assert (focused.get_attribute("aria-invalid") or "radio", any(said)) in (("true", True), ("radio", False))
    assert page.input_value("#name") == "Lalu Danish"


def test_the_first_letter_is_no_command_though_the_page_was_not_drawn_yet(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop)
    page = window.page
    come_to_work(window, "Aminah")
    page.add_init_script(FOCUSED)
    page.goto("/hari-ini")
    assert page.evaluate("focusedByScripts") == "cari"


def test_letters_are_commands_only_where_nobody_types_and_can_be_switched_off(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop)
    page = window.page
    come_to_work(window, "Aminah")
    window.keys(":hs")
    typed = (window.path, page.input_value("#cari"))
    page.goto("/bantuan")
    page.uncheck("[data-letter-keys]")
    page.locator("h1").click()
    page.keyboard.press("s")
    stayed = window.path
    page.check("[data-letter-keys]")
    page.locator("h1").click()
    page.keyboard.press("s")
    page.wait_for_url("**/skdn")
    assert (typed, stayed) == (("/hari-ini", "hs"), "/bantuan")
