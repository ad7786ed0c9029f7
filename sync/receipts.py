"""Receipts: what the province answers to a laptop that it only hears by bundle, one for each lane.

A receipt holds the same answers that a connection would have carried, one behind another as if the laptop had asked until
nothing was left; each says to which state of the laptop it belongs, because the laptop may have gone on meanwhile:

    page = zlib over JSON [epoch8, cursor, scope_hash8 of the laptop's state,
                           ack, chain8, epoch8, cursor, scope_hash8, server_time, more, check8, batch]
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sync import answers, departures, epochs, instants, lanes, messages, upstream
from sync.answers import Taken
from sync.devices import Device
from sync.errors import Malformed, Refused, SyncError
from sync.laptop import Laptop
from sync.messages import Answer, Request, check_numbers, link, linked
from sync.province import Province, Question, answered, confirm
from sync.upstream import Upstream

MOST_PAGES = 16
ROOM_KB = 60  # a page deflated
ASKS = ("left", "own")
"""Remarks of the question that an answer is read with (departures.py). Not `drop`: a page may be of before the province was
put back, and nothing is deleted on its word."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a receipt, and the state (epoch, cursor, scope hash) of the laptop to which it was given."""

    epoch: str
    cursor: int
    scope_hash: str
    answer: Answer


def pages(province: Province, device: Device, request: Request) -> Iterator[bytes]:
    """Yield what a laptop in the state that a request tells must be answered until it has read everything.

    Only the laptop itself confirms what it has read: the pages lie in a file that may never arrive.
    """
    areas = province.scope(province.store, device.lane)
    question = Question(device, request, areas, province.clock.now())
    confirm(province, question)
    for _ in range(MOST_PAGES):
        request = question.request
        answer = answered(province, question, _asks(request))
        yield _written(request, answer)
        put_back = request.epoch not in ("", answer.epoch)
        if not put_back and "again" not in answer.more:
            return
        # A laptop that meets another epoch reads everything again (giving.py).
        cursor = 0 if put_back else answer.cursor
        more = {"spell": 1} | _asked_again(request)
        asked = replace(
            request, epoch=answer.epoch, cursor=cursor, scope_hash=answer.scope_hash, more=more,
            batch=None,  # what it brought, the first page has answered
        )  # fmt: skip
        question = replace(question, request=asked)


def _asks(request: Request) -> dict[str, Any]:
    """Return the remarks of the question that an answer is read with, as the answer repeats them."""
    return {f"{name}_asked": request.more[name] for name in ASKS if name in request.more}


def _asked_again(request: Request) -> dict[str, Any]:
    """Return the remark by which a laptop goes on asking for its own edits (departures.py)."""
    return {"own": 1} if "own" in request.more else {}


def refusal(province: Province, request: Request, error: SyncError) -> bytes:
    """Return the page that tells a refusal, and what was acknowledged to the laptop when it wrote what was refused."""
    epoch, now = epochs.current(province.store), instants.seconds(province.clock.now())
    acknowledged = request.more.get("acked", request.first_seq - 1)
    more = {"refused": error.code, "acked": acknowledged, **error.details}
    return _written(request, Answer(0, "", epoch, request.cursor, request.scope_hash, now, more))


def _written(request: Request, answer: Answer) -> bytes:
    return messages.deflate(
        [
            link(request.epoch), request.cursor, link(request.scope_hash),
            answer.ack, link(answer.chain), link(answer.epoch), answer.cursor, link(answer.scope_hash),
            answer.server_time, answer.more, answer.check, answer.batch,
        ]
    )  # fmt: skip


def read(payload: bytes) -> Page:
    """Return a page of a receipt. Raises Malformed."""
    said = messages.inflate(payload)
    try:
        epoch, cursor, scope, *rest = said[:12]
        check_numbers(cursor)
        return Page(linked(epoch), cursor, linked(scope), _answer(*rest))
    except (ValueError, TypeError) as error:
        raise Malformed("a page that cannot be read") from error


def _answer(*said: Any) -> Answer:
    ack, chain, epoch, cursor, scope, server_time, more, check, batch = said
    check_numbers(ack, cursor, server_time)
    return Answer(
        ack, linked(chain), linked(epoch), cursor, linked(scope), server_time, dict(more), check, batch
    )


def take(laptop: Laptop, page: Page) -> Taken:
    """Take a page in, all of it or none, as far as that is safe in the laptop's present state.

    1. Of another epoch, neither ours nor an answer to ours: refused by name ('older_epoch'). 2. What it says of our own lane
    must agree with ours, else 'fork' or 'behind', as on a connection. 3. The acknowledgement may only rise within an epoch.
    4. What it tells is taken when it answers a state at or before ours and brings us further; what we have read is not
    read again, nor what lies beyond something that we have not read.
    """
    store = laptop.store
    with store.write():
        state = upstream.state(store)
        _check_epoch(state, page)
        if _is_overtaken(state, page.answer):
            return Taken(0, 0, again=False)
        if "refused" in page.answer.more:
            raise _refused(page.answer)
        own = lanes.get(store, lanes.own(store))
        answers.check(store, own, page.answer)
        more = page.answer.more
        said = {name: more[f"{name}_asked"] for name in ASKS if f"{name}_asked" in more}
        if not _moves(state, page) or (departures.reads_anew(store) and "own" not in said):
            upstream.acknowledge(store, page.answer.ack, page.answer.server_time)
            answers.flag(store, own.lane, page.answer)  # what is acknowledged is not told again
            if departures.has_given_again(store, state.ack, page.answer.ack):
                departures.regain(store)
            return Taken(max(0, page.answer.ack - state.ack), 0, again=False)
        return answers.take_whole(laptop, state, _fitting(state, page), said, by_road=False)


def _check_epoch(state: Upstream, page: Page) -> None:
    if state.epoch not in (page.epoch, page.answer.epoch):
        raise Refused("a receipt of another life of the province", code="older_epoch")


def _is_overtaken(state: Upstream, answer: Answer) -> bool:
    """Whether a page says that our lane branched off where the province has acknowledged more of it meanwhile: then that was said
    of a copy of this laptop, or by a province that did not have ours yet."""
    is_fork = answer.more.get("refused") == "fork" and answer.epoch == state.epoch
    acknowledged = answer.more.get("acked")
    return is_fork and isinstance(acknowledged, int) and acknowledged < state.ack


def _refused(answer: Answer) -> Refused:
    said = dict(answer.more)
    code = str(said.pop("refused"))
    return Refused(f"the province refused: {code}", code=code, details=said | {"epoch": answer.epoch})


def _moves(state: Upstream, page: Page) -> bool:
    """Whether an answer brings this laptop on from where it stands now."""
    answer, begins = page.answer, _begins(page)
    if answer.epoch != state.epoch:
        return True
    if answer.scope_hash != state.scope_hash:
        asked = page.epoch, page.cursor, page.scope_hash
        return asked == (state.epoch, state.cursor, state.scope_hash)
    if begins is None or begins > state.cursor:
        return False
    return answer.cursor > state.cursor or begins == answer.cursor == state.cursor


def _begins(page: Page) -> int | None:
    """Return the number behind which a page tells everything of its areas; None when that cannot be said."""
    if page.scope_hash != page.answer.scope_hash or not page.epoch:
        return 0
    return page.cursor if page.epoch == page.answer.epoch else None


def _fitting(state: Upstream, page: Page) -> Answer:
    """Return what may be taken of a page: the edits and areas of another epoch only as far as they answer our present state."""
    answer = page.answer
    if answer.epoch == state.epoch:
        return answer
    if (page.epoch, page.scope_hash) == (state.epoch, state.scope_hash) and page.cursor <= state.cursor:
        return answer
    more = {name: said for name, said in answer.more.items() if name not in ("weighs", "scope", "again")}
    # The areas that it does not learn it still has to ask for.
    return replace(answer, scope_hash=state.scope_hash, batch=None, check=0, more=more)
