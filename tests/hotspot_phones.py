"""Five people with phones, all at once: each at her langkah until every child has gone home; what each saw saved is noted."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from playwright.async_api import Browser, BrowserContext, Error, Page, TimeoutError

from siposyandu import stations
from tests.conftest import PIN
from tests.hotspot_morning import Morning
from tests.window import PHONE

HELD = {
    stations.REGISTER: "Rohani",
    stations.WEIGH: "Suhartini",
    stations.RECORD: "Nurul Aini",
    stations.SERVICE: "Hikmah",
    stations.COUNSEL: "Aminah",
}
PATIENCE_S, DYING_S = 240, 20
LOOK_MS = 4000


def typed(station: str, number: int) -> dict[str, str]:
    """What is written about a child at a langkah: field -> text; each child has values of her own."""
    return {
        stations.WEIGH: {
            "weight_kg": f"{8 + number / 100:.2f}".replace(".", ","),
            "length_height_cm": "75,5",
        },
        stations.RECORD: {"complementary_feeding": "yes" if number % 2 else "no"},
        stations.SERVICE: {"local_food": "yes", "local_food_portion": f"porsi {number}"},
        stations.COUNSEL: {"counselling": f"makan {number} kali"},
    }.get(station, {})


@dataclass
class Ledger:
    """What was acknowledged on a screen: (langkah, child's number in her name); how long it took; what was mended by hand."""

    seen_saved: set[tuple[str, int]] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    unreachable: set[str] = field(default_factory=set)
    opened_again_by_hand: int = 0
    everybody_is_home: asyncio.Event = field(default_factory=asyncio.Event)


class Phone:
    """One phone at one langkah."""

    def __init__(self, browser: Browser, morning: Morning, station: str, ledger: Ledger) -> None:
        self._browser, self._morning, self.station, self._ledger = browser, morning, station, ledger
        self._queue = f"{morning.laptop.for_phones}/langkah/{station}"
        self._context: BrowserContext
        self.page: Page
        self.alive = True

    async def come_in(self, code: str) -> None:
        """Scan the code, touch the name, type the PIN, choose the langkah."""
        self._context = await self._browser.new_context(
            base_url=self._morning.laptop.for_phones, viewport=PHONE, locale="id-ID"
        )
        self._context.set_default_timeout(60_000)
        page = self.page = await self._context.new_page()
        await page.goto(f"/gabung?kode={code}&next=/masuk")
        await page.get_by_role("link", name=HELD[self.station]).click()
        await page.wait_for_url(re.compile(r"/masuk/[0-9a-f]{32}"))  # and its script, which sends the PIN off
        await page.locator("#pin").press_sequentially(PIN)
        await page.wait_for_selector(".site-worker", state="attached")
        await page.goto("/langkah?pilih=1")
        if "/hari-ini/tanggal" in page.url:  # the first phone of the morning says the day for all
            await page.locator("form[action='/hari-ini/tanggal'] button[type=submit]").first.click()
        await page.check(f"input[name=langkah][value={self.station}]")
        await page.locator(".save-bar button").click()
        await page.wait_for_selector(".langkah-head")

    async def die(self) -> None:
        """Fall into the water."""
        self.alive = False
        # A whole morning once stood still here: it is believed that Chromium never said that the page was closed.
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._context.close(), DYING_S)

    async def work(self) -> None:
        """Serve whoever waits, until everybody has gone home or the phone dies."""
        while self.alive and not self._ledger.everybody_is_home.is_set():
            try:
                await (self._register_one() if self.station == stations.REGISTER else self._serve_one())
            except Error as fault:
                if not self.alive:
                    return
                if not isinstance(fault, TimeoutError) and "chrome-error" not in self.page.url:
                    raise
            await self._open_again_if_lost()

    async def _open_again_if_lost(self) -> None:
        """Press "reload" where the browser itself says that there is nothing: what a person does."""
        if self.alive and self.page.url.startswith("chrome-error"):
            self._ledger.opened_again_by_hand += 1
            try:
                await self.page.goto(self._queue)
            except Error:
                await asyncio.sleep(1)

    async def _register_one(self) -> None:
        row = self.page.locator("#children li:not([hidden]) button").first
        if await row.count() == 0:
            await asyncio.sleep(1)
            await self._note_the_line()
            return
        words = (await row.inner_text()).split("\n")[0]
        await self._press(lambda: row.click(timeout=LOOK_MS), f".given-number:has-text('{words[:7]}')", words)

    async def _serve_one(self) -> None:
        await self._note_the_line()
        if "/langkah/" + self.station + "/" not in self.page.url:
            await self.page.locator("#call-next").click(timeout=LOOK_MS)
            await self._until("form[data-draft]")
        heading = await self.page.locator(".at-langkah h1").inner_text()
        await self.write(heading)
        save = self.page.locator(".save-bar button")
        await self._press(save.click, f".sent-on:has-text('{heading}')", heading)

    async def write(self, heading: str) -> None:
        """Fill the langkah's questions in for the child of that name."""
        for name, text in typed(self.station, number_of(heading)).items():
            found = self.page.locator(f"[name={name}]:not([type=hidden])")
            if await found.first.get_attribute("type") == "radio":
                await self.page.check(f"input[name={name}][value={text}]")
            else:
                await found.fill(text)

    async def _press(self, act: object, sign: str, words: str) -> None:
        assert callable(act)
        begun = monotonic()
        await act()
        await self._until(sign)
        self._ledger.seen_saved.add((self.station, number_of(words)))
        self._ledger.seconds.append(monotonic() - begun)

    async def _until(self, selector: str) -> None:
        """Wait for something on the page, however long the laptop is away; where it asks whether it is right, say that it is."""
        deadline = monotonic() + PATIENCE_S
        while True:
            try:
                await self.page.wait_for_selector(selector, timeout=LOOK_MS)
                return
            except TimeoutError:
                await self._note_the_line()
                if self.page.url.startswith("chrome-error") or monotonic() > deadline:
                    raise
                sure = self.page.locator(".ask-again button[value=right]")
                if await sure.count():
                    await sure.click()

    async def _note_the_line(self) -> None:
        line = self.page.locator("[data-unreachable]")
        if await line.count() and await line.is_visible():
            self._ledger.unreachable.add(self.station)


def number_of(words: str) -> int:
    """Return the number in a child's name."""
    found = re.search(r"Anak (\d+)", words)
    assert found, words
    return int(found[1])
