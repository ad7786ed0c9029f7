"""The province as its service units run it: gunicorn's workers and the timetable, each a process, over one PostgreSQL."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

import forms
from siposyandu import as_laptop, as_province, config, founding, postgres, records
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.moving import move_place
from siposyandu.records import Pen
from siposyandu.store import Store
from tests.conftest import NOW, Village, found
from tests.places import ADDRESS_WORD, free_port, until
from tests.postgresql import Server

pytestmark = pytest.mark.postgresql
DEPLOY = Path(config.__file__).parents[1] / "deploy"
PROGRAMS = Path(sys.executable).parent
PATIENCE_S = 60


@pytest.fixture
def address(postgresql_server: Server) -> Iterator[str]:
    made = postgresql_server.take()
    yield made
    postgresql_server.give_back(made)


@pytest.fixture
def place(tmp_path: Path, address: str) -> Village:
    """The province on PostgreSQL, its settings in its folder."""
    village = found(tmp_path / "province", upstream="", database=address)
    config.save(village.instance.config)
    return village


def command(unit: str) -> list[str]:
    """Return what a unit runs, with the programs of these tests."""
    said = re.search(r"^ExecStart=(.*)$", (DEPLOY / unit).read_text("utf-8"), re.MULTILINE)
    assert said
    program, *rest = shlex.split(said[1])
    return [str(PROGRAMS / Path(program).name), *rest]


@contextmanager
def running(arguments: list[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a program of the place until the test is done with it; what it says is read when it has ended."""
    environment = os.environ | {"SIPOSYANDU_FOLDER": str(folder), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        arguments, env=environment, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/masuk", timeout=10).ok
    except requests.ConnectionError:
        return False


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
    return [int(number) for number in children.split()]


def _told_by_a_laptop(province: Village, address: str, folder: Path) -> list[str]:
    """Let a laptop join and send a child; return the names that the province then knows."""
    laptop = Instance(Config(folder, area="", upstream=address))
    office = Instance(province.instance.config)  # one more program over the same place, by the real time
    with office.store_for_job() as store:
        as_laptop.enrol(
            laptop, address, as_province.new_enrolment_code(office, store, province.melati), "laptop"
        )
        with laptop.store_for_job() as here:
            _weighed(replace(province, instance=laptop), here)
        as_laptop.exchange(laptop)
        return [row["name"] for row in store.rows("select name from person")]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")
def test_gunicorn_serves_the_province_through_the_death_of_a_worker(place: Village, tmp_path: Path) -> None:
    port = free_port()
    arguments = [
        part.replace("127.0.0.1:8520", f"127.0.0.1:{port}") for part in command("siposyandu-province.service")
    ]
    with running(arguments, place.instance.config.folder) as process:
        until(lambda: answers(f"http://127.0.0.1:{port}"), "the province is served")
        until(lambda: len(workers_of(process)) == 4, "the first worker answers before the last one is there")
        first = workers_of(process)
        os.kill(first[0], signal.SIGKILL)
        until(lambda: len(workers_of(process)) == 4 and first[0] not in workers_of(process), "another worker")
        told = _told_by_a_laptop(place, f"http://127.0.0.1:{port}", folder=tmp_path / "melati")
        by_tls = requests.get(
            f"http://127.0.0.1:{port}/masuk", headers={"X-Forwarded-Proto": "https"}, timeout=10
        )
    assert (len(first), by_tls.status_code, told, process.returncode) == (4, 200, ["Aisyah"], 0)
    assert by_tls.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_timetable_runs_once_and_a_second_one_is_told(place: Village, address: str) -> None:
    folder = place.instance.config.folder
    arguments = [
        part.replace("/var/lib/siposyandu", str(folder)) for part in command("siposyandu-jobs.service")
    ]
    with running(arguments, folder) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "the timetable runs\n"
        second = subprocess.run(arguments, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    turn = postgres.Turn(address)
    until(turn.is_mine, "the timetable ended and let go")
    turn.give_up()
    assert (second.returncode, second.stderr.splitlines()[-1]) == (
        1,
        "find it: systemctl status siposyandu-jobs",
    )


def test_the_database_that_the_run_book_makes_is_taken_for_a_new_province(
    tmp_path: Path, postgresql_server: Server
) -> None:
    run_book = (DEPLOY / "README.md").read_text("utf-8")
    said = re.search(r"sudo -u postgres (createdb --owner.*) siposyandu$", run_book, re.MULTILINE)
    assert said
    program, _, *options = shlex.split(said[1])
    name = f"run_book_{os.getpid()}"
    there = [f"--maintenance-db={postgresql_server.address}", name]
    subprocess.run([postgresql_server.program(program), *options, *there], check=True)
    address = urlsplit(postgresql_server.address)._replace(path=f"/{name}").geturl()
    eka = founding.Keeper("Eka", "eka", "tenun songket sukarara")
    made = founding.province(tmp_path / "province", 8520, eka, address)
    with made.store_for_job() as store:
        assert store.rows("select name, role from worker") == [{"name": "Eka", "role": "provinsi"}]
    postgresql_server.drop(address)


def test_of_two_turns_one_is_had_until_it_is_given_up_or_its_connection_lost(address: str) -> None:
    first, second = postgres.Turn(address), postgres.Turn(address)
    had = [first.is_mine(), second.is_mine(), first.is_mine()]
    first.give_up()
    had += [second.is_mine(), first.is_mine()]
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'")
    had += [first.is_mine(), second.is_mine()]
    first.give_up()
    assert had == [True, False, True, True, False, True, False]


def test_a_small_province_serves_pages_and_timetable_in_one_process(place: Village) -> None:
    folder = place.instance.config.folder
    config.save(replace(place.instance.config, port=0))
    with running([str(PROGRAMS / "siposyandu"), "serve", "--folder", str(folder)], folder) as process:
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix(ADDRESS_WORD).strip()
        until(lambda: answers(address), "the province is served")
        second = subprocess.run(
            [str(PROGRAMS / "siposyandu"), "jobs", "--folder", str(folder)],
            capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
    assert (second.returncode, "another program runs the jobs" in second.stderr) == (1, True)


def test_a_province_moves_from_its_file_and_all_its_numbers_with_it(
    tmp_path: Path, postgresql_server: Server
) -> None:
    old = found(tmp_path / "province", upstream="")
    with old.instance.store_for_job() as store:
        child = _weighed(old, store)
        before = {
            table: store.rows(f"select * from {table} order by 1, 2, 3")
            for table in ("edits", "tally", "balita")
        }
    address = postgresql_server.empty()
    counted = move_place(old.instance, address, lambda table, rows: None)

    new = Instance(config.load(tmp_path / "province", {}), lambda: NOW)
    with new.store_for_job() as store:
        after = {table: store.rows(f"select * from {table} order by 1, 2, 3") for table in before}
        assert (new.lane, after, counted > 50) == (old.instance.lane, before, True)
        pen = Pen(new.lane, old.eka, NOW)
        records.save(store, pen, forms.BY_NAME["person"], {"name": "Aisyah Putri"}, child)
        assert [row["id"] for row in store.search("person", ["putri"], 5)] == [child]
        assert records.recount(store, lambda done, of: None) == []
    postgresql_server.drop(address)


def _weighed(village: Village, store: Store) -> str:
    card = {"posyandu": village.melati, "name": "Aisyah", "sex": "f", "birth_date": "2025-05-05"}
    child = records.save(store, village.pen(), forms.BY_NAME["person"], card)
    visit = {"person": child, "posyandu": village.melati, "visit_date": "2026-08-03", "weight_g": 9000}
    records.save(store, village.pen(), forms.BY_NAME["balita"], visit)
    return child


def test_what_pg_dump_copied_is_noticed_as_an_older_day_when_it_is_put_back(
    place: Village, address: str, postgresql_server: Server, tmp_path: Path
) -> None:
    dump = tmp_path / "province.dump"
    subprocess.run(
        [postgresql_server.program("pg_dump"), "--format=custom", f"--file={dump}", address], check=True
    )
    with place.instance.store_for_job() as store:
        _weighed(place, store)
    Instance(place.instance.config, lambda: NOW)  # it was started once more after the copy
    back = postgresql_server.empty()
    restore = [postgresql_server.program("pg_restore"), "--no-owner", f"--dbname={back}", str(dump)]
    subprocess.run(restore, check=True)
    restored = Instance(Config(place.instance.config.folder, area="52", database=back), lambda: NOW)
    with restored.store_for_job() as store:
        told = (store.value("select count(*) from epochs"), store.value("select kind from notices"))
        people = store.value("select count(*) from person")
    assert (told, people, restored.lane != place.instance.lane) == ((2, "restored"), 0, True)
    postgresql_server.drop(back)
