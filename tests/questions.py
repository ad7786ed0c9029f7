"""Counts what is asked of a store, whichever database it is."""

from collections.abc import Sequence
from typing import Any

from siposyandu.store import Store, Value, Within


class Listening:
    """A store that writes down every question put to the one behind it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: list[str] = []

    def rows(self, sql: str, *values: Value) -> list[dict[str, Any]]:
        """Ask, and write it down."""
        self.asked.append(sql)
        return self._store.rows(sql, *values)

    def one(self, sql: str, *values: Value) -> dict[str, Any] | None:
        """Ask, and write it down."""
        self.asked.append(sql)
        return self._store.one(sql, *values)

    def value(self, sql: str, *values: Value) -> Any:
        """Ask, and write it down."""
        self.asked.append(sql)
        return self._store.value(sql, *values)

    def search(
        self, index: str, words: Sequence[str], limit: int, within: Within = None
    ) -> list[dict[str, Any]]:
        """Ask, and write it down."""
        self.asked.append(index)
        return self._store.search(index, words, limit, within)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
