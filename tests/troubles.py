"""A province where something of every kind waits for Citra, made by laptops that wrote apart from each other."""

from dataclasses import dataclass

import pytest

from siposyandu import access
from siposyandu.office import doubting
from siposyandu.records import Pen
from sync import devices, log, notices, reviews
from sync.errors import Refused
from tests.neighbours import Laptop, Neighbours
from tests.test_web_differences import CHILD, meet

AT = "2026-08-03T01:00:00Z"


@dataclass(frozen=True)
class Troubles:
    """Where things wait: a visit with two weights, a laptop's lane."""

    visit: str
    lane: str


def everything(world: Neighbours) -> Troubles:
    """Let something of each kind wait."""
    one, two, lost = (world.laptop(name) for name in ("one", "two", "lost"))
    children = [_child(one, name) for name in ("Lalu Arya", "Muhammad Rizki Ramadhan Al Fatih", "Siti Zahra")]
    visit = one.weigh(one.village.aminah, children[0], "2026-07-06", 7600, length_height_mm=712)
    one.weigh(one.village.aminah, children[1], "2026-12-03", 9900)
    meet(one, two)
    for laptop, who, weight_g in ((one, one.village.aminah, 7800), (two, two.village.baiq, 7500)):
        laptop.save(who, "balita", visit, weight_g=weight_g, correction_reason="timbang lagi")
        laptop.weigh(who, children[1], "2026-08-03", weight_g)
        laptop.weigh(who, children[2], f"2026-07-0{weight_g // 1000}", weight_g)
    meet(one, two)
    _lose(world, lost)
    _disturb(world, one, children)
    return Troubles(visit, one.instance.lane)


def _child(laptop: Laptop, name: str) -> str:
    posyandu = laptop.village.melati
    return laptop.save(laptop.village.aminah, "person", posyandu=posyandu, **{**CHILD, "name": name})


def _lose(world: Neighbours, lost: Laptop) -> None:
    """Shut a laptop out that still had something to send."""
    with world.store() as store:
        devices.revoke(store, lost.instance.lane, AT)
    _child(lost, "Baiq Nabila")
    with pytest.raises(Refused, match="revoked"):
        lost.exchange()


def _disturb(world: Neighbours, one: Laptop, children: list[str]) -> None:
    """Let one record be unreadable, one not be here yet, a batch come too early, and news come."""
    with world.store() as store, store.write():
        reviews.flag(store, [log.of_entities(store, [children[0]])[0].edit], "KeyError: 'new_field'", AT)
        store.run("delete from person where id = $1", children[2])
        number = store.value("select lane_no from lanes where lane = $1", one.instance.lane)
        store.run(
            """insert into held (lane_no, first_seq, last_seq, received_at, envelope)
            values ($1, 90, 95, $2, $3)""",
            number, AT, b"",
        )  # fmt: skip
        notices.post(store, "succeeded", one.instance.lane, "fork", AT)
    with world.store() as store:
        doubting.look(store, Pen(world.village.instance.lane, access.PROGRAM, world.clock()))
