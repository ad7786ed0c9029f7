"""The simulator's province and laptops, over the product's own stores."""

from dataclasses import dataclass
from typing import Any

from sync.simulate import world as simulated
from sync.simulate.disk import Disk
from sync.simulate.notebook import notebook
from sync.simulate.world import BEGIN, Chance, Drawer, Hands, Place, Road, enrolled_by
from tests.sync_disk import DISK

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
    "names",
    "opened",
    "put_back_unsaid",
    "says_no_story",
]


@dataclass
class World(simulated.World):
    """A province and its laptops, in memory; the province in PostgreSQL where the test lives on both."""

    disk: Disk = DISK

    def new_province_store(self) -> Any:
        """Return an empty store for the province."""
        return DISK.new_store() or super().new_province_store()


def names(place: Any) -> list[str]:
    """Return the names in a place's notebook, in their order."""
    return sorted(row["name"] for row in notebook(place.store))


def image_of(store: Any) -> Any:
    """Return a copy of a whole database."""
    return DISK.image(store)


def opened(image: Any) -> Any:
    """Return a store over a copy of a database."""
    return DISK.opened(image)


def put_back_unsaid(world: World, image: Any, keys: str) -> None:
    """Put the province's whole machine back to an older day, keys and all: nothing on it can tell."""
    world.drawer.text = keys
    world.use(opened(image))


def says_no_story(place: Any) -> None:
    """Let a laptop say of where it has read only the number, in its next request, as earlier versions do."""
    with place.store.write():
        place.store.run("update sync_upstream set story = ''")
