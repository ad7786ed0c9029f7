"""A puskesmas PC in a season: laptops give it bundles over its hotspot or on a stick, it passes them on, and receipts go back.

Its own internet and its hotspot have the season's weather; unlike a connection with TLS, both may bring a changed message to
whoever listens, for bundles need no trust in the wire.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from sync import bundle, courier, postbox, satchel, titipan
from sync.errors import SyncError, Unreachable
from sync.laptop import Laptop
from sync.simulate import bundles
from sync.simulate.laptops import AREAS, Misfortune, Seat
from sync.simulate.network import cut, flipped

if TYPE_CHECKING:
    from sync.simulate.season import Season

AREA = "puskesmas"
HOW_OFTEN = 0.4  # of all seasons have one


def drawn(season: "Season") -> list[tuple[float, Misfortune]]:
    """Bring a PC into some seasons; return what it does there, each with how often."""
    if season.chance.random() >= HOW_OFTEN:
        return []
    world = season.world
    world.province = replace(world.province, relay_areas=lambda store, lane: frozenset([AREA]))
    season.add_laptop(areas=(AREA, *AREAS))
    return list(ALL)


@dataclass
class Wire:
    """A wire for bundles through the season's weather: who answers at its end, who takes in what comes days later, and who is
    told what was sent."""

    season: "Season"
    answer: Callable[[bytes], bytes]
    later: Callable[[bytes], object]
    sent: Callable[[bytes], None] = lambda body: None

    def post(self, path: str, body: bytes) -> bytes:
        """Carry bundles there and the answer back, whole or not."""
        weather = self.season.weather
        self.sent(body)
        reply = self._there(weather.trouble(weather.there), body)
        return self._back(weather.trouble(weather.back), reply)

    def _there(self, trouble: str, body: bytes) -> bytes:
        season = self.season
        if trouble in ("cut", "flipped"):
            body = _changed(season, trouble, body)
        elif trouble == "twice":
            season.fault(trouble)
            self.answer(body)
        elif trouble in ("lost", "late"):
            season.fault(trouble)
            if trouble == "late":
                season.at(season.now_s + bundles.CARRIED_S, lambda: _late(season, self.later, body))
            raise Unreachable(f"{trouble} on the way there")
        return self.answer(body)

    def _back(self, trouble: str, reply: bytes) -> bytes:
        if trouble in ("answer cut", "answer flipped"):
            return _changed(self.season, trouble, reply)
        if trouble == "answer lost":
            self.season.fault(trouble)
            raise Unreachable("lost on the way back")
        return reply


def _late(season: "Season", later: Callable[[bytes], object], body: bytes) -> None:
    season.say("bundles of an earlier day arrive over a wire")
    with suppress(SyncError):
        later(body)
    season.look()


def _changed(season: "Season", trouble: str, data: bytes) -> bytes:
    season.fault(trouble)
    return (flipped if trouble.endswith("flipped") else cut)(data, season.chance) if data else data


def _pc(season: "Season") -> Seat | None:
    found = carriers(season)
    return season.chance.choice(found) if found else None


def carriers(season: "Season") -> list[Seat]:
    """Return the machines that carry for others."""
    return [seat for seat in season.seats if seat.area == AREA]


def meet(season: "Season") -> None:
    """A laptop comes into the hotspot of the PC."""
    pc = _pc(season)
    if pc:
        _meet(season, pc, pc.laptop)


def _meet(season: "Season", pc: Seat, laptop: Laptop) -> None:
    seat = season.anybody()
    if seat.area == AREA:
        return
    season.say(f"laptop {seat.number} meets the PC {pc.number}")
    wire = Wire(
        season,
        lambda body: satchel.answered(laptop, body),
        lambda body: collect(season, body),
        lambda body: bundles.remember(season, seat, body),
    )
    _tried(season, seat, lambda: titipan.hand_over(seat.laptop, wire, "Puskesmas"))
    season.look(pc)


def carried(season: "Season") -> dict[str, set[str]]:
    """Return the bundles in the satchels of all PC that nobody has refused, each with the edits it brings."""
    brings = season.memory.brings
    return {found: brings.get(found, set()) for found, code in _satchels(season) if not code}


def refused(season: "Season") -> set[str]:
    """Return the bundles in the satchels that the province has refused: they lie on a page there."""
    return {found for found, code in _satchels(season) if code}


def _satchels(season: "Season") -> set[tuple[str, str]]:
    """Return the fingerprints of the bundles in all satchels, with how each was refused; a copy of a PC may know more of one."""
    found = (
        pc.store.rows("select fingerprint, refused from satchel where kind = $1", bundle.PUSH)
        for pc in carriers(season)
    )
    return {(row["fingerprint"], row["refused"]) for rows in found for row in rows}


def pass_on(season: "Season") -> None:
    """The PC has internet."""
    pc = _pc(season)
    if pc:
        _pass_on(season, pc, pc.laptop)


def _pass_on(season: "Season", pc: Seat, laptop: Laptop) -> None:
    season.say(f"the PC {pc.number} passes on what it carries")
    _tried(season, pc, lambda: forward(season, laptop))


def forward(season: "Season", laptop: Laptop) -> None:
    """Let a PC pass on over a wire what it carries."""
    answer = partial(_answered, season)
    satchel.forward(laptop, Wire(season, answer, answer))


def _answered(season: "Season", body: bytes) -> bytes:
    season.exchanges += 1
    return season.at_province(lambda province: titipan.answered(province, body))


def _tried(season: "Season", seat: Seat, does: Callable[[], object]) -> None:
    try:
        does()
    except SyncError as error:
        season.say(f"it could not: {error.code}")
    finally:
        season.look(seat)


def give_stick(season: "Season") -> None:
    """A laptop's bundle goes to the PC on a stick."""
    pc, seat = _pc(season), season.anybody()
    if pc and seat.area != AREA:
        season.say(f"laptop {seat.number} gives a stick for the PC {pc.number}")
        with suppress(SyncError):
            data = courier.export(seat.laptop)
            bundles.remember(season, seat, data)
            bundles.carry(season, data, lambda data, changed: collect(season, data))
        season.look(seat)


def collect(season: "Season", data: bytes) -> None:
    """A stick arrives at the PC."""
    pc = _pc(season)
    if pc:
        season.say(f"a stick arrives at the PC {pc.number}")
        _tried(season, pc, lambda: satchel.collect(pc.laptop, data))


def send_file(season: "Season") -> None:
    """The PC writes what it carries on one stick for the province."""
    pc = _pc(season)
    if pc:
        season.say(f"the PC {pc.number} gives a stick for the province")
        with suppress(SyncError):
            data = satchel.for_province(pc.laptop)
            bundles.carry(season, data, lambda data, changed: _at_province(season, data))
        season.look(pc)


def _at_province(season: "Season", data: bytes) -> None:
    season.say("the stick of a PC arrives at the province")
    season.exchanges += 1
    with suppress(SyncError):
        delivered = season.at_province(lambda province: postbox.receive(province, data))
        receipts = b"".join(delivered.receipts)
        if receipts:
            bundles.carry(season, receipts, lambda data, changed: collect(season, data))
    season.look()


def bring_home(season: "Season") -> None:
    """Somebody takes the receipts for all laptops along from the PC."""
    pc = _pc(season)
    data = satchel.for_laptops(pc.laptop) if pc else b""
    if data:
        season.say("receipts go home from the PC")
        for number in range(len(season.seats)):
            season.at(season.now_s + bundles.CARRIED_S, partial(_home, season, number, data))


def _home(season: "Season", number: int, data: bytes) -> None:
    seat = season.seats[number]
    _tried(season, seat, lambda: courier.take(seat.laptop, data))


def work(season: "Season", pc: Seat, laptop: Laptop) -> None:
    """Let a PC collect or pass on; `laptop` are its ports, through which its power may go."""
    season.chance.choice((_meet, _pass_on))(season, pc, laptop)


def carries_nothing_new(season: "Season", pc: Seat) -> bool:
    """Let a PC pass on what it carries; return whether that changed nothing."""
    before = _carried(pc)
    with suppress(SyncError):
        forward(season, pc.laptop)
    season.look(pc)
    return _carried(pc) == before


def _carried(pc: Seat) -> list[tuple[str, int, str]]:
    return [(each.lane, each.first_seq, each.refused) for each in satchel.carried(pc.store)]


ALL: tuple[tuple[float, Misfortune], ...] = (
    (10, meet),
    (6, pass_on),
    (4, give_stick),
    (3, send_file),
    (2, bring_home),
)
