"""A puskesmas PC for tests of what it carries: the province that names it, its hotspot, and its own internet."""

from dataclasses import dataclass, replace

from sync import courier, postbox, satchel, titipan
from sync.courier import Brought
from sync.errors import Unreachable
from tests.sync_world import Place, World


def with_relays() -> World:
    """Return a province that tells every laptop that the PC of the area "puskesmas" carries for it."""
    made = World()
    made.province = replace(made.province, relay_areas=lambda store, lane: frozenset(["puskesmas"]))
    return made


def puskesmas_pc(world: World) -> Place:
    """Return the PC, which the province knows."""
    place = world.laptop("puskesmas", "melati", "mawar")
    place.exchange()
    return place


@dataclass
class Hotspot:
    """The hotspot of a puskesmas PC."""

    pc: Place
    silent: bool = False

    def post(self, path: str, body: bytes) -> bytes:
        """Carry bundles to the PC and its answer back."""
        assert path == titipan.PATH
        if self.silent:
            raise Unreachable("nobody there")
        return satchel.answered(self.pc.laptop, body)


@dataclass
class Internet:
    """The PC's own internet, over which bundles go."""

    world: World

    def post(self, path: str, body: bytes) -> bytes:
        """Carry bundles to the province and its answer back."""
        assert path == titipan.PATH
        return titipan.answered(self.world.province, body)


def hand_over(place: Place, pc: Place) -> Brought:
    """Let a laptop give what it has to the PC over its hotspot."""
    return titipan.hand_over(place.laptop, Hotspot(pc), "Puskesmas")


def forward(world: World, pc: Place) -> list[str]:
    """Let the PC pass on what waits; return what was refused of it."""
    return [remark.refused for remark in satchel.forward(pc.laptop, Internet(world))]


def know_each_other(world: World, melati: Place, pc: Place) -> None:
    """Let the laptop hear once from the province, by a stick, which PC carries for it."""
    courier.take(
        melati.laptop, b"".join(postbox.receive(world.province, courier.export(melati.laptop)).receipts)
    )
