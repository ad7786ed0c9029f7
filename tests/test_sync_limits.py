"""What one message may hold: every message keeps it, whatever is to be said, and nobody stands still for it."""

import random
import string
from dataclasses import replace
from typing import Any

import pytest

from sync import batches, body, courier, keys, lanes, log, messages, outbox, postbox, upstream
from sync.body import Edit
from sync.client import Outcome
from sync.errors import Refused, SyncError, TooLarge
from sync.messages import LARGEST_PAYLOAD, Request
from sync.province import receive
from tests.sync_app import CHILD, CITRA, FORM, NAME, NOTE, POSYANDU, notebook
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")
LETTERS = string.ascii_letters + string.digits + " ."
TO_FORGET = 520  # more than one answer names
LONG = 30_000  # letters, the most that an edit holds, near enough


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


@pytest.fixture
def mawar(world) -> Place:
    return world.laptop("mawar")


def noise(letters: int, seed: int) -> str:
    """Return text that hardly deflates."""
    return "".join(random.Random(seed).choices(LETTERS, k=letters))


def fill(place: Place, many: int, note: str = "", letters: int = 0) -> None:
    """Register children, with notes of so many letters that do not deflate, or all with one note."""
    with place.store.write():
        for number in range(many):
            said = {NOTE: note or noise(letters, number)} if note or letters else {}
            place.writer.save({FORM: CHILD, NAME: f"Anak {number}", POSYANDU: place.area, **said})


def widen(place: Place, batch_bytes: int = LARGEST_PAYLOAD) -> None:
    """Let a laptop ask for as much as it would after many good exchanges."""
    with place.store.write():
        place.store.run("update sync_upstream set batch_bytes = $1", batch_bytes)


def moved_laptop(world: World, melati: Place, mawar: Place) -> Place:
    """Return a laptop with Melati's children that is Mawar's from now on, whose children fill more than one answer."""
    fill(melati, TO_FORGET)
    fill(mawar, 100, letters=2_500)
    place = world.laptop("melati")
    for each in (melati, mawar, place):
        each.exchange()
    world.scopes[place.lane] = frozenset(["mawar"])
    return place


def test_hundreds_of_records_to_forget_and_a_full_page_need_more_than_one_answer(world, melati, mawar):
    place = moved_laptop(world, melati, mawar)
    widen(place)
    place.exchange()
    assert notebook(place.store) == notebook(mawar.store)
    assert place.road.answers[-1].refused == ""


def test_a_laptop_on_a_bad_road_is_told_no_more_at_once_than_it_asked_for(world, melati):
    fill(melati, TO_FORGET)
    place = world.laptop("melati")
    for each in (melati, place):
        each.exchange()
    world.scopes[place.lane] = frozenset(["kenanga"])
    widen(place, upstream.SMALLEST_BATCH)
    before = len(place.road.answers)
    place.exchange()
    asked = [messages.read_request(messages.open_envelope(said)) for said in place.road.messages[before:]]
    told = [len(answer.body) for answer in place.road.answers[before:]]
    assert all(size <= request.room_kb * 1024 for size, request in zip(told, asked, strict=True)), told
    assert notebook(place.store) == []


def test_receipts_with_hundreds_of_records_to_forget_and_more_to_read_are_written_for_everybody(
    world, melati, mawar
):
    fill(melati, TO_FORGET)
    melati.exchange()
    place = world.laptop("melati")
    by_stick = (place, world.laptop("mawar"))
    place.exchange()
    for each in by_stick:
        postbox.receive(world.province, courier.export(each.laptop))
    with world.province.store.write():
        for row in notebook(melati.store):
            world.office.save({POSYANDU: "mawar"}, row["entity"], author=CITRA)
    mawar.exchange()
    mawar.exchange()  # it has read them: Melati is told to forget them
    fill(melati, 100, letters=2_500)
    melati.exchange()
    receipts = b"".join(outbox.receipts_waiting(world.province))
    for each in by_stick:
        courier.take(each.laptop, receipts)
    assert [notebook(each.store) for each in by_stick] == [notebook(melati.store), notebook(mawar.store)]


def test_areas_that_fill_an_answer_go_alone_and_the_records_follow(world, melati):
    areas = [noise(24, number) for number in range(2_500)]
    world.scopes[melati.lane] = frozenset(["melati", *areas])
    child = world.office.child("Aminah")
    world.office.save({NOTE: noise(LONG, 1)}, child)
    melati.exchange()
    assert notebook(melati.store) == notebook(world.province.store)
    assert upstream.scope(melati.store) == {"melati", *areas}


def test_a_laptop_whose_receipt_cannot_be_written_stops_no_other(world, melati, mawar):
    for place in (melati, mawar):
        postbox.receive(world.province, courier.export(place.laptop))
    scope = world.province.scope

    def without_melati(store: Any, lane: str) -> frozenset[str]:
        return frozenset([{"mawar": "mawar"}[area] for area in scope(store, lane)])

    world.province = replace(world.province, scope=without_melati)
    (receipt,) = outbox.receipts_waiting(world.province)
    assert "" in [each.refused for each in courier.take(mawar.laptop, receipt).remarks]


@pytest.mark.parametrize("error", [TooLarge(), Refused(code="too_large")])
def test_what_was_too_large_is_half_as_large_the_next_time(melati, error: SyncError):
    before = upstream.state(melati.store).batch_bytes
    upstream.failed(melati.store, error, melati.clock.now(), melati.laptop.random)
    assert upstream.state(melati.store).batch_bytes == before // 2


def test_what_is_asked_beside_a_full_batch_fits_the_same_message(world, melati):
    fill(second := world.laptop("melati"), 300)
    for place in (second, melati):
        place.exchange()
    with melati.store.write():  # children who have left: it asks which of their edits it may delete
        melati.store.run("insert into departed select distinct entity, 1 from edits where told = 1")
    widen(melati)
    fill(melati, 33, letters=2_500)
    assert melati.exchange() == Outcome(acknowledged=33, received=0, requests=2)


@pytest.mark.parametrize("by_stick", [False, True])
def test_long_texts_that_deflate_to_little_reach_everybody(world, melati, by_stick):
    with melati.store.write():
        for number in range(160):
            values = {FORM: CHILD, NAME: "A", POSYANDU: "melati", NOTE: f"{number}{'x' * LONG}"}
            melati.writer.save(values)
    if by_stick:
        postbox.receive(world.province, courier.export(melati.laptop))
    else:
        assert melati.exchange() == Outcome(acknowledged=160, received=0, requests=2)
    second = world.laptop("melati")
    if by_stick:
        postbox.receive(world.province, courier.export(second.laptop))
        courier.take(second.laptop, b"".join(outbox.receipts_waiting(world.province)))
    else:
        assert second.exchange() == Outcome(acknowledged=0, received=160, requests=2)
    assert notebook(second.store) == notebook(melati.store)


def said_a_thousand_times(place: Place, note: str) -> Request:
    """A push of a thousand children whose note stands in the batch once."""
    store, many = place.store, batches.LARGEST_COUNT
    own, state = lanes.get(store, place.lane), upstream.state(store)
    values, at = {FORM: CHILD, NAME: "A", POSYANDU: "melati", NOTE: note}, "2026-08-04T04:00:00Z"
    chain = own.chain
    for seq in range(1, many + 1):
        edit = Edit("", own.lane, seq, "create", "", 1, "", 0, at, values, {})
        chain = body.next_link(chain, body.named(edit)[2])
    fields = [[field, [0, value]] for field, value in sorted(values.items())]
    batch = [many, [], [], [1, [0, None], [0, 0]], [0, 0], [["create", 1, many, fields, [0, 0], [0, at]]]]
    before = log.chain8(store, own, 0) or ""
    return Request(
        1, many, before, chain[:8].hex(), state.epoch, state.cursor, "0.1.0", state.scope_hash, 32, {}, batch
    )  # fmt: skip


def test_a_few_bytes_that_would_fill_the_log_are_refused(world, melati):
    request = said_a_thousand_times(melati, "x" * LONG)
    message = messages.seal_request(
        request, melati.laptop.keys, keys.key_id(upstream.state(melati.store).server_key)
    )
    assert len(message) < 400
    assert receive(world.province, message).refused == "malformed"
    assert world.province.store.value("select count(*) from edits") == 0


def test_an_honest_laptop_says_the_same_in_more_messages(world, melati):
    fill(melati, 600, note="x" * 8_000)
    assert melati.exchange() == Outcome(acknowledged=600, received=0, requests=2)
    assert notebook(world.province.store) == notebook(melati.store)
