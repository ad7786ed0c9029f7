"""Bundles in a season: a laptop gives a file away, somebody carries it, and a receipt comes home; or not, or otherwise.

Files come late, twice, in any order, cut short or with one bit changed, and so do receipts; old receipts come again.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sync import bundle, courier, lanes, postbox
from sync.bundle import Bundle
from sync.errors import SyncError
from sync.postbox import Delivered
from sync.simulate.laptops import Seat
from sync.simulate.network import cut, flipped
from sync.simulate.watch import OWN

if TYPE_CHECKING:
    from sync.simulate.season import Season

CARRIED_S = 86400  # how long a file is carried, on average
TROUBLES = ("", "", "", "", "bundle lost", "bundle twice", "bundle cut", "bundle flipped")
KEPT = 12  # receipts that somebody still has


def give_away(season: "Season") -> None:
    """A laptop writes a bundle for whoever goes to town."""
    seat = season.anybody()
    season.say(f"laptop {seat.number} gives a bundle away")
    with suppress(SyncError):
        data = courier.export(seat.laptop)
        remember(season, seat, data)
        season.oracle.require("I10", _is_sealed(seat, data), "a bundle can be read by whoever carries it")
        carry(season, data, lambda data, changed: _at_province(season, seat.number, data, changed=changed))
    season.look(seat)


def remember(season: "Season", seat: Seat, data: bytes) -> None:
    """Remember which edits a bundle brings."""
    lane_no = lanes.get(seat.store, seat.laptop.keys.lane).lane_no
    for found in bundle.split(data):
        if isinstance(found, Bundle):
            rows = seat.store.rows(OWN, lane_no, found.last_seq)
            season.memory.brings[found.fingerprint] = {
                row["uid"] for row in rows if row["seq"] >= found.first_seq
            }


def _is_sealed(seat: Seat, data: bytes) -> bool:
    """Whether nothing of what the laptop's edits say stands openly in a bundle."""
    said = seat.store.rows("select uid, body from edits order by n desc limit 3")
    return not any(bytes.fromhex(row["uid"]) in data or row["body"].encode() in data for row in said)


def carry(season: "Season", data: bytes, arrive: Callable[[bytes, bool], None]) -> None:
    """Let a file arrive some day, as it is or not."""
    trouble = season.chance.choice(TROUBLES)
    if trouble:
        season.fault(trouble)
    if trouble == "bundle lost":
        return
    changed = trouble in ("bundle cut", "bundle flipped")
    if changed:
        data = (cut if trouble == "bundle cut" else flipped)(data, season.chance)
    for _ in range(2 if trouble == "bundle twice" else 1):
        when_s = season.now_s + season.chance.expovariate(1 / CARRIED_S)
        season.at(when_s, lambda: arrive(data, changed))


def _at_province(season: "Season", number: int, data: bytes, *, changed: bool) -> None:
    season.say(
        f"a bundle of laptop {number} arrives at the province{', changed on the way' if changed else ''}"
    )
    store = season.world.province.store
    before = season.disk.changes(store)
    with suppress(SyncError):
        delivered = season.at_province(lambda province: postbox.receive(province, data))
        season.exchanges += 1
        if changed:
            refused = all(remark.refused for remark in delivered.remarks)
            unchanged = season.disk.changes(store) == before
            season.oracle.require("I9", refused and unchanged, "a changed bundle had an effect")
        else:
            _is_kept(season, data, delivered)
        for receipt in delivered.receipts:
            season.memory.receipts = [*season.memory.receipts[-KEPT:], (number, receipt)]
            carry(season, receipt, lambda data, changed: take_home(season, number, data, changed=changed))
    season.look()


def _is_kept(season: "Season", data: bytes, delivered: Delivered) -> None:
    """I2: what a bundle brings is at the province, also when its lane has gone on otherwise; or waits for what it follows on."""
    season.watch.province()
    for found, remark in zip(bundle.split(data), delivered.remarks, strict=True):
        if isinstance(found, Bundle) and remark.refused in ("", "fork"):
            waits = season.world.province.store.value("select 1 from held")
            brings = season.memory.brings[found.fingerprint]
            season.oracle.require("I2", waits or brings <= season.watch.uids, "a bundle was thrown away")


def take_home(season: "Season", number: int, data: bytes, *, changed: bool = False) -> None:
    """A receipt arrives at a laptop: the one it is for, or whichever stands in its place today."""
    seat = season.seats[number]
    season.say(f"a receipt arrives at laptop {number}{', changed on the way' if changed else ''}")
    before = _standing(seat)
    try:
        taken = courier.take(seat.laptop, data)
        if changed:
            # A file may hold several bundles: those that came whole have the effect they should have.
            held = _standing(seat) == before or any(remark.kind for remark in taken.remarks)
            season.oracle.require("I9", held, "a changed receipt had an effect")
    except SyncError as error:
        season.say(f"laptop {number} could not take it: {error.code}")
    except Exception as error:
        if not season.disk.is_full(error):
            raise
    season.look(seat)


def _standing(seat: Seat) -> list[Any]:
    return [
        *seat.store.rows("select epoch, ack, cursor_n from sync_upstream"),
        *seat.store.rows("select count(*) as edits from edits"),
    ]


def old_receipt(season: "Season") -> None:
    """A receipt of an earlier day arrives again, at any laptop."""
    if season.memory.receipts:
        season.fault("old receipt")
        number, receipt = season.chance.choice(season.memory.receipts)
        take_home(season, number if season.chance.random() < 0.8 else season.anybody().number, receipt)
