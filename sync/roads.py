"""Roads: a laptop's way to the province over a connection, also where its clock is so wrong that TLS cannot be had.

A clock that says 2009 takes every certificate for not valid yet. On exactly that failure, and on no other, the laptop sends
its bundle (courier.py) instead, over a connection whose certificate is checked but for its dates: the bundle is sealed to
the province and signed by the laptop, the receipt is sealed to the laptop and signed by the province, so nothing rests on
the connection. Then it asks the province for the time, signed with the same key, and tells how wrong its clock is.
"""

import json
import re
from typing import Any

from sync import client, instants, keys, titipan, upstream
from sync.client import Outcome
from sync.errors import BadSignature, ClockWrong, Malformed, Refused
from sync.laptop import Laptop
from sync.ports import Random
from sync.transport import HttpTransport

PROVINCE = "province"
_KEY = re.compile(r"[0-9a-f]{64}")


def exchange(laptop: Laptop, address: str) -> Outcome:
    """Send and receive until nothing is left. Raises SyncError after noting it, as client.exchange does."""
    try:
        return client.exchange(laptop)
    except ClockWrong:
        return sealed(laptop, HttpTransport(address, dated=False))


def sealed(laptop: Laptop, road: HttpTransport) -> Outcome:
    """Exchange by bundle and receipt over a connection that need not be trusted. Raises SyncError."""
    acknowledged = received = requests = 0
    while True:
        before = upstream.state(laptop.store)
        brought = titipan.hand_over(laptop, road, PROVINCE)
        acknowledged, received = acknowledged + brought.acknowledged, received + brought.received
        requests += 1
        after = upstream.state(laptop.store)
        if (before.ack, before.cursor, before.epoch) == (after.ack, after.cursor, after.epoch):
            break
    compare_clocks(laptop, road)
    return Outcome(acknowledged, received, requests)


def recognise(road: HttpTransport, fingerprint: str, random: Random) -> None:
    """Refuse (other_province) an address where another province answers than the letter's, before a code is told to it."""
    nonce = random.token_bytes(16).hex()
    time, signature, said = _asked_time(road, nonce)
    key = said.get("sign_key")
    if (
        not isinstance(key, str)
        or not _KEY.fullmatch(key)
        or keys.fingerprint(key) != fingerprint.strip().lower()
    ):
        raise Refused("not the province of the letter", code="other_province")
    keys.verify(key, instants.TIME_CONTEXT, instants.asked(nonce, time), signature)


def compare_clocks(laptop: Laptop, road: HttpTransport) -> int:
    """Ask the province for the time and note how far this laptop's clock is off; return the province's, seconds since 1970.

    Raises BadSignature for an answer that the province did not sign for this very question.
    """
    nonce = laptop.random.token_bytes(16).hex()
    time, signature, _ = _asked_time(road, nonce)
    key = upstream.state(laptop.store).server_key
    keys.verify(key, instants.TIME_CONTEXT, instants.asked(nonce, time), signature)
    upstream.compared(laptop.store, time, laptop.clock.now())
    return time


def _asked_time(road: HttpTransport, nonce: str) -> tuple[int, bytes, dict[str, Any]]:
    """Return the time, its signature, and all that was said."""
    reply = road.get(f"/v1/time?nonce={nonce}")
    try:
        said = json.loads(reply)
        time, signature = int(said["time"]), bytes.fromhex(said["signature"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise Malformed("not the province's time") from error
    if said.get("nonce") != nonce:
        raise BadSignature("the time of another question")
    return time, signature, dict(said)
