"""One running place: its settings, its database, its lane in the log, and its road to the province."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from siposyandu.config import Config
from siposyandu.migrations import migrate
from siposyandu.store import SqliteStore, open_store
from sync import keys, lanes
from sync.status import Status, status

KEYS_FILE = "device.json"


class Instance:
    """A place that runs: a posyandu's laptop, a puskesmas PC or the province."""

    def __init__(self, config: Config, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.config = config
        self._clock = clock
        self._ask: Callable[[], None] = lambda: None
        config.keys_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.keys = keys.open_file(config.keys_folder / KEYS_FILE, secrets.token_bytes)
        with self.store_for_job() as store:
            migrate(store)
            lanes.open_own(
                store, self.keys.lane, self.keys.sentinel, role="province" if config.is_province else "device"
            )

    def now(self) -> datetime:
        """Return this machine's time, which may be wrong."""
        return self._clock()

    def open_store(self) -> SqliteStore:
        """Open the database for one thread; whoever opens it closes it."""
        return open_store(self.config.database_path)

    @contextmanager
    def store_for_job(self) -> Iterator[SqliteStore]:
        """Open the database for the length of a job."""
        store = self.open_store()
        try:
            yield store
        finally:
            store.close()

    @property
    def lane(self) -> str:
        """This place's own lane in the log."""
        return self.keys.lane

    def status(self, store: SqliteStore) -> Status:
        """Return how much was recorded here, how much the province has acknowledged, and since when."""
        return status(store)

    def on_ask_to_send(self, ask: Callable[[], None]) -> None:
        """Say what happens when somebody asks to send now (see jobs)."""
        self._ask = ask

    def ask_to_send(self) -> None:
        """Ask the sending job to run now; returns at once."""
        self._ask()
