"""Release: what an administrator does with envelopes under quarantine. She looks inside, takes an honest one in after
all, or puts it aside; nothing is thrown away.

A released envelope goes the way of every other: its signature was found good when it came, what is held already has no
second effect, what comes too early is held, and what does not follow on its lane is refused with nothing changed. So the
order in which several are released does not matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sync import arrivals, devices, log, messages
from sync.arrivals import Arrival
from sync.body import Edit
from sync.errors import Broken, Refused
from sync.messages import Envelope, Request
from sync.ports import Store
from sync.province import Province
from sync.unpacking import unpack_push


@dataclass(frozen=True, slots=True)
class Contents:
    """What an envelope holds: the edits that are not held here yet, and how many are."""

    new: tuple[Edit, ...]
    known: int


def look(store: Store, quarantine_no: int) -> Contents:
    """Return what is in an envelope, changing nothing. Raises Refused or Broken for one that cannot be read."""
    lane, _, request = _opened(store, quarantine_no)
    if request.batch is None:
        return Contents((), 0)
    batch = unpack_push(request.batch, lane, request.first_seq, lambda places: log.found(store, places))
    edits = [edit for edit, _, _ in batch.lines]
    held = log.held(store, [edit.uid for edit in edits])
    new = tuple(edit for edit in edits if edit.uid not in held)
    return Contents(new, len(edits) - len(new))


def release(province: Province, quarantine_no: int) -> None:
    """Take an envelope in as if its laptop were still believed, and note that this was done, in one transaction.

    Refused or Broken, with nothing changed, where it does not follow on what is held of its lane.
    """
    store, at = province.store, province.clock.now()
    with store.write():
        lane, envelope, request = _opened(store, quarantine_no)
        device = devices.find(store, lane)
        if device is None:
            raise Refused(f"lane {lane}", code="unknown_lane")
        _bring(province, Arrival(device, request, envelope, at))
        store.run("update quarantine set released_at = $2 where quarantine_no = $1", quarantine_no, at)
        for number in _wholly_held(store, device.lane_no):
            store.run("update quarantine set released_at = $2 where quarantine_no = $1", number, at)


def _bring(province: Province, arrival: Arrival) -> None:
    """Take an envelope in; one that tells another story than its lane by now (fork) keeps its edits in the province's own."""
    store = province.store
    try:
        arrivals.bring(store, arrival, province.application)
    except Refused as refusal:
        if refusal.code != "fork":
            raise
        arrivals.keep_otherwise(store, arrival, province.application, lambda places: log.found(store, places))


def put_aside(store: Store, quarantine_no: int, at: str) -> None:
    """Say that an envelope was looked at and is not taken in, inside `write()`; it stays here."""
    store.run("update quarantine set put_aside_at = $2 where quarantine_no = $1", quarantine_no, at)


def _wholly_held(store: Store, lane_no: int) -> Iterator[int]:
    """Yield the waiting envelopes of a lane of which everything is held by now: a laptop sends again until it is answered."""
    sql = """select quarantine_no from quarantine where lane_no = $1 and released_at is null
        and put_aside_at is null order by quarantine_no"""
    for row in store.rows(sql, lane_no):
        try:
            if not look(store, row["quarantine_no"]).new:
                yield row["quarantine_no"]
        except (Refused, Broken):
            continue  # it waits on, to be looked at


def _opened(store: Store, quarantine_no: int) -> tuple[str, Envelope, Request]:
    row = store.one(
        """select l.lane, q.envelope from quarantine q join lanes l using (lane_no)
        where q.quarantine_no = $1 and q.released_at is null""",
        quarantine_no,
    )
    if row is None:
        raise Refused(f"no envelope {quarantine_no} waits", code="not_waiting")
    envelope = messages.open_envelope(row["envelope"])
    return row["lane"], envelope, messages.read_request(envelope)
