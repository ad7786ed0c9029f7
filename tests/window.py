"""A window of a real browser at one place, with an eye on what must never happen.

No request may leave this machine, nothing may be complained about on the console, no page may be wider than the screen,
and every word must be Indonesian. What a person does is told by keys and by the words that stand on the pages.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, expect

from siposyandu import as_laptop, as_province, i18n
from siposyandu.letter import Letter
from tests.conftest import PASSWORD, PIN, Village, let_in, settle
from tests.kader import Child
from tests.places import Place
from tests.visitor import Visitor

expect.set_options(timeout=10_000)

LAPTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 740}
PATIENCE_MS = 10_000
THIS_MACHINE = {"127.0.0.1", "127.0.0.2", "localhost", ""}  # "" is data: and blob:
# The answer to what is wrong, forbidden or not there is a page that says so; Chromium writes that down as an error.
REFUSED = re.compile("status of 40[034]")
# Words that no Indonesian sentence of ours contains; a page that shows one has a text without a translation.
ENGLISH = re.compile(
    r"\b(the|of|and|or|with|this|that|these|your|you|not|from|for|child|children|boy|girl|born|mother|weigh|weighed|"
    r"weight|measure|measured|length|height|month|months|year|day|date|today|last|new|time|save|saved|send|sent|received|"
    r"record|records|name|worker|password|code|file|page|print|find|show|list|back|yes|area|register|correct)\b"
)
WORDS_ON_A_PAGE = """() => {
  const said = [document.title, document.body.innerText];
  for (const element of document.querySelectorAll("[title], [aria-label], [placeholder], [alt]"))
    if (!element.closest("[lang=en]"))
      said.push(...["title", "aria-label", "placeholder", "alt"].map((name) => element.getAttribute(name) ?? ""));
  return said.join("\\n");
}"""

# The page has come whole, its scripts have run, and what it wants to have the focus has it: Chromium gives it when it next draws.
LEAVE = "document.documentElement.dataset.leaving = 'true'"
READY = """() => document.readyState === "complete" && !document.documentElement.dataset.leaving
  && (document.activeElement !== document.body || !document.querySelector("[autofocus]"))"""


def words(text: str) -> str:
    """Return how a text of the program stands on a page."""
    i18n.speak("id")
    return i18n.gettext(text)


class Window:
    """One person's window at one place; closing it fails when something happened that must not."""

    def __init__(
        self, browser: Browser, address: str, screen: ViewportSize = LAPTOP, *, script: bool = True
    ) -> None:
        self._context = browser.new_context(
            base_url=address, viewport=screen, java_script_enabled=script, locale="id-ID"
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self._context.on("request", self._see_request)
        self._context.on("console", self._see_console)
        self._context.on("weberror", lambda fault: self.complaints.append(str(fault.error)))
        self.address, self.screen = address, screen
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = self._context.new_page()
        # Files are asked of us, not of a dialogue, from now on: where that was said only at the press, the press came first.
        self.page.on("filechooser", lambda _: None)

    def _see_request(self, request: Request) -> None:
        if (urlsplit(request.url).hostname or "") not in THIS_MACHINE:
            self.strangers.append(request.url)

    def _see_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED.search(message.text):
            self.complaints.append(f"{message.location['url']}: {message.text}")

    def take_cookies(self, cookies: Mapping[str, str]) -> None:
        """Be whom this place knows by these cookies."""
        self._context.add_cookies(
            [{"name": name, "value": value, "url": self.address} for name, value in cookies.items()]
        )

    @property
    def path(self) -> str:
        """Where the window is."""
        return urlsplit(self.page.url).path

    def press(self, text: str) -> None:
        """Press the link or button with these words, whatever key stands behind them."""
        named = re.compile(rf"^{re.escape(words(text))}( \w)?$")
        button = self.page.get_by_role("button", name=named)
        button.or_(self.page.get_by_role("link", name=named)).first.click()

    def ready(self) -> None:
        """Wait until the first key would go where the page wants it."""
        self.page.wait_for_function(READY)

    @contextmanager
    def another_page(self) -> Iterator[None]:
        """Wait, after what is done within, until another page than this one stands there and is ready for its first key."""
        self.ready()
        self.page.evaluate(LEAVE)
        yield
        self.ready()

    def keys(self, *pressed: str) -> None:
        """Press keys by name, or type a text that stands after a colon, where the page put the focus."""
        self.ready()
        self._strike(pressed)

    def _strike(self, pressed: Iterable[str]) -> None:
        for key in pressed:
            if key.startswith(":"):
                self.page.keyboard.type(key[1:])
            else:
                self.page.keyboard.press(key)

    def go(self, *pressed: str) -> None:
        """Press keys of which the last opens another page, and wait for it."""
        with self.another_page():
            self._strike(pressed)

    def faults(self) -> list[str]:
        """Say what is wrong with the page as it stands: its language, its words, its width."""
        self.page.wait_for_load_state()
        return list(self._faults())

    def too_wide(self, *screens: ViewportSize) -> list[str]:
        """Look at the page on other screens; returns those on which it must be pushed sideways."""
        wide = {}
        for screen in screens:
            self.page.set_viewport_size(screen)
            wide[screen["width"]] = int(self.page.evaluate("document.documentElement.scrollWidth"))
        self.page.set_viewport_size(self.screen)
        return [f"it is {it} px wide on a screen of {width}" for width, it in wide.items() if it > width]

    def _faults(self) -> Iterator[str]:
        language = self.page.locator("html").get_attribute("lang")
        if language != "id":
            yield f"its language is {language}"
        yield from self.too_wide(self.screen)
        for found in ENGLISH.finditer(self.page.evaluate(WORDS_ON_A_PAGE).lower()):
            yield f"it says {found.string[max(0, found.start() - 20) : found.end() + 20]!r}"

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if fault is None:
            assert not self.strangers + self.complaints, self.strangers + self.complaints


def sign_in(window: Window, name: str, pin: str = PIN) -> None:
    """Touch a name at the door and type the PIN."""
    with window.another_page():
        window.page.get_by_role("link", name=name).click()
    window.go(f":{pin}")


def come_to_work(window: Window, name: str) -> date:
    """Begin the day as somebody who is signed in already (`sign_in` is by hand); returns the day."""
    with Visitor(window.address) as visitor:
        door = _door_of(name, visitor.open("/masuk").html)
        inside = visitor.submit(visitor.open(door), door, {"pin": PIN})
        assert inside.status == 200, inside.text
        asked = visitor.open("/hari-ini/tanggal")  # it may be confirmed already: then it goes on
        day = dict(asked.form("/hari-ini/tanggal").fields)["day"]
        visitor.submit(asked, "/hari-ini/tanggal", {"day": day})
        window.take_cookies(visitor.session.cookies.get_dict())
    window.page.goto("/hari-ini")
    window.page.wait_for_selector("#children", state="attached")
    return date.fromisoformat(day)


def _door_of(name: str, html: str) -> str:
    """Return where the link with a name leads, at the door."""
    before = html[: html.index(f"<b>{name}</b>")]
    return re.findall(r"/masuk/[0-9a-f]{32}", before)[-1]


def come_to_the_office(window: Window, username: str) -> None:
    """Sign in at the province with a password."""
    window.page.goto("/masuk")
    window.page.fill("#username", username)
    window.page.fill("#password", PASSWORD)
    window.press("Enter")
    window.page.wait_for_url("**/wilayah/*")


def days_before(day: date, days: int) -> str:
    """A day some days before another, as a kader types it."""
    then = day - timedelta(days=days)
    return f"{then.day}-{then.month}-{then.year}"


def register(window: Window, child: Child, day: date) -> None:
    """Write a child's card; the scales' page follows."""
    page = window.page
    page.goto("/anak/baru")
    page.fill("#name", child.name)
    page.fill("#mother_name", f"Ibu {child.name}")
    page.check(f"input[name=sex][value={child.sex}]")
    page.fill("#birth_date", days_before(day, child.age_days))
    missing = page.locator("[name=nik_missing_reason]").first
    if missing.evaluate("field => field.tagName") == "SELECT":
        missing.select_option("not_brought")
    else:
        page.check("input[name=nik_missing_reason][value=not_brought]")
    window.press("Register and weigh")
    page.wait_for_url("**/kunjungan/balita/*")


def weigh(window: Window, child: Child) -> None:
    """Write down what scale and board say; the answer follows."""
    page = window.page
    page.fill("#weight_kg", child.weight_kg)
    page.fill("#length_height_cm", child.length_cm)
    page.check(f"input[name=measured][value={child.measured}]")
    window.press("Save")
    page.wait_for_url("**/hasil")


def send(window: Window) -> None:
    """Press "send now" and wait until the page says that the province has everything."""
    window.page.goto("/laptop")
    with window.another_page():
        window.press("Send now")
    expect(window.page.get_by_role("main")).to_contain_text(words("everything received"))


@dataclass(frozen=True)
class Posyandu:
    """A province and Melati's laptop, both running, with Aminah's PIN and Eka's password."""

    province: Place
    laptop: Place
    village: Village


def office_at_work(folder: Path, running: ExitStack) -> tuple[Place, Village, Letter]:
    """Found a province and start it; returns it with its village and the letter for a laptop of Melati's."""
    province = Place(folder / "province", area="52")
    office = province.instance
    with office.store_for_job() as store:
        village = settle(store, office)
        let_in(store, PASSWORD, office.now(), village.eka.id)
        code = as_province.new_enrolment_code(office, store, village.melati)
    running.enter_context(province)
    return province, village, Letter(province.address, code, as_province.fingerprint(office))


def at_work(folder: Path, running: ExitStack) -> Posyandu:
    """Found a province, join a laptop to it, and start both."""
    province, village, letter = office_at_work(folder, running)
    laptop = Place(folder / "melati", upstream=province.address)
    here = laptop.instance
    as_laptop.enrol(here, province.address, letter.code, "laptop")
    with here.store_for_job() as store:
        let_in(store, PIN, here.now(), village.aminah.id, village.baiq.id)
    running.enter_context(laptop)
    return Posyandu(province, laptop, village)
