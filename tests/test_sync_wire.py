"""What travels: every edit comes back exactly, and nothing that was changed on the way is believed."""

import json
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import body, keys, messages, packing, unpacking
from sync.body import Edit
from sync.columns import ABSENT, Ref, pack, unpack
from sync.errors import Broken, Malformed, Refused, SyncError, TooLarge, UnknownReference
from sync.messages import Answer, Request
from tests.sync_app import CHILD, FORM, NAME, NOTE, WEIGHT_G
from tests.sync_disk import DISK
from tests.sync_world import Chance, World

pytestmark = pytest.mark.usefixtures("sync_database")

OURS, PROVINCE_LANE = "0a" * 16, "0b" * 16
KEYS = keys.make(Chance(7).token_bytes)
SERVER = keys.make(Chance(8).token_bytes)
ID = st.binary(min_size=16, max_size=16).map(bytes.hex)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
INTEGER = st.integers(-(2**53) + 1, 2**53 - 1)
DATE = st.dates().map(str)
VALUE = st.one_of(
    st.none(), INTEGER, st.integers(0, 9), TEXT, DATE, ID, st.sampled_from(["lying", "standing"])
)
CELL = st.one_of(VALUE, st.just(ABSENT), st.builds(Ref, st.integers(0, 9), st.integers(0, 9999)))


def said_and_read(request: Request) -> Request:
    """Return what the other side reads of a request."""
    return messages.read_request(messages.open_envelope(messages.seal_request(request, KEYS, b"id")))


def wire(batch: object) -> object:
    """Return a batch as it comes out of JSON."""
    return json.loads(json.dumps(batch))


@st.composite
def histories(draw) -> list[Edit]:
    """Return edits of one lane, later ones naming earlier ones."""
    made: list[Edit] = []
    for seq in range(1, draw(st.integers(1, 12)) + 1):
        created = [edit.uid for edit in made if edit.kind == "create"]
        kind = draw(st.sampled_from(["create", "set", "retract", "future"])) if created else "create"
        value = st.one_of(VALUE, st.sampled_from(created)) if created else VALUE
        values = draw(st.dictionaries(st.integers(-5, 40), value, min_size=1, max_size=5))
        preds = {}
        if kind != "create":
            uids = st.lists(
                st.one_of(ID, st.sampled_from([edit.uid for edit in made])),
                min_size=1,
                max_size=3,
                unique=True,
            )
            preds = {field: tuple(sorted(draw(uids))) for field in values if draw(st.booleans())}
        edit = Edit(
            uid="", lane=OURS, seq=seq, kind=kind, entity=draw(st.one_of(ID, st.sampled_from(created))) if created else "",
            schema_version=draw(st.integers(1, 2)), user=draw(st.one_of(st.just(""), st.sampled_from(["ab" * 16]))),
            rank=draw(st.integers(0, 4)), device_time=draw(st.sampled_from(["2026-08-04T00:00:05Z", "kemarin"])),
            values=values, preds=preds, origin=draw(st.sampled_from([None, None, (PROVINCE_LANE, 5)])),
        )  # fmt: skip
        made.append(body.named(edit)[0])
    return made


@given(st.lists(CELL, max_size=40))
@settings(deadline=None)
def test_every_column_reads_back_exactly_as_it_was(cells):
    assert unpack(wire(pack(cells)), len(cells)) == cells


@given(st.lists(st.integers(0, 20000), max_size=40), st.lists(DATE, max_size=9), st.lists(TEXT, max_size=30))
@settings(deadline=None)
def test_columns_of_one_kind_read_back_exactly_as_they_were(numbers, dates, texts):
    for cells in (numbers, dates, texts, [f"{date}T10:00:00Z" for date in dates]):
        assert unpack(wire(pack(cells)), len(cells)) == cells


@given(histories())
@settings(deadline=None)
def test_a_batch_reads_back_as_the_same_edits_with_the_same_uids(edits):
    batch = wire(packing.pack_push(edits, OURS, {}))
    read = unpacking.unpack_push(batch, OURS, 1, lambda places: {})
    assert [edit for edit, _, _ in read.lines] == edits


@given(histories())
@settings(deadline=None)
def test_edits_of_many_lanes_read_back_with_their_places_and_ceilings(edits):
    moved = [replace(edit, lane=PROVINCE_LANE, seq=edit.seq + 4) if edit.seq % 2 else edit for edit in edits]
    renamed = [body.named(edit)[0] if edit.kind != "create" else edit for edit in moved]
    placed = [replace(edit, origin=edit.origin or (OURS, edit.seq)) for edit in renamed]
    placed = [replace(body.named(edit)[0], lane=edit.lane) for edit in placed]
    batch = wire(packing.pack_pull(placed, OURS, {}, {PROVINCE_LANE: 3}))
    read = unpacking.unpack_pull(batch, OURS, lambda places: {})
    assert [edit for edit, _, _ in read.lines] == placed
    assert read.ceilings.get(PROVINCE_LANE, 3) == 3


@given(histories(), st.data())
@settings(max_examples=150, deadline=None)
def test_a_batch_with_anything_replaced_in_it_is_read_or_refused_but_never_crashes(edits, data):
    batch = wire(packing.pack_push(edits, OURS, {}))
    junk = st.one_of(
        VALUE, st.lists(st.integers(-2, 5), max_size=3), st.just({}), st.booleans(), st.just(1e300)
    )
    part = batch
    while True:
        place = data.draw(st.integers(0, len(part) - 1))
        if not (isinstance(part[place], list) and part[place]) or data.draw(st.booleans()):
            part[place] = data.draw(junk)
            break
        part = part[place]
    try:
        read = unpacking.unpack_push(batch, OURS, 1, lambda places: {})
    except (Malformed, UnknownReference):
        return
    for edit, text, _ in read.lines:
        assert body.decode(text, edit.uid, edit.lane, edit.seq).values == edit.values


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_bytes_of_any_kind_are_refused_by_name(noise):
    for payload in (noise, zlib.compress(noise), zlib.compress(b"[" + noise + b"]")):
        message = bytes([1, 0]) + b"id" + bytes(16) + payload + bytes(64)
        with pytest.raises(SyncError):
            messages.read_request(messages.open_envelope(message))


def test_a_reference_that_is_not_held_here_is_named_as_such():
    edit = Edit("", OURS, 2, "set", "cd" * 16, 1, "", 0, "", {5: 1}, {})
    batch = wire(packing.pack_push([edit], OURS, {"cd" * 16: (PROVINCE_LANE, 9)}))
    with pytest.raises(UnknownReference):
        unpacking.unpack_push(batch, OURS, 2, lambda places: {})


def test_places_that_mean_one_edit_here_and_were_two_are_asked_for_in_full():
    first, second = "cd" * 16, "ef" * 16
    edit = body.named(
        Edit("", OURS, 2, "set", "ab" * 16, 1, "", 0, "", {1: "x"}, {1: (first, second)}, None)
    )[0]
    places = {first: (PROVINCE_LANE, 9), second: (PROVINCE_LANE, 10)}
    batch = wire(packing.pack_push([edit], OURS, places))
    with pytest.raises(UnknownReference):
        unpacking.unpack_push(batch, OURS, 2, lambda asked: dict.fromkeys(asked, first))
    spelled = wire(packing.pack_push([edit], OURS, {}))
    assert [read for read, _, _ in unpacking.unpack_push(spelled, OURS, 2, lambda asked: {}).lines] == [edit]


def test_a_request_and_its_answer_say_what_was_meant():
    request = Request(70, 3, "11" * 8, "22" * 8, "", 12, "0.1.0", "44" * 8, 32, {"spell": 1}, [1, 2])
    answer = Answer(72, "33" * 8, "55" * 8, 5, "44" * 8, 1785816000, {"again": 1}, 2**64 - 1, [3])
    message = messages.seal_request(request, KEYS, b"id")
    reply = messages.seal_answer(answer, request, message[-64:], SERVER)
    assert said_and_read(request) == request
    assert messages.read_answer(reply, request, message[-64:], SERVER.sign_key) == answer


def test_a_remark_without_a_batch_is_a_request_without_a_batch():
    request = Request(1, 0, "", "", "", 0, "0", "", 32, {"off": 5})
    assert said_and_read(request) == request


def test_what_a_later_version_adds_is_read_over():
    request = Request(1, 0, "11" * 8, "11" * 8, "22" * 8, 0, "9.9", "", 32, {"new": {"deep": [1]}})
    assert said_and_read(request).more == {"new": {"deep": [1]}}


def test_an_answer_to_another_request_is_not_believed():
    request = Request(1, 0, "", "", "", 0, "0", "", 32)
    reply = messages.seal_answer(Answer(0, "", "", 0, "", 0), request, b"a" * 64, SERVER)
    with pytest.raises(Broken):
        messages.read_answer(reply, request, b"b" * 64, SERVER.sign_key)


def test_a_bomb_is_refused_before_it_inflates():
    bomb = zlib.compress(b"[" + b"0," * 30_000_000 + b"0]", 9)
    assert len(bomb) < messages.LARGEST_PAYLOAD
    message = bytes([1, 0]) + b"id" + bytes(16) + bomb + bytes(64)
    with pytest.raises(TooLarge):
        messages.read_request(messages.open_envelope(message))


def test_a_message_over_the_limit_is_refused_unread():
    with pytest.raises(TooLarge):
        messages.open_envelope(bytes(messages.LARGEST_MESSAGE + 1))


def test_bytes_hidden_behind_the_payload_are_refused():
    message = messages.seal_request(Request(1, 0, "", "", "", 0, "0", "", 32), KEYS, b"id")
    hidden = message[:-64] + b"more"
    with pytest.raises(Malformed):
        messages.read_request(messages.open_envelope(hidden + KEYS.sign(b"SIPosyandu push 1\0", hidden)))


@pytest.mark.parametrize(("place", "code"), [(0, "wire_version"), (1, "flags")])
def test_a_version_or_flag_from_the_future_is_refused_by_name(place, code):
    message = bytearray(messages.seal_request(Request(1, 0, "", "", "", 0, "0", "", 32), KEYS, b"id"))
    message[place] = 64
    with pytest.raises(Refused) as refusal:
        messages.open_envelope(bytes(message))
    assert refusal.value.code == code


def weighed(world: World):
    """Return a laptop with a small day of edits, not yet sent."""
    place = world.laptop("melati")
    with place.store.write():
        for number in range(10):
            child = place.writer.child(f"Anak {number}")
            place.writer.save({WEIGHT_G: 8000 + number * 10, NOTE: None}, child)
    return place


def test_every_single_flipped_bit_of_a_request_is_refused_by_name_and_changes_nothing():
    world = World()
    place = weighed(world)
    place.road.lose_request = lambda number: True
    with pytest.raises(SyncError):
        place.exchange()
    (message,) = place.road.messages
    place.road.lose_request = lambda number: False
    before = DISK.changes(world.province.store)
    refused = set()
    for bit in range(len(message) * 8):
        flipped = bytearray(message)
        flipped[bit // 8] ^= 1 << bit % 8
        place.road.post("/v1/s", bytes(flipped))
        refused.add(place.road.answers[-1].refused)
    assert DISK.changes(world.province.store) == before
    assert refused == {"signature", "unknown_key", "unknown_lane", "wire_version", "flags", "malformed"} - {
        "malformed"
    }
    assert place.exchange().acknowledged == 20


def test_every_single_flipped_bit_of_an_answer_is_refused_and_changes_nothing():
    world = World()
    weighed(world).exchange()
    place = world.laptop("melati")
    carry = place.road.post
    before = place.store.rows("select * from edits"), place.store.value("select ack from sync_upstream")
    (reply,) = [carry("/v1/s", message) for message in _asked(place)]
    for bit in range(len(reply) * 8):
        flipped = bytearray(reply)
        flipped[bit // 8] ^= 1 << bit % 8
        place.road.post = lambda path, body, flipped=flipped: bytes(flipped)
        with pytest.raises((Broken, Refused)):
            place.exchange()
    assert before == (
        place.store.rows("select * from edits"),
        place.store.value("select ack from sync_upstream"),
    )


def _asked(place) -> list[bytes]:
    place.road.lose_request = lambda number: True
    with pytest.raises(SyncError):
        place.exchange()
    place.road.lose_request = lambda number: False
    return place.road.messages[:1]


def test_a_form_number_and_name_cost_nothing_for_every_edit():
    edits = []
    for seq in range(1, 61):
        values = {FORM: CHILD, NAME: "", WEIGHT_G: 8000 + seq * 10}
        edits.append(
            body.named(Edit("", OURS, seq, "create", "", 1, "", 0, "2026-08-04T00:00:00Z", values, {}))[0]
        )
    assert messages.size_of(packing.pack_push(edits, OURS, {})).deflated < 150


def test_columns_say_numbers_dates_and_tables_as_documented():
    said = {
        "constant": pack([7, 7, 7]),
        "steps of 50": pack([100, 150, 400]),
        "next day": pack(["2026-08-04", "2026-08-05"]),
        "table": pack(["lying", "standing"] * 2),
        "gaps": pack([None, 5, ABSENT]),
    }
    assert said == {
        "constant": [0, 7],
        "steps of 50": [2, 100, 50, "ABG"],
        "next day": [4, [3, 20669, 1, 1]],
        "table": [6, ["lying", "standing"], [2, 0, 1, "ABAB"]],
        "gaps": [8, [2, 0, 1, "BAC"], [0, 5]],
    }
