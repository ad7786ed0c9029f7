"""The command that storms the product's own sync code: `simulate`, and the virtual disk it hands to the simulator."""

from siposyandu.encryption import OperationalError
from siposyandu.store import SqliteStore, open_store


class MemoryDisk:
    """The product's own store, in memory."""

    def blank(self) -> SqliteStore:
        """Return an empty database."""
        return open_store(":memory:")

    def image(self, store: SqliteStore) -> SqliteStore:
        """Return a copy of a whole database, which stays as it is."""
        return self.opened(store)

    def opened(self, image: SqliteStore) -> SqliteStore:
        """Return a store over a copy of a database."""
        store = self.blank()
        image.database.conn.backup(store.database.conn)
        return store

    def changes(self, store: SqliteStore) -> int:
        """Return how many rows were ever changed through this store."""
        return int(store.database.conn.total_changes)

    def is_durable(self, store: SqliteStore) -> bool:
        """Return whether a commit is on the disk when it returns."""
        return bool(store.value("pragma synchronous") >= 2)

    def fill(self, store: SqliteStore, pages_left: int) -> None:
        """Leave so many pages on the disk; a negative number: enough."""
        pages = 2**30 if pages_left < 0 else store.value("pragma page_count") + pages_left
        store.value(f"pragma max_page_count = {pages}")

    def is_full(self, error: BaseException) -> bool:
        """Return whether an error says that the disk is full."""
        return isinstance(error, OperationalError) and "is full" in str(error)


MEMORY = MemoryDisk()
