"""One running place: its settings, its database, its lane in the log, and its road to the province."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from threading import RLock
from typing import cast

from siposyandu import access, credentials, forgetting, health, places, records
from siposyandu import config as settings
from siposyandu.config import Config
from siposyandu.errors import Locked, Refused
from siposyandu.health import Damaged
from siposyandu.machine import Chance, Clock, steady_seconds
from siposyandu.migrations import migrate
from siposyandu.store import Store, open_store
from siposyandu.vault import converting
from siposyandu.vault.door import Door
from siposyandu.vault.papers import Paper
from siposyandu.vault.safe import Secrets
from siposyandu.vault.shelf import SealedShelf
from sync import client, devices, enrolment, epochs, joining, lanes, opening, roads, upstream
from sync.client import HttpTransport, Laptop, Outcome
from sync.enrolment import Invitation
from sync.errors import SyncError
from sync.keys import fingerprint
from sync.ports import Apply, Forget, Transport
from sync.province import Province, open_province, put_back
from sync.rings import KeyFile, Ring, Shelf
from sync.status import Status, status

KEYS_FILE = "device.json"
SECONDS_AN_HOUR = 3600
LAPTOP_RANK_CEILING = 3
"""On a posyandu's laptop a visiting bidan or nutrition officer may correct; a data officer works at the province."""


def this_moment() -> datetime:
    """Return this machine's time, which may be wrong."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Opened:
    """What a place has only while it is open."""

    ring: Ring
    lane: str


class Instance:
    """A place that runs: a posyandu's laptop, a puskesmas PC or the province."""

    def __init__(
        self,
        config: Config,
        clock: Callable[[], datetime] = this_moment,
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self.config = config
        self.now = clock
        """This machine's time, which may be wrong: shown and stored, never decisive."""
        self._clock = Clock(clock)
        self._chance = Chance()
        self._ask: Callable[[], None] = lambda: None
        self._ask_to_copy: Callable[[], None] = lambda: None
        self._steady, self._used_at_s = steady, steady()
        self.door = self._new_door()
        """Opens and closes this place where it is encrypted (see vault/); elsewhere it stands open."""
        self._opened: _Opened | None = None
        self.damage: Damaged | None = None
        """Why the database cannot be used, found at the opening or later; nothing is read from it then, nothing sent."""
        self._turning = RLock()
        self._on_turn: list[Callable[[], None]] = []
        if not self.door.has_lock:
            self._begin_or_find_damage()

    # Opening and closing.

    @property
    def is_open(self) -> bool:
        """Whether the database may be opened: always where there is no passphrase, else between unlock and lock."""
        return self._opened is not None

    @property
    def ring(self) -> Ring:
        """The keys this place signs with. Locked while it is closed."""
        return self._must_be_open().ring

    @property
    def lane(self) -> str:
        """This place's own lane in the log; a place restored from a copy goes on in another. Locked while closed."""
        return self._must_be_open().lane

    def unlock(self, passphrase: str) -> None:
        """Open this place. WrongPassphrase, MustWait after too many; nothing where it is open already."""
        self._turn(lambda: self.door.open(passphrase))

    def recover(self, first: Paper, second: Paper, passphrase: str) -> None:
        """Open this place by its two recovery papers and give it a new passphrase. Refused, BadInput."""
        self._turn(lambda: self.door.recover(first, second, passphrase))

    def begin_vault(self, passphrase: str) -> tuple[Paper, Paper]:
        """Give a new place its first passphrase (BadInput when weak), open it, return its recovery papers."""
        self._turn(lambda: self.door.begin(passphrase, self.config.database_path))
        return self.door.print_papers()

    def lock(self) -> None:
        """Close this place: no store can be opened, its keys are forgotten; who still holds a store ends with it."""
        with self._turning:
            if self.door.has_lock:
                self._opened = self.damage = None
                self.door.close()
                self._tell()

    def used(self) -> None:
        """Note that somebody is at work here; after `lock_hours` without that it closes by itself, now if that is past."""
        self.lock_when_unused()
        self._used_at_s = self._steady()

    def lock_when_unused(self) -> None:
        """Close this place when nobody has used it for `lock_hours`, also when the machine slept meanwhile."""
        unused_s = self._steady() - self._used_at_s
        if self.is_open and unused_s >= self.config.lock_hours * SECONDS_AN_HOUR:
            self.lock()

    def on_turn(self, heard: Callable[[], None]) -> None:
        """Say what happens each time this place was opened or closed."""
        self._on_turn.append(heard)

    def _turn(self, act: Callable[[], None]) -> None:
        with self._turning:
            if not self.is_open:
                act()
                try:
                    self._begin_or_find_damage()
                except BaseException:
                    self.door.close()
                    raise
                self._used_at_s = self._steady()
                self._tell()

    def _tell(self) -> None:
        for heard in self._on_turn:
            heard()

    def _must_be_open(self) -> "_Opened":
        opened = self._opened
        if opened is None:
            raise Locked("this place is closed", "open it with its passphrase")
        return opened

    def look_again(self) -> None:
        """Look whether the database is still whole; a damaged one is not used from here on."""
        with self._turning:
            if self.is_open and not self.config.is_on_postgresql:
                try:
                    health.look(self.config.database_path, self.database_key, expected=True)
                except Damaged as damage:
                    self.damage, self._opened = damage, None
                    self._tell()

    def mended(self, config: Config | None = None, secrets: Secrets | None = None) -> None:
        """Go on after a copy was put back, with the settings and keys that came with it. Damaged when it is not whole."""
        with self._turning:
            self.config = config or self.config
            self.door = self.door if config is None else self._new_door()
            if secrets is not None:
                self.door.take(secrets)
            self._opened = self.damage = None
            self._begin()
            self._used_at_s = self._steady()
            self._tell()

    def _new_door(self) -> Door:
        wanted, chance = self.config.encrypted, self._chance.token_bytes
        return Door(self.config.folder, wanted=wanted, token_bytes=chance, steady=self._steady)

    def _begin_or_find_damage(self) -> None:
        try:
            self._begin()
        except Damaged as damage:
            self.damage = damage

    def _begin(self) -> None:
        """Look whether the database is whole, bring its tables up to date, see whose it is, go on in this place's lane."""
        self.config.keys_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        was_here = all(path.is_file() for path in (self._keys_path, self.config.folder / settings.FILE_NAME))
        shelf = self._shelf()
        if not self.config.is_on_postgresql:
            health.look(self.config.database_path, self.database_key, expected=was_here)
        ring = Ring(shelf, self._chance.token_bytes)
        with self.store_for_job() as store:
            migrate(store)
            self._recognise(store, ring)
            records.read_again(store)
            self._opened = _Opened(ring, lanes.own(store))

    def _shelf(self) -> Shelf:
        """Return where the keys lie, sealed where this place is encrypted; an encryption that was cut short is finished first."""
        file, key = KeyFile(self._keys_path), self.door.key("ring")
        if key is None:
            return file
        sealed = SealedShelf(file, key, self._chance.token_bytes)
        converting.finish(self.config, sealed)
        return sealed

    @property
    def _keys_path(self) -> Path:
        return self.config.keys_folder / KEYS_FILE

    def _recognise(self, store: Store, ring: Ring) -> None:
        """See whether this database is the one these keys belong to, as it was left, or a copy of an older day."""
        if self.config.is_province:
            open_province(store, ring, self._clock, self._chance.token_bytes)
        else:
            opening.open_laptop(store, ring, self._clock.now())
            opening.guard(store, ring, always=True)

    @property
    def database_key(self) -> bytes | None:
        """The key of the database file while this place is open; None where it is not encrypted. Locked while closed."""
        return self.door.key("database")

    @property
    def cookie_key(self) -> bytes:
        """The key that signs this place's cookies. Locked while it is closed."""
        return self.door.key("cookie") or settings.cookie_secret(self.config)

    def open_store(self, *, any_thread: bool = False) -> Store:
        """Open the database for one thread (or, used by one at a time, for any); whoever opens it closes it.

        An encrypted one is opened with its key. Locked while this place is closed, Damaged when the database is.
        """
        if self.damage is not None:
            raise self.damage
        if self.config.is_on_postgresql:
            from siposyandu import postgres  # a laptop has no psycopg

            return postgres.open_store(self.config.database)
        return open_store(self.config.database_path, self.database_key, any_thread=any_thread)

    @contextmanager
    def store_for_job(self) -> Iterator[Store]:
        """Open the database for the length of a job."""
        store = self.open_store()
        try:
            yield store
        finally:
            store.close()

    def turn_at_jobs(self) -> Callable[[], bool]:
        """Return what says whether this program runs the jobs; over PostgreSQL only one of several does, the first."""
        if not self.config.is_on_postgresql:
            return lambda: True
        from siposyandu import postgres

        return postgres.Turn(self.config.database).is_mine

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

    def laptop(self, store: Store) -> Laptop:
        """Return what a laptop's side of sync needs, with the road to the province."""
        return self._laptop(store, HttpTransport(self.config.upstream))

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
        return Province(
            store,
            self.ring.keys,
            apply,
            _scope,
            _rank_of,
            self._clock,
            relay_areas=_relay_areas,
            token_bytes=self._chance.token_bytes,
        )

    def begin_epoch(self) -> str:
        """Begin a new epoch: the database was put back to an older day and laptops shall send again what it lacks."""
        if not self.config.is_province:
            raise Refused("only the province has epochs", "a laptop that was put back finds it out by itself")
        with self.store_for_job() as store:
            put_back(store, self.ring, self._clock, self._chance.token_bytes)
            return epochs.current(store)

    @property
    def fingerprint(self) -> str:
        """What a letter says of this place's public key, so that a laptop knows it again."""
        return fingerprint(self.ring.keys.sign_key)

    def new_enrolment_code(self, store: Store, area: str) -> str:
        """Return a one-time code for a laptop of a posyandu, or the PC of a puskesmas, good for 72 hours; shown only now."""
        name = places.title(store, area)
        invitation = Invitation(area=area, label=name, rank_ceiling=LAPTOP_RANK_CEILING)
        return enrolment.issue(store, invitation, self._clock.now(), self._chance)


def _scope(store: object, lane: str) -> frozenset[str]:
    found = cast(Store, store)
    return places.receives(found, devices.area_of(found, lane))


def _rank_of(store: object, worker_id: str, since: str | None) -> int | None:
    return access.rank_held(cast(Store, store), worker_id, since)


def _relay_areas(store: object, lane: str) -> frozenset[str]:
    """Return the puskesmas of a posyandu's laptop: its PC carries for it."""
    found = cast(Store, store)
    sql = "select puskesmas from posyandu where id = $1"
    puskesmas = found.value(sql, devices.area_of(found, lane))
    return frozenset([puskesmas] if puskesmas else [])
