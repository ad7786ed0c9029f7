"""A database that stays open between two messages of laptops, one for each thread; and one between two pages of a place.

Opening a file and reading its tables' layout costs as much as taking in forty visits; what an encrypted one has read it
must decrypt again when it was closed. A file that was put in its place meanwhile (a restored copy) is opened anew.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from siposyandu.encryption import DatabaseError
from siposyandu.instance import Instance
from siposyandu.store import SqliteStore, Store


class StandingStores(threading.local):
    """The open database of each thread. Only where the file has no key: one that has is closed with its place."""

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
        return os.getpid(), *_lying_at(self._path)


class KeptOpen:
    """One connection that stays open as long as its place does, lent to one page at a time; a second page opens its own.

    The last connection to close copies the write-ahead file into the database; with this one no page waits for that.
    """

    def __init__(self, place: Instance) -> None:
        self._place, self._turn = place, threading.Lock()
        self._store: SqliteStore | None = None
        self._lent = False
        self._of: tuple[int, ...] = ()
        place.on_turn(self._turned)
        self._turned()

    def lend(self) -> Store | None:
        """Return the connection, which comes back by `give_back`; None while another page has it, or the place is closed."""
        with self._turn:
            if self._lent or not self._has_file:
                return None
            if self._store is None or self._of != _lying_at(self._path):
                self._open()
            self._lent = True
            return self._store

    def give_back(self, store: Store, *, sound: bool = True) -> None:
        """Keep what was lent for the next page; close what was not, or was left within a transaction, or is not `sound`."""
        with self._turn:
            kept = self._store
            if kept is None or store is not kept:
                store.close()
                return
            self._lent = False
            if not (sound and kept.is_at_rest):
                self._close()

    def let_go(self) -> None:
        """Close it; what is lent is closed when it comes back."""
        with self._turn:
            self._close()

    def _turned(self) -> None:
        with self._turn:
            self._close()
            if self._has_file:
                self._open()

    @property
    def _has_file(self) -> bool:
        return self._place.is_open and not self._place.config.is_on_postgresql

    @property
    def _path(self) -> Path:
        return self._place.config.database_path

    def _open(self) -> None:
        self._close()
        self._of = _lying_at(self._path)
        opened = self._place.open_store(any_thread=True)
        assert isinstance(opened, SqliteStore)
        try:
            opened.value("select count(*) from sync_self")  # only now the write-ahead file is opened
        except DatabaseError:
            opened.close()
            raise
        self._store = opened

    def _close(self) -> None:
        store, lent, self._store, self._lent = self._store, self._lent, None, False
        if store is not None and not lent:
            store.close()


def _lying_at(path: Path) -> tuple[int, int]:
    """Return which file lies there; none where it is gone."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino
