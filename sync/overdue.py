"""Overdue: batches that wait at the province for what they follow on, when for a month nobody has brought that, nor them again.

Their laptop is perhaps lost, and so is what was before them. What they tell is then kept otherwise, as when such a batch is
brought again (arrivals.py); what cannot be read alone, and what a laptop wrote that is no longer believed, waits for a person.
"""

import logging
from collections.abc import Mapping
from typing import Any

from sync import arrivals, devices, instants, log, messages
from sync.arrivals import Arrival
from sync.batches import Finder
from sync.bundle import ON_ITS_WAY_S
from sync.errors import Broken, Refused
from sync.messages import Envelope
from sync.province import Province

logger = logging.getLogger(__name__)

AT_ONCE = 100


def settle(province: Province) -> None:
    """Take in, or lay before a person, what has waited for a month; each batch in a transaction of its own."""
    before = instants.later(province.clock.now(), -ON_ITS_WAY_S)
    rows = province.store.rows(
        """select h.lane_no, h.first_seq, h.last_seq, h.end_chain, h.envelope, l.lane from held h join lanes l using (lane_no)
        where h.received_at < $1 order by h.received_at, h.lane_no, h.first_seq, h.end_chain limit $2""",
        before, AT_ONCE,
    )  # fmt: skip
    for row in rows:
        with province.store.write():
            # Another worker, or its laptop, may have been quicker.
            if arrivals.is_held(province.store, row):
                _settle(province, row)


def _settle(province: Province, held: Mapping[str, Any]) -> None:
    """Let a held batch go, inside `write()`; one that can be kept nowhere else waits on, behind all others."""
    if _is_settled(province, held["lane"], messages.open_envelope(held["envelope"])):
        arrivals.let_go(province.store, held)
    else:
        arrivals.hold_anew(province.store, held, province.clock.now())


def _is_settled(province: Province, lane: str, envelope: Envelope) -> bool:
    store, at, device = province.store, province.clock.now(), devices.find(province.store, lane)
    if device is None:
        return False
    released = arrivals.was_released(store, envelope)
    if device.revoked_at is not None and not released:
        return arrivals.let_wait(store, device, envelope, "revoked", at)
    # A person has looked at the edits of one that she released: see arrivals.keep_otherwise.
    find: Finder = (lambda places: log.found(store, places)) if released else (lambda places: {})
    try:
        with store.write():
            arrival = Arrival(device, messages.read_request(envelope), envelope, at)
            arrivals.keep_otherwise(store, arrival, province.application, find)
    except (Refused, Broken) as error:
        logger.warning("a batch of lane %s has waited for a month: %s", lane, error)
        return arrivals.let_wait(store, device, envelope, error.code, at)
    except (MemoryError, OSError):
        raise
    except Exception:  # whatever it is, it must not stop the file of somebody else
        logger.exception("a batch of lane %s has waited for a month", lane)
        return arrivals.let_wait(store, device, envelope, "malformed", at)
    return True
