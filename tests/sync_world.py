"""The simulator's province and laptops, over the product's own store in memory."""

from dataclasses import dataclass

from siposyandu.cli.simulating import MEMORY
from siposyandu.store import SqliteStore
from sync.simulate import world as simulated
from sync.simulate.disk import Disk
from sync.simulate.world import BEGIN, Chance, Drawer, Hands, Place, Road, enrolled_by

__all__ = [
    "BEGIN",
    "Chance",
    "Drawer",
    "Hands",
    "Place",
    "Road",
    "World",
    "enrolled_by",
    "image_of",
    "opened",
]


@dataclass
class World(simulated.World):
    """A province and its laptops, in memory."""

    disk: Disk = MEMORY


def image_of(store: SqliteStore) -> SqliteStore:
    """Return a copy of a whole database."""
    return MEMORY.image(store)


def opened(image: SqliteStore) -> SqliteStore:
    """Return a store over a copy of a database."""
    return MEMORY.opened(image)
