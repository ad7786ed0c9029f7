"""How long the book takes: a page of 60 rows typed in a real browser as fast as it answers, each cell kept, then saved.

Run `python tests/bench/bench_grid.py`. The laptop is a real process with five years of a hundred children. What a person adds is
reckoned by the keystroke-level model (Card, Moran, Newell): 280 ms for each key. The goal is 15 s a row, typing included.
"""

import sys
from os import cpu_count, getloadavg
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Page

from deploy import chromium
from tests.bench import five_years
from tests.bench.bench_pages import Row, last_seen, measures
from tests.bench.times import HEADING, line
from tests.window import LAPTOP, Window, come_to_work, words

ROWS = 60
KEY_S = 0.28
GOAL_S = 15.0
CELLS = ("weight_kg", "length_height_cm")
KEPT = "text => document.querySelector('[data-keep-state]').textContent === text"


def main() -> None:
    """Print the figures, one a line."""
    print(f"load {getloadavg()[0]:.1f} on {cpu_count()} cores")
    with five_years.laptop() as kader, chromium.started(chromium.found() or "chromium") as browser:
        children = last_seen(kader)[:ROWS]
        window = Window(browser, kader.laptop.address, LAPTOP)
        come_to_work(window, kader.worker.name)
        page = window.page
        opened = timed(lambda: page.goto("/hari-ini/buku"))
        answers: list[float] = []
        page.on("requestfinished", lambda request: answers.append(answer_ms(request)))
        keys, cells, all_s = typed(page, children)
        print(HEADING)
        print(line("a cell: two keys and the way to the next, ms", cells))
        print(line("a row is kept: asked until answered, ms", [ms for ms in answers if ms >= 0]))
        reloaded = timed(lambda: page.reload())
        saved = timed(lambda: save(page))
        print(f"open {opened:.0f} ms; again with {len(children)} rows typed {reloaded:.0f} ms")
        print(
            f"save of {len(children)} rows, bar and new page: {saved:.0f} ms; {page.locator('.notice.s0').inner_text()}"
        )
        person_s = keys * KEY_S / len(children)
        row_s = person_s + (all_s + saved / 1000) / len(children)
        print(
            f"{keys / len(children):.1f} keys a row, {person_s:.1f} s of a person; whole row {row_s:.1f} s, goal {GOAL_S:.0f} s"
        )
        window.close()


def typed(page: Page, children: list[Row]) -> tuple[int, list[float], float]:
    """Type weight and length of each child, by Tab and Enter; returns the keys pressed, the time of each cell, of all."""
    keys, cells, begun = 0, [], perf_counter()
    for child in children:
        page.locator(f'[data-row="{child["id"]}"] [data-cell]').first.focus()
        for name, leave in zip(CELLS, ("Tab", "Enter"), strict=True):
            text = measures(child)[name].replace(".", ",").removesuffix(",0")
            cells.append(timed(lambda text=text, leave=leave: press(page, text, leave)))
            keys += len(text) + 1
    page.wait_for_function(KEPT, arg=words("Everything typed is kept on this laptop."))
    return keys, cells, perf_counter() - begun


def press(page: Page, text: str, leave: str) -> None:
    """Type into the focused cell and leave it."""
    page.keyboard.type(text)
    page.keyboard.press(leave)


def save(page: Page) -> None:
    """Save, and wait for the page that says how many were."""
    page.keyboard.press("Control+Enter") if page.locator("[data-cell]:focus").count() else page.click(
        "[data-save]"
    )
    page.wait_for_url("**periksa=1")
    page.wait_for_selector(".notice.s0")


def answer_ms(request: Any) -> float:
    """Return how long the server took to answer; -1 for anything but a kept cell."""
    timing = request.timing
    return float(timing["responseEnd"] - timing["requestStart"]) if request.url.endswith("/sel") else -1.0


def timed(act: Any) -> float:
    """Return the milliseconds that something takes."""
    begun = perf_counter()
    act()
    return (perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
