"""Sticks for tests: a laptop writes its bundle, the province imports it, and the receipts go home."""

from sync import courier, postbox
from sync.courier import Brought
from sync.postbox import Delivered
from tests.sync_world import Place, World


def export(place: Place) -> bytes:
    """Write the bundle of a laptop for a stick."""
    return courier.export(place.laptop)


def receive(world: World, *data: bytes) -> Delivered:
    """Let the province import a stick."""
    return postbox.receive(world.province, b"".join(data))


def take(place: Place, *data: bytes) -> Brought:
    """Let a laptop import a stick."""
    return courier.take(place.laptop, b"".join(data))


def codes(found: Delivered | Brought) -> list[str]:
    """Return why each part of a stick was refused; empty of a good one."""
    return [remark.refused for remark in found.remarks]


def state_of(store) -> list[list[dict[str, object]]]:
    """Return everything that an import could change."""
    tables = [
        "edits",
        "positions",
        "lanes",
        "heads",
        "feed",
        "placement",
        "held",
        "reviews",
        "notebook",
        "conflicts",
    ]
    return [store.rows(f"select * from {table} order by 1, 2") for table in tables]
