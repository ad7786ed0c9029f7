"""The power goes between the certificate in the database and the one beside the keys: the laptop makes it good."""

import pytest

from sync import devices, opening
from sync.rings import Ring
from tests.sync_world import Drawer, Place, World, names

pytestmark = pytest.mark.usefixtures("sync_database")


class PowerCut(Exception):
    """The power is gone."""


class CutAtTheCertificate(Drawer):
    """A drawer whose laptop loses its power before the certificate is written into it."""

    def write(self, text: str) -> None:
        if '"certificate"' in text and '"former_seed"' not in text:
            raise PowerCut
        super().write(text)


@pytest.fixture
def world() -> World:
    return World()


def cut_while_it_joins(place: Place, image: object) -> Place:
    """Put a laptop's database back; its power goes while its new lane is certified. Return it as it is started again."""
    place.drawer.__class__ = CutAtTheCertificate
    once = place.from_image(image)
    once.open()
    once.writer.child("Citra")
    with pytest.raises(PowerCut):
        once.exchange()
    place.drawer.__class__ = Drawer
    return once.from_image(once.image())


def test_a_laptop_put_back_after_such_a_cut_hands_over_from_the_lane_that_the_province_heard_last(
    world: World,
) -> None:
    melati = world.laptop("melati")
    melati.writer.child("Aminah")
    melati.exchange()
    image = melati.image()
    melati.writer.child("Baiq")
    melati.exchange()
    once = cut_while_it_joins(melati, image)
    once.open()
    once.exchange()
    middle = once.lane
    twice = once.from_image(image)
    twice.open()
    twice.exchange()
    store = world.province.store
    assert (devices.find(store, twice.lane).succeeds, names(twice), names(world.province)) == (
        middle, ["Aminah", "Baiq", "Citra"], ["Aminah", "Baiq", "Citra"],
    )  # fmt: skip


def test_the_certificate_is_laid_beside_the_keys_at_the_next_start(world: World) -> None:
    melati = world.laptop("melati")
    melati.writer.child("Aminah")
    melati.exchange()
    image = melati.image()
    melati.writer.child("Baiq")
    melati.exchange()
    once = cut_while_it_joins(melati, image)
    once.open()
    beside = Ring(once.drawer, once.laptop.random.token_bytes).keys
    assert (beside.lane, beside.former_seed, bool(beside.certificate)) == (once.lane, b"", True)
    assert opening.open_laptop(once.store, once.laptop.ring, once.clock.now()) == once.laptop.ring.keys
