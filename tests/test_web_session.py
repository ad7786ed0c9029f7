"""The posyandu day as a whole: opened with place and kader present, weighed, one save taken back, closed, told in minutes."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import opened_days, records
from siposyandu.access import Worker
from siposyandu.store import Store
from tests.children import register
from tests.conftest import Village, sign_in
from tests.neighbours import Laptop, Neighbours

TODAY = date(2026, 8, 3)
DAY, WHO, CLOSE, MINUTES = "/hari-ini/tanggal", "/hari-ini/buka", "/hari-ini/tutup", "/hari-ini/notulen"


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, the day not yet opened."""
    sign_in(client, village.aminah).get("/bahasa/en")
    return client


def form_of(page: str, action: str) -> dict[str, Any]:
    """What a press on the button of a page's first form to `action` would send."""
    [inside] = re.findall(rf'<form [^>]*action="{action}[^"]*"[^>]*>(.*?)</form>', page, re.DOTALL)[:1]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", inside):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("type") == "checkbox":
            if tag.endswith(" checked>"):
                sent[given["name"]] = [*_list(sent.get(given["name"])), given["value"]]
        elif "name" in given:
            sent[given["name"]] = given["value"]
    return sent


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else []


def opened(store: Store, village: Village, on: date = TODAY) -> dict[str, Any] | None:
    """A day as one record, without its id."""
    row = opened_days.of_day(store, village.melati, on)
    return row and {name: value for name, value in row.items() if value is not None and name != "id"}


def at_hand(village: Village, on: date = TODAY) -> dict[str, Any] | None:
    with village.instance.store_for_job() as store:
        return opened(store, village, on)


def ids(*workers: Worker) -> str:
    return ",".join(sorted(worker.id for worker in workers))


def write_day(village: Village, on: str, **values: str | int) -> str:
    """Write a day as another laptop's record."""
    with village.instance.store_for_job() as store:
        home = {"posyandu": village.melati, "session_date": on}
        return records.save(store, village.pen(), forms.BY_NAME["session"], home | values)


def test_who_works_elsewhere_is_not_named_to_whoever_sends_her_id(
    aminah: FlaskClient, village: Village
) -> None:
    ticked = {
        "day": TODAY.isoformat(),
        "open": "1",
        "workers_present": [village.aminah.id, village.dedi.id, "x"],
    }
    aminah.post(DAY, data=ticked)
    day = at_hand(village)
    assert (day and day["workers_present"], "Dedi" in aminah.get(WHO).text) == (village.aminah.id, False)


def test_one_key_opens_the_day_as_it_was_last_time(aminah: FlaskClient, village: Village) -> None:
    write_day(
        village, "2026-07-06", place="Balai Dusun", workers_present=village.baiq.id, others_present="Marni",
        problems="Hujan", closed=1,
    )  # fmt: skip
    answer = aminah.post(DAY, data=form_of(aminah.get("/hari-ini").text, DAY))
    assert (answer.location, at_hand(village)) == (
        "/hari-ini",
        {
            "posyandu": village.melati, "session_date": "2026-08-03", "place": "Balai Dusun", "others_present": "Marni",
            "workers_present": ids(village.aminah, village.baiq), "retracted": 0,
        },
    )  # fmt: skip


def test_who_is_present_can_wait_and_the_date_alone_opens_nothing(
    aminah: FlaskClient, village: Village
) -> None:
    aminah.post(DAY, data={"day": "2026-08-03"})
    waits = aminah.get("/hari-ini").text
    before = at_hand(village)
    page = aminah.get(WHO).text
    answer = aminah.post(
        WHO, data={**form_of(page, WHO), "place": "Masjid", "workers_present": ["", village.baiq.id]}
    )
    after = aminah.get("/hari-ini").text
    kept = at_hand(village) or {}
    assert ("Write who is present" in waits, before, answer.status_code) == (True, None, 302)
    assert (kept["place"], kept["workers_present"]) == ("Masjid", village.baiq.id)
    assert "Write who is present" not in after


def test_a_second_kader_of_the_day_is_added_and_takes_nobody_away(
    aminah: FlaskClient, village: Village
) -> None:
    page = aminah.get("/hari-ini").text  # drawn before anybody opened the day
    write_day(village, "2026-08-03", place="Masjid", workers_present=village.baiq.id, others_present="Sri")
    aminah.post(DAY, data={**form_of(page, DAY), "place": "Balai", "others_present": "Marni"})
    kept = at_hand(village) or {}
    assert (kept["place"], kept["others_present"], kept["workers_present"]) == (
        "Masjid", "Sri, Marni", ids(village.aminah, village.baiq),
    )  # fmt: skip


def test_what_another_wrote_while_the_page_stood_open_stays(aminah: FlaskClient, village: Village) -> None:
    aminah.post(DAY, data={**form_of(aminah.get("/hari-ini").text, DAY), "place": "Balai"})
    page = form_of(aminah.get(WHO).text, WHO)
    with village.instance.store_for_job() as store:
        opened_days.keep(store, village.pen(village.baiq), village.melati, TODAY, {"place": "Masjid"})
    aminah.post(WHO, data={**page, "others_present": "Marni"})
    kept = at_hand(village) or {}
    assert (kept["place"], kept["others_present"]) == ("Masjid", "Marni")


def test_a_name_that_is_too_long_is_said_and_nothing_is_lost(aminah: FlaskClient, village: Village) -> None:
    form = form_of(aminah.get("/hari-ini").text, DAY)
    answer = aminah.post(DAY, data={**form, "place": "Balai", "others_present": "M" * 301})
    assert (answer.status_code, "Other kader is too long: at most 300 letters." in answer.text) == (400, True)
    assert ('value="Balai"' in answer.text, "M" * 301 in answer.text, at_hand(village)) == (True, True, None)


def test_a_date_far_ahead_is_asked_about_with_what_was_typed(aminah: FlaskClient, village: Village) -> None:
    form = form_of(aminah.get("/hari-ini").text, DAY)
    asked = aminah.post(DAY, data={**form, "day": "2027-08-03", "place": "Balai"}).text
    before = at_hand(village, date(2027, 8, 3))
    aminah.post(DAY, data=form_of(asked, DAY))
    after = at_hand(village, date(2027, 8, 3)) or {}
    assert ("Is the year right?" in asked, before, after["place"]) == (True, None, "Balai")


def test_two_laptops_that_opened_the_same_day_have_one_day_everywhere(tmp_path: Path, database: str) -> None:
    post = Neighbours.begin(tmp_path, database)
    village = post.village
    first, second = post.laptop("first"), post.laptop("second")
    open_day(first, village.aminah, place="Balai", others_present="Marni")
    open_day(second, village.baiq, place="Masjid", others_present="Sri")
    for laptop in (first, second, first):
        laptop.exchange()
    read = days(post, first, second)
    open_day(first, village.aminah, place="Rumah kader")
    for laptop in (first, second):
        laptop.exchange()
    written = days(post, first, second)

    assert [read[0]] * 3 == read
    assert read[0]["workers_present"] == ids(village.aminah, village.baiq)
    assert set(read[0]["others_present"].split(", ")) == {"Marni", "Sri"}
    assert written == [read[0] | {"place": "Rumah kader"}] * 3
    with post.store() as store:
        rows = store.rows("select place, others_present, workers_present from session")
    assert (len(rows), rows[0] == rows[1], rows[0]["place"]) == (2, True, "Rumah kader")


def open_day(laptop: Laptop, who: Worker, **typed: str) -> None:
    """Open the day by the page, as it is proposed but for what is typed."""
    browser = laptop.browser(who)
    browser.post(DAY, data={**form_of(browser.get(DAY).text, DAY), **typed})


def days(post: Neighbours, *laptops: Laptop) -> list[dict[str, Any]]:
    found = []
    for place in (post, *laptops):
        with place.store() as store:
            found.append(opened(store, post.village) or {})
    return found


def test_a_laptop_that_joins_later_is_told_the_days_of_its_posyandu(tmp_path: Path, database: str) -> None:
    post = Neighbours.begin(tmp_path, database)
    first = post.laptop("first")
    open_day(first, post.village.aminah, place="Balai")
    first.exchange()
    assert days(post, post.laptop("second")) == [opened_at(first, post.village)] * 2


def opened_at(laptop: Laptop, village: Village) -> dict[str, Any] | None:
    with laptop.store() as store:
        return opened(store, village)


def test_dedi_and_the_province_open_no_day_of_melati(province_client: FlaskClient, province: Village) -> None:
    told = []
    for worker in (province.dedi, province.eka):
        sign_in(province_client, worker)
        address = f"{WHO}?posyandu={province.melati}"
        told.append([province_client.get(address).status_code, province_client.post(address).status_code])
        province_client.post("/keluar")
    assert (told, at_hand(province)) == ([[403, 403]] * 2, None)


def told(page: str) -> dict[str, Any]:
    """The minutes of a page: facts, tables, lists and words under their headings."""
    sheet = page[page.index('<section class="paper-sheet') :]
    plain = {name: re.sub(r"<.*?>", "", value).strip() for name, value in
             re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", sheet)}  # fmt: skip
    tables = [
        [_cells(row) for row in re.findall(r"<tr.*?>(.*?)</tr>", table)]
        for table in re.findall(r"<table.*?>(.*?)</table>", sheet, re.DOTALL)
    ]
    parts = re.findall(r"<h3>(.*?)</h3>(.*?)(?=<h3>|<div class=.minutes-signs)", sheet, re.DOTALL)
    under = {
        title: [_plain(each) for each in re.findall(r"<(?:li|p)[^>]*>(.*?)</(?:li|p)>", part, re.DOTALL)]
        for title, part in parts
    }
    return {"facts": plain, "tables": tables, "under": {title: said for title, said in under.items() if said}}


def _cells(row: str) -> list[str]:
    return [_plain(cell) for cell in re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", row)]


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<.*?>", " ", html).split())


def weigh_by_page(client: FlaskClient, child: str, weight_kg: str, **more: str) -> str:
    sent = {"visit_date": "3-8-2026", "weight_kg": weight_kg, "answer": "right", **more}
    looked = client.post(f"/kunjungan/balita/{child}", data=sent)
    asked = re.findall(r'name="asked" value="([^"]+)"', looked.text)
    answer = (
        looked
        if looked.status_code == 302
        else client.post(looked.request.path, data={**sent, "asked": asked})
    )
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_the_story_of_a_day_from_its_opening_to_its_minutes(aminah: FlaskClient, village: Village) -> None:
    aisyah, fadil = register(village, "Aisyah"), register(village, "Fadil", sex="m", dusun="Montong Are")
    register(village, "Zahra", dusun="Montong Are")
    register(village, "Rizki", sex="m", registered_date="2026-08-03")
    aminah.post(
        DAY, data={**form_of(aminah.get("/hari-ini").text, DAY), "place": "Balai", "others_present": "Marni"}
    )
    weigh_by_page(aminah, aisyah, "8,9", vitamin_a="yes", immunisations="mr1", local_food="yes")
    slip = weigh_by_page(aminah, fadil, "8,8", referral="pustu", vitamin_a="yes")
    [uid] = re.findall(r'action="/batalkan">.*?name="edit" value="(\w+)"', aminah.get(slip).text, re.DOTALL)
    aminah.post("/batalkan", data={"edit": uid})
    weigh_by_page(aminah, fadil, "8,5", referral="puskesmas", vitamin_a="yes")
    closing = {
        "pmt_menu": "bubur kacang hijau", "visitors": "41", "problems": "Hujan\nTimbangan lama",
        "agreed": "Ganti baterai", "closed": "yes",
    }  # fmt: skip
    answer = aminah.post(CLOSE, data={**form_of(aminah.get(CLOSE).text, CLOSE), **closing})
    assert answer.location == f"{MINUTES}?posyandu={village.melati}&tanggal=2026-08-03"
    assert told(aminah.get(answer.location).text) == {
        "facts": {
            "Day": "Monday, 3 August 2026", "Place": "Balai", "Kader present (2)": "Aminah, Marni",
            "Health workers present (0)": "", "All visitors": "41", "PMT menu": "bubur kacang hijau",
        },
        "tables": [
            [
                ["", "weighed", "N", "T", "O", "B", "2T", "BGM"],
                ["L", "1", "0", "0", "0", "1", "0", "0"],
                ["P", "1", "0", "0", "0", "1", "0", "0"],
                ["L+P", "2", "0", "0", "0", "2", "0", "0"],
            ],
            [
                ["", "S", "K", "D", "N", "T", "O", "B", "BGM", "2T", "D/S %", "N/D' %"],
                ["L", "2", "0", "1", "0", "0", "0", "1", "0", "0", "50", "–"],
                ["P", "2", "0", "1", "0", "0", "0", "1", "0", "0", "50", "–"],
                ["L+P", "4", "0", "2", "0", "0", "0", "2", "0", "0", "50", "–"],
            ],
        ],
        "under": {
            "Given on this day": [
                "Vitamin A capsule 2", "Worm medicine 0", "Local food supplement (PMT) 1", "Children immunised 1",
                "Measles-rubella 1 1",
            ],
            "Children referred": ["Puskesmas 1"],
            "Newly registered (1)": ["Rizki (Timba Nuh)"],
            "Have not come this month (2)": ["Montong Are 1", "Timba Nuh 1"],
            "What happened": ["Hujan Timbangan lama"],
            "What was agreed": ["Ganti baterai"],
        },
    }  # fmt: skip


def test_a_closed_day_goes_on_and_its_minutes_with_it(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Aisyah")
    aminah.post(DAY, data=form_of(aminah.get("/hari-ini").text, DAY))
    aminah.post(CLOSE, data={**form_of(aminah.get(CLOSE).text, CLOSE), "closed": "yes"})
    before = told(aminah.get(MINUTES).text)["tables"][0][-1]
    weigh_by_page(aminah, child, "8,9")
    after = told(aminah.get(MINUTES).text)["tables"][0][-1]
    again = aminah.get(CLOSE).text
    aminah.post(CLOSE, data={**form_of(again, CLOSE), "agreed": "Nanti", "closed": "no"})
    kept = at_hand(village) or {}
    assert (before[1], after[1], "This day is closed." in again) == ("0", "1", True)
    assert (kept["agreed"], kept["closed"]) == ("Nanti", 0)


def test_a_day_that_nobody_opened_is_closed_with_who_was_there(aminah: FlaskClient, village: Village) -> None:
    aminah.post(DAY, data={"day": "2026-08-03"})
    aminah.post(CLOSE, data={**form_of(aminah.get(CLOSE).text, CLOSE), "closed": "yes"})
    kept = at_hand(village) or {}
    assert (kept["workers_present"], kept["closed"]) == (village.aminah.id, 1)


def test_what_is_wrong_at_the_closing_is_said_and_kept(aminah: FlaskClient, village: Village) -> None:
    aminah.post(DAY, data={"day": "2026-08-03"})
    answer = aminah.post(CLOSE, data={"visitors": "banyak", "agreed": "Ganti baterai", "closed": "yes"})
    page = aminah.get(CLOSE).text
    assert answer.status_code == 400
    assert "All visitors must be a whole number between 0 and 5000." in answer.text
    assert ("Ganti baterai" in answer.text, "Ganti baterai" in page, at_hand(village)) == (True, True, None)


def test_the_puskesmas_reads_the_minutes_at_the_province_and_nobody_else(
    province_client: FlaskClient, province: Village
) -> None:
    write_day(province, "2026-08-03", place="Balai", workers_present=ids(province.aminah, province.baiq))
    address = f"{MINUTES}?posyandu={province.melati}&tanggal=2026-08-03"
    answers = {}
    for worker in (province.citra, province.dedi, province.eka):
        sign_in(province_client, worker).get("/bahasa/en")
        answers[worker.name] = province_client.get(address)
        province_client.post("/keluar")
    facts = told(answers["Citra"].text)["facts"]
    assert [answers[name].status_code for name in ("Citra", "Dedi", "Eka")] == [200, 403, 403]
    assert (facts["Place"], facts["Kader present (1)"], facts["Health workers present (1)"]) == (
        "Balai", "Aminah", "Baiq",
    )  # fmt: skip
