"""The practice posyandu: as a real one to whoever practises there, and never mixed with one."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from siposyandu import web
from siposyandu.app import create_app
from siposyandu.copies import content
from siposyandu.instance import Instance
from siposyandu.practice import place
from siposyandu.practice.running import Practice
from siposyandu.store import SqliteStore
from siposyandu.web import practising
from siposyandu.web.frame import PRACTICE_OF, PRACTICE_PIN
from tests import locked
from tests.conftest import NOW, Village, app_of, pages_of, sign_in
from tests.locked import PASSPHRASE, Locked
from tests.places import until
from tests.visitor import Visitor

BANNER = "LATIHAN"


@pytest.fixture
def laptop(tmp_path: Path) -> Locked:
    """An encrypted laptop, open."""
    found = locked.found(tmp_path / "melati")
    found.instance.unlock(PASSPHRASE)
    return found


@pytest.fixture
def practice(laptop: Locked) -> Iterator[Practice]:
    """Its practice posyandu, not started."""
    made = Practice(laptop.instance, "http://127.0.0.1:1")
    yield made
    made.stop()


@pytest.fixture
def ghosts(tmp_path: Path) -> Instance:
    """A practice posyandu whose pages are asked without a network."""
    return place.ready(tmp_path, "id", lambda: NOW)


def contents(instance: Instance) -> dict[str, list[tuple[object, ...]]]:
    """Everything that stands in a place's database."""
    with instance.store_for_job() as store:
        tables = [row["name"] for row in store.rows("select name from sqlite_master where type = 'table'")]
        return {
            table: [tuple(row.values()) for row in store.rows(f"select * from {table}")] for table in tables
        }


def copied(instance: Instance) -> str:
    """What a copy of a place would hold."""
    with instance.store_for_job() as store:
        assert isinstance(store, SqliteStore)
        with store.snapshot():
            return b"".join(content.lines(store, "", {})).decode()


def ghost_names(instance: Instance) -> list[str]:
    with instance.store_for_job() as store:
        sql = "select name from person where status = 'active' order by name"
        return [row["name"] for row in store.rows(sql)]


def practise(address: str) -> Visitor:
    """Touch the first ghost kader's name, type the PIN of the banner, confirm the day, and weigh the first ghost."""
    visitor = Visitor(address)
    door = visitor.open("/masuk")
    kader = door.html.split('href="/masuk/')[1].split("?")[0]
    visitor.submit(visitor.open(f"/masuk/{kader}"), f"/masuk/{kader}", {"pin": PRACTICE_PIN})
    asked = visitor.open("/hari-ini/tanggal")
    day = dict(asked.form("/hari-ini/tanggal").fields)["day"]
    today = visitor.submit(asked, "/hari-ini/tanggal", {"day": day})
    ghost = today.html.split('href="/kunjungan/balita/')[1].split('"')[0]
    weigh = f"/kunjungan/balita/{ghost}"
    asked = visitor.submit(visitor.open(weigh), weigh, {"weight_kg": "9,9"})
    answer = asked if asked.path != weigh else visitor.submit(asked, weigh, {"answer": "right"})
    assert answer.path.endswith("/hasil"), answer.text
    return visitor


def test_nothing_of_practice_is_in_the_real_place(laptop: Locked, practice: Practice) -> None:
    before = contents(laptop.instance)
    practise(practice.open()).close()
    ghosts = place.ready(laptop.folder, "id", laptop.instance.now)
    after = contents(laptop.instance)  # copies, bundles and messages are made of nothing else
    weighed = [row for row in contents(ghosts)["balita"] if 9900 in row]
    assert (after == before, len(weighed), "Latihan" in str(after)) == (True, 1, False)


def test_practice_has_keys_a_lane_and_a_database_of_its_own(laptop: Locked, practice: Practice) -> None:
    practice.open()
    ghosts = place.ready(laptop.folder, "id", laptop.instance.now)
    real = laptop.instance
    ours = {real.lane, real.ring.keys.sign_key, real.cookie_key, real.config.database_path}
    theirs = {ghosts.lane, ghosts.ring.keys.sign_key, ghosts.cookie_key, ghosts.config.database_path}
    assert (ours & theirs, ghosts.config.upstream, ghosts.config.area in str(contents(real))) == (
        set(),
        "",
        False,
    )


def test_a_copy_of_the_real_place_holds_no_ghost(laptop: Locked, practice: Practice) -> None:
    practise(practice.open()).close()
    ghosts = place.ready(laptop.folder, "id", laptop.instance.now)
    held = [copied(instance) for instance in (laptop.instance, ghosts)]
    assert ["Latihan" in each for each in held] == [False, True]


@pytest.mark.parametrize(
    "address", ["/v1/s", "/laptop", "/titipan", "/laptop/salinan", "/kelola", "/latihan"]
)
def test_practice_has_no_way_out_and_none_in(ghosts: Instance, address: str) -> None:
    client = create_app(ghosts, web.IN_PRACTICE).test_client()
    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)


def test_no_command_takes_practice_for_a_place(tmp_path: Path, ghosts: Instance) -> None:
    found = {path.name for path in (tmp_path / place.FOLDER).iterdir()}
    assert (found >= {"siposyandu.db", "keys"}, "siposyandu.toml" in found) == (True, False)


def test_every_ghost_is_named_as_one(ghosts: Instance) -> None:
    names = ghost_names(ghosts)
    assert (len(names) >= 18, [name for name in names if not name.endswith(" Latihan")]) == (True, [])


def test_every_page_of_practice_says_so_also_on_paper(ghosts: Instance) -> None:
    client = practising_in(ghosts)
    with ghosts.store_for_job() as store:
        child = store.value("select id from person where status = 'active' order by name")
        visit = store.value("select id from balita where person = $1", child)
    rules = [rule for rule in client.application.url_map.iter_rules() if "GET" in (rule.methods or ())]
    known = {"<person_id>": child, "<visit_id>": visit}
    answers = {}
    for address in (rule.rule for rule in rules):
        for variable, value in known.items():
            address = address.replace(variable, value)
        answers[address] = client.get(address) if "<" not in address else None
    pages = {path: answer for path, answer in answers.items() if answer and answer.status_code == 200}
    silent = [path for path, page in pages.items() if "<html" in page.text and page.text.count(BANNER) < 2]
    failed = [path for path, answer in answers.items() if answer and answer.status_code >= 500]
    assert (silent, failed, len(pages) > 20, f"/anak/{child}/cetak" in pages) == ([], [], True, True)


def practising_in(ghosts: Instance) -> FlaskClient:
    """A browser in a practice posyandu, its first kader signed in, the day confirmed."""
    app = pages_of(ghosts, web.IN_PRACTICE)
    app.extensions[PRACTICE_OF] = "http://127.0.0.1:1"
    client = app.test_client()
    with ghosts.store_for_job() as store:
        kader = store.value("select id from worker order by name")
    assert client.post(f"/masuk/{kader}", data={"pin": PRACTICE_PIN}).status_code == 302
    client.post("/hari-ini/tanggal", data={"day": NOW.date().isoformat()})
    return client


@pytest.mark.parametrize("identifier", ["kunjungan", "balita"])
def test_a_file_of_ghosts_is_taken_by_no_real_posyandu(
    ghosts: Instance, client: FlaskClient, village: Village, identifier: str
) -> None:
    taken = practising_in(ghosts).get(f"/excel/{identifier}.xlsx?bulan=2026-07").data
    before = contents(village.instance)["edits"]
    sign_in(client, village.aminah)
    brought = client.post("/excel", data={"file": (BytesIO(taken), "ghosts.xlsx")})
    client.post("/excel/simpan", data={})
    assert (taken[:2], brought.status_code) == (b"PK", 400)
    assert contents(village.instance)["edits"] == before


def test_practice_ends_when_the_laptop_is_closed(laptop: Locked, practice: Practice) -> None:
    address = practice.open()
    laptop.instance.lock()
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=5)
    assert not practice.is_running


def test_a_closed_laptop_opens_no_practice(laptop: Locked, practice: Practice) -> None:
    client = at_the_laptop(laptop.instance, practice)
    laptop.instance.lock()
    led = client.get("/latihan/masuk").location or ""
    assert (led.startswith("/buka"), practice.is_running) == (True, False)


def test_practice_that_nobody_uses_ends_by_itself_and_keeps_what_was_typed(laptop: Locked) -> None:
    practice = Practice(laptop.instance, "http://127.0.0.1:1", idle_seconds=0)
    practice.open()
    until(lambda: not practice.is_running, "the end of an idle practice")
    assert len(ghost_names(place.ready(laptop.folder, "id", laptop.instance.now))) >= 18


def test_practice_begins_anew_at_the_same_address(laptop: Locked, practice: Practice) -> None:
    client, address = at_the_laptop(laptop.instance, practice), practice.open()
    practise(address).close()
    assert client.post("/latihan/ulang").location == "/latihan"
    ghosts = place.ready(laptop.folder, "id", laptop.instance.now)
    assert ([row for row in contents(ghosts)["balita"] if 9900 in row], practice.open()) == ([], address)


def test_the_door_leads_to_practice_at_the_laptop_and_nowhere_else(
    laptop: Locked, practice: Practice
) -> None:
    client = at_the_laptop(laptop.instance, practice)
    phone = {"REMOTE_ADDR": "192.168.4.7"}
    led = urlsplit(client.get("/latihan/masuk").location or "").hostname
    seen = ['href="/latihan"' in client.get("/masuk", environ_base=where).text for where in ({}, phone)]
    refused = client.get("/latihan/masuk", environ_base=phone).status_code
    assert (led, seen, refused) == ("127.0.0.1", [True, False], 404)


def test_the_province_has_no_practice(province: Village) -> None:
    client = sign_in(app_of(province).test_client(), province.eka)
    assert client.get("/latihan").status_code == 404


def at_the_laptop(instance: Instance, practice: Practice) -> FlaskClient:
    """A browser at the real place, whose pages know of its practice as when it is served."""
    app = pages_of(instance)
    app.extensions[practising.PRACTICE] = practice
    return app.test_client()
