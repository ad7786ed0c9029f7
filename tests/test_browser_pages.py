"""Every page there is, in a real browser on a phone's screen: nothing to push sideways, nothing but Indonesian, no errors.

The list of pages is the application's own, so a new page is looked at from its first day.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

import forms
from siposyandu import keeping, records, sip, stations
from siposyandu.app import create_app
from siposyandu.instance import Instance
from siposyandu.records import Pen
from tests.conftest import KENANGA_DESA, MELATI_DESA
from tests.kader import Child
from tests.window import (
    PHONE,
    Posyandu,
    Window,
    come_to_the_office,
    come_to_work,
    days_before,
    register,
    weigh,
)

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

WEIGHED = Child("Muhammad Rizki Ramadhan Al Fatih", "m", 500, "9,9", "78,4")
LAST_MONTH = Child(WEIGHED.name, "m", 470, "9,8", "77,6")
WAITING = Child("Siti Zahra", "f", 800)
EXPECTED = Child("Nabila Putri", "f", 700)
TAKEN_BACK = Child("Ahmad Fauzan", "m", 400)
DOUBTED = Child("Hendra Gunawan", "m", 600)
# What answers a GET and is no page of its own.
NO_PAGES = (
    "/static/",
    "/static-plotly.js",
    "/v1/",  # for machines
    "/laptop/salinan/keadaan",
    "/laptop/pulih",  # only on a laptop whose records were just put back: test_browser_copies.py
    "/laptop/keadaan",  # parts of a page that is open already
    "/laptop/baris",
    "/hotspot/hp",
    "/bahasa/",  # turns the page into English, which is not what is looked for here
)
NOT_AT_A_LAPTOP = ("/kelola", "/kabar-laptop", "/karantina", "/tanggal-meragukan/", "/gabung")
OPEN_ALREADY = ("/buka", "/laptop/kata-sandi", "/laptop/kertas")  # pages of a place that has a lock
# Nothing is sent on from the province, and its own people see no child's page.
NOT_FOR_THE_PROVINCE = (
    "/excel", "/cetak", "/laptop", "/hari-ini", "/cari", "/skdn", "/anak", "/kunjungan", "/batalkan", "/hotspot", "/gabung",
    "/langkah", "/latihan", "/rujukan", "/uji",
)  # fmt: skip
NO_CHILD = "0" * 32
NOTHING_WAITS = ("/karantina/0", "/tanggal-meragukan/")


def addresses(instance: Instance, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Every address of a place's pages, with what is known in the place of what is variable."""
    for rule in create_app(instance).url_map.iter_rules():
        path = rule.rule
        if (
            "GET" not in (rule.methods or ())
            or path.startswith(NO_PAGES)
            or path.endswith((".csv", ".xlsx", "/salinan/<filename>", "/antrean", "/lain"))
        ):
            continue
        filled = [path]
        for variable, values in known.items():
            filled = [each.replace(variable, value) for each in filled for value in values]
        yield from dict.fromkeys(filled)


def followed_up(posyandu: Posyandu, child: str, visit: str, day: str) -> tuple[str, str]:
    """Let the visit refer the child, and write a visit to her home and what was heard; returns the two records."""
    here, village = posyandu.laptop.instance, posyandu.village
    pen = Pen(here.lane, village.baiq, here.now())
    about = {"person": child, "posyandu": village.melati}
    with here.store_for_job() as store:
        records.save(store, pen, forms.BY_NAME["balita"], {"referral": "puskesmas", "tb_cough": 1}, visit)
        values = {
            "visit_date": day,
            "reason": "referral",
            "met": "yes",
            "tb_signs": "cough,fever",
            "problems": "pmt",
        }
        at_home = records.save(store, pen, forms.BY_NAME["home_visit"], about | values)
        said = {"visit": visit, "came_to": "not_yet", "returned_date": day, "follow_up": "PMT"}
        return at_home, records.save(store, pen, forms.BY_NAME["referral_return"], about | said)


def faults_of(window: Window, paths: Iterator[str], not_here: tuple[str, ...]) -> dict[str, list[str]]:
    """Open the pages one after the other; returns what is wrong with each that has something wrong."""
    found = {}
    for path in paths:
        answer = window.page.goto(path)
        assert answer is not None
        expected = answer.ok or path.startswith(not_here)
        found[path] = [f"it answers {answer.status}"] * (not expected) + window.faults()
    return {path: faults for path, faults in found.items() if faults}


def test_every_page_of_a_laptop_fits_a_phone_and_speaks_indonesian(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window, village = opened(posyandu.laptop, PHONE), posyandu.village
    day = come_to_work(window, "Baiq")
    register(window, WAITING, day)
    waiting = window.path.rpartition("/")[2]
    register(window, WEIGHED, day)
    weighed = window.path.rpartition("/")[2]
    window.page.click(".visit-day summary")
    window.page.fill("#visit_date", days_before(day, 30))
    weigh(window, LAST_MONTH)
    window.page.goto(f"/kunjungan/balita/{weighed}")
    weigh(window, WEIGHED)
    visit = window.path.split("/")[2]
    window.page.goto("/uji")
    window.press("Begin the trial")
    window.page.wait_for_url("**/uji/*")
    trial = window.path.rpartition("/")[2]
    register(window, TAKEN_BACK, day)
    window.page.goto("/hari-ini")
    window.press("Take the save back")
    window.page.wait_for_url("**/batalkan/*")
    at_home, heard = followed_up(posyandu, weighed, visit, day.isoformat())
    paths = addresses(posyandu.laptop.instance, {
        "<code>": stations.ORDER,
        "<sip_code>": list(sip.BY_CODE),
        "<person_id>": [waiting, weighed],
        "<visit_id>": [visit],
        "<int:exam_no>": [trial],
        "<uid>": [window.path.rpartition("/")[2]],
        "<home_visit_id>": [at_home],
        "<return_id>": [heard],
        "<worker_id>": [village.aminah.id],
        "<int:number>": ["0"],
        "<lane>": [NO_CHILD],
        "<key>": [village.melati],
        "<word>": ["posyandu"],
        "<entity>": [village.melati],
        "<record_id>/<column>": [f"{village.melati}/name", f"{village.melati}/batal"],
    })  # fmt: skip
    assert faults_of(window, paths, (*NOT_AT_A_LAPTOP, *OPEN_ALREADY)) == {}


def test_the_message_of_the_coming_day_is_copied_whole_and_nothing_is_called(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop, PHONE)
    page, day = window.page, come_to_work(window, "Aminah")
    register(window, EXPECTED, day)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/hari-ini/sebelum")
    page.click("main details summary")
    faults = window.faults()
    page.click("[data-copy]")
    page.wait_for_function("document.querySelector('[data-copy]').textContent === 'Sudah disalin'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (copied == page.input_value("#message"), EXPECTED.name in copied, faults) == (True, True, [])


def test_what_is_refused_or_doubted_fits_a_phone_and_speaks_indonesian(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.laptop, PHONE)
    page, day = window.page, come_to_work(window, "Aminah")
    register(window, DOUBTED, day)
    found = {}
    for weight_kg, answer in (("78", ".field.wrong"), ("4,1", ".ask-again")):
        page.fill("#weight_kg", weight_kg)
        window.press("Save")
        page.wait_for_selector(answer)
        found[weight_kg] = window.faults()
    assert found == {"78": [], "4,1": []}


def test_every_page_of_the_province_fits_a_phone_and_speaks_indonesian(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window, village = opened(posyandu.province, PHONE), posyandu.village
    come_to_the_office(window, "eka")
    records = {"puskesmas": village.puskesmas, "posyandu": village.melati, "pekerja": village.citra.id}
    areas = [
        "52",
        MELATI_DESA[:4],
        MELATI_DESA[:6],
        MELATI_DESA,
        KENANGA_DESA,
        village.puskesmas,
        village.melati,
    ]
    paths = addresses(posyandu.province.instance, {
        "<word>/<entity>": [f"{word}/{entity}" for word, entity in records.items()],
        "<word>": list(keeping.BY_WORD),
        "<record_id>/<column>": [f"{village.melati}/name", f"{village.puskesmas}/batal"],
        "<int:number>": ["0"],
        "<lane>": [posyandu.laptop.instance.lane],
        "<key>": areas,
        "<worker_id>": [village.eka.id],
        "<person_id>": [NO_CHILD],
        "<visit_id>": [NO_CHILD],
        "<home_visit_id>": [NO_CHILD],
        "<return_id>": [NO_CHILD],
    })  # fmt: skip
    assert faults_of(window, paths, (*NOT_FOR_THE_PROVINCE, *NOTHING_WAITS, *OPEN_ALREADY)) == {}
