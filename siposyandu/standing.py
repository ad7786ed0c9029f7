"""A database that stays open between two messages of laptops, one for each thread that answers them.

Opening a file and reading its tables' layout costs as much as taking in forty visits. Only where the file has no key:
one that has is closed with its place. A file that was put in its place meanwhile (a restored copy) is opened anew.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from siposyandu.store import SqliteStore, Store


class StandingStores(threading.local):
    """The open database of each thread."""

    def __init__(self, path: Path, open_store: Callable[[], Store]) -> None:
        self._path, self._open_store = path, open_store
        self._kept: Store | None = None
        self._of: tuple[int, ...] = ()

    def store(self) -> Store:
        """Return this thread's database, outside any transaction."""
        if self._kept is None or self._of != self._file():
            if self._kept is not None:
                self._kept.close()
            self._of = (
                self._file()
            )  # before it is opened: one that is put in its place meanwhile is noticed next time
            self._kept = self._open_store()
            if isinstance(self._kept, SqliteStore):
                self._kept.take_in_much()
        return self._kept

    def _file(self) -> tuple[int, ...]:
        found = os.stat(self._path)
        return os.getpid(), found.st_dev, found.st_ino
