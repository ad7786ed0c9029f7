"""A laptop is lost: a copy put back on a new one, with a code, brings everything back less exactly what it says."""

import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from siposyandu import as_laptop, as_province, backups, config, records, restoring
from siposyandu.copies import locks
from siposyandu.errors import Refused as NotHere
from siposyandu.instance import Instance
from siposyandu.periods import instant_text
from sync import client, devices, joining
from sync.errors import Refused, Unreachable
from sync.status import status
from tests import locked
from tests.conftest import NOW, PIN, Village, app_of, found
from tests.kader import Child, Kader
from tests.locked import OTHER, PASSPHRASE
from tests.places import Place, until
from tests.test_copies import register
from tests.test_parcels import Road
from tests.test_web_damaged import scratch
from tests.visitor import Visitor
from tests.window import Posyandu, at_work

PUBLIC, PAPER = locks.new_paper(bytes(range(32)))
CHILDREN = [Child(f"Anak {n}", "mf"[n % 2], 400 + n, "9,1", "75,2") for n in range(6)]


def command(*arguments: str, typed: str = "") -> str:
    """Run a command of the program in a process of its own; returns what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "siposyandu", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def names(place: Place) -> set[str]:
    """The children weighed, as a place's database knows them."""
    with place.instance.store_for_job() as store:
        return {
            row["name"]
            for row in store.rows(
                "select p.name from balita b join person p on p.id = b.person order by p.name"
            )
        }


def wait_until_sent(there: Posyandu) -> None:
    """Wait until the province has acknowledged everything."""

    def sent() -> bool:
        with there.laptop.instance.store_for_job() as store:
            state = status(store)
        return state.recorded == state.acknowledged

    until(sent, "the province")


@pytest.fixture
def at_melati(tmp_path: Path) -> "list[Posyandu]":
    """A province and Melati's laptop at work."""
    with ExitStack() as running:
        yield [at_work(tmp_path, running)]  # type: ignore[misc]


def test_a_lost_laptop_comes_back_less_exactly_what_it_says(
    at_melati: list[Posyandu], tmp_path: Path
) -> None:
    (there,) = at_melati
    stick = tmp_path / "stick"
    stick.mkdir()
    there.laptop.stop()
    config.save(
        replace(config.load(there.laptop.folder), copy_key=PUBLIC, flash_disks=str(stick), sync_minutes=0)
    )
    there.laptop.start()
    aminah = Kader(there.laptop, there.village.aminah)
    aminah.sign_in()

    def weigh(*children: Child) -> None:
        for child in children:
            aminah.register(child)
            aminah.weigh(child)

    weigh(*CHILDREN[:2])
    command("backup", "--folder", str(there.laptop.folder))
    weigh(*CHILDREN[2:4])
    aminah.send_now()
    wait_until_sent(there)
    there.province.stop()
    weigh(*CHILDREN[4:])  # nobody hears of these two
    there.laptop.kill()

    there.province.start()
    office = there.province.instance
    with office.store_for_job() as store:
        (lost,) = devices.everyone(store)
        devices.revoke(store, lost.lane, instant_text(office.now()))
        code = as_province.new_enrolment_code(office, store, there.village.melati)
    (copy,) = (stick / "SIPosyandu").glob("*.sipc")
    new = tmp_path / "new"
    said = command(
        "restore", str(copy), "--folder", str(new), "--code", code, "--port", "0", typed=f"{PAPER}\n"
    )

    laptop = Place.standing(new)
    assert names(laptop) == {child.name for child in CHILDREN[:4]}
    assert "Lost for sure: 0 " in said
    with laptop.instance.store_for_job() as store:
        loss = restoring.loss(store)
        assert records.recount(store, lambda done, of: None) == []
    assert loss is not None
    assert (loss.sure, loss.at_province, loss.maybe_since) == (0, lost.acknowledged, lost.last_seen_at)

    with laptop:  # and the work goes on: she signs in with her old PIN, weighs, and it is sent
        kader = Kader(laptop, there.village.aminah)
        door = f"/masuk/{kader.worker.id}"
        assert kader.visitor.submit(kader.visitor.open(door), door, {"pin": PIN}).path == "/hari-ini"
        kader.day = aminah.day  # the day she confirmed is in the copy too
        kader.register(CHILDREN[4])
        kader.weigh(CHILDREN[4])
        kader.send_now()
        wait_until_sent(replace(there, laptop=laptop))
        kader.visitor.close()
    aminah.visitor.close()
    assert names(there.province) == {child.name for child in CHILDREN[:5]}


def test_an_encrypted_laptop_comes_back_by_its_passphrase_and_keeps_its_papers(
    at_melati: list[Posyandu], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (there,) = at_melati
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    monkeypatch.setenv("SIPOSYANDU_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    stick = tmp_path / "stick"
    stick.mkdir()
    old = Instance(
        config.Config(tmp_path / "old", "", there.province.address, encrypted=True, flash_disks=str(stick))
    )
    papers = old.begin_vault(PASSPHRASE)
    office = there.province.instance
    codes = []
    with office.store_for_job() as store:
        codes = [as_province.new_enrolment_code(office, store, there.village.melati) for _ in range(2)]
    as_laptop.enrol(old, there.province.address, codes[0], "old")
    register(replace(there.village, instance=old), "Rinjani", at=old.now())
    command("backup", "--folder", str(tmp_path / "old"))
    (copy,) = (stick / "SIPosyandu").glob("*.sipc")
    new = tmp_path / "new"
    said = command("restore", str(copy), "--folder", str(new), "--code", codes[1], "--port", "0")
    place = Instance(config.load(new))
    place.recover(*papers, OTHER)
    with place.store_for_job() as store:
        names_here = [row["name"] for row in store.rows("select name from person")]
    with office.store_for_job() as store:
        names_there = [row["name"] for row in store.rows("select name from person")]
    assert (names_here, names_there, "Lost for sure: 0 " in said) == (["Rinjani"], ["Rinjani"], True)
    assert place.lane != old.lane


def test_records_that_were_only_in_the_copy_reach_the_province_with_their_old_names(
    province: Village, tmp_path: Path
) -> None:
    road = Road(app_of(province).test_client())
    stick = tmp_path / "stick"
    stick.mkdir()
    old = joined_laptop(province, road, tmp_path / "melati", stick)
    village = replace(province, instance=old)
    sent = register(village, "Rinjani")
    exchange(old, road)
    unsent = register(village, "Tambora")
    report = backups.make_now(old)
    lost = register(village, "Sangeang")

    copy = restoring.opened_by_paper(stick / "SIPosyandu" / report.file, PAPER)
    new = Instance(restoring.found_again(tmp_path / "new", 0, copy), clock=lambda: NOW)
    assert new.lane != old.lane
    with new.store_for_job() as store:
        assert not status(store).enrolled
    enrol(province, new, road)
    restoring.ask(new, road)
    with province.instance.store_for_job() as store:
        there = {row["id"]: row["name"] for row in store.rows("select id, name from person")}
    with new.store_for_job() as store:
        here = {row["id"]: row["name"] for row in store.rows("select id, name from person")}
        loss = restoring.loss(store)
    assert there == here == {sent: "Rinjani", unsent: "Tambora"}
    assert lost not in here
    assert loss is not None
    assert (loss.in_copy, loss.at_province, loss.sure) == (2, 1, 0)


def joined_laptop(province: Village, road: Road, folder: Path, stick: Path) -> Instance:
    settings = config.Config(
        folder, area="", upstream="http://127.0.0.1:9", copy_key=PUBLIC, flash_disks=str(stick)
    )
    laptop = Instance(settings, clock=lambda: NOW)
    enrol(province, laptop, road)
    config.save(laptop.config)
    return laptop


def enrol(province: Village, laptop: Instance, road: Road) -> None:
    with province.instance.store_for_job() as store:
        code = as_province.new_enrolment_code(province.instance, store, province.melati)
    with laptop.store_for_job() as store:
        ports = as_laptop.ports(laptop, store, road)
        laptop.config = replace(laptop.config, area=joining.enrol(ports, code))
        client.exchange(ports)


def exchange(laptop: Instance, road: Road) -> None:
    as_laptop.exchange(laptop, road)


def test_a_copy_put_in_the_place_of_a_damaged_database_needs_no_code(
    province: Village, tmp_path: Path
) -> None:
    road = Road(app_of(province).test_client())
    stick = tmp_path / "stick"
    stick.mkdir()
    laptop = joined_laptop(province, road, tmp_path / "melati", stick)
    village = replace(province, instance=laptop)
    kept = register(village, "Rinjani")
    report = backups.make_now(laptop)
    acknowledged = register(village, "Tambora")
    exchange(laptop, road)
    laptop.config.database_path.write_bytes(b"scratched" * 10_000)

    copy = restoring.opened_by_paper(stick / "SIPosyandu" / report.file, PAPER)
    aside = restoring.put_back(laptop.config, copy)
    again = Instance(laptop.config, clock=lambda: NOW)
    exchange(again, road)
    with again.store_for_job() as store:
        here = {row["id"] for row in store.rows("select id from person")}
        recorded = status(store)
    assert here == {kept, acknowledged}
    assert (recorded.enrolled, again.lane != laptop.lane) == (True, True)
    assert aside is not None
    assert (aside / "siposyandu.db").read_bytes() == b"scratched" * 10_000


def test_a_copy_of_another_province_is_not_joined_to_this_one(
    province: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    road = Road(app_of(province).test_client())
    stick = tmp_path / "stick"
    stick.mkdir()
    report = backups.make_now(joined_laptop(province, road, tmp_path / "melati", stick))
    copy = restoring.opened_by_paper(stick / "SIPosyandu" / report.file, PAPER)
    new = Instance(restoring.found_again(tmp_path / "new", 0, copy), clock=lambda: NOW)
    elsewhere = found(tmp_path / "elsewhere", upstream="")
    monkeypatch.setattr(
        "siposyandu.as_laptop.HttpTransport", lambda address: Road(app_of(elsewhere).test_client())
    )
    with elsewhere.instance.store_for_job() as store:
        code = as_province.new_enrolment_code(elsewhere.instance, store, elsewhere.melati)
    with pytest.raises(Refused) as refused:
        restoring.join(new, code)
    assert refused.value.code == "other_province"


def test_the_province_goes_on_in_a_new_epoch_and_its_laptops_send_again_what_it_lost(
    province: Village, tmp_path: Path
) -> None:
    road = Road(app_of(province).test_client())
    province.instance.config = replace(province.instance.config, copy_key=PUBLIC, flash_disks="")
    config.save(province.instance.config)
    laptops = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        laptops.append(joined_laptop(province, road, tmp_path / f"laptop-{name}", tmp_path / name))
    register(replace(province, instance=laptops[0]), "Rinjani")
    exchange(laptops[0], road)
    report = backups.make_now(province.instance)
    register(replace(province, instance=laptops[0]), "Tambora")
    exchange(laptops[0], road)  # the province forgets this one ...
    register(replace(province, instance=laptops[1]), "Sangeang")
    for laptop in laptops:
        exchange(laptop, road)
    settings = province.instance.config
    settings.database_path.unlink()

    restoring.put_back(settings, restoring.opened_by_paper(settings.folder / "copies" / report.file, PAPER))
    again = replace(province, instance=Instance(settings, clock=lambda: NOW))
    before = Road(app_of(again).test_client())
    for laptop in (*laptops, *laptops):
        exchange(laptop, before)
    found_here = []
    for place in (again.instance, *laptops):
        with place.store_for_job() as store:
            found_here.append([row["name"] for row in store.rows("select name from person order by name")])
    assert found_here == [["Rinjani", "Sangeang", "Tambora"]] * 3


def test_an_epoch_is_begun_by_a_command_when_the_database_was_put_back_by_other_means(
    province: Village,
) -> None:
    config.save(province.instance.config)
    with province.instance.store_for_job() as store:
        before = [row["epoch"] for row in store.rows("select epoch from epochs")]
    said = command("epoch", "--folder", str(province.instance.config.folder), typed="y\n")
    with province.instance.store_for_job() as store:
        after = [row["epoch"] for row in store.rows("select epoch from epochs order by epoch_no")]
    assert after[:-1] == before
    assert after[-1] in said


def test_a_provinces_copy_is_not_put_where_its_keys_are_not(province: Village, tmp_path: Path) -> None:
    province.instance.config = replace(province.instance.config, copy_key=PUBLIC, flash_disks="")
    report = backups.make_now(province.instance)
    copy = restoring.opened_by_paper(province.instance.config.folder / "copies" / report.file, PAPER)
    with pytest.raises(NotHere) as refused:
        restoring.found_again(tmp_path / "new", 0, copy)
    assert "keys/" in refused.value.hint
    assert list((tmp_path / "new").iterdir()) == []


def test_a_restore_that_was_cut_off_before_its_last_step_is_begun_again(
    province: Village, tmp_path: Path
) -> None:
    road = Road(app_of(province).test_client())
    stick = tmp_path / "stick"
    stick.mkdir()
    laptop = joined_laptop(province, road, tmp_path / "melati", stick)
    kept = register(replace(province, instance=laptop), "Rinjani")
    report = backups.make_now(laptop)
    copy = restoring.opened_by_paper(stick / "SIPosyandu" / report.file, PAPER)
    config_there = restoring.found_again(tmp_path / "new", 0, copy)
    config_there.database_path.rename(
        config_there.folder / restoring.DRAFT
    )  # the power went before it had its name
    restoring.put_back(config_there, copy)
    again = Instance(config_there, clock=lambda: NOW)
    with again.store_for_job() as store:
        assert [row["id"] for row in store.rows("select id from person")] == [kept]
        assert not status(store).enrolled
    enrol(province, again, road)
    with province.instance.store_for_job() as store:
        assert store.value("select count(*) from person where id = $1", kept) == 1


def test_a_laptop_with_a_damaged_page_says_so_at_its_start_and_goes_on_from_its_copy(tmp_path: Path) -> None:
    made = locked.found(tmp_path / "melati")
    here = made.instance
    here.config = replace(here.config, port=0, flash_disks="")
    config.save(here.config)
    here.unlock(PASSPHRASE)
    register(made.village, "Rinjani")
    backups.make_now(here)
    register(made.village, "Tambora")
    here.lock()
    scratch(here.config.database_path)
    damaged = here.config.database_path.read_bytes()
    with Place.standing(made.folder) as place, Visitor(place.address) as visitor:
        rusak = visitor.submit(visitor.open("/buka"), "/buka", {"passphrase": PASSPHRASE})
        again = visitor.open("/hari-ini")
        back = visitor.submit(rusak, "/rusak", {"copy": dict(rusak.form("/rusak").fields)["copy"]})
        door = visitor.open("/masuk")
    assert (rusak.path, again.path, back.path, "Aminah" in door.text) == ("/rusak", "/rusak", "/masuk", True)
    assert (made.folder / "damaged-1" / "siposyandu.db").read_bytes() == damaged
    place_again = Instance(config.load(made.folder), clock=lambda: NOW)
    place_again.unlock(PASSPHRASE)
    with place_again.store_for_job() as store:
        assert [row["name"] for row in store.rows("select name from person")] == ["Rinjani"]


def test_what_the_lost_laptop_had_announced_and_not_sent_is_lost_for_sure(
    province: Village, tmp_path: Path
) -> None:
    road = Road(app_of(province).test_client())
    stick = tmp_path / "stick"
    stick.mkdir()
    old = joined_laptop(province, road, tmp_path / "melati", stick)
    report = backups.make_now(old)
    for number in range(120):
        register(replace(province, instance=old), f"Anak {number} {os.urandom(20).hex()}")
    with old.store_for_job() as store, store.write():
        store.run("update sync_upstream set batch_bytes = 2048")
    road.sent, road.cut_after = 0, 1
    with pytest.raises(Unreachable):
        exchange(old, road)
    road.cut_after = 1 << 30
    with province.instance.store_for_job() as store:
        (known,) = devices.everyone(store)
    copy = restoring.opened_by_paper(stick / "SIPosyandu" / report.file, PAPER)
    new = Instance(restoring.found_again(tmp_path / "new", 0, copy), clock=lambda: NOW)
    enrol(province, new, road)
    restoring.ask(new, road)
    with new.store_for_job() as store:
        loss, back = restoring.loss(store), store.value("select count(*) from person")
    assert loss is not None
    assert 0 < known.acknowledged < known.recorded == 120
    assert (back, loss.at_province, loss.sure) == (known.acknowledged,) * 2 + (120 - known.acknowledged,)
