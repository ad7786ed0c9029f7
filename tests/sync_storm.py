"""A stormy season under one seed: laptops cut off, copied, put back, a province put back, clocks wild, power gone.

What was typed, and what its author had seen, is remembered here, where the code under test cannot look. Each seed draws
its own mix of troubles, so that some worlds have much of one kind. `verdict` names every invariant that does not hold.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from siposyandu.store import SqliteStore
from sync import body, departures, epochs, fold, heads, log
from sync.errors import SyncError
from sync.province import receive
from sync.status import status
from tests.sync_app import AMINAH, BAIQ, CITRA, NAME, NOTE, POSYANDU, WEIGHT_G, notebook
from tests.sync_world import Place, World, image_of, opened

AREAS = ("melati", "mawar")
TROUBLES = ("repeat", "flip", "crash", "put_back_laptop", "clone", "put_back_province", "put_back_machine")
EVERYDAY = ("repeat", "flip", "crash")
STEPS = 80
DAY_S = 86400


class PowerCut(BaseException):
    """The power is gone in the middle of a transaction."""


class Fuse:
    """Cuts the power of a store at its n-th change; nothing of the open transaction stays."""

    def __init__(self, store: SqliteStore, changes: int) -> None:
        self.store, self.left = store, changes
        self.run, self.many = store.run, store.many

    def __enter__(self) -> "Fuse":
        self.store.run, self.store.many = self._cutting(self.run), self._cutting(self.many)
        return self

    def __exit__(self, *_: object) -> None:
        self.store.run, self.store.many = self.run, self.many

    def _cutting(self, change: Callable[..., Any]) -> Callable[..., Any]:
        def cut(*args: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise PowerCut
            return change(*args)

        return cut


@dataclass
class Oracle:
    """What the code under test never sees: every edit typed, by uid, and what its author had seen of the record."""

    seen: dict[str, frozenset[str]] = field(default_factory=dict)
    shown: dict[int, tuple[str, int]] = field(default_factory=dict)  # laptop -> epoch, acknowledged
    broken: list[str] = field(default_factory=list)


class Storm:
    """One world under one seed."""

    def __init__(self, seed: int, troubles: tuple[str, ...] = TROUBLES) -> None:
        self.chance = random.Random(seed)
        self.world = World(seed=seed)
        self.oracle = Oracle()
        self.places = [self.world.laptop(area) for area in ("melati", "melati", "mawar")]
        self.images: dict[int, SqliteStore] = {}
        self.backups: list[tuple[SqliteStore, str | None]] = []
        self.unnoticed = ""  # the epoch of a province that was put back without anybody's knowing yet
        drawn = [name for name in troubles if self.chance.random() < 0.6]
        everyday = ["write"] * 4 + ["send"] * 4 + ["office", "back_up"]
        self.steps: list[Callable[[], None]] = [getattr(self, name) for name in (*everyday, *drawn)]
        for place in self.places:
            self.unreliable(place)

    def unreliable(self, place: Place) -> None:
        """Let a road lose a quarter of what it carries, each way."""
        place.road.lose_request = lambda number: self.chance.random() < 0.2
        place.road.lose_answer = lambda number: self.chance.random() < 0.2

    def run(self, steps: int = STEPS) -> "Storm":
        """Let the season pass, then the roads heal and everybody exchanges until nothing is new."""
        for _ in range(steps):
            self.chance.choice(self.steps)()
            self.look()
        self.surviving = {uid for store in self.stores() for uid in uids(store)}
        for place in self.places:
            place.road.lose_request = place.road.lose_answer = lambda number: False
        for place in self.places * 4:
            place.clock.wait(DAY_S)
            place.exchange()
            self.look()
        for place in self.places:
            place.clock.wait(DAY_S)
            self.require("I11", place.exchange().requests == 1)
        return self

    def stores(self) -> list[SqliteStore]:
        """Return every database there is."""
        return [self.world.province.store, *(place.store for place in self.places)]

    # What happens in a season.

    def write(self) -> None:
        """Somebody types."""
        place = self.chance.choice(self.places)
        place.clock.wait(self.chance.randrange(-(10**8), 10**8))
        children = [row["entity"] for row in notebook(place.store)]
        if children and self.chance.random() < 0.6:
            fields = [(NAME, "B"), (NOTE, "x"), (WEIGHT_G, self.chance.randrange(9))]
            child, author = self.chance.choice(children), self.chance.choice([AMINAH, BAIQ])
            self.typed(
                place.store,
                child,
                lambda: place.writer.save(dict([self.chance.choice(fields)]), child, author=author),
            )
        else:
            self.typed(
                place.store, "", lambda: place.writer.child(f"A{self.chance.randrange(99)}", place.area)
            )

    def typed(self, store: SqliteStore, child: str, save: Callable[[], str]) -> None:
        """Remember what is typed and everything its author had seen of that record."""
        before = {kept.edit.uid for kept in log.of_entities(store, [child])}
        entity = save()
        (uid,) = {kept.edit.uid for kept in log.of_entities(store, [entity])} - before
        self.oracle.seen[uid] = frozenset(before)

    def send(self) -> None:
        """A laptop finds a signal, more or less."""
        with suppress(SyncError):
            self.chance.choice(self.places).exchange()

    def office(self) -> None:
        """Somebody at the province corrects or moves a child."""
        office, children = self.world.office, [row["entity"] for row in notebook(self.world.province.store)]
        if children:
            values = self.chance.choice([{NAME: "C"}, {POSYANDU: self.chance.choice(AREAS)}])
            child = self.chance.choice(children)
            self.typed(office.store, child, lambda: office.save(values, child, author=CITRA))

    def repeat(self) -> None:
        """A message of any earlier day arrives again."""
        place = self.chance.choice(self.places)
        if place.road.messages:
            receive(self.world.province, self.chance.choice(place.road.messages))

    def flip(self) -> None:
        """A message arrives with one bit changed: refused by name, and nothing changes."""
        place = self.chance.choice(self.places)
        if place.road.messages:
            message = bytearray(self.chance.choice(place.road.messages))
            message[self.chance.randrange(len(message))] ^= 1 << self.chance.randrange(8)
            connection = self.world.province.store.database.conn
            before = connection.total_changes
            refused = receive(self.world.province, bytes(message)).refused
            self.require("I9", bool(refused) and connection.total_changes == before)

    def crash(self) -> None:
        """The power goes in the middle of an exchange, at the laptop or at the province; both start again."""
        place = self.chance.choice(self.places)
        cut = self.chance.choice([place.store, self.world.province.store])
        with suppress(SyncError, PowerCut), Fuse(cut, self.chance.randrange(1, 25)):
            place.exchange()
        place.open()

    def back_up(self) -> None:
        """Somebody takes a copy of a laptop's database, or of the province's, alone or with its keys."""
        if self.chance.random() < 0.5:
            drawer = self.world.drawer.text if self.chance.random() < 0.5 else None
            self.backups.append((image_of(self.world.province.store), drawer))
        else:
            number = self.chance.randrange(len(self.places))
            self.images[number] = self.places[number].image()

    def put_back_laptop(self) -> None:
        """A laptop's database is put back to the copy there is; its keys are not."""
        for number, image in self.images.items():
            self.places[number] = self.places[number].from_image(image)
            self.places[number].open()
            return

    def clone(self) -> None:
        """A laptop is made from an image of another's whole disk."""
        if len(self.places) < 6:
            self.places.append(self.chance.choice(self.places).clone())
            self.unreliable(self.places[-1])

    def put_back_province(self) -> None:
        """The province's database is put back to a copy, and its operator says so."""
        if self.backups:
            self.world.restore(self.backups.pop()[0])

    def put_back_machine(self) -> None:
        """The province's whole machine is put back, keys and all: nobody says so, and no sentinel can tell."""
        for image, keys in self.backups[-1:]:
            if keys is not None:
                self.backups.pop()
                self.world.drawer.text = keys
                self.world.use(opened(image))
                self.unnoticed = epochs.current(self.world.province.store)

    # What must hold.

    def require(self, invariant: str, holds: bool) -> None:
        """Note an invariant that does not hold."""
        if not holds:
            self.oracle.broken.append(invariant)

    def look(self) -> None:
        """Check what must hold after every step."""
        province = self.world.province.store
        epoch = epochs.current(province)
        for place in self.places:
            self._acknowledged_means_durable(place, province, epoch)
            self._nothing_reverts(place)

    def _acknowledged_means_durable(self, place: Place, province: SqliteStore, epoch: str) -> None:
        state = place.store.one("select epoch, ack from sync_upstream")
        if state["epoch"] == epoch != self.unnoticed:
            acked = (
                {edit.uid for edit in log.stretch(place.store, place.lane, 1, state["ack"])}
                if state["ack"]
                else set()
            )
            self.require("I3", acked <= log.held(province, acked))

    def _nothing_reverts(self, place: Place) -> None:
        told, epoch = status(place.store).acknowledged, place.store.value("select epoch from sync_upstream")
        before = self.oracle.shown.get(id(place.store))
        self.require("I17", before is None or before[0] != epoch or before[1] <= told)
        self.oracle.shown[id(place.store)] = (epoch, told)

    def verdict(self) -> list[str]:
        """Return the invariants that do not hold at rest, with those that did not on the way."""
        found = list(self.oracle.broken)
        checks = {"I1": self.agree, "I2": self.durable, "I4": self.once, "I5": self.gapless, "I6": self.order_free,
                  "I7": self.causal, "I8": self.told, "I10": self.within, "I11": self.quiet,
                  "I13": self.true_to_origin}  # fmt: skip
        return found + [name for name, holds in checks.items() if not holds()]

    def agree(self) -> bool:
        """I1: every laptop shows its area as the province does: rows, conflicts, and who wins."""
        province = self.world.province.store
        return all(
            shown(place.store, area) == shown(province, area)
            for place in self.places
            for area in self.world.scope(province, place.lane)
        )

    def durable(self) -> bool:
        """I2: what any log held when the roads healed is at the province."""
        return self.surviving <= set(uids(self.world.province.store))

    def within(self) -> bool:
        """I10: a laptop shows no record outside its areas, and of one that left it holds only its own lane's edits
        and those that the province has not told it."""
        province = self.world.province.store
        for place in self.places:
            areas = self.world.scope(province, place.lane)
            if any(row["posyandu"] not in areas for row in notebook(place.store)):
                return False
            left = "select 1 from edits where told = 1 and entity in (select entity from departed) limit 1"
            if place.store.value(left):
                return False
        return True

    def once(self) -> bool:
        """I4: one edit typed is one uid, everywhere; nothing is there that nobody typed."""
        return all(
            len(found) == len(set(found)) and set(found) <= self.oracle.seen.keys()
            for found in map(uids, self.stores())
        )

    def gapless(self) -> bool:
        """I5: numbers of the province's log, of the feed and of every lane that speaks have no holes."""
        return all(
            numbers == list(range(1, len(numbers) + 1))
            for store in self.stores()
            for numbers in _numbers(store, store is self.world.province.store)
        )

    def order_free(self) -> bool:
        """I6: heads computed at once from all edits of a log are those kept step by step."""
        return all(kept_heads(store, entity) == whole_heads(store, entity)
                   for store in self.stores() for entity in entities(store)
                   if not departures.forgotten(store, [entity]))  # fmt: skip

    def causal(self) -> bool:
        """I7: an edit is a head unless some surviving author had seen it; a hidden conflict never, a spurious one only
        when the edit between died with its last holder."""
        province = self.world.province.store
        everyone_lives = self.oracle.seen.keys() <= set(uids(province))
        for entity in entities(province):
            edits = {kept.edit.uid: kept.edit for kept in log.of_entities(province, [entity])}
            kept = kept_heads(province, entity)
            for field_no in {number for edit in edits.values() for number in edit.values}:
                setters = [edit for edit in edits.values() if field_no in edit.values]
                true = {
                    edit.uid
                    for edit in setters
                    if not any(edit.uid in self.oracle.seen[later.uid] for later in setters)
                }
                if not true <= kept[field_no] or (everyone_lives and true != kept[field_no]):
                    return False
        return True

    def told(self) -> bool:
        """I8: every edit at the province can be shown in its record's history."""
        province = self.world.province.store
        shown_ = {line.edit.uid for entity in entities(province) for line in fold.history(province, entity)}
        return shown_ == set(uids(province))

    def quiet(self) -> bool:
        """I11: a few exchanges after the roads healed everything is acknowledged."""
        return all(status(place.store).acknowledged == status(place.store).recorded for place in self.places)

    def true_to_origin(self) -> bool:
        """I13: every uid is made from its content at the place where it was first written, and no place means two."""
        places: dict[tuple[str, int], str] = {}
        for store in self.stores():
            for kept in log.of_entities(store, entities(store)):
                edit = kept.edit
                if body.named(edit)[0].uid != edit.uid:
                    return False
        province = self.world.province.store
        for table in ("edits", "positions"):
            for row in province.rows(
                f"select l.lane, t.seq, t.uid from {table} t join lanes l using (lane_no)"
            ):
                if places.setdefault((row["lane"], row["seq"]), row["uid"]) != row["uid"]:
                    return False
        return True


def uids(store: SqliteStore) -> list[str]:
    """Return the uids of a log, each as often as it is there."""
    return [row["uid"] for row in store.rows("select uid from edits order by uid")]


def entities(store: SqliteStore) -> list[str]:
    """Return the records of a log."""
    return [row["entity"] for row in store.rows("select distinct entity from edits order by entity")]


def shown(store: SqliteStore, area: str) -> list[object]:
    """Return the rows of one posyandu's children and their open conflicts, as heads in the order of precedence."""
    rows = [row for row in notebook(store) if row["posyandu"] == area]
    found = fold.conflicts_of(store, [row["entity"] for row in rows])
    return [
        rows,
        [
            (each.entity, each.field, [(head.uid, head.value, head.authority) for head in each.heads])
            for each in found
        ],
    ]


def kept_heads(store: SqliteStore, entity: str) -> dict[int, frozenset[str]]:
    """Return field -> heads as the store keeps them."""
    return heads.current(store, entity)


def whole_heads(store: SqliteStore, entity: str) -> dict[int, frozenset[str]]:
    """Return field -> heads by definition: edits that set the field, less those that some edit lists as replaced."""
    edits = [kept.edit for kept in log.of_entities(store, [entity])]
    replaced = {(uid, number) for edit in edits for number, listed in edit.preds.items() for uid in listed}
    return {
        number: frozenset(
            edit.uid for edit in edits if number in edit.values and (edit.uid, number) not in replaced
        )
        for number in {number for edit in edits for number in edit.values}
    }


def _numbers(store: SqliteStore, is_province: bool) -> Iterator[list[int]]:
    for table in ("edits", "feed") if is_province else ():
        yield [row["n"] for row in store.rows(f"select n from {table} order by n")]
    speaking = store.rows("select lane_no from devices") if is_province else []
    for lane_no in {row["lane_no"] for row in speaking} | {store.value("select lane_no from sync_self")}:
        sql = "select seq from edits where lane_no = $1 union select seq from positions where lane_no = $1 order by seq"
        yield [row["seq"] for row in store.rows(sql, lane_no)]
