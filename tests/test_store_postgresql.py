"""What only PostgreSQL can do wrong: a lost server, a hidden failure, a database that sorts otherwise, two programs at once."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from siposyandu import postgres, postgres_pool
from siposyandu.errors import BadConfig, NoDatabase
from siposyandu.migrations import migrate
from siposyandu.postgres import WRITE_LOCK
from sync import body, intake, lanes
from sync.body import Edit
from sync.log import Line
from tests.conftest import app_of, found
from tests.postgresql import Server
from tests.threads import in_threads

pytestmark = pytest.mark.postgresql


@pytest.fixture
def address(postgresql_server: Server) -> Iterator[str]:
    made = postgresql_server.take()
    yield made
    postgresql_server.give_back(made)


@pytest.fixture
def empty(postgresql_server: Server) -> Iterator[str]:
    made = postgresql_server.empty()
    yield made
    postgresql_server.drop(made)


def test_programs_that_start_at_once_make_the_tables_once(empty: str) -> None:
    def start() -> list[str]:
        store = postgres.open_store(empty)
        taken = migrate(store)
        store.close()
        return taken

    taken = [len(names) for names in in_threads([start] * 4)]  # type: ignore[arg-type]
    assert sorted(taken)[:3] == [0, 0, 0]
    assert max(taken) > 10


def test_a_database_that_sorts_otherwise_is_refused_before_a_table_is_made(postgresql_server: Server) -> None:
    made = postgresql_server.empty("encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'")
    store = postgres.open_store(made)
    with pytest.raises(BadConfig, match="sorts"):
        migrate(store)
    assert store.value("select count(*) from pg_tables where schemaname = 'public'") == 0
    store.close()
    postgresql_server.drop(made)


def test_a_failure_that_somebody_hides_is_not_taken_for_a_commit(address: str) -> None:
    store = postgres.open_store(address)
    with pytest.raises(RuntimeError, match="nobody undid"), store.write():
        store.run("insert into tally_due (posyandu, month) values ('a', '2026-08')")
        with pytest.raises(psycopg.Error):
            store.run("insert into tally_due (posyandu, month) values ('a', null)")
    assert store.rows("select * from tally_due") == []
    store.close()


def test_a_connection_goes_on_as_before_after_rows_that_the_table_refused(address: str) -> None:
    store = postgres.open_store(address)
    sql = "insert into tally_due (posyandu, month) values ($1, $2) on conflict (posyandu, month) do nothing"
    for many in (9, 70, 300, 300):
        with pytest.raises(psycopg.errors.NotNullViolation), store.write():
            store.many(sql, [(f"bad {n}", "2026-08" if n != many // 2 else None) for n in range(many)])
    for many in (9, 70, 300):
        with store.write():
            store.many(sql, [(f"good {n}", "2026-08") for n in range(many)])
    assert store.value("select count(*) from tally_due") == 300
    store.close()


def test_a_connection_lost_in_the_middle_undoes_all_and_the_next_page_works(address: str) -> None:
    store = postgres.open_store(address)
    with pytest.raises(NoDatabase), store.write():
        store.run("insert into tally_due (posyandu, month) values ('a', '2026-08')")
        _hang_up_on(store, address)
        store.run("insert into tally_due (posyandu, month) values ('b', '2026-08')")
    store.close()
    after = postgres.open_store(address)
    with after.write():
        after.run("insert into tally_due (posyandu, month) values ('c', '2026-08')")
    assert after.rows("select posyandu from tally_due") == [{"posyandu": "c"}]
    after.close()


def test_a_server_that_was_started_again_is_not_noticed_by_the_next_page(address: str) -> None:
    before = postgres.open_store(address)
    number = before.value("select pg_backend_pid()")
    before.close()
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [number])
    after = postgres.open_store(address)
    assert after.value("select 1") == 1
    after.close()


def test_a_server_that_does_not_answer_is_named_and_a_page_says_so(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    province = found(tmp_path, upstream="", database=address)
    app = app_of(province)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    gone = "postgresql://127.0.0.1:9/siposyandu"
    monkeypatch.setattr(postgres_pool, "WAIT_SECONDS", 0.2)
    with pytest.raises(NoDatabase, match="no connection"):
        postgres.open_store(gone).value("select 1")
    province.instance.config = replace(province.instance.config, database=gone)
    page, door = app.test_client().get("/masuk"), app.test_client().post("/v1/s", data=b"x" * 200)
    assert (page.status_code, "<h1" in page.text, door.status_code) == (500, True, 500)


def test_who_waits_too_long_for_the_lock_is_told_and_can_go_on(address: str) -> None:
    store = postgres.open_store(address)
    store.value("select set_config('lock_timeout', '50ms', false)")
    with psycopg.connect(address) as other:
        other.execute("select pg_advisory_xact_lock(%s)", [WRITE_LOCK])
        with pytest.raises(NoDatabase, match="lock timeout"), store.write():
            pass
    with store.write():
        store.run("insert into tally_due (posyandu, month) values ('a', '2026-08')")
    assert store.value("select count(*) from tally_due") == 1
    store.close()


def test_two_writers_take_their_numbers_one_after_the_other(address: str) -> None:
    """Without the lock both would read the same last number: here one is stopped between reading and writing."""
    read, go_on = threading.Event(), threading.Event()

    def take_number(stop: bool) -> int:
        store = postgres.open_store(address)
        with store.write():
            number = int(store.value("select coalesce(max(from_n), 0) + 1 from epochs"))
            if stop:
                read.set()
                go_on.wait(10)
            store.run("insert into epochs (epoch, from_n, since_at) values ($1, $2, '')", str(stop), number)
        store.close()
        return number

    def second() -> int:
        read.wait(10)
        threading.Timer(0.2, go_on.set).start()
        return take_number(stop=False)

    assert in_threads([lambda: take_number(stop=True), second]) == [1, 2]


def test_a_reader_never_sees_a_later_number_before_an_earlier_one(address: str) -> None:
    def write() -> None:
        store = postgres.open_store(address)
        for _ in range(25):
            with store.write():
                number = store.value("select coalesce(max(from_n), 0) + 1 from epochs")
                store.run(
                    "insert into epochs (epoch, from_n, since_at) values ($1, $2, '')",
                    f"{id(store)} {number}",
                    number,
                )
        store.close()

    def read() -> list[int]:
        store = postgres.open_store(address)
        gaps, last = [], 0
        while last < 100:
            seen = [row["from_n"] for row in store.rows("select from_n from epochs order by from_n")]
            gaps += [last] if seen != list(range(1, len(seen) + 1)) else []
            last = len(seen)
        store.close()
        return gaps

    assert in_threads([write, write, write, write, read])[-1] == []


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_process_that_was_forked_opens_connections_of_its_own(address: str) -> None:
    store = postgres.open_store(address)
    ours = store.value("select pg_backend_pid()")
    child = os.fork()
    if child == 0:
        mine = postgres.open_store(address)
        os._exit(0 if mine.value("select pg_backend_pid()") != ours else 1)
    _, status = os.waitpid(child, 0)
    assert (os.waitstatus_to_exitcode(status), store.value("select 1")) == (0, 1)
    store.close()


def _hang_up_on(store: postgres.PostgresStore, address: str) -> None:
    number = store.value("select pg_backend_pid()")
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [number])


def test_a_connection_lost_while_records_are_made_is_no_fault_of_the_records(address: str) -> None:
    store = postgres.open_store(address)
    migrate(store)

    def apply(store: object, edits: object) -> None:
        store.value("select pg_terminate_backend(pg_backend_pid())")  # type: ignore[attr-defined]

    lane = lanes.open_own(store, "a" * 32, "sentinel").lane
    edit, text, _ = body.named(Edit("", lane, 1, "create", "", 1, "", 0, "2026-08-03T01:00:00Z", {0: 1}, {}))
    with pytest.raises(NoDatabase), store.write():
        intake.take(store, [Line(edit, text)], "2026-08-03T01:00:00Z", apply, lambda new, known: [])
    store.close()
    again = postgres.open_store(address)
    assert (again.value("select count(*) from reviews"), again.value("select count(*) from edits")) == (0, 0)
    again.close()
