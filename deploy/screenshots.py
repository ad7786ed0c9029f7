"""Takes the pictures of the README from the demonstration, on a laptop's screen and on a phone's (`make screenshots`).

1. Start the demonstration in a folder that is thrown away; its children are the same at every run, only dates move on.
2. As a kader: the morning, the door, the day, a card, the scales, the answer, the child, her sheet, SKDN, what was sent,
   referrals, help, the trial; at the laptop the book, paper, Excel, the minutes and the phones' code, on a phone her langkah.
3. As the province: the numbers of the whole area, how well was measured, and the lists that are kept.
4. As the nutrition officer: what waits for her, a difference between her and a kader, her laptops.
5. Write each picture with at most 256 colours: a third of the bytes, and no eye sees it.
"""

import base64
import json
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chromium import found, started
from playwright.sync_api import Browser, Page, ViewportSize

PICTURES = Path(__file__).parent / "pictures"
LARGEST_BYTES = 150_000
SCREENS: Mapping[str, ViewportSize] = {
    "laptop": {"width": 1366, "height": 768},
    "phone": {"width": 360, "height": 740},
}
# A draft belongs to its writer: on the phone another kader types, so that the first one's does not stand there already.
KADER = {"laptop": "Aminah", "phone": "Nurul Aini"}
LAST_LINE = "Ctrl-C"
A4_WITHOUT_MARGINS: ViewportSize = {"width": 703, "height": 1017}  # 186 x 269 mm at 96 points an inch

PNG_BEGINS, INDEXED, COLOURS = b"\x89PNG\r\n\x1a\n", 3, 256
STEP = 0xFFFCFCFC  # colours that differ by less than 4 are one
# Chromium reads its own picture: width, height, and the points as bytes red green blue alpha.
POINTS_OF = """async (address) => {
  const image = await createImageBitmap(await (await fetch(address)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const points = canvas.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let at = 0; at < points.length; at += 32768) text += String.fromCharCode(...points.subarray(at, at + 32768));
  return [image.width, image.height, btoa(text)];
}"""

Shoot = Callable[[str], None]


@dataclass(frozen=True)
class Demonstration:
    """Where the demonstration's places are, and with which secrets one comes in."""

    province: str
    melati: str
    secret_of: Mapping[str, str]


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """Run the demonstration on free ports until the pictures are taken."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "siposyandu", "demo", folder]
        free_ports = {**os.environ, "SIPOSYANDU_PORT": "0"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=free_ports) as process:  # noqa: S603
            try:
                yield Demonstration(
                    **_addresses(_said(process)),
                    secret_of=json.loads(Path(folder, "logins.json").read_text("utf-8")),
                )
            finally:
                process.send_signal(signal.SIGINT)


def _said(process: subprocess.Popen[str]) -> str:
    """Show what the demonstration says until it is ready; returns all of it."""
    said = []
    for line in process.stdout or ():
        print(line, end="")
        said.append(line)
        if line.startswith(LAST_LINE):
            return "".join(said)
    raise SystemExit("the demonstration did not start")


def _addresses(said: str) -> dict[str, str]:
    places = {"province": r"^Province\s+(\S+)", "melati": r"^Posyandu Melati\s+(http\S+)"}
    return {name: re.findall(pattern, said, re.MULTILINE)[-1] for name, pattern in places.items()}


def in_the_morning(page: Page, shoot: Shoot, passphrase: str) -> None:
    """Close the laptop, and open it as every morning."""
    page.goto("/masuk")
    page.locator("form[action='/tutup'] button").click()
    page.wait_for_url("**/buka")
    shoot("morning")
    page.fill("#passphrase", passphrase)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/masuk"))


def type_pin(page: Page, name: str, pin: str) -> None:
    """Touch a name at the door and type the PIN."""
    page.get_by_role("link", name=name).click()
    page.wait_for_url(re.compile("/masuk/[0-9a-f]{32}"))  # and its script, which sends the PIN off
    page.locator("#pin").press_sequentially(pin)
    page.wait_for_url("**/hari-ini")


def at_the_posyandu(page: Page, shoot: Shoot, pin: str, name: str) -> None:
    """Walk a kader's pages."""
    page.goto("/masuk")
    shoot("door")
    type_pin(page, name, pin)
    shoot("which-day")
    page.locator("button[autofocus]").click()
    page.wait_for_selector("#children", state="attached")
    shoot("today")
    page.goto("/anak/baru")
    for field, typed in (
        ("name", "Baiq Nabila"),
        ("mother_name", "Siti Aisyah"),
        ("birth_date", "17-8-2026"),
    ):
        page.fill(f"#{field}", typed)
    page.check("input[name=sex][value=f]")
    shoot("register")
    scales(page, shoot)
    answer(page, shoot)
    for picture, address in (
        ("skdn", "/skdn"),
        ("sending", "/laptop"),
        ("referrals", "/rujukan"),
        ("help", "/bantuan"),
    ):
        page.goto(address)
        shoot(picture)
    trial(page, shoot)
    if page.viewport_size == SCREENS["laptop"]:
        around_the_day(page, shoot)
    else:
        langkah(page, shoot)


def trial(page: Page, shoot: Shoot) -> None:
    """The first case of the kader's trial."""
    page.goto("/uji")
    page.locator("form[action='/uji'] button").click()
    page.wait_for_url("**/uji/*")
    shoot("trial")


def around_the_day(page: Page, shoot: Shoot) -> None:
    """What a kader does at the laptop round the day: the book, paper, Excel, the minutes, and the code for phones."""
    for picture, address in (
        ("book", "/hari-ini/buku"),
        ("print", "/cetak"),
        ("excel", "/excel"),
        ("minutes", "/hari-ini/notulen"),
        ("phones", "/hotspot"),
    ):
        page.goto(address)
        if picture == "phones":
            page.locator("form[action='/hotspot'] button").click()
            page.wait_for_selector(".scan svg")
        shoot(picture)
    page.locator("form[action='/hotspot/tutup'] button").click()


def langkah(page: Page, shoot: Shoot) -> None:
    """The queue at the scales: whoever holds the first two langkah has touched three names."""
    page.goto("/langkah?pilih=1")
    for holds in page.locator("input[name=langkah]").all()[:2]:
        holds.check()
    page.locator(".save-bar button").click()
    page.wait_for_selector("#children")
    for number in range(1, 4):
        page.locator("#children button:visible").first.click()
        page.wait_for_selector(f".given-number .queue-number:text-is('{number}')")
    page.goto("/langkah/penimbangan")
    shoot("langkah")


def scales(page: Page, shoot: Shoot) -> None:
    """The scales' page of the first child over a year who was weighed before and has not come yet, with values typed."""
    page.goto("/hari-ini?lihat=belum")
    rows = page.locator("#children li:visible", has=page.locator(".row-value:not(:empty)"))
    rows.filter(has_text=re.compile(r"1 th|2 th")).first.locator("a").click()
    for field, grown in (("weight_kg", 0.2), ("length_height_cm", 0.9)):
        page.fill(f"#{field}", _grown(page.inner_text(f"#{field}-before b"), grown))
    shoot("weigh")


def _grown(before: str, more: float) -> str:
    """Last time's value and something more, as it is typed: "11 kg" and 0.2 make "11,2"."""
    return f"{float(before.split()[0].replace(',', '.')) + more:.1f}".replace(".", ",")


def answer(page: Page, shoot: Shoot) -> None:
    """The answer for a child of whom there is something to say, her page, and her sheet on paper."""
    page.goto("/hari-ini?lihat=sudah")
    page.locator("#children li:visible", has=page.locator(".chip.s2")).first.locator("a").click()
    child = page.url
    shoot("child")
    page.goto(f"{child}/grafik")
    shoot("charts")
    page.goto(child)
    page.locator(".visits-table a").first.click()
    page.wait_for_url("**/hasil")
    shoot("answer")
    if page.viewport_size == SCREENS["laptop"]:  # paper is the same everywhere
        sheet(page, shoot, child)


def sheet(page: Page, shoot: Shoot, child: str) -> None:
    """A child's sheet as it lies on A4."""
    page.goto(f"{child}/cetak")
    page.emulate_media(media="print")
    page.set_viewport_size(A4_WITHOUT_MARGINS)
    shoot("sheet")
    page.set_viewport_size(SCREENS["laptop"])
    page.emulate_media(media="screen")


def at_the_province(page: Page, shoot: Shoot, username: str, password: str) -> None:
    """Walk the provincial worker's pages."""
    page.goto("/masuk")
    page.fill("#username", username)
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/wilayah/*")
    page.wait_for_load_state("networkidle")
    shoot("province")
    page.locator("#tabel").scroll_into_view_if_needed()
    page.locator("#tabel").evaluate("table => table.scrollIntoView()")
    shoot("province-parts")
    for picture, address in (("quality", "/mutu"), ("keep", "/kelola/posyandu")):
        page.goto(address)
        shoot(picture)


def differ(laptop: Page, office: Page, shown: Demonstration) -> None:
    """Let a kader at her laptop and the nutrition officer at the province correct one weighing, neither knowing of the other."""
    name = "Sri Hartati"
    laptop.goto("/masuk")
    type_pin(laptop, name, shown.secret_of[name])
    laptop.locator("button[autofocus]").click()
    laptop.wait_for_selector("#children", state="attached")
    laptop.goto("/hari-ini?lihat=sudah")
    laptop.locator("#children li:visible a").nth(2).click()
    visit = str(laptop.locator(".visits-table a").nth(1).get_attribute("href")).split("/")[2]
    sign_in(office, "citra", shown.secret_of["citra"])
    correct(office, visit, 0.2, "dilihat lagi di buku KIA")
    correct(laptop, visit, -0.1, "salah baca timbangan")
    laptop.goto("/laptop")
    laptop.locator("form[action='/laptop/kirim'] button").click()
    for _ in range(60):
        office.goto("/perbedaan")
        if office.locator(".rows a").count():
            return
        office.wait_for_timeout(1000)
    raise SystemExit("the difference did not come to the province")


def correct(page: Page, visit: str, more: float, why: str) -> None:
    """Correct the weight of a visit, with the reason; what is doubted is right."""
    page.goto(f"/kunjungan/{visit}/koreksi")
    page.fill("#weight_kg", _grown(page.input_value("#weight_kg"), more))
    page.fill("#correction_reason", why)
    page.locator(".save-bar button[type=submit]").click()
    page.wait_for_load_state()
    if page.locator("button[name=answer][value=right]").count():
        page.locator("button[name=answer][value=right]").click()
    page.wait_for_url("**/hasil")


def sign_in(page: Page, username: str, password: str) -> None:
    """Come in with a password."""
    page.goto("/masuk")
    page.fill("#username", username)
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/(wilayah|hari-ini)"))


def at_the_puskesmas(page: Page, shoot: Shoot, password: str) -> None:
    """Walk the nutrition officer's pages of what waits, and her laptops."""
    sign_in(page, "citra", password)
    page.goto("/perlu-dilihat")
    shoot("to-look-at")
    page.goto("/perbedaan")
    page.locator(".rows a").first.click()
    page.wait_for_selector(".sayings")
    shoot("difference")
    page.goto("/kelola/laptop")
    shoot("laptops")


def smaller(blank: Page, png: bytes) -> bytes:
    """Return the picture with its 256 commonest colours; every other point takes the nearest of them."""
    data = "data:image/png;base64," + base64.b64encode(png).decode()
    width, height, points = blank.evaluate(POINTS_OF, data)
    seen = memoryview(base64.b64decode(points)).cast("I")
    coarse = Counter(colour & STEP for colour in seen)
    palette = [colour for colour, _ in coarse.most_common(COLOURS)]
    place = {colour: _nearest(colour, palette) for colour in coarse}
    flat = bytes(place[colour & STEP] for colour in seen)
    rows = b"".join(b"\0" + flat[start : start + width] for start in range(0, len(flat), width))
    header = struct.pack(">IIBBBBB", width, height, 8, INDEXED, 0, 0, 0)
    colours = b"".join(_middle(colour) for colour in palette)
    chunks = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return PNG_BEGINS + b"".join(_chunk(*chunk) for chunk in chunks)


def _nearest(colour: int, palette: Sequence[int]) -> int:
    red, green, blue = _middle(colour)
    far = [(red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2 for r, g, b in map(_middle, palette)]
    return far.index(min(far))


def _middle(colour: int) -> bytes:
    """Red, green and blue in the middle of a step; the ends stay black and white."""
    return bytes(min(255, part + (part >> 6)) for part in colour.to_bytes(4, sys.byteorder)[:3])


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def take(browser: Browser, place: str, screen: str, walk: Callable[[Page, Shoot], None]) -> None:
    """Open a place on a screen, walk its pages, and write their pictures."""
    context = browser.new_context(
        base_url=place, viewport=SCREENS[screen], locale="id-ID", reduced_motion="reduce"
    )
    page, blank = context.new_page(), context.new_page()

    def shoot(name: str) -> None:
        picture = smaller(blank, page.screenshot(animations="disabled", caret="hide"))
        (PICTURES / f"{name}-{screen}.png").write_bytes(picture)
        print(f"{name}-{screen}.png {len(picture):,} bytes{'  TOO LARGE' * (len(picture) > LARGEST_BYTES)}")

    walk(page, shoot)
    context.close()


def main() -> int:
    """Take all pictures."""
    path = found()
    if path is None:
        print("there is no chromium on this machine", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    with demonstration() as shown, started(path) as browser:
        for screen, kader in KADER.items():
            passphrase = shown.secret_of["laptop Melati"]
            take(
                browser,
                shown.melati,
                screen,
                lambda page, shoot, words=passphrase: in_the_morning(page, shoot, words),
            )
            take(
                browser,
                shown.melati,
                screen,
                lambda page, shoot, kader=kader: at_the_posyandu(page, shoot, shown.secret_of[kader], kader),
            )
            take(
                browser,
                shown.province,
                screen,
                lambda page, shoot: at_the_province(page, shoot, "eka", shown.secret_of["eka"]),
            )
        laptop, office = (
            browser.new_context(base_url=place, viewport=SCREENS["laptop"], locale="id-ID").new_page()
            for place in (shown.melati, shown.province)
        )
        differ(laptop, office, shown)
        for screen in KADER:
            take(
                browser,
                shown.province,
                screen,
                lambda page, shoot: at_the_puskesmas(page, shoot, shown.secret_of["citra"]),
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
