"""The simulator's notebook, over the product's own store."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from siposyandu.store import Store, open_store
from sync import lanes
from sync.simulate.notebook import (
    AMINAH,
    BAIQ,
    CHILD,
    CITRA,
    FORM,
    NAME,
    NOON,
    NOTE,
    POSYANDU,
    TABLE,
    USER,
    WEIGHT_G,
    Writer,
    apply,
    furnish,
    notebook,
)
from tests.sync_disk import DISK

__all__ = [
    "AMINAH", "BAIQ", "CHILD", "CITRA", "FORM", "NAME", "NOON", "NOTE", "POSYANDU", "TABLE", "USER", "WEIGHT_G",
    "Writer", "apply", "lane_named", "new_store", "notebook", "writer",
]  # fmt: skip


def new_store(path: Path | str = ":memory:") -> Any:
    """Return a store with the tables of sync and of this application; in PostgreSQL where the test lives there."""
    if path == ":memory:" and (there := DISK.new_store()):
        return there
    store = open_store(path)
    furnish(store)
    return store


def lane_named(name: str) -> str:
    """Return a lane made from a name, where no keys are needed."""
    return sha256(name.encode()).hexdigest()[:32]


def writer(name: str, *, role: str = "device", store: Store | None = None) -> Writer:
    """Return a store with a lane of its own."""
    store = store or new_store()
    lane = lane_named(name)
    lanes.open_own(store, lane, "sentinel", role=role)
    return Writer(store, lane)
