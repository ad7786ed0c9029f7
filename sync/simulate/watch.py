"""The watch: what must hold after every step, looked at only where the step can have changed something."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sync import epochs, feed, lanes, messages
from sync.province import Reply
from sync.simulate.laptops import Seat
from sync.simulate.moving import Moving
from sync.simulate.oracle import Oracle
from sync.simulate.world import World
from sync.status import status

_NEW = """select e.n, e.uid, l.lane, e.seq, e.entity from edits e join lanes l using (lane_no)
    where e.n > $1 order by e.n"""
OWN = """select seq, uid from edits where lane_no = $1 and seq <= $2
    union all select seq, uid from positions where lane_no = $1 and seq <= $2"""


@dataclass
class Shown:
    """What a laptop last showed its user; `store` is the database it showed it from."""

    store: Any
    epoch: str = ""
    acknowledged: int = 0
    lane: str = ""
    ack: int = 0
    n: int = 0
    changes: int = -1
    typed: set[str] = field(default_factory=set)  # on this laptop since it was last copied or put back


@dataclass
class Watch:
    """Looks at the province and at one laptop after each step."""

    world: World
    oracle: Oracle
    moving: Moving
    uids: set[str] = field(default_factory=set)  # at the province
    places: dict[tuple[str, int], str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)  # lanes
    shown: dict[int, Shown] = field(default_factory=dict)
    unnoticed: str = ""  # the epoch of a province that was put back without anybody's knowing yet
    n: int = 0
    feed_n: int = 0
    _seen: Any = None  # the store, and how often it had changed, when the province was last looked at

    def restart(self, *, same: bool) -> None:
        """Read the province's whole log anew; `same`: it only lost its power, so nothing may be gone."""
        before = self.uids
        self.uids, self.places, self.n, self.feed_n, self._seen = set(), {}, 0, 0, None
        revoked, self.revoked = self.revoked, set()
        self.province()
        self.revoked = revoked
        for shown in self.shown.values():
            shown.ack = shown.changes = -1  # look again whether what was acknowledged is there
        if same:
            self.oracle.require("I3", before <= self.uids, "the province lost what it had kept")

    def province(self) -> None:
        """I4, I5, I9, I13 of what the province has newly taken in."""
        store, require = self.world.province.store, self.oracle.require
        seen = (store, self.world.disk.changes(store))
        if seen == self._seen:
            return
        self._seen = seen
        for row in store.rows(_NEW, self.n):
            uid, place = row["uid"], (row["lane"], row["seq"])
            require("I5", row["n"] == self.n + 1, "the log has a hole")
            require(
                "I4", uid in self.oracle.typed and uid not in self.uids, "an edit that nobody typed, or twice"
            )
            require("I9", row["lane"] not in self.revoked, "a revoked laptop is still believed")
            require("I13", self.places.setdefault(place, uid) == uid, "two edits under one number")
            self.uids.add(uid)
            self.n = row["n"]
        end, count = feed.end(store), store.value("select count(*) from feed where n > $1", self.feed_n)
        require("I5", end == self.feed_n + count, "the feed has a hole")
        self.moving.look(store, self.feed_n)
        self.feed_n = end

    def arrived(self, message: bytes, reply: Reply) -> None:
        """I9: the edits that a laptop sends which is no longer believed wait in quarantine."""
        if (
            reply.refused == "revoked"
            and messages.read_request(messages.open_envelope(message)).batch is not None
        ):
            fingerprint = sha256(message).hexdigest()
            found = self.world.province.store.value(
                "select 1 from quarantine where fingerprint = $1", fingerprint
            )
            self.oracle.require("I9", found, "what a revoked laptop sent is not in quarantine")

    def laptop(self, number: int, place: Seat) -> None:
        """I3, I5, I10, I17 of one laptop."""
        before = self.shown.get(number)
        if before is None or before.store is not place.store:
            before = self.shown[number] = Shown(place.store)
        changes = self.world.disk.changes(place.store)
        if changes == before.changes:
            return
        before.changes = changes
        self._received(place, before)
        row = place.store.one("select epoch, ack, cursor_n from sync_upstream")
        if row is not None:
            self._acknowledged(place, before, row)

    def _acknowledged(self, place: Seat, before: Shown, row: dict[str, Any]) -> None:
        told, require = status(place.store).acknowledged, self.oracle.require
        # In a province that was put back unsaid it really is not kept any more, though the epoch does not say so yet.
        may_fall = before.epoch != row["epoch"] or row["epoch"] == self.unnoticed
        may_fall = may_fall or place.root in self.moving.liars  # it hears answers to its own lies
        require("I17", may_fall or told >= before.acknowledged, "what was shown as kept is not")
        lane = place.lane
        if (lane, row["epoch"], row["ack"]) != (before.lane, before.epoch, before.ack):
            self._durable(place, row)
        before.epoch, before.acknowledged, before.lane, before.ack = row["epoch"], told, lane, row["ack"]

    def _durable(self, place: Seat, row: dict[str, Any]) -> None:
        province, require = self.world.province.store, self.oracle.require
        if row["epoch"] != epochs.current(province) or row["epoch"] == self.unnoticed:
            return
        own = place.store.rows(OWN, lanes.get(place.store, place.lane).lane_no, row["ack"])
        acknowledged = {each["uid"] for each in own}
        require(
            "I5",
            sorted(each["seq"] for each in own) == list(range(1, row["ack"] + 1)),
            "acknowledged past a gap",
        )
        require("I3", acknowledged <= self.uids, "acknowledged, and not at the province")
        require("I5", row["cursor_n"] <= self.feed_n, "a cursor past the end of the feed")
        self.oracle.acknowledged.setdefault(row["epoch"], set()).update(acknowledged)

    def typed(self, number: int, store: Any, uid: str) -> None:
        """Remember what was typed on a laptop."""
        before = self.shown.get(number)
        if before is None or before.store is not store:
            before = self.shown[number] = Shown(store)
        before.typed.add(uid)

    def _received(self, place: Seat, before: Shown) -> None:
        """A laptop loses nothing that was typed on it, is told nothing of a child that never belonged to its areas, and
        nothing that nobody typed."""
        store, require = place.store, self.oracle.require
        if before.typed:
            held = {row["uid"] for row in store.rows("select uid from edits")}
            gone = (
                before.typed - held
            )  # of an earlier lane, forgotten with a child who left, once the province had it
            require("I2", gone <= self.uids, "a laptop lost what was typed on it")
            before.typed -= gone
        end = store.value("select coalesce(max(n), 0) from edits")
        if end == before.n:
            return
        for row in store.rows(_NEW, before.n if end > before.n else 0):
            edit = self.oracle.typed.get(row["uid"])
            require("I4", edit is not None, "a laptop holds an edit that nobody typed")
            if edit is None or self.oracle.roots.get(edit.place[0]) != place.root:
                self._within(place, row)
            self.moving.note(place, [row["entity"]])
        before.n = end

    def _within(self, place: Seat, row: dict[str, Any]) -> None:
        areas = self.oracle.areas_of.get(row["entity"], set())
        mine = self.oracle.scopes.get(place.root, set())
        self.oracle.require("I10", bool(areas & mine), "a laptop was told of a child outside its areas")
