"""A stormy season in a few dozen seeded worlds: edits, cuts, late repeats, moves, a restored province, wild clocks."""

import random
import re
from contextlib import suppress

import pytest

from siposyandu.store import SqliteStore
from sync import fold
from sync.errors import SyncError
from sync.province import receive
from sync.status import status
from tests.sync_app import AMINAH, BAIQ, CITRA, NAME, NOTE, POSYANDU, WEIGHT_G, notebook
from tests.sync_world import World, image_of

STEPS = 80
AREAS = ("melati", "mawar")


class Storm:
    """One world under one seed. What was typed is remembered here, where the code under test cannot see it."""

    def __init__(self, seed: int, *, restores: bool) -> None:
        self.restores = restores
        self.chance = random.Random(seed)
        self.world = World(seed=seed)
        self.places = [self.world.laptop(area) for area in ("melati", "melati", "mawar")]
        self.typed: set[str] = set()
        self.image: bytes | None = None
        for place in self.places:
            place.road.lose_request = lambda number: self.chance.random() < 0.25
            place.road.lose_answer = lambda number: self.chance.random() < 0.25

    def run(self) -> None:
        """Let the season pass, then the links heal."""
        for _ in range(STEPS):
            self.chance.choice(
                [self.write, self.write, self.send, self.send, self.repeat, self.office, self.trouble]
            )()
        for place in self.places:
            place.road.lose_request = place.road.lose_answer = lambda number: False
        for place in (*self.places, *self.places, *self.places):
            place.exchange()

    def write(self) -> None:
        """Somebody types."""
        place = self.chance.choice(self.places)
        place.clock.wait(self.chance.randrange(-(10**8), 10**8))
        children = [row["entity"] for row in notebook(place.store)]
        if children and self.chance.random() < 0.6:
            field, value = self.chance.choice(
                [(NAME, "B"), (NOTE, "x"), (WEIGHT_G, self.chance.randrange(9))]
            )
            place.writer.save(
                {field: value}, self.chance.choice(children), author=self.chance.choice([AMINAH, BAIQ])
            )
        else:
            place.writer.child("A", next(iter(self.world.scopes[place.writer.lane])))
        self.typed.add(place.writer.written[-1].uid)

    def send(self) -> None:
        """A laptop finds a signal, more or less."""
        place = self.chance.choice(self.places)
        with suppress(SyncError):
            place.exchange()

    def repeat(self) -> None:
        """A message of any earlier day arrives again."""
        place = self.chance.choice(self.places)
        if place.road.messages:
            receive(self.world.province, self.chance.choice(place.road.messages))

    def office(self) -> None:
        """Somebody at the province corrects or moves a child."""
        children = [row["entity"] for row in notebook(self.world.province.store)]
        if children:
            values = self.chance.choice([{NAME: "C"}, {POSYANDU: self.chance.choice(AREAS)}])
            self.world.office.save(values, self.chance.choice(children), author=CITRA)

    def trouble(self) -> None:
        """The province takes a copy of its database, or, where that is played, is put back to the copy it has."""
        if self.image is None or self.chance.random() < 0.7 or not self.restores:
            self.image = image_of(self.world.province.store)
        else:
            self.world.restore(self.image)


def agreed(store: SqliteStore, area: str) -> list[object]:
    """Return the rows and open conflicts of one posyandu's children."""
    rows = [row for row in notebook(store) if row["posyandu"] == area]
    return [rows, fold.conflicts_of(store, [row["entity"] for row in rows])]


def uids(store: SqliteStore) -> list[str]:
    """Return the uids of a log, each as often as it is there."""
    return [row["uid"] for row in store.rows("select uid from edits order by uid")]


@pytest.mark.parametrize("seed", range(24))
def test_after_a_storm_everyone_has_every_edit_once_and_all_agree(seed):
    storm = Storm(seed, restores=False)
    storm.run()
    province = storm.world.province.store
    held = uids(province)
    assert len(held) == len(set(held))
    assert storm.typed <= set(held)
    for place in storm.places:
        (area,) = storm.world.scopes[place.writer.lane]
        assert without_times(agreed(place.store, area)) == without_times(agreed(province, area))
        assert status(place.store).acknowledged == status(place.store).recorded


@pytest.mark.parametrize("seed", range(100, 112))
def test_nothing_typed_on_a_laptop_is_lost_though_the_province_is_restored_again_and_again(seed):
    storm = Storm(seed, restores=True)
    storm.run()
    held = uids(storm.world.province.store)
    assert (len(held), storm.typed - set(held)) == (len(set(held)), set())


def without_times(found: list[object]) -> str:
    """Return rows and conflicts as text, without when each store came to hold them."""
    return re.sub(r"received_at='[^']*'", "", repr(found))
