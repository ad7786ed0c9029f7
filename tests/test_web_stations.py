"""Five langkah write one visit: nothing a colleague wrote is lost, no child has two visits, the queue tells the truth."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import forms
from siposyandu import credentials, phones, records, stations
from siposyandu.access import Worker
from siposyandu.addresses import BY_HOTSPOT
from siposyandu.periods import local_date
from siposyandu.web import card, langkah
from tests.conftest import NOW, PIN, Village, app_of, sign_in
from tests.visitor import _Reader

TODAY = local_date(NOW)
VISIT = forms.BY_NAME["balita"]


@pytest.fixture
def app(village: Village) -> Flask:
    return app_of(village)


@pytest.fixture
def siti(village: Village) -> str:
    """A girl of one year."""
    return child(village, "Siti Nurhaliza")


def child(village: Village, name: str, posyandu: str = "") -> str:
    born = TODAY.replace(year=TODAY.year - 1).isoformat()
    home = posyandu or village.melati
    card = {"posyandu": home, "name": name, "sex": "f", "birth_date": born, "posyandu_since": born}
    with village.instance.store_for_job() as store:
        return records.save(store, village.pen(), forms.BY_NAME["person"], card)


def hire(village: Village, name: str) -> Worker:
    with village.instance.store_for_job() as store:
        kader = {"name": name, "role": "kader", "area": village.melati, "active": 1}
        made = records.save(store, village.pen(village.eka), forms.BY_NAME["worker"], kader)
        credentials.set_pin(store, made, PIN, NOW)
    return Worker(made, name, "kader", village.melati)


def at(app: Flask, worker: Worker, *held: str) -> FlaskClient:
    """A worker who confirmed the day and holds these langkah."""
    client = sign_in(app.test_client(), worker)
    client.post("/hari-ini/tanggal", data={"day": TODAY.isoformat()})
    client.post("/langkah", data={"langkah": list(held)})
    return client


def saw(client: FlaskClient, url: str) -> str:
    """Open a page; returns the number of the newest edit that it has seen."""
    page = client.get(url)
    found = re.search(r'name="saw" value="(\d+)"', page.text)
    assert found, page.text
    return found[1]


def url(code: str, person: str) -> str:
    return f"/langkah/{code}/{person}"


def visits(village: Village, person: str) -> list[Mapping[str, Any]]:
    with village.instance.store_for_job() as store:
        return store.rows("select * from balita where person = $1 and retracted = 0", person)


def where(village: Village, person: str) -> str:
    with village.instance.store_for_job() as store:
        found = stations.where(store, stations.Morning(village.melati, TODAY), person)
    return "" if found is None else str(found["station"])


def test_every_question_of_the_card_belongs_to_one_langkah() -> None:
    on_the_card = [
        *card.ESSENTIALS, *card.NURSE_ONLY,
        *(field.name for field in VISIT.fields if field.section in card.SECTIONS),
    ]  # fmt: skip
    assert sorted(name for each in langkah.ALL for name in each.names) == sorted(set(on_the_card))


def test_all_five_langkah_write_one_visit(app: Flask, village: Village, siti: str) -> None:
    kader = at(app, village.aminah, *stations.ORDER)
    kader.post("/langkah/pendaftaran/datang", data={"person": siti})
    written: list[tuple[str, dict[str, str]]] = [
        ("penimbangan", {"weight_kg": "8,4", "length_height_cm": "73,5", "measured": "lying"}),
        ("pencatatan", {"complementary_feeding": "yes"}),
        ("pelayanan", {"local_food": "yes", "illness": "cough"}),
        ("penyuluhan", {"counselling": "makan tiga kali"}),
    ]
    ways = []
    for code, typed in written:
        number = saw(kader, url(code, siti))
        ways.append(kader.post(url(code, siti), data={**typed, "saw": number}).location)
    (visit,) = visits(village, siti)
    columns = (
        "weight_g",
        "length_height_mm",
        "complementary_feeding",
        "local_food",
        "illness",
        "counselling",
    )
    assert [visit[column] for column in columns] == [8400, 735, 1, 1, "cough", "makan tiga kali"]
    assert (ways[0], ways[-1]) == (url("pencatatan", siti), f"/langkah/penyuluhan?selesai={siti}")
    assert where(village, siti) == "pulang"


def test_two_langkah_that_save_different_fields_at_once_both_stand(
    app: Flask, village: Village, siti: str
) -> None:
    one, two = at(app, village.aminah, "penimbangan"), at(app, hire(village, "Rohani"), "pelayanan")
    first, second = saw(one, url("penimbangan", siti)), saw(two, url("pelayanan", siti))
    two.post(url("pelayanan", siti), data={"local_food": "yes", "saw": second})
    one.post(url("penimbangan", siti), data={"weight_kg": "8,4", "saw": first})
    (visit,) = visits(village, siti)
    assert (visit["weight_g"], visit["local_food"], visit["correction_reason"]) == (8400, 1, None)


def test_two_that_make_the_visit_at_the_same_instant_make_one(app: Flask, village: Village) -> None:
    one, two = at(app, village.aminah, "penimbangan"), at(app, hire(village, "Rohani"), "pelayanan")
    for number in range(12):
        person = child(village, f"Anak {number}")
        acts = (
            lambda person=person: one.post(url("penimbangan", person), data={"weight_kg": "8,4", "saw": "0"}),
            lambda person=person: two.post(url("pelayanan", person), data={"local_food": "yes", "saw": "0"}),
        )
        with ThreadPoolExecutor(2) as pool:
            answers = [each.result().status_code for each in [pool.submit(act) for act in acts]]
        (visit,) = visits(village, person)
        assert (answers, visit["weight_g"], visit["local_food"]) == ([303, 303], 8400, 1)


def contested(app: Flask, village: Village, person: str) -> tuple[FlaskClient, str]:
    """Rohani wrote 8,4 kg while Aminah had the same page open and then typed 8,6; returns Aminah and where she is led."""
    rohani, aminah = at(app, hire(village, "Rohani"), "penimbangan"), at(app, village.aminah, "penimbangan")
    late = saw(aminah, url("penimbangan", person))
    rohani.post(
        url("penimbangan", person), data={"weight_kg": "8,4", "saw": saw(rohani, url("penimbangan", person))}
    )
    asked = aminah.post(url("penimbangan", person), data={"weight_kg": "8,6", "saw": late})
    return aminah, asked.location


def test_the_later_of_two_different_weights_is_asked_with_both_in_sight(
    app: Flask, village: Village, siti: str
) -> None:
    aminah, asked = contested(app, village, siti)
    page = aminah.get(asked)
    stands = [visit["weight_g"] for visit in visits(village, siti)]
    shown = [words in page.text for words in ("Rohani", "8,4 kg", "8,6 kg", 'value="8,6"')]
    assert (stands, shown) == ([8400], [True] * 4)


@pytest.mark.parametrize(("answer", "weight_g"), [("mine", 8600), ("theirs", 8400)])
def test_who_was_asked_decides_which_weight_stands(
    app: Flask, village: Village, siti: str, answer: str, weight_g: int
) -> None:
    aminah, asked = contested(app, village, siti)
    form = dict(form_of(aminah.get(asked).text))
    aminah.post(url("penimbangan", siti), data={**form, "answer": answer})
    (visit,) = visits(village, siti)
    with village.instance.store_for_job() as store:
        said = [
            change.value
            for change in records.history(store, VISIT, visit["id"])
            if change.column == "weight_g"
        ]
    assert (visit["weight_g"], said[0]) == (weight_g, 8400)  # what she overruled stays in the history
    assert bool(visit["correction_reason"]) == (answer == "mine")


def form_of(html: str) -> list[tuple[str, str]]:
    reader = _Reader()
    reader.feed(html)
    return next(form.fields for form in reader.forms if any(name == "saw" for name, _ in form.fields))


def test_an_answer_that_never_came_is_asked_for_again_without_harm(
    app: Flask, village: Village, siti: str
) -> None:
    kader = at(app, village.aminah, "penimbangan")
    typed = {"weight_kg": "8,4", "saw": "0"}
    answers = [kader.post(url("penimbangan", siti), data=typed, headers={"X-Patient": "1"}) for _ in range(3)]
    with village.instance.store_for_job() as store:
        (visit,) = visits(village, siti)
        edits = store.value("select count(*) from edits where entity = $1", visit["id"])
    assert ([each.headers["X-Go-To"] for each in answers], edits) == (
        [f"/langkah/penimbangan?selesai={siti}"] * 3,
        1,
    )


def test_what_is_hardly_believable_is_asked_once_and_then_saved(
    app: Flask, village: Village, siti: str
) -> None:
    kader = at(app, village.aminah, "penimbangan")
    asked = kader.post(url("penimbangan", siti), data={"weight_kg": "4,1", "saw": "0"}).location
    page = kader.get(asked).text
    before = visits(village, siti)
    kader.post(url("penimbangan", siti), data={**dict(form_of(page)), "answer": "right"})
    assert (before, "ask-again" in page) == ([], True)
    assert [visit["weight_g"] for visit in visits(village, siti)] == [4100]


def test_a_second_measure_counts_also_where_another_langkah_made_the_visit(
    app: Flask, village: Village, siti: str
) -> None:
    one, two = at(app, village.aminah, "penimbangan"), at(app, hire(village, "Rohani"), "pelayanan")
    two.post(url("pelayanan", siti), data={"local_food": "yes", "saw": "0"})
    asked = one.post(
        url("penimbangan", siti), data={"weight_kg": "4,1", "saw": saw(one, url("penimbangan", siti))}
    )
    form = dict(form_of(one.get(asked.location).text))
    one.post(url("penimbangan", siti), data={**form, "weight_again_kg": "4,1", "answer": "again"})
    (visit,) = visits(village, siti)
    assert (visit["weight_g"], visit["weight_again_g"], visit["local_food"]) == (4100, 4100, 1)


def test_what_was_typed_on_a_phone_that_died_is_there_on_another(
    app: Flask, village: Village, siti: str
) -> None:
    dying = at(app, village.aminah, "penimbangan")
    draft = f"/langkah/penimbangan/{siti}/{TODAY}"
    dying.post(f"/draf?page={draft}", data={"weight_kg": "8,4", "saw": "0"})
    other = at(app, village.aminah, "penimbangan")
    queue, page = other.get("/langkah/penimbangan").text, other.get(url("penimbangan", siti)).text
    assert ("Siti Nurhaliza" in queue, 'value="8,4"' in page) == (True, True)


def test_what_a_dead_phone_had_typed_does_not_overwrite_what_was_saved_meanwhile(
    app: Flask, village: Village, siti: str
) -> None:
    aminah, rohani = at(app, village.aminah, "penimbangan"), at(app, hire(village, "Rohani"), "penimbangan")
    aminah.post(f"/draf?page=/langkah/penimbangan/{siti}/{TODAY}", data={"weight_kg": "8,6", "saw": "0"})
    rohani.post(url("penimbangan", siti), data={"weight_kg": "8,4", "saw": "0"})
    form = dict(form_of(aminah.get(url("penimbangan", siti)).text))
    asked = aminah.post(url("penimbangan", siti), data=form).location
    assert (form["weight_kg"], asked) == ("8,6", f"{url('penimbangan', siti)}?periksa=1")


def test_each_child_has_one_number_and_goes_to_the_next_langkah_that_somebody_holds(
    app: Flask, village: Village, siti: str
) -> None:
    one, two = at(app, village.aminah, "pendaftaran"), at(app, hire(village, "Rohani"), "pelayanan")
    other = child(village, "Baiq Nabila")
    for person in (siti, siti, other):
        one.post("/langkah/pendaftaran/datang", data={"person": person})
    with village.instance.store_for_job() as store:
        queue = stations.queue(store, stations.Morning(village.melati, TODAY))
    assert [(row["person"], row["number"], row["station"]) for row in queue] == [
        (siti, 1, "pelayanan"), (other, 2, "pelayanan"),
    ]  # fmt: skip
    assert two.post("/langkah/pelayanan/panggil").location == url("pelayanan", siti)


def test_two_at_one_langkah_call_two_children(app: Flask, village: Village, siti: str) -> None:
    other = child(village, "Baiq Nabila")
    at(app, village.baiq, "pendaftaran")
    one, two = at(app, village.aminah, "penimbangan"), at(app, hire(village, "Rohani"), "penimbangan")
    for person in (siti, other):
        one.post("/langkah/pendaftaran/datang", data={"person": person})
    called = [client.post("/langkah/penimbangan/panggil").location for client in (one, two, one)]
    assert called == [url("penimbangan", siti), url("penimbangan", other), url("penimbangan", siti)]


def test_a_langkah_that_has_nothing_to_write_makes_no_visit_and_sends_the_child_on(
    app: Flask, village: Village, siti: str
) -> None:
    kader = at(app, village.aminah, "penimbangan")
    kader.post("/langkah/pendaftaran/datang", data={"person": siti})
    kader.post(url("penimbangan", siti), data={"weight_kg": "", "measured": "lying", "saw": "0"})
    assert (visits(village, siti), where(village, siti)) == ([], "pulang")


def test_a_list_that_has_not_changed_is_not_sent_again(app: Flask, village: Village, siti: str) -> None:
    kader = at(app, village.aminah, "pendaftaran", "penimbangan")
    first = kader.get("/langkah/penimbangan/antrean")
    same = kader.get("/langkah/penimbangan/antrean", headers={"If-None-Match": first.headers["ETag"]})
    kader.post("/langkah/pendaftaran/datang", data={"person": siti})
    other = kader.get("/langkah/penimbangan/antrean", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, other.status_code, "Siti Nurhaliza" in other.text) == (304, 200, True)


def test_a_kader_who_works_alone_sees_nothing_of_the_langkah(app: Flask, village: Village, siti: str) -> None:
    alone = sign_in(app.test_client(), village.aminah)
    alone.post("/hari-ini/tanggal", data={"day": TODAY.isoformat()})
    pages = [alone.get(path).text for path in ("/hari-ini", f"/kunjungan/balita/{siti}", "/cari")]
    assert ["/langkah" in page for page in pages] == [False] * 3


def test_on_a_phone_the_day_of_the_laptop_holds_and_the_langkah_come_first(
    app: Flask, village: Village, siti: str
) -> None:
    phone = app.test_client()
    phone.environ_base.update({BY_HOTSPOT: "localhost", "REMOTE_ADDR": "192.168.137.20"})
    with village.instance.store_for_job() as store:
        phones.open_door(store, "192.168.137.1", TODAY, TODAY)
        door = phones.opened(store, TODAY)
    assert door is not None
    phone.get(f"/gabung?kode={door.code}")
    sign_in(phone, village.aminah)
    assert (phone.get("/").location, phone.get("/langkah").status_code) == ("/langkah", 200)


def test_who_registers_a_child_at_langkah_1_sees_her_in_the_queue(app: Flask, village: Village) -> None:
    kader = at(app, village.aminah, "pendaftaran")
    card = {"name": "Lalu Arya", "sex": "m", "birth_date": "3-1-2026", "mother_name": "Inaq Arya"}
    born = TODAY.replace(year=TODAY.year - 1)
    typed = {
        **card,
        "birth_date": f"{born.day}-{born.month}-{born.year}",
        "nik_missing_reason": "not_brought",
    }
    led = kader.post("/anak/baru", data=typed).location
    assert led.startswith("/langkah/pendaftaran?selesai=")
    assert "Lalu Arya" in kader.get(led).text


def test_a_child_of_another_posyandu_is_neither_seen_nor_written(app: Flask, village: Village) -> None:
    theirs = child(village, "Dende Ayu", village.kenanga)
    kader = at(app, village.aminah, "penimbangan")
    answers = [
        kader.get(url("penimbangan", theirs)),
        kader.post(url("penimbangan", theirs), data={"weight_kg": "8"}),
    ]
    assert ([each.status_code for each in answers], visits(village, theirs)) == ([403, 403], [])
    come = kader.post("/langkah/pendaftaran/datang", data={"person": theirs}, follow_redirects=True)
    assert ("Dende Ayu" in come.text, where(village, theirs)) == (False, "")


def test_only_a_child_who_came_is_called(app: Flask, village: Village, siti: str) -> None:
    kader, call = at(app, village.aminah, "penimbangan"), "/langkah/penimbangan/panggil"
    answers = [
        kader.post(call, data={"person": person}).location for person in (siti, "../../keluar", "a\r\nb")
    ]
    kader.post("/langkah/pendaftaran/datang", data={"person": siti})
    come = kader.post(call, data={"person": siti}).location
    assert (answers, come) == (["/langkah/penimbangan"] * 3, url("penimbangan", siti))


def test_a_draft_about_a_child_who_is_gone_shuts_no_queue(app: Flask, village: Village, siti: str) -> None:
    kader = at(app, village.aminah, "penimbangan")
    for person in (siti, "nobody"):
        draft = {"weight_kg": "8,4", "saw": "x"}
        kader.post(f"/draf?page=/langkah/penimbangan/{person}/{TODAY}", data=draft)
    with_her = [kader.get(path).status_code for path in ("/langkah/penimbangan", url("penimbangan", siti))]
    with village.instance.store_for_job() as store:
        records.retract(store, village.pen(), siti, "twice")
    assert (with_her, kader.get("/langkah/penimbangan").status_code) == ([200, 200], 200)


def test_what_was_saved_is_not_called_unsaved_though_a_late_draft_came_after_it(
    app: Flask, village: Village, siti: str
) -> None:
    kader, other = at(app, village.aminah, "penimbangan"), child(village, "Baiq Nabila")
    kader.post(url("penimbangan", siti), data={"weight_kg": "8,4", "saw": "0"})
    for person in (siti, other):
        kader.post(f"/draf?page=/langkah/penimbangan/{person}/{TODAY}", data={"weight_kg": "8,4", "saw": "0"})
    page = kader.get("/langkah/penimbangan").text
    assert (f'href="{url("penimbangan", siti)}"' in page, f'href="{url("penimbangan", other)}"' in page) == (
        False,
        True,
    )


def test_a_child_who_is_not_on_the_months_list_is_found_and_gets_a_number(
    app: Flask, village: Village
) -> None:
    kader, born = (
        at(app, village.aminah, "pendaftaran"),
        TODAY.replace(year=TODAY.year - 6, day=1).isoformat(),
    )
    big = {
        "posyandu": village.melati,
        "name": "Lalu Arya",
        "sex": "m",
        "birth_date": born,
        "posyandu_since": born,
    }
    with village.instance.store_for_job() as store:
        person = records.save(store, village.pen(), forms.BY_NAME["person"], big)
    page = kader.get("/langkah/pendaftaran?cari=arya").text
    kader.post("/langkah/pendaftaran/datang", data={"person": person})
    assert (f'value="{person}"' in page, where(village, person)) == (True, "pulang")
