"""A puskesmas PC answers its hotspot while it exchanges: what comes between two steps of one thread changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sync import courier, devices, revocations, satchel
from tests.sync_relay import hand_over, know_each_other, puskesmas_pc, with_relays
from tests.sync_world import Place, World, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    return with_relays()


@pytest.fixture
def pc(world) -> Place:
    return puskesmas_pc(world)


@pytest.fixture
def melati(world, pc) -> Place:
    place = world.laptop("melati")
    know_each_other(world, place, pc)
    place.writer.child("Aminah")
    return place


@dataclass
class Contended:
    """A PC's store, for whose lock another thread comes first once: before the transaction of this number."""

    store: Any
    number: int
    other: Callable[[], object]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def write(self) -> Any:
        """Begin a transaction, after the other thread's turn."""
        self.number -= 1
        if self.number == 0:
            self.other()
        return self.store.write()


def shut_out(world: World, place: Place) -> bytes:
    """Believe a laptop no longer; return the list that names it."""
    devices.revoke(world.province.store, place.lane, world.clock.now())
    return revocations.write(world.province.store, world.province.keys)


def test_what_the_province_tells_meanwhile_is_not_taken_out_with_the_rest_of_a_shut_out_laptop(
    world, pc, melati
):
    hand_over(melati, pc)
    melati.exchange()
    named = shut_out(world, melati)
    satchel.collect(replace(pc.laptop, store=Contended(pc.store, 2, pc.exchange)), named)
    assert (names(pc), names(world.office)) == (["Aminah"], ["Aminah"])


def test_a_laptop_that_is_shut_out_while_its_bundle_is_read_stays_out(world, pc, melati):
    given, named = courier.export(melati.laptop), shut_out(world, melati)
    contended = Contended(pc.store, 1, lambda: satchel.collect(pc.laptop, named))
    (said,) = satchel.collect(replace(pc.laptop, store=contended), given)
    assert (said.refused, names(pc), satchel.carried(pc.store)) == ("revoked", [], [])
