"""Answers: what a laptop does with the province's answer, all of it in one transaction or none of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sync import (
    checkup,
    departures,
    giving,
    instants,
    intake,
    lanes,
    log,
    relays,
    relog,
    reviews,
    revocations,
    upstream,
    vouching,
    weights,
)
from sync.body import Edit
from sync.errors import Refused, UnknownReference
from sync.lanes import Lane
from sync.laptop import Laptop
from sync.log import Line
from sync.messages import Answer
from sync.ports import Apply, Store
from sync.pulls import check_of
from sync.unpacking import unpack_pull
from sync.upstream import Upstream


@dataclass(frozen=True, slots=True)
class Taken:
    """What an answer changed: edits newly acknowledged, edits new here, and whether to ask again at once."""

    acknowledged: int
    received: int
    again: bool


def take(
    laptop: Laptop, asked: Upstream, answer: Answer, said: Mapping[str, Any] = MappingProxyType({})
) -> Taken:
    """Take an answer in. An answer to a state that is no longer ours (overtaken by another) changes nothing.

    `said`: the remarks of the request, for it may have been a check-up (checkup.py) or ask what to forget (departures.py).

    Refuses, with nothing changed, an acknowledgement of more than this laptop has (code 'behind': it was restored
    from an older copy) or of something else (code 'fork'). Raises UnknownReference, with nothing changed, when the
    answer names edits that are not here.
    """
    store = laptop.store
    with store.write():
        state = upstream.state(store)
        overtaken = (state.ack, state.cursor, state.epoch) != (asked.ack, asked.cursor, asked.epoch)
        if overtaken or (departures.reads_anew(store) and "own" not in said):
            return Taken(0, 0, again=False)
        return take_whole(laptop, state, answer, said)


def take_whole(
    laptop: Laptop, asked: Upstream, answer: Answer, said: Mapping[str, Any], *, by_road: bool = True
) -> Taken:
    """Take in, inside `write()`, an answer that moves this laptop on from the state `asked`, which is its present one.

    `by_road`: it came over a connection, and so says something of the road and of this laptop's clock.
    """
    store = laptop.store
    own = lanes.get(store, lanes.own(store))
    check(store, own, answer, asked.ack if by_road else None)
    revocations.heard(store, answer, laptop.clock.now())
    vouching.withdraw(laptop)  # before anything of it could be given back or make room
    before = upstream.scope(store)
    areas = frozenset(answer.more.get("scope", before))
    if "scope" in answer.more:
        departures.note_areas(store, before, areas)
    received = _take_edits(store, answer, laptop.apply)
    flag(store, own.lane, answer)
    relays.take(store, answer)
    upstream.advance(store, answer, laptop.clock.now() if by_road else None)
    departures.heard(store, said, answer)
    if "sum" in said:
        checkup.noted(store, laptop.clock.now())
    anew = _read_anew(store, asked, answer, laptop.apply, by_road=by_road)
    may_be_ours = bool(areas - before) or departures.has_given_again(store, asked.ack, answer.ack)
    anew = (may_be_ours and departures.regain(store)) or anew
    departures.forget(store, laptop.forget)
    recorded = lanes.get(store, own.lane).last_seq
    moved = (answer.ack, answer.cursor, answer.epoch) != (asked.ack, asked.cursor, asked.epoch)
    more = "again" in answer.more or answer.ack < recorded
    asks = departures.asks_more(departures.remark(store), said)
    return Taken(max(0, answer.ack - asked.ack), received, again=anew or asks or (more and moved))


def _read_anew(store: Store, asked: Upstream, answer: Answer, apply: Apply, *, by_road: bool) -> bool:
    """Read everything again from a province that was put back to an older day, then give back what it has lost.

    Returns whether there is something to ask or to give. A program that is too old to receive has read nothing, and waits.
    A receipt may be of long before: with one that goes less far than what was read then, not everything is read.
    """
    if (asked.epoch and answer.epoch != asked.epoch) or "doubt" in answer.more:
        giving.begin(store, instants.text(answer.server_time), apply)
        return True
    if {"again", "min_version"} & answer.more.keys() or not (
        by_road or answer.cursor >= giving.had_read(store)
    ):
        return False
    return giving.finish(store)


def check(store: Store, own: Lane, answer: Answer, asked_ack: int | None = None) -> None:
    """Refuse an acknowledgement of more than our lane has (code 'behind') or of another story (code 'fork').

    `asked_ack`: up to where the question said that both hold the lane. A province that holds at least as much has compared
    the two there (arrivals.check_standing): so far the story is shared.
    """
    if answer.ack > own.last_seq:
        raise Refused("the province holds more of this laptop than it has itself", code="behind")
    if log.chain8(store, own, answer.ack) != answer.chain:
        shared = [asked_ack] if asked_ack is not None and asked_ack <= answer.ack else []
        points = [[seq, log.chain8(store, own, seq)] for seq in shared]
        details = {"epoch": answer.epoch} | ({"points": points} if asked_ack is not None else {})
        raise Refused("the province acknowledges another story", code="fork", details=details)


def _take_edits(store: Store, answer: Answer, apply: Apply) -> int:
    if answer.batch is None:
        return 0
    own = lanes.get(store, lanes.own(store))
    batch = unpack_pull(answer.batch, own.lane, lambda places: log.found(store, places))
    ceilings = {**batch.ceilings, own.lane: own.rank_ceiling}
    edits = [edit for edit, _, _ in batch.lines]
    if check_of(edits) != answer.check:
        raise UnknownReference("these are not the edits that the province means")
    lanes.add(store, dict(batch.ceilings))
    relog.make_room(store, edits)
    lines = [Line(edit, text) for edit, text, _ in batch.lines]

    def weigh(_: Sequence[Edit], known: Sequence[Edit]) -> list[str]:
        return weights.take(store, _words(answer, edits, known, ceilings))

    new = intake.take(store, lines, instants.text(answer.server_time), apply, weigh)
    # Of our own lane only what weighs otherwise counts as told (reading.told counts in the same way).
    said = {place for place, _ in answer.more.get("weighs", [])}
    told = [edit.uid for place, edit in enumerate(edits) if edit.lane != own.lane or place in said]
    giving.tell(store, told)
    return len(new)


def _words(
    answer: Answer, edits: Sequence[Edit], known: Sequence[Edit], ceilings: Mapping[str, int]
) -> dict[str, int]:
    """Return what edits weigh as the province says: those held here already, and those that it names."""
    usual = {edit.uid: min(edit.rank, ceilings.get(edit.lane, lanes.HIGHEST_RANK)) for edit in known}
    return usual | {edits[place].uid: word for place, word in answer.more.get("weighs", [])}


def flag(store: Store, lane: str, answer: Answer) -> None:
    """Remember which of our own edits the province could not make a record of, inside `write()`; those of which that was known
    here already, and perhaps looked at, are passed over."""
    said = dict(answer.more.get("review", []))
    uids = log.uids_at(store, lane, said)
    known = reviews.known(store, uids.values())
    kept = log.by_uid(store, uids.values())
    for seq, uid in uids.items():
        if uid in known:
            continue
        edit: Edit = kept[uid].edit
        reviews.flag(store, [edit], str(said[seq]), instants.text(answer.server_time))
