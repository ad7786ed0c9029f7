"""A damaged database is shown to nobody and sent nowhere; the page offers the newest good copy, and nothing else."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import as_laptop, backups, health, jobs, records, restoring
from siposyandu.copies import locks
from siposyandu.errors import SiposyanduError
from siposyandu.health import Damaged
from siposyandu.instance import Instance
from siposyandu.store import open_store
from siposyandu.web import damaged
from tests import locked
from tests.conftest import NOW, PIN, Village, pages_of
from tests.locked import PASSPHRASE, Locked

PUBLIC, PAPER = locks.new_paper(bytes(range(32)))
PAGE_BYTES = 4096


@pytest.fixture
def laptop(tmp_path: Path) -> Locked:
    """Melati's encrypted laptop, closed again after a copy was made of it."""
    made = locked.found(tmp_path / "melati")
    made.instance.config = replace(made.instance.config, flash_disks="")
    made.instance.unlock(PASSPHRASE)
    register(made.village, "Rinjani")
    backups.make_now(made.instance)
    register(made.village, "Tambora")
    made.instance.lock()
    return made


def register(village: Village, name: str) -> str:
    """Aminah writes a child's card."""
    card = {"posyandu": village.melati, "name": name, "sex": "f", "birth_date": "2025-01-01"}
    with village.instance.store_for_job() as store:
        return records.save(store, village.pen(), forms.BY_NAME["person"], card)


def browser(instance: Instance) -> FlaskClient:
    return pages_of(instance).test_client()


def scratch(path: Path) -> None:
    """Turn one byte in the middle of the file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_one_page_says_so_and_no_other_opens(laptop: Locked) -> None:
    scratch(laptop.instance.config.database_path)
    client = browser(laptop.instance)
    assert client.post("/buka", data={"passphrase": PASSPHRASE}).status_code == 302
    page = client.get("/", follow_redirects=True)
    assert (page.request.path, "Data laptop rusak" in page.text, "Aminah" in page.text) == (
        "/rusak",
        True,
        False,
    )
    rules = [rule for rule in client.application.url_map.iter_rules() if rule.endpoint != "static"]
    shown = {}
    for rule in rules:
        address = rule.rule.replace("<", "").replace(">", "")
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.open(address, method=method)
            if not (
                answer.location == "/rusak" or (address.startswith("/v1/") and answer.status_code == 503)
            ):
                shown[method, address] = answer.status_code
    help_of_no_place = {("GET", "/bahasa/code"): 302, ("GET", "/bantuan"): 200}
    assert shown == help_of_no_place | {("GET", "/rusak"): 200, ("POST", "/rusak"): 400}


def test_nothing_reads_it_no_job_runs_and_nothing_is_sent(laptop: Locked) -> None:
    instance, ran = laptop.instance, []
    scratch(instance.config.database_path)
    instance.unlock(PASSPHRASE)
    before = instance.config.database_path.read_bytes()
    for act in (
        instance.open_store,
        lambda: as_laptop.exchange(instance),
        lambda: backups.make_now(instance),
    ):
        with pytest.raises(Damaged):
            act()
    for name, job, _ in jobs.ALL:
        jobs._run(spy(ran, name, job), instance, lambda: True)
    assert (ran, instance.is_open) == ([], False)
    assert instance.config.database_path.read_bytes() == before


def spy(ran: list[str], name: str, job: Callable[[Instance], None]) -> Callable[[Instance], None]:
    def look(instance: Instance) -> None:
        ran.append(name)
        job(instance)

    return look


def test_the_chosen_copy_takes_its_place_and_work_goes_on(laptop: Locked) -> None:
    path = laptop.instance.config.database_path
    scratch(path)
    damaged = path.read_bytes()
    client = browser(laptop.instance)
    client.post("/buka", data={"passphrase": PASSPHRASE})
    (name,) = re.findall(r'name="copy" value="([^"]+)"', client.get("/rusak").text)
    assert client.post("/rusak", data={"copy": name}).location == "/"
    answer = client.post(f"/masuk/{laptop.village.aminah.id}", data={"pin": PIN})
    assert answer.location == "/"
    with laptop.instance.store_for_job() as store:
        there = [row["name"] for row in store.rows("select name from person")]
        lost = restoring.loss(store)
    assert there == ["Rinjani"]
    assert lost is not None
    assert (path.parent / "damaged-1" / path.name).read_bytes() == damaged
    assert "dipulihkan dari salinan" in client.get("/laptop/salinan").text


def test_a_copy_that_is_damaged_too_is_not_offered(laptop: Locked) -> None:
    for copy in (laptop.folder / "copies").iterdir():
        scratch(copy)
    scratch(laptop.instance.config.database_path)
    client = browser(laptop.instance)
    client.post("/buka", data={"passphrase": PASSPHRASE})
    page = client.get("/rusak").text
    assert 'name="copy"' not in page
    assert "Tidak ada salinan yang baik" in page


def test_a_phone_cannot_choose(laptop: Locked) -> None:
    scratch(laptop.instance.config.database_path)
    laptop.instance.unlock(PASSPHRASE)
    client = browser(laptop.instance)
    answer = client.post("/rusak", data={"copy": "x"}, environ_overrides={"REMOTE_ADDR": "10.42.0.7"})
    assert answer.status_code == 403
    assert laptop.instance.damage is not None


def test_damage_that_comes_while_the_laptop_works_is_noticed_at_the_first_page_that_fails(
    laptop: Locked,
) -> None:
    instance = laptop.instance
    instance.unlock(PASSPHRASE)
    client = browser(instance)
    client.post(f"/masuk/{laptop.village.aminah.id}", data={"pin": PIN})
    path = instance.config.database_path
    path.write_bytes(path.read_bytes()[:PAGE_BYTES] + bytes(path.stat().st_size - PAGE_BYTES))
    answer = client.get("/hari-ini", follow_redirects=True)
    assert (answer.request.path, instance.is_open) == ("/rusak", False)


@pytest.mark.parametrize("fate", ["gone", "empty", "half"])
def test_a_database_that_is_gone_or_cut_is_never_begun_anew(laptop: Locked, fate: str) -> None:
    path = laptop.instance.config.database_path
    whole = path.read_bytes()
    path.unlink()
    if fate != "gone":
        path.write_bytes(b"" if fate == "empty" else whole[: len(whole) // 2])
    laptop.instance.unlock(PASSPHRASE)
    assert isinstance(laptop.instance.damage, SiposyanduError)


def test_a_plain_place_asks_for_the_recovery_key(village: Village) -> None:
    from siposyandu import config

    instance = village.instance
    instance.config = replace(instance.config, copy_key=PUBLIC, flash_disks="")
    config.save(instance.config)
    register(village, "Rinjani")
    backups.make_now(instance)
    instance.config.database_path.write_bytes(b"scratched" * 5000)
    again = Instance(instance.config, clock=lambda: NOW)
    client = browser(again)
    page = client.get("/rusak").text
    (name,) = re.findall(r'name="copy" value="([^"]+)"', page)
    wrong = client.post("/rusak", data={"copy": name, "paper": PAPER[:-1] + "0"})
    right = client.post("/rusak", data={"copy": name, "paper": PAPER})
    assert (wrong.status_code, right.location, again.is_open) == (400, "/", True)
    store = open_store(instance.config.database_path)
    assert store.value("select name from person") == "Rinjani"
    store.close()


def test_what_is_wrong_is_said_in_words_that_can_be_read_over_the_telephone(laptop: Locked) -> None:
    scratch(laptop.instance.config.database_path)
    client = browser(laptop.instance)
    client.post("/buka", data={"passphrase": PASSPHRASE})
    assert "Sampaikan ke puskesmas: <b>sebagian data tidak bisa dibaca</b>" in client.get("/rusak").text


def test_every_kind_of_damage_has_its_sentence() -> None:
    kinds = {health.GONE, health.LOCKED_OR_TORN, health.PAGES, health.INDEX, health.LOST_END}
    assert set(damaged.SAID) == kinds
