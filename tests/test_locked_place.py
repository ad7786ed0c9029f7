"""An encrypted place: closed until its passphrase is given, closed again by hand or after hours, and no key ever leaves."""

import io
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from siposyandu import as_laptop, backups, config, jobs, titipan
from siposyandu.config import Config
from siposyandu.errors import BadInput, Broken, WrongPassphrase
from siposyandu.errors import Locked as Closed
from siposyandu.instance import Instance
from siposyandu.jobs import Timetable
from siposyandu.machine import Chance, hold_little_memory
from siposyandu.store import Store, open_store
from sync import bundle, certificates, upstream
from sync.certificates import Certificate
from sync.errors import TryAgain, UnknownReference, Unreachable
from sync.keys import Keys, make
from sync.upstream import Welcome
from tests.conftest import NOW
from tests.locked import NAME, OTHER, PASSPHRASE, Locked, everything_in, found, write_child


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Locked]:
    """Melati's laptop, closed."""
    made = found(tmp_path / "melati")
    yield made
    made.instance.lock()


def test_a_closed_place_gives_no_store_no_lane_and_no_keys(laptop: Locked) -> None:
    place = laptop.instance
    for ask in (
        place.open_store,
        lambda: place.lane,
        lambda: place.ring,
        lambda: place.database_key,
        lambda: place.cookie_key,
    ):
        with pytest.raises(Closed):
            ask()
    assert not place.is_open


def test_the_passphrase_opens_it_and_closing_forgets(laptop: Locked) -> None:
    place = laptop.instance
    place.unlock(PASSPHRASE)
    child = write_child(laptop.village)
    lane, keys = place.lane, place.ring.keys
    place.lock()
    with pytest.raises(Closed):
        place.open_store()
    place.unlock(PASSPHRASE)
    with place.store_for_job() as store:
        assert store.value("select name from person where id = $1", child) == NAME
    assert (place.lane, place.ring.keys.sign_seed) == (lane, keys.sign_seed)


def test_a_wrong_passphrase_leaves_it_closed(laptop: Locked) -> None:
    with pytest.raises(WrongPassphrase):
        laptop.instance.unlock(OTHER)
    assert not laptop.instance.is_open


def test_a_store_that_is_in_use_while_the_place_is_closed_ends_its_work(laptop: Locked) -> None:
    place = laptop.instance
    place.unlock(PASSPHRASE)
    with place.store_for_job() as store:
        with store.write():
            store.run("update worker set name = $1 where id = $2", "Aminah S.", laptop.village.aminah.id)
            place.lock()
        still = store.value("select name from worker where id = $1", laptop.village.aminah.id)
    assert (still, place.is_open) == ("Aminah S.", False)


def test_an_exchange_under_way_ends_after_the_request_in_which_the_place_was_closed(laptop: Locked) -> None:
    place = laptop.instance
    place.unlock(PASSPHRASE)

    class Road:
        posted = 0

        def post(self, path: str, body: bytes) -> bytes:
            self.posted += 1
            place.lock()
            raise Unreachable("cut") if self.posted > 1 else UnknownReference("spell it")

    with place.store_for_job() as store:
        welcome(store, place)
    road = Road()
    with pytest.raises(TryAgain):
        as_laptop.exchange(place, road)
    assert (road.posted, place.is_open) == (1, False)


def welcome(store: Store, place: Instance) -> Keys:
    """Let the laptop believe that it has joined: it has a certificate that some province signed, whose keys are returned."""
    keys = make(Chance().token_bytes)
    said = Certificate(
        lane=place.lane, sign_key=place.ring.keys.sign_key, box_key=place.ring.keys.box_key, area=place.config.area,
        rank_ceiling=3, label="Melati", machine="laptop", issued_at="2026-08-03T01:00:00Z",
    )  # fmt: skip
    signed = certificates.sign(said, keys)
    with store.write():
        upstream.welcome(store, Welcome(signed, keys.sign_key, keys.box_key), said.area)
    return keys


def test_it_closes_by_itself_when_nobody_has_used_it_for_hours(laptop: Locked) -> None:
    place = laptop.instance
    place.unlock(PASSPHRASE)
    hours = place.config.lock_hours
    for _ in range(3):
        laptop.steady.seconds += hours * 3600 - 1
        place.used()
    laptop.steady.seconds += hours * 3600 - 1
    place.lock_when_unused()
    still_open = place.is_open
    laptop.steady.seconds += 1
    place.lock_when_unused()
    assert (still_open, place.is_open) == (True, False)


def test_the_first_to_come_after_the_hours_finds_it_closed(laptop: Locked) -> None:
    laptop.instance.unlock(PASSPHRASE)
    laptop.steady.seconds += laptop.instance.config.lock_hours * 3600
    laptop.instance.used()
    assert not laptop.instance.is_open


def test_jobs_run_only_while_it_is_open(laptop: Locked, caplog: pytest.LogCaptureFixture) -> None:
    ran: list[bool] = []
    with caplog.at_level(logging.INFO):
        jobs._run(lambda place: ran.append(place.is_open), laptop.instance, lambda: True)
        laptop.instance.unlock(PASSPHRASE)
        jobs._run(lambda place: ran.append(place.is_open), laptop.instance, lambda: True)
    assert (ran, [line for line in caplog.messages if "failed" in line]) == ([True], [])


def test_memory_is_given_back_after_each_job_also_one_that_failed(laptop: Locked) -> None:
    given_back: list[str] = []
    laptop.instance.unlock(PASSPHRASE)

    def fails(place: Instance) -> None:
        raise ValueError

    for job in (lambda place: None, fails):
        jobs._run(job, laptop.instance, lambda: True, lambda: given_back.append("memory"))
    hold_little_memory()()
    assert given_back == ["memory", "memory"]


def test_a_copy_is_not_proved_while_somebody_works(laptop: Locked) -> None:
    place = laptop.instance
    place.unlock(PASSPHRASE)
    backups.make_now(place)

    def proof() -> object:
        jobs.prove(place)
        with place.store_for_job() as store:
            return backups.state(place, store).proof

    at_work = proof()
    laptop.steady.seconds += jobs.QUIET_SECONDS
    assert (at_work, proof() is None) == (None, False)


def test_a_timetable_starts_and_stops_with_a_closed_place(laptop: Locked) -> None:
    timetable = Timetable(laptop.instance)
    timetable.start()
    laptop.instance.unlock(PASSPHRASE)
    laptop.instance.lock()
    timetable.stop()
    assert not laptop.instance.is_open


def test_a_job_that_hangs_keeps_no_place_open(laptop: Locked) -> None:
    place, closed, answered = laptop.instance, Event(), Event()

    def hours_pass() -> None:
        laptop.steady.seconds += 24 * 3600
        if not place.is_open:
            closed.set()

    place.on_turn(hours_pass)
    timetable = Timetable(place, afterwards=answered.wait)
    timetable.start()
    place.unlock(PASSPHRASE)
    was_closed = closed.wait(20)
    answered.set()
    timetable.stop()
    assert was_closed


def test_both_papers_open_it_and_give_it_a_new_passphrase(laptop: Locked) -> None:
    place = laptop.instance
    with pytest.raises(BadInput):
        place.recover(*laptop.papers, "pendek")
    place.recover(*laptop.papers, OTHER)
    place.lock()
    with pytest.raises(WrongPassphrase):
        place.unlock(PASSPHRASE)
    place.unlock(OTHER)
    assert place.is_open


def test_a_lost_vault_is_never_replaced_by_a_new_one(laptop: Locked) -> None:
    (laptop.folder / "vault.json").unlink()
    place = Instance(config.load(laptop.folder), clock=lambda: NOW)
    with pytest.raises(Broken):
        place.begin_vault(PASSPHRASE)
    assert not place.is_open


def test_a_database_of_another_vault_is_named_and_leaves_the_place_closed(
    laptop: Locked, tmp_path: Path
) -> None:
    other = Instance(Config(tmp_path / "other", area="", upstream="http://127.0.0.1:9", encrypted=True))
    other.begin_vault(OTHER)
    other.lock()
    laptop.folder.joinpath("siposyandu.db").write_bytes((tmp_path / "other" / "siposyandu.db").read_bytes())
    laptop.instance.unlock(PASSPHRASE)
    assert (laptop.instance.is_open, laptop.instance.damage is not None) == (False, True)


# What lies on the disk.


def test_no_file_of_an_open_or_closed_laptop_holds_a_name_or_a_seed(laptop: Locked) -> None:
    place = laptop.instance
    place.unlock(PASSPHRASE)
    keys = place.ring.keys
    secrets = [NAME.encode(), b"Aminah", keys.sign_seed, keys.box_seed, keys.sign_seed.hex().encode()]
    secrets += [keys.box_seed.hex().encode(), PASSPHRASE.encode(), place.cookie_key]
    with place.store_for_job() as store:
        write_child(laptop.village)
        store.search("person", ["zulkarnain"], 5)
        while_open = everything_in(laptop.folder)
        assert (laptop.folder / "siposyandu.db-wal").stat().st_size > 0
    place.lock()
    closed = everything_in(laptop.folder)
    assert [said for said in secrets if said in while_open or said in closed] == []


def test_no_copy_of_the_database_holds_a_seed(laptop: Locked, tmp_path: Path) -> None:
    place = laptop.instance
    place.unlock(PASSPHRASE)
    keys = place.ring.keys
    with place.store_for_job() as store:
        write_child(laptop.village)
        store.database.conn.execute("vacuum into $1", {"1": str(tmp_path / "copy.db")})
        found = [
            value
            for row in all_values(store.database.conn)
            for value in row
            if isinstance(value, str | bytes)
        ]
    seeds = (keys.sign_seed, keys.box_seed)
    told = [
        each
        for each in found
        for seed in seeds
        if (seed.hex() in each if isinstance(each, str) else seed in each)
    ]
    copied = (tmp_path / "copy.db").read_bytes()
    assert (told, NAME.encode() in copied) == ([], False)
    copy = open_store(tmp_path / "copy.db", place.database_key)
    assert copy.value("select count(*) from person") == 1
    copy.close()


def test_no_bundle_and_no_copy_that_leaves_the_laptop_holds_a_seed(laptop: Locked) -> None:
    place = laptop.instance
    place.unlock(PASSPHRASE)
    write_child(laptop.village)
    with place.store_for_job() as store:
        province = welcome(store, place)
        carried = titipan.outgoing(place, store).data
    [found] = [each for each in bundle.split(carried) if isinstance(each, bundle.Bundle)]
    inside = b"".join(
        bytes(each)
        for item in bundle.open_push(found, province.box_seed)
        for each in item
        if isinstance(each, bytes)
    )
    made = backups.make_now(place)
    copied = everything_in(laptop.folder / "copies")
    own = place.ring.keys
    seeds = [said for seed in (own.sign_seed, own.box_seed) for said in (seed, seed.hex().encode())]
    assert (made.bytes > 1000, len(inside) > 100, NAME.encode() in copied + carried) == (
        True,
        True,
        False,
    )
    assert [seed for seed in seeds if seed in carried + inside + copied] == []


def all_values(connection: Any) -> Iterator[tuple[object, ...]]:
    tables = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    for (table,) in map(tuple, tables):
        yield from map(tuple, connection.execute(f'select * from "{table}"'))


def test_nothing_is_left_open_after_closing(laptop: Locked) -> None:
    place = laptop.instance
    place.unlock(PASSPHRASE)
    write_child(laptop.village)
    place.lock()
    held = [
        os.readlink(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd") if _is_link(number)
    ]
    assert [path for path in held if path.startswith(str(laptop.folder))] == []


def _is_link(number: str) -> bool:
    return os.path.lexists(f"/proc/self/fd/{number}")


def test_what_a_crash_writes_down_holds_no_key(laptop: Locked) -> None:
    place, written = laptop.instance, io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    place.unlock(PASSPHRASE)
    keys = [place.database_key, place.cookie_key, place.ring.keys.sign_seed]

    def fails(here: Instance) -> None:
        with here.store_for_job() as store:
            store.rows("select nothing from nowhere")

    jobs._run(fails, place, lambda: True)
    place.lock()
    jobs._run(fails, place, lambda: True)
    logging.getLogger().removeHandler(handler)
    said = written.getvalue()
    assert "nowhere" in said
    assert [key for key in keys if key is not None and (key.hex() in said or repr(key) in said)] == []
