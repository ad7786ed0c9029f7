"""What may go wrong in a season beside the weather on the roads: power, disks, clocks, copies, thieves."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from sync import devices, epochs, postbox, revocations
from sync.errors import SyncError
from sync.laptop import Laptop
from sync.rings import Ring
from sync.simulate import bundles, people, relaying, rest
from sync.simulate.disk import Fuse, FusedShelf, FusedStore, PowerCut
from sync.simulate.laptops import AREAS, YEARS_S, Misfortune, Seat
from sync.simulate.network import cut, flipped
from sync.simulate.notebook import Writer

if TYPE_CHECKING:
    from sync.simulate.season import Season

MOST_LAPTOPS = 9


@dataclass
class Memory:
    """Copies that somebody took, laptops that the administrator revoked or that lie, and how laptops were last refused."""

    laptops: list[tuple[int, Any, str | None]] = field(default_factory=list)
    province: list[tuple[Any, str | None]] = field(default_factory=list)
    revoked_roots: set[str] = field(default_factory=set)
    liars: set[str] = field(default_factory=set)
    long_texts: bool = False
    brings: dict[str, set[str]] = field(default_factory=dict)  # the fingerprint of a bundle -> its edits
    refused: dict[int, str] = field(default_factory=dict)
    receipts: list[tuple[int, bytes]] = field(default_factory=list)
    lists: list[bytes] = field(
        default_factory=list
    )  # of laptops no longer believed, as the administrator keeps them


def drawn(chance: Random) -> list[tuple[float, Misfortune]]:
    """Return the misfortunes of a season, each with how often it comes."""
    found: list[tuple[float, Misfortune]] = [(1.5, back_up_laptop), (1.5, back_up_province)]
    for often, misfortune in ALL:
        if chance.random() < 0.6:
            found.append((often * chance.choice((0.5, 1, 1, 2)), misfortune))
    return found


def repeat(season: "Season") -> None:
    """A message of any earlier day arrives again."""
    message = _any_message(season)
    if message:
        season.say("a message of an earlier day arrives once more")
        season.fault("repeated")
        with suppress(SyncError):
            season.received(message)
        season.look()


def tamper(season: "Season") -> None:
    """A message arrives with one bit changed, or only its beginning."""
    message = _any_message(season)
    if message:
        season.say("a changed message arrives")
        season.fault("tampered")
        season.tampered(season.chance.choice((cut, flipped))(message, season.chance))


def _any_message(season: "Season") -> bytes:
    messages = season.anybody().road.messages
    return season.chance.choice(messages) if messages else b""


def crash_laptop(season: "Season") -> None:
    """The power of a laptop goes in the middle of an exchange, and may go again while it starts."""
    seat = season.anybody()
    _crash(season, seat, lambda laptop: season.exchange(seat, laptop))


def crash_pc(season: "Season") -> None:
    """The power of a puskesmas PC goes while it collects or passes on."""
    for pc in relaying.carriers(season):
        _crash(season, pc, partial(relaying.work, season, pc))


def _crash(season: "Season", seat: Seat, work: Callable[[Laptop], object]) -> None:
    fuse, before = Fuse(season.chance.randrange(1, 30)), season.disk.image(seat.store)
    ring = Ring(FusedShelf(seat.drawer, fuse), seat.laptop.random.token_bytes)
    with suppress(PowerCut):
        work(replace(seat.laptop, store=FusedStore(seat.store, fuse), ring=ring))
    _after_power_cut(season, seat, fuse, before)


def crash_typing(season: "Season") -> None:
    """The power of a laptop goes while somebody types."""
    seat, fuse = season.anybody(), Fuse(season.chance.randrange(1, 14))
    before = season.disk.image(seat.store)
    writer = Writer(FusedStore(seat.store, fuse), seat.writer.lane)
    with suppress(PowerCut):
        people.type_one(season, seat, writer)
    _after_power_cut(season, seat, fuse, before)


def _after_power_cut(season: "Season", seat: Seat, fuse: Fuse, before: Any) -> None:
    """Start a laptop again if its power went, and look at it."""
    if fuse.blown:
        season.fault("crash of a laptop")
        seat.reboot(before)
        rest.whole(season, seat.store, "after the power went")
        rest.read_whole(season, seat)
    season.look(seat)


def crash_province(season: "Season") -> None:
    """The power of the province goes in the middle of whatever arrives next."""
    before = season.disk.image(season.world.province.store)
    people.send(season)  # what it answers must be on its disk, whatever comes
    season.fuse = (Fuse(season.chance.randrange(1, 60)), before)
    people.send(season)
    season.fuse = None


def fill_laptop(season: "Season") -> None:
    """The disk of a laptop is full while it exchanges and while somebody types."""
    seat = season.anybody()
    season.fault("full disk of a laptop")
    season.disk.fill(seat.store, season.chance.choice((0, 0, 1, 2)))
    season.exchange(seat)
    try:
        people.session_at(season, seat)
    except Exception as error:
        if not season.disk.is_full(error):
            raise
    season.disk.fill(seat.store, -1)


def fill_province(season: "Season") -> None:
    """The disk of the province is full for a few exchanges."""
    season.disk.fill(season.world.province.store, season.chance.choice((0, 0, 1, 2)))
    for _ in range(3):
        people.send(season)
    season.disk.fill(season.world.province.store, -1)


def turn_clock(season: "Season") -> None:
    """A laptop's clock leaps by years."""
    season.fault("wild clock")
    seat = season.anybody()
    seat.clock.offset_s = season.chance.randrange(-YEARS_S, YEARS_S)  # type: ignore[attr-defined]


def back_up_laptop(season: "Season") -> None:
    """Somebody copies a laptop's database, and its keys."""
    seat = season.anybody()
    season.memory.laptops.append((seat.number, season.disk.image(seat.store), seat.drawer.text))


def back_up_province(season: "Season") -> None:
    """Somebody copies the province's database, and its keys."""
    world = season.world
    season.memory.province.append((season.disk.image(world.province.store), world.drawer.text))


def put_back_laptop(season: "Season") -> None:
    """A laptop's database is put back to a copy of an older day; the keys beside it are not."""
    _put_back(season, with_keys=False)


def put_back_whole_laptop(season: "Season") -> None:
    """A laptop's whole disk is put back to an older day, its keys too: it cannot notice by itself."""
    _put_back(season, with_keys=True)


def _put_back(season: "Season", *, with_keys: bool) -> None:
    if not season.memory.laptops:
        return
    number, image, keys = season.memory.laptops.pop(season.chance.randrange(len(season.memory.laptops)))
    seat = season.seats[number]
    season.say(f"laptop {number} is put back to an older day{', keys and all' if with_keys else ''}")
    season.fault("whole laptop put back" if with_keys else "laptop put back")
    if with_keys:
        seat.drawer.text = keys
    again = seat.from_image(image)
    season.put(again, number)  # type: ignore[arg-type]  # a Seat gives a Seat
    with suppress(SyncError):
        again.open()
    season.look(again)  # type: ignore[arg-type]


def clone(season: "Season") -> None:
    """A laptop is made from an image of another's whole disk."""
    if len(season.seats) < MOST_LAPTOPS:
        season.fault("clone")
        twin = season.anybody().clone()
        season.put(twin)  # type: ignore[arg-type]
        season.say(f"laptop {len(season.seats) - 1} is made from another's image")


def replace_laptop(season: "Season") -> None:
    """A laptop is lost; a new one takes its place, and the administrator may end the lane of the old one."""
    lost = season.anybody()
    season.say(f"laptop {lost.number} is lost")
    season.fault("laptop lost")
    if season.chance.random() < 0.5:
        with season.world.province.store.write():
            devices.close(season.world.province.store, lost.lane, season.clock.now())
    season.memory.laptops = [each for each in season.memory.laptops if each[0] != lost.number]
    areas = dict.fromkeys((lost.area, *sorted(season.oracle.scopes[lost.root])))
    season.add_laptop(lost.number, tuple(areas))


def put_back_province(season: "Season") -> None:
    """The province's database is put back to a copy, and its operator says so."""
    if season.memory.province:
        image, _ = season.memory.province.pop()
        season.say("the province is put back to an older day")
        season.fault("province put back")
        season.world.restore(image)
        _restored(season)


def put_back_machine(season: "Season") -> None:
    """The province's whole machine is put back, keys and all: nobody says so, and no sentinel can tell."""
    if season.memory.province:
        image, keys = season.memory.province.pop()
        season.say("the province's machine is put back to an older day, and nobody says so")
        season.fault("province put back unsaid")
        season.world.drawer.text = keys
        season.world.use(season.disk.opened(image))
        season.watch.unnoticed = epochs.current(season.world.province.store)
        _restored(season)


def _restored(season: "Season") -> None:
    """The administrator feeds the province, put back to an older day, the lists of laptops it no longer believed."""
    with suppress(SyncError):
        for listed in season.memory.lists:
            postbox.receive(season.world.province, listed)
    season.watch.restart(same=False)


def revoke(season: "Season") -> None:
    """The administrator no longer believes a laptop."""
    seat = season.anybody()
    season.say(f"laptop {seat.number} is revoked")
    season.fault("revoked")
    season.look(seat)
    season.memory.revoked_roots.add(seat.root)
    store = season.world.province.store
    if devices.find(store, seat.lane) is None:
        return  # a lane that the province has not heard of yet
    devices.revoke(store, seat.lane, season.clock.now())
    season.memory.lists.append(revocations.write(store, season.world.province.keys))
    season.watch.revoked.add(seat.lane)


def move_scope(season: "Season") -> None:
    """A laptop shall serve other areas from now on."""
    seat = season.anybody()
    areas = season.chance.sample(AREAS, season.chance.choice((1, 2)))
    season.say(f"laptop {seat.number} is to serve {' and '.join(sorted(areas))}")
    season.fault("scope moved")
    season.world.scopes[seat.root] = frozenset(areas)
    season.oracle.scopes[seat.root] |= set(areas)


ALL: tuple[tuple[float, Misfortune], ...] = (
    (5, repeat),
    (5, tamper),
    (3, crash_laptop),
    (2, crash_typing),
    (2, crash_pc),
    (3, crash_province),
    (1, fill_laptop),
    (1, fill_province),
    (4, turn_clock),
    (1, put_back_laptop),
    (1, put_back_whole_laptop),
    (0.7, clone),
    (0.5, replace_laptop),
    (0.8, put_back_province),
    (0.6, put_back_machine),
    (0.4, revoke),
    (0.7, move_scope),
    (6, bundles.give_away),
    (4, bundles.old_receipt),
)
