"""The virtual disk: databases in memory that can be copied, filled to the brim, and cut from their power at any change.

Every change, every commit and every write of the file of keys is a point at which the power may go: before it, or just
after it. What a transaction had not committed is gone then, what was committed stays (unless the store does not ask its
disk to keep it at once: then everything since the power came on is gone).
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sync.ports import SqlValue, Store


class Disk(Hashable, Protocol):
    """How the simulator makes, copies and fills databases; handed in, because sync knows no database by name."""

    def blank(self) -> Any:
        """Return an empty database."""

    def image(self, store: Any) -> Any:
        """Return a copy of a whole database; only `opened` knows what it is."""

    def opened(self, image: Any) -> Any:
        """Return a store over a copy of a database."""

    def changes(self, store: Any) -> int:
        """Return how many rows were ever changed through this store."""

    def is_durable(self, store: Any) -> bool:
        """Return whether a commit is on the disk when it returns."""

    def fill(self, store: Any, pages_left: int) -> None:
        """Leave so much room on the disk; a negative number: enough."""

    def is_full(self, error: BaseException) -> bool:
        """Return whether an error says that the disk is full."""


class PowerCut(BaseException):
    """The power is gone."""


@dataclass
class Fuse:
    """Counts the points at which the power may go, and lets it go at the one chosen."""

    left: int
    blown: bool = False

    def step(self) -> None:
        """Pass one point."""
        self.left -= 1
        if self.left <= 0:
            self.blown = True
            raise PowerCut


class FusedStore:
    """A store whose power goes when its fuse says so."""

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self.store, self.fuse, self._depth = store, fuse, 0
        self.rows, self.one, self.value = store.rows, store.one, store.value

    def run(self, sql: str, *values: SqlValue) -> int:
        """Change rows, or lose the power before that."""
        self.fuse.step()
        return self.store.run(sql, *values)

    def many(self, sql: str, rows: Iterable[Sequence[SqlValue]]) -> None:
        """Change rows, or lose the power before that."""
        self.fuse.step()
        self.store.many(sql, rows)

    @contextmanager
    def write(self) -> Iterator["FusedStore"]:
        """Open the transaction; the power may go just before and just after its commit."""
        with self.store.write():
            self._depth += 1
            try:
                yield self
            finally:
                self._depth -= 1
            if not self._depth:
                self.fuse.step()
        if not self._depth:
            self.fuse.step()


class FusedShelf:
    """The file of keys of a machine whose power goes when its fuse says so."""

    def __init__(self, shelf: Any, fuse: Fuse) -> None:
        self.shelf, self.fuse = shelf, fuse

    def read(self) -> str | None:
        """Return what the file says."""
        text: str | None = self.shelf.read()
        return text

    def write(self, text: str) -> None:
        """Replace the file; the power may go just before and just after."""
        self.fuse.step()
        self.shelf.write(text)
        self.fuse.step()
