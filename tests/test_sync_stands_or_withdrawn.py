"""One lets a withdrawn record stand again, another withdraws it without having seen that: a conflict, whoever weighs more."""

import pytest

from sync import conflicts, fold
from sync.body import RETRACTED
from tests.sync_app import AMINAH, BAIQ, CITRA
from tests.sync_world import World

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


def open_ones(*places) -> list[list[object]]:
    """Return, of each place, what the heads of its open conflicts say, the one that is shown first."""
    return [
        [head.value for conflict in conflicts.open_ones(place.store, 9) for head in conflict.heads]
        for place in places
    ]


@pytest.mark.parametrize(
    ("restorer", "withdrawer", "said"),
    [(BAIQ, AMINAH, [None, "dead"]), (AMINAH, BAIQ, ["dead", None])],
)
def test_both_words_wait_until_somebody_decides(world, restorer, withdrawer, said):
    one, two = world.laptop("melati"), world.laptop("melati")
    child = one.writer.child("Aminah")
    one.writer.save({RETRACTED: "twice"}, child, kind="retract")
    for place in (one, two):
        place.exchange()
    two.writer.save({RETRACTED: None}, child, kind="unretract", author=restorer)
    one.writer.save({RETRACTED: "dead"}, child, kind="retract", author=withdrawer)
    for place in (one, two, one):
        place.exchange()
    places = (world.province, one, two)
    waiting = open_ones(*places)
    world.office.save({RETRACTED: None}, child, kind="unretract", author=CITRA)
    for place in (one, two):
        place.exchange()
    assert (waiting, open_ones(*places)) == ([said] * 3, [[]] * 3)
    assert [RETRACTED in fold.values(place.store, child) for place in places] == [False] * 3
