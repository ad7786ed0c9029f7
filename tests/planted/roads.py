"""Bugs of messages, answers, bundles and transactions."""

from dataclasses import replace

from siposyandu.store import SqliteStore
from sync import (
    answers,
    arrivals,
    devices,
    keys,
    lanes,
    log,
    messages,
    opening,
    province,
    reading,
    receipts,
    upstream,
)
from sync.arrivals import Arrival
from tests.planted import Patch, planted, unproven


@planted
def acknowledges_before_it_commits(patch: Patch) -> None:
    """The answer says what the message brought; it is written down when the next message comes."""
    waiting, take_in, answered = [], province.take_in, province.answered

    def later(here, arrival):
        if waiting:
            earlier = waiting.pop()
            if earlier[0].store is here.store:
                take_in(*earlier)
        waiting.append((here, arrival))

    def at_once(here, question):
        answer, request = answered(here, question), question.request
        count = request.batch[0] if isinstance(request.batch, list) else 0
        ends = request.first_seq - 1 + count
        return replace(answer, ack=ends, chain=request.end_chain) if ends > answer.ack else answer

    patch(province, "take_in", later)
    patch(province, "answered", at_once)


@planted
def does_not_ask_the_disk_to_keep_a_commit(patch: Patch) -> None:
    """A commit is not on the disk when it returns (synchronous is off)."""
    value = SqliteStore.value

    def lazy(self, sql, *values):
        return 0 if sql == "pragma synchronous" else value(self, sql, *values)

    patch(SqliteStore, "value", lazy)


@planted
def keeps_half_a_transaction(patch: Patch) -> None:
    """What a transaction had changed when it failed stays changed."""
    from contextlib import contextmanager

    @contextmanager
    def write(self):
        if self._connection.in_transaction:
            yield self
            return
        self._connection.execute("begin immediate")
        try:
            yield self
        finally:
            if self._connection.in_transaction:
                self._connection.execute("commit")

    patch(SqliteStore, "write", write)


@planted
def counts_a_repeat_as_new(patch: Patch) -> None:
    """A known edit moves the heads once more."""
    append = log.append

    def again(store, lines, received_at):
        append(store, lines, received_at)
        return [line.edit for line in lines]

    patch(log, "append", again)


@planted
def moves_the_cursor_first(patch: Patch) -> None:
    """The laptop notes how far it has read before it keeps what it has read."""
    take = answers.take

    def early(laptop, asked, answer, *rest, **more):
        store = laptop.store
        if upstream.state(store).cursor == asked.cursor:
            with store.write():
                store.run("update sync_upstream set cursor_n = $1", answer.cursor)
            asked = replace(asked, cursor=answer.cursor)
        return take(laptop, asked, answer, *rest, **more)

    patch(answers, "take", early)


@planted
def believes_an_overtaken_answer(patch: Patch) -> None:
    """An answer to a state that is no longer the laptop's is taken all the same."""

    def take(laptop, asked, answer, said=()):
        with laptop.store.write():
            return answers.take_whole(laptop, upstream.state(laptop.store), answer, dict(said))

    patch(answers, "take", take)


@planted
def checks_no_signature(patch: Patch) -> None:
    """Whoever says to be a laptop is believed."""
    patch(keys, "verify", lambda *_: None)


@planted
def believes_whom_the_administrator_revoked(patch: Patch) -> None:
    """A revoked laptop's edits are applied as before."""
    find = devices.find

    def innocent(store, lane):
        found = find(store, lane)
        return found and replace(found, revoked_at=None)

    patch(devices, "find", innocent)


@planted
def forgets_the_quarantine(patch: Patch) -> None:
    """What a revoked laptop sends is thrown away."""
    patch(arrivals, "quarantine", lambda *_: None)


@planted
def appends_what_comes_too_early(patch: Patch) -> None:
    """A batch that skips numbers is appended at once."""

    def hold(store, arrival: Arrival):
        lane = lanes.get(store, arrival.device.lane)
        lanes.advance(store, lane.lane_no, arrival.request.first_seq - 1, lane.chain)

    patch(arrivals, "_hold", hold)


@planted
def acknowledges_what_is_only_held(patch: Patch) -> None:
    """The acknowledgement is the highest number here, not the end of what is here without a gap."""
    answered = province.answered

    def highest(here, device, request, now):
        answer = answered(here, device, request, now)
        sql = "select max(last_seq) from held where lane_no = $1"
        held = here.store.value(sql, device.lane_no) or 0
        ends = request.first_seq - 1 + (request.batch[0] if request.batch else 0)
        return replace(answer, ack=ends, chain=request.end_chain) if answer.ack < ends <= held else answer

    patch(province, "answered", highest)


@planted
def never_lowers_an_acknowledgement(patch: Patch) -> None:
    """A province put back to an older day is not sent again what it has lost."""
    advance = upstream.advance

    def stubborn(store, answer, at):
        before = store.value("select ack from sync_upstream") or 0
        advance(store, answer, at)
        store.run("update sync_upstream set ack = $1 where ack < $1", before)

    patch(upstream, "advance", stubborn)


@unproven
def believes_a_receipt_of_another_life(patch: Patch) -> None:
    """A receipt that the province wrote before it was put back is believed."""
    patch(receipts, "_check_epoch", lambda *_: None)


@planted
def lets_a_receipt_lower_the_acknowledgement(patch: Patch) -> None:
    """An old receipt that comes late makes what was kept look as if it were not."""
    advance = upstream.advance

    def lowering(store, answer, at):
        advance(store, answer, at)
        store.run("update sync_upstream set ack = $1", answer.ack)

    patch(upstream, "advance", lowering)
    patch(receipts, "_moves", lambda state, page: True)


@planted
def passes_what_it_has_not_read(patch: Patch) -> None:
    """A page that is full says that everything was read."""
    page = reading.page

    def whole(store, reader, limit):
        found = page(store, reader, min(limit, 5))
        return replace(found, cursor_n=store.value("select coalesce(max(n), 0) from feed"), more=False)

    patch(reading, "page", whole)


@planted
def accepts_a_message_cut_short(patch: Patch) -> None:
    """What can be inflated of a damaged message is believed, whatever its signature."""
    patch(messages, "verify", lambda *_: None)


@planted
def lets_one_bad_record_stop_the_rest(patch: Patch) -> None:
    """An edit that the application cannot stand fails its whole message, for ever."""
    from sync import intake

    patch(intake, "_apply", lambda store, edits, at, apply: apply(store, edits) if edits else None)


@unproven
def renews_no_sentinel(patch: Patch) -> None:
    """A database that was put back to an older day looks as if it were the one the keys belong to."""
    patch(opening, "guard", lambda *_, **__: None)
    patch(opening, "_unguarded", lambda store: False)
