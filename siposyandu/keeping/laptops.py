"""The laptops of a keeper's area: how each does, which lanes it has written in, and shutting one out or replacing it.

A laptop that was restored or copied goes on in a new lane (sync/succession.py): here the lanes are one laptop again, the
newest first. Shutting out takes effect at its next contact; what it sent before stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from siposyandu import access
from siposyandu.errors import NotFound
from siposyandu.keeping import acts
from siposyandu.keeping.register import Register
from siposyandu.periods import local_date, parse_instant
from siposyandu.store import Store
from sync import devices
from sync.devices import Device
from sync.instants import CLOCK_WRONG_S

LONG_DAYS = 35
"""A posyandu meets once a month: a laptop that was not heard for longer has missed a session."""

AT_WORK, NEVER_HEARD, LONG_UNHEARD, REPLACED, SHUT_OUT = "at_work", "never", "long", "replaced", "shut_out"


@dataclass(frozen=True)
class Laptop:
    """One machine: the lane it writes in now (`device`), the lanes before it, newest first, and its state."""

    device: Device
    earlier: tuple[Device, ...]
    state: str

    @property
    def on_the_way(self) -> int:
        """How many records it said it had that have not come yet, when it was last heard."""
        return max(0, self.device.recorded - self.device.acknowledged)

    @property
    def clock_off_s(self) -> int:
        """How many seconds its clock is before (negative: behind) the province's; 0 when it is right enough."""
        off = self.device.clock_offset_s or 0
        return off if abs(off) >= CLOCK_WRONG_S else 0


def all_of(store: Store, register: Register, now: str) -> list[Laptop]:
    """Return the laptops of a keeper's area, those longest unheard first."""
    return laptops([device for device in devices.everyone(store) if register.holds(device.area)], now)


def laptops(found: Sequence[Device], now: str) -> list[Laptop]:
    """Make laptops of lanes: a lane that another one succeeds is that one's past."""
    by_lane = {device.lane: device for device in found}
    past = {device.succeeds for device in found}
    return [
        Laptop(device, tuple(_earlier(by_lane, device)), state_of(device, now))
        for device in found
        if device.lane not in past
    ]


def _earlier(by_lane: Mapping[str, Device], device: Device) -> Iterable[Device]:
    before = by_lane.get(device.succeeds or "")
    while before is not None:
        yield before
        before = by_lane.get(before.succeeds or "")


def state_of(device: Device, now: str) -> str:
    """Say how a laptop does."""
    if device.revoked_at:
        return SHUT_OUT
    if device.closed_at:
        return REPLACED
    if device.last_seen_at is None:
        return NEVER_HEARD
    silent = local_date(parse_instant(now)) - local_date(parse_instant(device.last_seen_at))
    return LONG_UNHEARD if silent.days > LONG_DAYS else AT_WORK


def find(store: Store, register: Register, lane: str, now: str) -> Laptop:
    """Return the laptop that writes in a lane. NotFound for another lane; NotAllowed outside the keeper's area."""
    device = devices.find(store, lane)
    if device is None:
        raise NotFound(f"no laptop writes in lane {lane}")
    access.require(register.holds(device.area), "keeping this laptop")
    found = next((each for each in all_of(store, register, now) if each.device.lane == lane), None)
    if found is None:
        raise NotFound(f"the laptop of lane {lane} goes on in another one")
    return found


def shut_out(store: Store, register: Register, laptop: Laptop, said: tuple[str, str]) -> str:
    """Believe nothing more that a laptop sends, from its next contact on; returns the lane it writes in by then.

    `said` is why, and when. A lane that it has begun since it was found is shut out too. Its earlier lanes are shut out with
    it, but not one in which another laptop began too (an image put on two machines) that is still believed: once the last of
    them is shut out, their key hands over no more.
    """
    why, at = acts.reason(said[0]), said[1]
    access.require(register.holds(laptop.device.area), "shutting out this laptop")
    with store.write():
        begun = _begun_by_now(store, laptop)
        for device in (*begun, *_its_alone(store, laptop)):
            devices.revoke(store, device.lane, at)
        acts.note(store, register.who, acts.REVOKED, laptop.device.lane, (why, at))
    return begun[-1].lane


def _begun_by_now(store: Store, laptop: Laptop) -> list[Device]:
    """Return the lane of a laptop and those that follow on it, which it may have begun while somebody waited for the lock."""
    found, everyone = [laptop.device], devices.everyone(store)
    for device in found:
        found += [each for each in everyone if each.succeeds == device.lane]
    return found


def _its_alone(store: Store, laptop: Laptop) -> list[Device]:
    followers: dict[str, int] = {}
    for device in devices.everyone(store):
        if device.succeeds and device.revoked_at is None:
            followers[device.succeeds] = followers.get(device.succeeds, 0) + 1
    alone: list[Device] = []
    for device in laptop.earlier:
        if followers.get(device.lane, 0) > 1:
            break
        alone.append(device)
    return alone


def replace(store: Store, register: Register, laptop: Laptop, at: str) -> None:
    """End the lane of a laptop whose place another one takes, also one that it has begun since it was found.

    What it wrote stays, and what it may still bring is taken.
    """
    access.require(register.holds(laptop.device.area), "replacing this laptop")
    with store.write():
        for device in _begun_by_now(store, laptop):
            devices.close(store, device.lane, at)
        acts.note(store, register.who, acts.REPLACED, laptop.device.lane, ("", at))
