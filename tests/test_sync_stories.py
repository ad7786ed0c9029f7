"""A cursor counts only in the feed that it was read in: a province put back unsaid is found out, whatever it has told since."""

import random

import pytest

from sync import epochs, feed, notices, stories, upstream
from sync.errors import Malformed, Unreachable
from sync.messages import Request
from tests.sync_app import CITRA, NOTE, POSYANDU
from tests.sync_sticks import export, receive, take
from tests.sync_world import Place, World, image_of, names, put_back_unsaid, says_no_story

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


@pytest.fixture
def mawar(world) -> Place:
    return world.laptop("mawar")


def forgets_and_tells_more(world: World, place: Place, area: str = "melati") -> str:
    """Put the province back unsaid to before it told a laptop of Wati; it has told others more since. Return its epoch."""
    world.office.child("Sari", area)
    place.exchange()
    image, keys = image_of(world.province.store), world.drawer.text
    world.office.child("Wati", area)
    place.exchange()
    put_back_unsaid(world, image, keys)
    for number in range(5):
        world.office.child(f"Kenanga {number}", "kenanga")
    return world.epoch()


def found_out(world: World) -> list[str]:
    return [notice.kind for notice in notices.waiting(world.province.store)]


def test_it_is_found_out_by_who_has_read_what_it_forgot_though_it_has_told_more_since(world, melati):
    before = forgets_and_tells_more(world, melati)
    melati.exchange()
    assert (world.epoch() != before, found_out(world)) == (True, ["restored"])
    assert {"Sari", "Wati"} <= {*names(world.office)}


def test_who_says_only_a_number_as_earlier_versions_do_is_believed(world, melati):
    before = forgets_and_tells_more(world, melati)
    says_no_story(melati)
    melati.exchange()
    assert (world.epoch(), found_out(world), names(melati)) == (before, [], ["Sari", "Wati"])


def test_who_had_read_only_what_it_still_has_goes_on_as_before(world, melati, mawar):
    mawar.exchange()
    before = forgets_and_tells_more(world, melati)
    world.office.child("Nur", "mawar")
    mawar.exchange()
    assert (world.epoch(), found_out(world), names(mawar)) == (before, [], ["Nur"])


def test_it_is_found_out_by_a_stick(world, melati):
    before = forgets_and_tells_more(world, melati)
    (receipts,) = receive(world, export(melati)).receipts
    take(melati, receipts)
    for _ in range(2):
        melati.exchange()
    assert (world.epoch() != before, found_out(world)) == (True, ["restored"])
    assert {"Sari", "Wati"} <= {*names(world.office)}


def test_a_receipt_tells_the_story_too(world, melati):
    world.office.child("Aminah", "melati")
    (receipts,) = receive(world, export(melati)).receipts
    take(melati, receipts)
    state = upstream.state(melati.store)
    assert (state.cursor, state.story) == (1, stories.of(world.province.store, 1))


def test_it_is_found_out_by_who_had_read_a_part_of_what_was_told_at_once(world, melati, mawar):
    chance, child = random.Random(7), world.office.child("Aminah", "melati")
    for _ in range(30):
        world.office.save({NOTE: chance.randbytes(60).hex()}, child, author=CITRA)
    mawar.exchange()
    image, keys = image_of(world.province.store), world.drawer.text
    world.office.save({POSYANDU: "mawar"}, child, author=CITRA)
    with mawar.store.write():
        mawar.store.run("update sync_upstream set batch_bytes = 2048")
    first = len(mawar.road.messages) + 1
    mawar.road.lose_request = lambda number: number > first
    with pytest.raises(Unreachable):
        mawar.exchange()
    mawar.road.lose_request = lambda number: False
    cursor = upstream.state(mawar.store).cursor
    put_back_unsaid(world, image, keys)
    for number in range(40):
        world.office.child(f"Kenanga {number}", "kenanga")
    reached = feed.end(world.province.store)
    mawar.exchange()
    assert (31 < cursor < 64 < reached, found_out(world)) == (True, ["restored"])


def test_a_laptop_that_is_not_believed_a_second_time_on_that_day_reads_everything_again(world, melati):
    forgets_and_tells_more(world, melati)
    melati.exchange()
    epoch = forgets_and_tells_more(world, melati)
    world.office.child("Nur", "melati")
    melati.exchange()
    assert (world.epoch(), "Nur" in names(melati)) == (epoch, True)
    state = upstream.state(melati.store)
    assert (state.cursor, state.story) == (
        feed.end(world.province.store),
        stories.of(world.province.store, state.cursor),
    )
    assert melati.exchange().requests == 1


def test_a_cursor_of_another_feed_confirms_nothing(world, melati, mawar):
    child = melati.writer.child("Aminah")
    melati.exchange()
    forgets_and_tells_more(world, mawar, "mawar")
    mawar.exchange()
    melati.exchange()
    forgets_and_tells_more(world, mawar, "mawar")  # a second time on that day: Mawar is not believed
    world.office.save({POSYANDU: "mawar"}, child, author=CITRA)
    mawar.road.lose_answer = lambda number: True
    with pytest.raises(Unreachable):
        mawar.exchange()
    melati.exchange()
    assert (names(melati), "Aminah" in names(mawar)) == (["Aminah"], False)


def test_what_is_told_alike_again_is_the_same_story(world, melati):
    image, keys = image_of(world.province.store), world.drawer.text
    melati.writer.child("Aminah")
    melati.exchange()
    before = stories.of(world.province.store, feed.end(world.province.store))
    put_back_unsaid(world, image, keys)
    with melati.store.write():
        melati.store.run("update sync_upstream set ack = 0, cursor_n = 0")
    melati.exchange()
    assert stories.of(world.province.store, feed.end(world.province.store)) == before != ""


def test_a_laptop_that_learns_nothing_new_is_told_no_story_again(world, melati):
    melati.writer.child("Aminah")
    for _ in range(2):
        melati.exchange()
    state = upstream.state(melati.store)
    said = {stories.REMARK: state.story}
    request = Request(2, 0, "", "", state.epoch, state.cursor, "", state.scope_hash, 60, said)
    assert (
        stories.told(world.province.store, request, state.cursor),
        epochs.counts(world.province.store, request, {"melati"}),
    ) == (
        {},
        True,
    )


@pytest.mark.parametrize("said", [7, ["x"], {}, 1.5])
def test_a_story_that_is_no_text_is_refused(world, said):
    with pytest.raises(Malformed):
        stories.is_ours(
            world.province.store, Request(1, 0, "", "", "", 1, "", "", 60, {stories.REMARK: said})
        )
