"""Where the databases of a sync test live: in memory, or (a fixture says so) the province's in PostgreSQL."""

from dataclasses import dataclass
from typing import Any

from siposyandu import postgres
from siposyandu.cli.simulating import MemoryDisk
from siposyandu.postgres import PostgresStore
from siposyandu.store import Store
from tests.postgresql import Server


@dataclass(frozen=True)
class Copied:
    """A copy of a PostgreSQL database, which stays as it is."""

    address: str


class BothDisk(MemoryDisk):
    """The simulator's disk, with a PostgreSQL server beside it while a test lives on one."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self._taken: list[str] = []
        self._copied: list[str] = []
        self._opened: list[PostgresStore] = []

    def use(self, server: Server) -> None:
        """Make stores in PostgreSQL from now on."""
        self._server = server

    def leave(self) -> None:
        """Give all databases back, and make stores in memory again."""
        for store in self._opened:
            store.close()
        for address in self._taken:
            self._there.give_back(address)
        for address in self._copied:
            self._there.drop(address)
        self._server = None
        self._taken, self._copied, self._opened = [], [], []

    def new_store(self) -> Store | None:
        """Return a store in PostgreSQL with all tables and no rows; None in a test that lives in memory."""
        if self._server is None:
            return None
        self._taken.append(self._server.take())
        return self._store_at(self._taken[-1])

    def image(self, store: Any) -> Any:
        """Return a copy of a whole database, which stays as it is."""
        if not isinstance(store, PostgresStore):
            return super().image(store)
        store.close()
        return Copied(self._copy(store.address))

    def opened(self, image: Any) -> Any:
        """Return a store over a copy of a database."""
        return (
            self._store_at(self._copy(image.address)) if isinstance(image, Copied) else super().opened(image)
        )

    def changes(self, store: Any) -> int:
        """Return how many rows were ever changed; on PostgreSQL, how many transactions changed any."""
        if isinstance(store, PostgresStore):
            return int(store.value("select pg_snapshot_xmax(pg_current_snapshot())::text"))
        return super().changes(store)

    @property
    def _there(self) -> Server:
        assert self._server is not None
        return self._server

    def _copy(self, address: str) -> str:
        self._copied.append(self._there.copy(address))
        return self._copied[-1]

    def _store_at(self, address: str) -> PostgresStore:
        self._opened.append(postgres.open_store(address))
        return self._opened[-1]


DISK = BothDisk()
