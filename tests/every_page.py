"""Every page there is, at a laptop after a busy day and at the province: the application's own list, with records to show.

A new page is in the list from its first day; what its address names must be made here, or `tests/test_browser_pages.py` says so.
"""

from collections.abc import Iterator, Mapping, Sequence

import forms
from siposyandu import keeping, records, sip, stations
from siposyandu.app import create_app
from siposyandu.instance import Instance
from siposyandu.records import Pen
from tests.conftest import KENANGA_DESA, MELATI_DESA
from tests.kader import Child
from tests.window import Posyandu, Window, come_to_work, days_before, register, weigh

WEIGHED = Child("Muhammad Rizki Ramadhan Al Fatih", "m", 500, "9,9", "78,4")
LAST_MONTH = Child(WEIGHED.name, "m", 470, "9,8", "77,6")
WAITING = Child("Siti Zahra", "f", 800)
TAKEN_BACK = Child("Ahmad Fauzan", "m", 400)
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
    "/langkah", "/latihan", "/rujukan", "/uji", "/kembar/",
)  # fmt: skip
NO_CHILD = "0" * 32
NOTHING_WAITS = ("/karantina/0", "/tanggal-meragukan/")


def _addresses(instance: Instance, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
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


def _followed_up(posyandu: Posyandu, child: str, visit: str, day: str) -> tuple[str, str]:
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


def of_a_laptop(window: Window, posyandu: Posyandu) -> list[str]:
    """Let Baiq work a day in the window; returns the addresses of the laptop's pages."""
    village = posyandu.village
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
    taken_back = window.path.rpartition("/")[2]
    at_home, heard = _followed_up(posyandu, weighed, visit, day.isoformat())
    known = {
        "<code>": stations.ORDER,
        "<sip_code>": list(sip.BY_CODE),
        "<person_id>": [waiting, weighed],
        "<visit_id>": [visit],
        "<int:exam_no>": [trial],
        "<uid>": [taken_back],
        "<home_visit_id>": [at_home],
        "<one_id>/<other_id>": [f"{waiting}/{weighed}"],
        "<return_id>": [heard],
        "<worker_id>": [village.aminah.id],
        "<int:number>": ["0"],
        "<lane>": [NO_CHILD],
        "<key>": [village.melati],
        "<word>": ["posyandu"],
        "<entity>": [village.melati],
        "<record_id>/<column>": [f"{village.melati}/name", f"{village.melati}/batal"],
    }  # fmt: skip
    return list(_addresses(posyandu.laptop.instance, known))


def of_the_province(posyandu: Posyandu) -> list[str]:
    """The addresses of the province's pages."""
    village = posyandu.village
    kept = {"puskesmas": village.puskesmas, "posyandu": village.melati, "pekerja": village.citra.id}
    areas = [
        "52",
        MELATI_DESA[:4],
        MELATI_DESA[:6],
        MELATI_DESA,
        KENANGA_DESA,
        village.puskesmas,
        village.melati,
    ]
    known = {
        "<word>/<entity>": [f"{word}/{entity}" for word, entity in kept.items()],
        "<word>": list(keeping.BY_WORD),
        "<record_id>/<column>": [f"{village.melati}/name", f"{village.puskesmas}/batal"],
        "<int:number>": ["0"],
        "<lane>": [posyandu.laptop.instance.lane],
        "<key>": areas,
        "<worker_id>": [village.eka.id],
        "<person_id>": [NO_CHILD],
        "<visit_id>": [NO_CHILD],
        "<home_visit_id>": [NO_CHILD],
        "<one_id>/<other_id>": [f"{NO_CHILD}/{NO_CHILD}"],
        "<return_id>": [NO_CHILD],
    }  # fmt: skip
    return list(_addresses(posyandu.province.instance, known))
