"""The pages of what waits, in a real browser at both sizes: with everything on them, by keyboard, readable, labelled."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from siposyandu.office import differences
from tests.conftest import PASSWORD, app_of
from tests.neighbours import Neighbours
from tests.sync_http import listening
from tests.troubles import Troubles, everything
from tests.window import LAPTOP, PHONE, Window

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

# What has no words for a person who does not see it, and words that are too pale to be read (WCAG 2.2: 4.5 to 1).
UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(field => !field.labels.length && !field.getAttribute('aria-label')).map(field => field.outerHTML)"""
PALE = r"""() => {
  const parts = text => (text.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = node => { for (; node; node = node.parentElement) {
    const colour = parts(getComputedStyle(node).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour; } return [255, 255, 255]; };
  const found = [];
  for (const node of document.querySelectorAll('main *')) {
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    const box = node.getBoundingClientRect();
    if (!own || box.width < 2 || !node.checkVisibility()) continue;
    const [a, b] = [light(parts(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) found.push(node.textContent.trim().slice(0, 40));
  }
  return found;
}"""
SMALL = """() => [...document.querySelectorAll('main a.button, main button, main a.row')]
    .filter(key => key.checkVisibility() && key.getBoundingClientRect().height < 43).map(key => key.textContent.trim())"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Neighbours:
    """A province where everything waits."""
    return Neighbours.begin(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def troubles(world: Neighbours) -> Troubles:
    return everything(world)


@pytest.fixture(scope="module")
def address(world: Neighbours, troubles: Troubles) -> Iterator[str]:
    """Where the province's pages are served."""
    world.browser(world.village.citra)
    with listening(app_of(world.village)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def citra(browser: Browser, address: str) -> Iterator[Callable[..., Window]]:
    """Opens Citra's window on a screen."""
    windows: list[Window] = []

    def come(screen: dict[str, int]) -> Window:
        window = Window(browser, address, screen)
        windows.append(window)
        window.page.goto("/masuk")
        window.page.fill("#username", "citra")
        window.page.fill("#password", PASSWORD)
        window.go("Enter")
        window.page.wait_for_url(re.compile(r"/(hari-ini|wilayah)"))
        return window

    yield come
    for window in windows:
        window.close()
        assert window.strangers + window.complaints == []


def pages(window: Window, troubles: Troubles) -> list[str]:
    """The addresses of all pages of what waits, those behind the lists too."""
    lists = [
        "/perlu-dilihat",
        "/perbedaan",
        "/menunggu",
        "/kembar",
        "/tanggal-meragukan",
        "/karantina",
        "/kabar-laptop",
    ]
    found = [*lists, "/kelola/laptop", f"/kelola/laptop/{troubles.lane}"]
    for path, inner in (
        ("/perbedaan", "/perbedaan/"),
        ("/tanggal-meragukan", "/tanggal-meragukan/"),
        ("/karantina", "/karantina/"),
    ):
        window.page.goto(path)
        found += [
            str(link.get_attribute("href")) for link in window.page.locator(f"a[href^='{inner}']").all()
        ]
    return found


@pytest.mark.parametrize("screen", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_every_page_of_what_waits_is_labelled_readable_and_fits(citra, troubles, screen) -> None:
    window = citra(screen)
    paths = pages(window, troubles)
    faults = {}
    for path in paths:
        answer = window.page.goto(path)
        assert answer is not None
        found = {
            "status": [] if answer.ok else [answer.status],
            "faults": window.faults(),
            "unlabelled": window.page.evaluate(UNLABELLED),
            "pale": window.page.evaluate(PALE),
            "small": window.page.evaluate(SMALL),
        }
        faults[path] = {kind: said for kind, said in found.items() if said}
    assert {path: said for path, said in faults.items() if said} == {}
    assert len(paths) >= 12  # none of the lists is empty


def test_citra_decides_a_difference_by_the_keyboard_alone(citra, world, troubles) -> None:
    window = citra(LAPTOP)
    page = window.page
    waits = int(re.findall(r"\d+", page.inner_text(".count-badge"))[0])
    window.go("p")
    page.wait_for_url("**/perlu-dilihat")
    page.get_by_role("link", name="Perbedaan").focus()
    window.go("Enter")
    page.wait_for_url("**/perbedaan")
    page.locator(".rows a").first.focus()
    window.go("Enter")
    page.wait_for_url(f"**/perbedaan/{troubles.visit}/weight_g")
    page.locator("input[name=choice]").first.focus()
    page.keyboard.press("ArrowDown")  # the second value
    page.keyboard.press("Tab")
    for _ in range(4):
        if page.evaluate("document.activeElement.id") == "reason":
            break
        page.keyboard.press("Tab")
    window.go(":dilihat di buku KIA", "Enter")
    page.wait_for_url("**/perbedaan")
    with world.store() as store:
        row = store.one("select weight_g, correction_reason from balita where id = $1", troubles.visit)
        assert (row, differences.count(store, world.village.citra)) == (
            {"weight_g": 7800, "correction_reason": "dilihat di buku KIA"}, 0,
        )  # fmt: skip
    assert int(re.findall(r"\d+", page.inner_text(".count-badge"))[0]) == waits - 1
