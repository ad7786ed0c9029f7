"""One running place: its settings, its database, its lane in the log, and its road to the province."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import cast

from siposyandu import access, credentials, forgetting, places, records
from siposyandu import config as settings
from siposyandu.config import Config
from siposyandu.errors import Refused
from siposyandu.machine import Chance, Clock
from siposyandu.migrations import migrate
from siposyandu.store import Store, open_store
from sync import client, devices, enrolment, epochs, joining, lanes, opening, roads, upstream
from sync.client import HttpTransport, Laptop, Outcome
from sync.enrolment import Invitation
from sync.errors import SyncError
from sync.ports import Apply, Forget, Transport
from sync.province import Province, open_province, put_back
from sync.rings import KeyFile, Ring
from sync.status import Status, status

KEYS_FILE = "device.json"
LAPTOP_RANK_CEILING = 3
"""On a posyandu's laptop a visiting bidan or nutrition officer may correct; a data officer works at the province."""


class Instance:
    """A place that runs: a posyandu's laptop, a puskesmas PC or the province."""

    def __init__(self, config: Config, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.config = config
        self.now = clock
        """This machine's time, which may be wrong: shown and stored, never decisive."""
        self._clock = Clock(clock)
        self._chance = Chance()
        self._ask: Callable[[], None] = lambda: None
        self._ask_to_copy: Callable[[], None] = lambda: None
        config.keys_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.ring = Ring(KeyFile(config.keys_folder / KEYS_FILE), self._chance.token_bytes)
        with self.store_for_job() as store:
            migrate(store)
            self._open(store)
            records.read_again(store)
            self.lane = lanes.own(store)
            """This place's own lane in the log; a place restored from a copy goes on in another."""

    def _open(self, store: Store) -> None:
        """See whether this database is the one these keys belong to, as it was left, or a copy of an older day."""
        if self.config.is_province:
            open_province(store, self.ring, self._clock, self._chance.token_bytes)
        else:
            opening.open_laptop(store, self.ring, self._clock.now())
            opening.guard(store, self.ring, always=True)

    @property
    def database_key(self) -> bytes | None:
        """The key of the database file while this place is open; None where it is not encrypted. Locked while closed."""
        return None

    def open_store(self) -> Store:
        """Open the database for one thread, with its key where it has one; whoever opens it closes it."""
        if self.config.is_on_postgresql:
            from siposyandu import postgres  # a laptop has no psycopg

            return postgres.open_store(self.config.database)
        return open_store(self.config.database_path, self.database_key)

    @contextmanager
    def store_for_job(self) -> Iterator[Store]:
        """Open the database for the length of a job."""
        store = self.open_store()
        try:
            yield store
        finally:
            store.close()

    # The laptop's side.

    def status(self, store: Store) -> Status:
        """Return how much was recorded here, how much the province has acknowledged, and since when."""
        return status(store)

    def enrol(self, address: str, code: str, machine: str, fingerprint: str = "") -> None:
        """Join the province at an address with a one-time code, then fetch this posyandu's records.

        `fingerprint` is the province's as the letter says it; when given, another province is refused.
        Raises SyncError; its code says why. The code also lets the first worker set her PIN here, for 72 hours.
        """
        with self.store_for_job() as store:
            laptop = self._laptop(store, HttpTransport(address))
            area = joining.enrol(laptop, code, machine=machine, fingerprint=fingerprint or None)
            self.config = replace(self.config, upstream=address, area=area)
            settings.save(self.config)
            credentials.keep_setup_code(store, enrolment.tidy(code), self.now())
            client.exchange(laptop)

    def setup_code_matches(self, store: Store, code: str, address: str = "") -> bool:
        """Whether this is the code by which this laptop joined. NotAllowed after too many wrong tries."""
        return credentials.setup_code_matches(store, enrolment.tidy(code), address, self.now())

    def exchange(self, transport: Transport | None = None) -> Outcome:
        """Send what the province has not acknowledged and fetch what is new. Raises SyncError, already noted."""
        with self.store_for_job() as store:
            address = self.config.upstream
            return roads.exchange(self._laptop(store, transport or HttpTransport(address)), address)

    def exchange_when_due(self, *, asked: bool = False) -> bool:
        """Try to send when it is time to, or when a person asked; a failure is noted for the page and tried again later."""
        with self.store_for_job() as store:
            due = asked or upstream.is_due(store, self._clock.now(), self.config.sync_minutes * 60)
            if not status(store).enrolled or not due:
                return False
        try:
            self.exchange()
        except SyncError:
            return False
        return True

    def _laptop(self, store: Store, transport: Transport) -> Laptop:
        apply, forget = cast(Apply, records.apply), cast(Forget, forgetting.forget)
        return Laptop(
            store, self.ring, transport, self._clock, self._chance, apply, forget, version("siposyandu")
        )

    def on_ask_to_send(self, ask: Callable[[], None]) -> None:
        """Say what happens when somebody asks to send now (see jobs)."""
        self._ask = ask

    def ask_to_send(self) -> None:
        """Ask the sending job to run now; returns at once."""
        self._ask()

    def on_ask_to_copy(self, ask: Callable[[], None]) -> None:
        """Say what happens when somebody asks for a copy now (see jobs)."""
        self._ask_to_copy = ask

    def ask_to_copy(self) -> None:
        """Ask the copying job to run now; returns at once."""
        self._ask_to_copy()

    # The province's side.

    def province(self, store: Store) -> Province:
        """Return what the province's door for machines needs to answer one request."""
        apply = cast(Apply, records.apply)
        return Province(store, self.ring.keys, apply, _scope, _rank_of, self._clock)

    def begin_epoch(self) -> str:
        """Begin a new epoch: the database was put back to an older day and laptops shall send again what it lacks."""
        if not self.config.is_province:
            raise Refused("only the province has epochs", "a laptop that was put back finds it out by itself")
        with self.store_for_job() as store:
            put_back(store, self.ring, self._clock, self._chance.token_bytes)
            return epochs.current(store)

    def new_enrolment_code(self, store: Store, posyandu_id: str) -> str:
        """Return a one-time code for a laptop of a posyandu, good for 72 hours; it can be shown only now."""
        name = places.title(store, posyandu_id)
        invitation = Invitation(area=posyandu_id, label=name, rank_ceiling=LAPTOP_RANK_CEILING)
        return enrolment.issue(store, invitation, self._clock.now(), self._chance)


def _scope(store: object, lane: str) -> frozenset[str]:
    found = cast(Store, store)
    return places.receives(found, devices.area_of(found, lane))


def _rank_of(store: object, worker_id: str, since: str | None) -> int | None:
    return access.rank_held(cast(Store, store), worker_id, since)
