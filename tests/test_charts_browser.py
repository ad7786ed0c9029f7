"""Every growth chart in a real browser: the room its words take there, not the room they were thought to take."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser

from siposyandu.web import charts
from siposyandu.web.charts import A4, A5, ALL, CARD, CARD_ON_PHONE, CARDS, LAPTOP, PHONE, Layout, View
from tests.test_charts import CHILDREN, grown

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

FAULTS = """() => [...document.querySelectorAll("svg")].flatMap(svg => {
  const paper = svg.getBoundingClientRect(), name = svg.querySelector("title").textContent;
  const words = [...svg.querySelectorAll("text")];
  const boxes = words.map(text => text.getBoundingClientRect());
  const outside = words.filter((text, at) => boxes[at].left < paper.left - 0.5 || boxes[at].right > paper.right + 0.5
    || boxes[at].top < paper.top - 0.5 || boxes[at].bottom > paper.bottom + 0.5).map(text => `${name}: ${text.textContent}`);
  const beside = words.map((text, at) => [text, boxes[at]])
    .filter(([text]) => /^(end|zone|limit)$/.test(text.getAttribute("class")));
  const touching = beside.flatMap(([one, a], at) => beside.slice(at + 1).filter(([, b]) =>
    a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom
  ).map(([two]) => `${name}: ${one.textContent} on ${two.textContent}`));
  return [...outside, ...touching];
})"""
# A line of letters is higher than the letters in it: 3 px above and below are empty.


def faults(browser: Browser, drawings: Sequence[str], layout: Layout) -> list[str]:
    """Say which words leave the paper or lie upon each other when a browser draws them at full size."""
    page = browser.new_page(viewport={"width": layout.width, "height": 800})
    page.set_content(f"<body>{''.join(f'<div>{svg}</div>' for svg in drawings)}</body>")
    page.add_style_tag(content=f"body {{ margin: 0 }} svg {{ display: block; width: {layout.width}px }}")
    found: list[str] = page.evaluate(FAULTS)
    page.close()
    return found


@pytest.mark.parametrize("layout", [LAPTOP, PHONE, A4, A5], ids=lambda layout: layout.name)
def test_no_words_of_any_chart_leave_the_paper_or_touch_at_the_line_ends(
    browser: Browser, layout: Layout
) -> None:
    views = [View(layout)] if layout is not PHONE else [View(layout), View(layout, (0, 0))]
    drawings = [
        charts.draw(chart, CHILDREN[sex], grown(chart, sex), _close(chart, view))
        for chart in ALL
        for sex in "mf"
        for view in views
    ]
    assert faults(browser, drawings, layout) == []


def _close(chart: charts.Chart, view: View) -> View:
    """Give a view that asks for a window the one in the middle of the chart."""
    first, last = chart.span
    return view._replace(window=charts.near(chart, (first + last) / 2)) if view.window else view


@pytest.mark.parametrize("layout", [CARD, CARD_ON_PHONE], ids=lambda layout: layout.name)
def test_no_words_of_the_kms_leave_the_paper_or_touch_at_the_line_ends(
    browser: Browser, layout: Layout
) -> None:
    weights = grown(charts.BY_CODE["bb-u-0-5"], "f")
    drawings = [
        charts.kms(CHILDREN[sex], weights, card=card, view=View(layout)) for card in CARDS for sex in "mf"
    ]
    assert faults(browser, drawings, layout) == []
