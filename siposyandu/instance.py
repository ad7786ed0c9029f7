"""A place opens and closes: by its passphrase where it is encrypted, once for all where it is not; a damaged one stays shut.

Everything that holds a key or a connection asks here, so that closing is one act: after it no store can be opened.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from siposyandu import config as settings
from siposyandu import health, reading_again
from siposyandu.config import Config
from siposyandu.encryption import DatabaseError
from siposyandu.errors import Locked, Refused, SiposyanduError
from siposyandu.health import Damaged
from siposyandu.machine import Chance, Clock, naming_a_full_disk, steady_seconds
from siposyandu.migrations import migrate
from siposyandu.store import SqliteStore, Store, open_store
from siposyandu.vault import converting
from siposyandu.vault.door import Door
from siposyandu.vault.papers import Paper
from siposyandu.vault.safe import Secrets
from siposyandu.vault.shelf import SealedShelf
from sync import lanes, opening
from sync.province import open_province
from sync.rings import KeyFile, Ring, Shelf

log = logging.getLogger(__name__)

KEYS_FILE = "device.json"
DRAFT = converting.DRAFT
"""A database that is being put back from a copy, until it has its name (restoring.py)."""
SECONDS_AN_HOUR = 3600


def this_moment() -> datetime:
    """Return this machine's time, which may be wrong."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Opened:
    """What a place has only while it is open."""

    ring: Ring
    lane: str


class Instance:
    """A place that runs, open or closed: a posyandu's laptop, a puskesmas PC or the province.

    `now` is this machine's time, `steady` seconds that only go forward. What it does as a laptop and as the province:
    as_laptop.py, as_province.py.
    """

    def __init__(
        self,
        config: Config,
        clock: Callable[[], datetime] = this_moment,
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self.ask_to_send: Callable[[], None] = lambda: None
        """Asks the sending job to run now; returns at once. The jobs say what it does."""
        self.ask_to_copy: Callable[[], None] = lambda: None
        """Asks the copying job to run now; returns at once."""
        self.config = config
        self.now = clock
        """This machine's time, which may be wrong: shown and stored, never decisive."""
        self.clock, self.chance = Clock(clock), Chance()
        """The time as sync writes it, and bytes nobody can guess."""
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
        """The lane this place was opened in, for a pen: where it was left since, what is written goes into the present one.

        Whoever wants to know which that is asks `lanes.own`. Locked while closed.
        """
        return self._must_be_open().lane

    def unlock(self, passphrase: str) -> None:
        """Open this place. WrongPassphrase, MustWait after too many; nothing where it is open already."""
        self._turn(lambda: self.door.open(passphrase))

    def recover(self, first: Paper, second: Paper, passphrase: str) -> None:
        """Open this place by its two recovery papers and give it a new passphrase. Refused, BadInput."""
        self._turn(lambda: self.door.recover(first, second, passphrase))

    def begin_vault(self, passphrase: str) -> tuple[Paper, Paper]:
        """Give a new place its first passphrase (BadInput when weak), open it, return its recovery papers.

        Refused where it has one already: other papers would make those void that somebody is just being shown.
        """
        with self._turning:
            if not self.door.is_new:
                raise Refused("this place has its passphrase already", "for new papers: siposyandu papers")
            self._turn(lambda: self._begin_new(passphrase))
            return self.door.print_papers()

    def _begin_new(self, passphrase: str) -> None:
        self.door.begin(passphrase, self.config.database_path)
        (self.config.folder / DRAFT).unlink(missing_ok=True)  # of a restore that was given up

    def lock(self) -> None:
        """Close this place: no store can be opened, its keys are forgotten; who still holds a store ends with it."""
        with self._turning:
            if self.door.has_lock:
                self._opened = self.damage = None
                self.door.close()
                self._tell()

    def used(self) -> None:
        """Note that somebody signed in is at work; after `lock_hours` without that it closes by itself, now if that is past."""
        self.lock_when_unused()
        self._used_at_s = self._steady()

    @property
    def steady_s(self) -> float:
        """Seconds that only go forward, whatever the clock is set to."""
        return self._steady()

    @property
    def unused_s(self) -> float:
        """For how many seconds nobody who is signed in has opened a page."""
        return self._steady() - self._used_at_s

    def lock_when_unused(self) -> None:
        """Close this place when nobody has used it for `lock_hours`, also when the machine slept meanwhile."""
        if self.is_open and self.unused_s >= self.config.lock_hours * SECONDS_AN_HOUR:
            self.lock()

    def on_turn(self, heard: Callable[[], None]) -> None:
        """Say what happens each time this place was opened or closed."""
        self._on_turn.append(heard)

    @contextmanager
    def turning(self) -> Iterator[None]:
        """Let nobody else open this place, close it or put a copy back meanwhile: whoever wants to waits."""
        with self._turning:
            yield

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
            self._opened, damage, self.damage = None, self.damage, None
            try:
                self._begin()
            except BaseException:
                self.damage = damage  # its page stays, to try again: without a passphrase there is no other
                raise
            self._used_at_s = self._steady()
            self._tell()

    def _new_door(self) -> Door:
        wanted, chance = self.config.encrypted, self.chance.token_bytes
        return Door(self.config.folder, wanted=wanted, token_bytes=chance, steady=self._steady)

    def _begin_or_find_damage(self) -> None:
        try:
            self._begin()
        except Damaged as damage:
            self.damage = damage

    @naming_a_full_disk()
    def _begin(self) -> None:
        """Look whether the database is whole, bring its tables up to date, see whose it is, go on in this place's lane."""
        self.config.keys_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shelf = self._shelf()
        if not self.config.is_on_postgresql:
            health.look(self.config.database_path, self.database_key, expected=self._was_here)
        with self.store_for_job() as store:
            migrate(store)
            # After the database: keys without one mean that it was lost (`_was_here`), and the power may go between.
            ring = Ring(shelf, self.chance.token_bytes)
            self._recognise(store, ring)
            reading_again.read_again(store)
            self._opened = _Opened(ring, lanes.own(store))

    @property
    def _was_here(self) -> bool:
        """Whether a database was here before, or was about to be when the power went in the middle of a restore."""
        folder = self.config.folder
        was_used = self._keys_path.is_file() and (folder / settings.FILE_NAME).is_file()
        return was_used or (self.door.vault.exists and (folder / DRAFT).is_file())

    def _shelf(self) -> Shelf:
        """Return where the keys lie, sealed where this place is encrypted; an encryption that was cut short is finished first."""
        file, key = KeyFile(self._keys_path), self.door.key("ring")
        if key is None:
            return file
        sealed = SealedShelf(file, key, self.chance.token_bytes)
        converting.finish(self.config, sealed)
        return sealed

    @property
    def _keys_path(self) -> Path:
        return self.config.keys_folder / KEYS_FILE

    def _recognise(self, store: Store, ring: Ring) -> None:
        """See whether this database is the one these keys belong to, as it was left, or a copy of an older day."""
        if self.config.is_province:
            open_province(store, ring, self.clock, self.chance.token_bytes)
        else:
            opening.open_laptop(store, ring, self.clock.now())
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

    def bring_in(self) -> None:
        """Bring what was written ahead into the database file; where it cannot be done now, the next page asks again."""
        try:
            with self.store_for_job() as store:
                if isinstance(store, SqliteStore):
                    store.bring_in()
        except SiposyanduError as refused:
            log.info("nothing was brought into the database: %s", refused)
        except DatabaseError:
            log.exception("what was written ahead could not be brought into the database")

    def turn_at_jobs(self) -> Callable[[], bool]:
        """Return what says whether this program runs the jobs; over PostgreSQL only one of several does, the first."""
        if not self.config.is_on_postgresql:
            return lambda: True
        from siposyandu import postgres

        return postgres.Turn(self.config.database).is_mine
