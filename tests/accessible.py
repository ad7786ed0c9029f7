"""What axe-core finds wrong with a page for those who see little, hear it read or use no mouse: WCAG 2.2, levels A and AA."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

from tests.window import LAPTOP, PHONE, Window

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    "resultTypes": ["violations"],
}
SCROLLED_FREE = (
    "partially obscured"  # by the bar of the save button, which stays at the edge while the page is moved
)
# What axe does not ask, and a reader of the screen needs: which cells a heading stands over, what a mistake belongs to.
UNNAMED = """() => [
  ...[...document.querySelectorAll("th:not([scope])")].map((cell) => `th without scope: ${cell.innerText}`),
  ...[...document.querySelectorAll("main [tabindex='0']:not([aria-label], [aria-labelledby])")].map((box) =>
    `a box to be scrolled has no name: ${box.className}`),
  ...[...document.querySelectorAll("main svg:not([aria-hidden], [aria-label], [aria-labelledby])")].filter((drawing) =>
    !drawing.closest("[aria-hidden], [role=img]:not(svg)") && !drawing.querySelector(":scope > title")).map((drawing) =>
    `a drawing without words: ${drawing.outerHTML.slice(0, 60)}`),
  ...[...document.querySelectorAll(".field > .error:first-of-type")].filter((error) => error.id.endsWith("-error") &&
    !document.querySelector(`[aria-describedby~="${error.id}"]`)).map((error) => `nothing says that it is wrong: ${error.id}`),
]"""


def barriers(page: Page) -> Iterator[str]:
    """Say what stands in somebody's way on a page that has axe: the rule, the first elements that break it, and why."""
    for violation in page.evaluate(
        "(rules) => axe.run(document, rules).then((found) => found.violations)", RULES
    ):
        said = [words for words in map(_said, violation["nodes"]) if SCROLLED_FREE not in words]
        if said:
            yield f"{violation['id']}: {'; '.join(said[:3])}"
    yield from page.evaluate(UNNAMED)


def _said(node: dict[str, Any]) -> str:
    why = (node["any"] + node["all"] + node["none"])[0]["message"]
    return f"{node['target'][0]} ({why})"


def barriers_of(window: Window, paths: Iterable[str]) -> dict[str, list[str]]:
    """Open the pages on a laptop's and on a phone's screen; returns what stands in somebody's way on each."""
    found: dict[str, list[str]] = {}
    window.page.add_init_script(AXE)
    for path in paths:
        window.page.goto(path)
        for screen in (LAPTOP, PHONE):
            window.page.set_viewport_size(screen)
            found.setdefault(path, []).extend(f"{screen['width']}: {each}" for each in barriers(window.page))
    return {path: met for path, met in found.items() if met}
