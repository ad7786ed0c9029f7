"""The village that the tests live in.

Aminah is kader of posyandu Melati, Baiq the bidan of its desa, Citra the nutrition officer of its puskesmas.
Dedi is kader of posyandu Kenanga in another desa and must see nothing of Melati's. Eka keeps the province's numbers.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

import forms
from siposyandu import i18n, postgres, records
from siposyandu.access import Worker
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.periods import instant_text
from siposyandu.records import Pen
from siposyandu.store import SqliteStore, Store, open_store
from tests import made_once, one_run, postgresql
from tests.made_once import TEMPLATES, kept_of, put_tables
from tests.sync_disk import DISK

NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)  # nine in the morning in NTB
PIN = "274915"
PASSWORD = "tenun songket sukarara"
SQLITE_FILE = "siposyandu.db"
MELATI_DESA, KENANGA_DESA = "5202022005", "5203012001"


# The contract: these run whole on SQLite and on PostgreSQL.
ON_BOTH = """
    test_access
    test_attacks_by_edits
    test_app
    test_credentials
    test_derived
    test_every_page
    test_doubtful_dates
    test_due
    test_import_checking
    test_import_taking
    test_indicators
    test_indicators_rules
    test_joined_cards
    test_keeping
    test_kept_while_the_clock_is_set
    test_names
    test_parcels
    test_partitions
    test_quality
    test_records
    test_sip_rows
    test_sixteen_laptops
    test_sql
    test_months_to_come
    test_store
    test_store_search
    test_sync_bundle
    test_sync_bundle_copies
    test_sync_bundle_hostile
    test_sync_codes_used_up
    test_sync_conflicts
    test_sync_departures
    test_sync_edits
    test_sync_enrolment
    test_sync_exchange
    test_sync_hostile
    test_sync_joining_cut
    test_sync_limits
    test_sync_many_on_their_way
    test_sync_faults
    test_sync_false_acked
    test_sync_fold
    test_sync_forgotten
    test_sync_forks
    test_sync_looked_at_again
    test_sync_meanwhile
    test_sync_odd_text
    test_sync_other_records
    test_sync_paper
    test_sync_pc_keeps
    test_sync_relay
    test_sync_restored_province
    test_sync_held
    test_sync_left_lane
    test_sync_no_room
    test_sync_repeated_receipts
    test_sync_late_receipts
    test_sync_put_back_twice
    test_sync_receipts_waiting
    test_sync_many_lanes
    test_sync_shut_out
    test_sync_stories
    test_sync_returned_in_pages
    test_sync_stands_or_withdrawn
    test_sync_taken_away
    test_sync_taken_too_early
    test_sync_told_of_reviews
    test_sync_weights
    test_sync_workers_at_once
    test_sync_wire
    test_tally
    test_titipan
    test_trial_soak
    test_web_around_the_day
    test_web_child
    test_web_colleagues
    test_web_differences
    test_web_envelopes
    test_web_excel
    test_web_excel_refused
    test_web_faltering
    test_web_grid
    test_web_growth_charts
    test_web_home_visits
    test_web_keep
    test_web_keep_laptops
    test_web_laptop
    test_web_login
    test_web_machines
    test_web_measuring
    test_web_merge
    test_web_province
    test_web_print
    test_web_put_back
    test_web_referrals
    test_web_register
    test_web_search
    test_web_session
    test_web_skdn
    test_web_today
    test_web_two_children
    test_web_undo
    test_web_undo_beside
    test_web_waiting
    test_web_weigh
    test_sync_large_edits
    test_sync_relay_keys
    test_sync_junk_headers
    test_sync_released
    test_sync_full_satchel
    test_sync_between
    test_sync_bombs
    test_sync_many_bundles
    test_sync_overdue
    test_sync_mended_province
    test_sync_two_programs
    test_sync_text_too_long
    test_web_keep_two_keepers
    test_keeping_laptops_meanwhile
"""


def pytest_configure() -> None:
    """Let the tests' folders lie in memory where it has room, and nothing take its while again and again."""
    one_run.let_folders_lie_in_memory()
    one_run.let_programs_keep_byte_code()
    made_once.prove_once()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files begin first."""
    one_run.longest_first(items)


def pytest_collection_finish() -> None:
    """Look past what stays for the whole run when garbage is looked for."""
    one_run.look_past_what_stays()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of the contract on both databases; one that makes hundreds of them stays in memory."""
    is_property = getattr(metafunc.function, "is_hypothesis_test", False)
    module = metafunc.module.__name__.rsplit(".", 1)[-1]
    if module in ON_BOTH.split() and "database" in metafunc.fixturenames and not is_property:
        both = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
        metafunc.parametrize("database", both, indirect=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """A PostgreSQL server of this run's own."""
    with postgresql.running() as server:
        yield server


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """What the setting `database` of a place says: a file in its folder, or the address of a PostgreSQL without rows."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield SQLITE_FILE
        return
    server: postgresql.Server = request.getfixturevalue("postgresql_server")
    address = server.take()
    yield address
    server.give_back(address)


@pytest.fixture
def sync_database(database: str, request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the province of a sync world, and every store that `sync_app.new_store` makes, live where `database` says."""
    if database == SQLITE_FILE:
        yield
        return
    DISK.use(request.getfixturevalue("postgresql_server"))
    yield
    DISK.leave()


@pytest.fixture(autouse=True)
def indonesian() -> None:
    """Every test begins in the language of the product, whatever the one before it spoke."""
    i18n.speak("id")


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """An empty store with all its tables: in memory, or in PostgreSQL."""
    made = open_at(database, None)
    if isinstance(made, SqliteStore):
        put_tables(made)
    yield made
    made.close()


def open_at(database: str, folder: Path | None) -> Store:
    """Open a store where the setting `database` says; a file in a folder, or in memory without one."""
    if "://" in database:
        return postgres.open_store(database)
    return open_store(folder / database if folder else ":memory:")


@dataclass(frozen=True)
class Village:
    """Two posyandu of different desa, one puskesmas, and the people who work there."""

    instance: Instance
    puskesmas: str
    melati: str
    kenanga: str
    aminah: Worker
    baiq: Worker
    citra: Worker
    dedi: Worker
    eka: Worker

    def pen(self, who: Worker | None = None) -> Pen:
        """The pen of a worker (Aminah's, unless told otherwise), in this machine's lane, at nine in the morning."""
        return Pen(self.instance.lane, who or self.aminah, self.instance.now())


def settle(store: Store, instance: Instance) -> Village:
    """Write the village's places and people into a store, all at once: each save on its own waits for the disk."""
    with store.write():
        return _settled(store, instance)


def _settled(store: Store, instance: Instance) -> Village:
    office = Pen(instance.lane, Worker("0" * 32, "Office", "provinsi", "52"), NOW)

    def keep(form: str, **values: str | int) -> str:
        return records.save(store, office, forms.BY_NAME[form], values)

    def hire(name: str, role: str, area: str) -> Worker:
        made = keep("worker", name=name, username=name.lower(), role=role, area=area, active=1)
        return Worker(made, name, role, area)

    puskesmas = keep(
        "puskesmas", code="P1", name="Praya", desa_codes=MELATI_DESA, kecamatan_code=MELATI_DESA[:6]
    )
    melati = keep("posyandu", code="M1", name="Melati", desa_code=MELATI_DESA, puskesmas=puskesmas, active=1)
    kenanga = keep("posyandu", code="K1", name="Kenanga", desa_code=KENANGA_DESA, active=1)
    return Village(
        instance,
        puskesmas,
        melati,
        kenanga,
        aminah=hire("Aminah", "kader", melati),
        baiq=hire("Baiq", "bidan_desa", MELATI_DESA),
        citra=hire("Citra", "tenaga_gizi", puskesmas),
        dedi=hire("Dedi", "kader", kenanga),
        eka=hire("Eka", "provinsi", "52"),
    )


def let_in(store: Store, secret: str, now: datetime, *workers: str) -> None:
    """Give workers their PIN or their password, which is hashed once a run."""
    kept = [(worker, kept_of(secret), instant_text(now)) for worker in workers]
    with store.write():
        store.many("delete from credential where worker = $1", [(worker,) for worker in workers])
        store.many("insert into credential (worker, secret_hash, changed_at) values ($1, $2, $3)", kept)


def new_place(config: Config, clock: Callable[[], datetime] = lambda: NOW) -> Instance:
    """Begin a place that is new; a database file of its own has all its tables already."""
    if not (config.encrypted or config.is_on_postgresql):
        config.folder.mkdir(parents=True, exist_ok=True)
        with closing(open_store(config.database_path)) as empty:
            put_tables(empty)
    return Instance(config, clock)


def found(folder: Path, *, upstream: str, database: str = SQLITE_FILE) -> Village:
    """Found a place with the whole village on it: a laptop of Melati's when it has an upstream, else the province."""
    instance = new_place(Config(folder=folder, area="52", upstream=upstream, database=database))
    with instance.store_for_job() as store:
        village = settle(store, instance)
        let_in(store, PIN, NOW, village.aminah.id, village.baiq.id, village.dedi.id)
        let_in(store, PASSWORD, NOW, village.citra.id, village.eka.id)
    if upstream:
        instance.config = replace(instance.config, area=village.melati)
    return village


@pytest.fixture
def village(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Village:
    """The laptop of posyandu Melati; in a test that has a province too, PostgreSQL is the province's."""
    mine = SQLITE_FILE if "province" in request.fixturenames else database
    return found(tmp_path / "melati", upstream="http://127.0.0.1:9", database=mine)


@pytest.fixture
def province(tmp_path: Path, database: str) -> Village:
    """The province's server, with the same people."""
    return found(tmp_path / "province", upstream="", database=database)


@pytest.fixture
def instance(village: Village) -> Instance:
    """The running place of Melati's laptop."""
    return village.instance


def app_of(village: Village) -> Flask:
    """The pages of the village's place."""
    return pages_of(village.instance)


def pages_of(instance: Instance, *which: tuple[Blueprint, ...]) -> Flask:
    """The pages of a place, all or which are said, without the CSRF check, so that a test can press buttons."""
    from siposyandu.app import create_app

    app = create_app(instance, *which)
    app.jinja_env.bytecode_cache = TEMPLATES
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def client(village: Village) -> FlaskClient:
    """A browser at Melati's laptop, nobody signed in."""
    return app_of(village).test_client()


@pytest.fixture
def province_client(province: Village) -> FlaskClient:
    """A browser at the province, nobody signed in."""
    return app_of(province).test_client()


def sign_in(client: FlaskClient, worker: Worker) -> FlaskClient:
    """Sign a worker in: a kader or bidan with her PIN on the laptop, others with their password."""
    if worker.role in ("kader", "bidan_desa"):
        answer = client.post(f"/masuk/{worker.id}", data={"pin": PIN})
    else:
        answer = client.post("/masuk", data={"username": worker.name.lower(), "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


def on_the_day(client: FlaskClient, worker: Worker, day: str = "2026-08-03") -> FlaskClient:
    """A worker at the keyboard, the day said: the 3rd of August unless another is."""
    sign_in(client, worker).post("/hari-ini/tanggal", data={"day": day})
    return client


def at_keyboard(client: FlaskClient, worker: Worker, day: str = "2026-08-03") -> FlaskClient:
    """A worker at the keyboard, in English, the day said."""
    on_the_day(client, worker, day).get("/bahasa/en")
    return client
