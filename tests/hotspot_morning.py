"""A posyandu's laptop on the morning of five kader: all are known, their phones come in, their children are on the list."""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser

import forms
from siposyandu import as_laptop, phones, records
from siposyandu.periods import local_date
from siposyandu.records import Pen
from tests.conftest import PIN, Village, let_in
from tests.places import Place
from tests.window import PHONE, Window, office_at_work, sign_in, words

KADER = ("Rohani", "Suhartini", "Nurul Aini", "Hikmah")
ADDRESS = "127.0.0.2"
"""A second address of this machine, as a hotspot has one."""


class HotspotLaptop(Place):
    """A laptop whose door for phones stands open from its start."""

    def command(self) -> list[str]:
        """Start it as at the terminal of a laptop with a hotspot."""
        return [*super().command(), "--hotspot", "--address", ADDRESS]

    @property
    def for_phones(self) -> str:
        """Where phones find it."""
        return self.address.replace("127.0.0.1", ADDRESS)


class Morning(NamedTuple):
    """The laptop, the people, and the children by their name."""

    laptop: HotspotLaptop
    village: Village
    children: dict[str, str]

    @property
    def code(self) -> str:
        """The code that stands on the laptop's screen."""
        with self.laptop.instance.store_for_job() as store:
            door = phones.opened(store, local_date(self.laptop.instance.now()))
        assert door is not None
        return door.code


def five_kader(folder: Path, running: ExitStack, children: int) -> Morning:
    """Found a province with five kader of Melati, join the laptop, give everybody a PIN, and start it for phones."""
    province, village, letter = office_at_work(folder, running)
    office = province.instance
    with office.store_for_job() as store:
        pen = Pen(office.lane, village.eka, office.now())
        area = {"role": "kader", "area": village.melati, "active": 1}
        hired = [records.save(store, pen, forms.BY_NAME["worker"], {"name": name, **area}) for name in KADER]
    laptop = HotspotLaptop(folder / "melati", upstream=province.address)
    here = laptop.instance
    as_laptop.enrol(here, province.address, letter.code, "laptop")
    with here.store_for_job() as store:
        let_in(store, PIN, here.now(), village.aminah.id, village.baiq.id, *hired)
    listed = _children(laptop, village, children)
    running.enter_context(laptop)
    return Morning(laptop, village, listed)


def _children(laptop: Place, village: Village, count: int) -> dict[str, str]:
    here = laptop.instance
    pen, today = Pen(here.lane, village.aminah, here.now()), local_date(here.now())
    found = {}
    with here.store_for_job() as store, store.write():
        for number in range(count):
            born = (today - timedelta(days=30 * 15 + number)).isoformat()
            card = {"posyandu": village.melati, "name": f"Anak {number:02}", "sex": "mf"[number % 2]}
            since = {"birth_date": born, "posyandu_since": born, "mother_name": f"Ibu {number:02}"}
            found[card["name"]] = records.save(store, pen, forms.BY_NAME["person"], {**card, **since})
    return found


def come_in(window: Window, code: str, name: str, *held: str) -> None:
    """Scan the code, touch a name, type the PIN, and choose one's langkah."""
    page = window.page
    page.goto(f"/gabung?kode={code}&next=/masuk")
    sign_in(window, name)
    page.goto("/langkah?pilih=1")
    if window.path == "/hari-ini/tanggal":
        with window.another_page():
            window.press("Yes, begin")
    for station in held:
        page.check(f"input[value={station}]")
    with window.another_page():
        window.press("Begin")
    page.wait_for_selector(".langkah-head")


def phone(browser: Browser, morning: Morning) -> Window:
    """A phone that is on the hotspot."""
    return Window(browser, morning.laptop.for_phones, PHONE)


def unreachable(window: Window) -> bool:
    """Whether the page says that the laptop cannot be reached."""
    line = window.page.locator("[data-unreachable]")
    return line.is_visible() and words("The laptop cannot be reached") in line.inner_text()
