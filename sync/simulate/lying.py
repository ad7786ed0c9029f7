"""A laptop whose owner lies: under its own good key it says to the province what its program never would.

It must learn of no child outside its areas, and nobody else may lose anything by it. What it does to itself is its own affair:
at rest it is only asked to be quiet.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

from sync import bundle, client, ids, keys, lanes, log, messages, postbox, receipts, relays, upstream
from sync.bundle import Label
from sync.errors import SyncError
from sync.messages import Answer, Request
from sync.pushes import push
from sync.simulate import bundles, relaying
from sync.simulate.laptops import Misfortune, Seat
from sync.unpacking import unpack_pull

if TYPE_CHECKING:
    from sync.simulate.season import Season

HOW_OFTEN = 0.25  # of all seasons have one
LIES_A_SEASON = 8
FAR = (0, 1, 7, 10**6, 2**40, 2**53 - 1)


def drawn(season: "Season") -> list[tuple[float, Misfortune]]:
    """Choose a liar in some seasons; return what it does there."""
    if season.chance.random() >= HOW_OFTEN:
        return []
    season.memory.liars.add(season.anybody().root)
    return [(LIES_A_SEASON, lie)]


def lie(season: "Season") -> None:
    """A laptop says something that no program says, signed with its good key, over a connection or in a bundle."""
    liars = [seat for seat in season.seats if seat.root in season.memory.liars]
    if not liars:
        return
    seat = season.chance.choice(liars)
    season.say(f"laptop {seat.number} lies")
    season.fault("lie")
    request = _lies(season, seat)
    message = messages.seal_request(
        request, seat.laptop.keys, keys.key_id(upstream.state(seat.store).server_key)
    )
    way = season.chance.choice((_over_a_connection, _over_a_connection, _in_a_bundle))
    way(season, seat, request, message)
    season.look()


def _over_a_connection(season: "Season", seat: Seat, request: Request, message: bytes) -> None:
    try:
        reply = season.received(message)
    except SyncError:
        return
    if not reply.refused:
        signature = message[-keys.SIGNATURE_BYTES :]
        sign_key = season.world.province.keys.sign_key
        _learnt(season, seat, messages.read_answer(reply.body, request, signature, sign_key))


def _in_a_bundle(season: "Season", seat: Seat, request: Request, message: bytes) -> None:
    """Give the lie to the puskesmas PC, or to whoever goes to town; the header may lie too."""
    store, chance, state = seat.store, season.chance, upstream.state(seat.store)
    count = request.batch[0] if request.batch else 0
    numbers = request.first_seq, max(0, request.first_seq + count - 1)
    said = [_number(chance, number) for number in numbers] if chance.random() < 0.3 else numbers
    first_seq, last_seq = (number % 2**32 for number in said)
    label = Label(bundle.PUSH, keys.key_id(state.server_key), seat.laptop.keys.lane, first_seq, last_seq)
    receivers = [upstream.server_box_key(store), *(relay.box_key for relay in relays.known(store))]
    data = bundle.seal(label, [(bundle.ENVELOPE, message)], receivers, chance.randbytes)
    if relaying.carriers(season) and chance.random() < 0.5:
        bundles.carry(season, data, lambda data, changed: relaying.collect(season, data))
    else:
        bundles.carry(season, data, lambda data, changed: _at_province(season, seat, data))


def _at_province(season: "Season", seat: Seat, data: bytes) -> None:
    season.say(f"a lie of laptop {seat.number} arrives at the province")
    season.exchanges += 1
    with suppress(SyncError):
        delivered = season.at_province(lambda province: postbox.receive(province, data))
        for found in bundle.split(b"".join(delivered.receipts)):
            if isinstance(found, bundle.Bundle) and found.kind == bundle.RECEIPT:
                _read(season, seat, found)
    season.look()


def _read(season: "Season", seat: Seat, receipt: bundle.Bundle) -> None:
    sign_key, box_seed = season.world.province.keys.sign_key, seat.laptop.keys.box_seed
    for tag, part in bundle.open_receipt(receipt, sign_key, box_seed):
        if tag == bundle.PAGE:
            _learnt(season, seat, receipts.read(part).answer)


def _learnt(season: "Season", seat: Seat, told: Answer) -> None:
    """I10: whatever a laptop says, it is told nothing of a child that never belonged to its areas."""
    if told.batch is None:
        return
    province = season.world.province
    batch = unpack_pull(told.batch, seat.laptop.keys.lane, lambda places: log.found(province.store, places))
    for edit, _, _ in batch.lines:
        areas = season.oracle.areas_of.get(edit.entity, set())
        mine = season.oracle.scopes.get(seat.root, set())
        season.oracle.require("I10", areas & mine, "a liar was told of a child outside its areas")


def _lies(season: "Season", seat: Seat) -> Request:
    """Return what the laptop's program would say, with one to three parts of it made up."""
    said = _honest(seat)
    for part in season.chance.sample(LIES, season.chance.choice((1, 1, 2, 3))):
        said = part(season, said)
    return said


def _honest(seat: Seat) -> Request:
    store, state = seat.store, upstream.state(seat.store)
    own = lanes.get(store, seat.laptop.keys.lane)
    edits, batch = push(store, own, state.ack, messages.LARGEST_PAYLOAD // 2, spell=True)
    last = edits[-1].seq if edits else state.ack
    return Request(
        first_seq=state.ack + 1, unsent=own.last_seq - state.ack, prev_chain=log.chain8(store, own, state.ack) or "",
        end_chain=log.chain8(store, own, last) or "", epoch=state.epoch, cursor=state.cursor, app=seat.laptop.app,
        scope_hash=state.scope_hash, room_kb=60, more={"spell": 1, "spelled": 1} | client.standing(state), batch=batch,
    )  # fmt: skip


def _number(chance: Random, true: int) -> int:
    return chance.choice((*FAR, true + 1, max(0, true - 1), chance.randrange(2 * true + 2)))


def _digits(chance: Random) -> str:
    return chance.randbytes(8).hex()


def _with(said: Request, **more: Any) -> Request:
    return replace(said, more={**said.more, **more})


def _place(season: "Season", said: Request) -> Request:
    """Another place in the lane, whose story is not told by it: an edit gets its name from its place."""
    first_seq = _number(season.chance, said.first_seq)
    return replace(said, first_seq=first_seq, prev_chain=_digits(season.chance), batch=None)


def _story(season: "Season", said: Request) -> Request:
    return replace(said, prev_chain=_digits(season.chance))


def _end(season: "Season", said: Request) -> Request:
    return replace(said, end_chain=_digits(season.chance))


def _unsent(season: "Season", said: Request) -> Request:
    return replace(said, unsent=_number(season.chance, said.unsent))


def _epoch(season: "Season", said: Request) -> Request:
    older = [row["epoch"] for row in season.world.province.store.rows("select epoch from epochs")]
    return replace(said, epoch=season.chance.choice((*older, _digits(season.chance), "")))


def _cursor(season: "Season", said: Request) -> Request:
    return replace(said, cursor=_number(season.chance, said.cursor))


def _scope(season: "Season", said: Request) -> Request:
    return replace(said, scope_hash=_digits(season.chance))


def _room(season: "Season", said: Request) -> Request:
    return replace(said, room_kb=season.chance.choice(FAR))


def _schema(season: "Season", said: Request) -> Request:
    return replace(said, schema=season.chance.choice(FAR))


def _acked(season: "Season", said: Request) -> Request:
    return _with(said, acked=_number(season.chance, said.first_seq))


def _left(season: "Season", said: Request) -> Request:
    named = season.chance.choices(sorted(season.oracle.of_entity) or [season.world.office.lane], k=5)
    return _with(said, left=[_digits(season.chance), [ids.short(entity) for entity in named]])


def _drop(season: "Season", said: Request) -> Request:
    named = season.chance.choices(sorted(season.oracle.typed) or [season.world.office.lane], k=5)
    return _with(said, drop=[ids.short(uid) for uid in named])


def _own(season: "Season", said: Request) -> Request:
    return replace(_with(said, own=1), cursor=0)


def _sum(season: "Season", said: Request) -> Request:
    return _with(said, sum=[season.chance.choice(FAR), season.chance.choice(FAR)])


def _relays(season: "Season", said: Request) -> Request:
    return _with(said, relays=_digits(season.chance))


def _other_feed(season: "Season", said: Request) -> Request:
    return _with(said, story=season.chance.choice(("", "AAAAAA", _digits(season.chance))))


def _off(season: "Season", said: Request) -> Request:
    return _with(said, off=season.chance.choice((-1, 1)) * season.chance.choice(FAR))


def _nonsense(season: "Season", said: Request) -> Request:
    name = season.chance.choice(
        ("left", "drop", "sum", "own", "relays", "believe", "acked", "spell", "off", "notices", "story")
    )
    return _with(said, **{name: season.chance.choice((None, [], {}, "x", [[]], [None], -1, 1.5, [[1], 2]))})


LIES: tuple[Callable[["Season", Request], Request], ...] = (
    _place, _story, _end, _unsent, _epoch, _cursor, _scope, _room, _schema, _acked, _left, _drop, _own, _sum,
    _relays, _off, _other_feed, _nonsense,
)  # fmt: skip
