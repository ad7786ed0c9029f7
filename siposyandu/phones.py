"""Phones that work on the laptop's hotspot: the day's code, and which phones have typed it.

The code says who may knock, not who she is: behind it waits the door with names and PINs. All of it stays on this laptop.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from siposyandu import credentials
from siposyandu.periods import instant_text, local_date, parse_instant
from siposyandu.store import Store

CODE_DIGITS = 6
ONE = 1  # there is one hotspot, so its table has one row
SEEN_AGAIN_AFTER_S = 15

Row = dict[str, Any]


@dataclass(frozen=True)
class Hotspot:
    """The door for phones as it was opened today: at which address, by which code, for which day of visits."""

    address: str
    code: str
    day: date | None


class Visitor(NamedTuple):
    """A phone that knocks: what it is, as far as its browser tells, and its address in the network."""

    kind: str
    address: str


def opened(store: Store, today: date) -> Hotspot | None:
    """Return the door that stands open for phones; None when none was opened today."""
    row = store.one(
        "select address, code, day from hotspot where one = $1 and opened_on = $2", ONE, today.isoformat()
    )
    if row is None:
        return None
    return Hotspot(row["address"], row["code"], date.fromisoformat(row["day"]) if row["day"] else None)


def open_door(store: Store, address: str, today: date, day: date | None) -> None:
    """Open the door for today. One opened earlier today keeps its code and phones, another day's is forgotten."""
    with store.write():
        if opened(store, today) is None:
            shut_door(store)
            store.run(
                "insert into hotspot (one, code, opened_on, address) values ($1, $2, $3, $4)",
                ONE, _new_code(), today.isoformat(), address,
            )  # fmt: skip
        store.run("update hotspot set address = $1", address)
        if day is not None:
            keep_day(store, day)


def follow_clock(store: Store, day_as_it_was: date, today: date) -> None:
    """Let the door that stood open stay so when the clock is set, for it is the same morning; one that had ended stays shut."""
    with store.write():
        if opened(store, day_as_it_was) is None:
            shut_door(store)
        store.run("update hotspot set opened_on = $1", today.isoformat())


def keep_day(store: Store, day: date) -> None:
    """Say which day of visits it is on all phones."""
    with store.write():
        store.run("update hotspot set day = $1", day.isoformat())


def shut_door(store: Store) -> None:
    """Shut the door: the code and all phones are forgotten."""
    with store.write():
        store.run("delete from phone where phone_no > 0")
        store.run("delete from hotspot where one = $1", ONE)


def change_code(store: Store) -> None:
    """Take another code; phones that are in stay in."""
    with store.write():
        store.run("update hotspot set code = $1", _new_code())


def join(store: Store, code: str, visitor: Visitor, now: datetime) -> str | None:
    """Let a phone in whose code is right; returns the secret by which it is known from now on, None for a wrong code.

    NotAllowed after five wrong tries from one address, or fifty from all, for fifteen minutes.
    """
    door = opened(store, local_date(now))
    right = door is not None and secrets.compare_digest(door.code.encode(), code.encode())
    if not credentials.slowed(
        store, (f"phone {credentials.hidden(visitor.address)}", "all phones"), lambda: right, now
    ):
        return None
    secret = secrets.token_urlsafe(32)
    with store.write():
        store.run(
            "insert into phone (secret_hash, kind, joined_at, seen_at) values ($1, $2, $3, $3)",
            _hash(secret), visitor.kind, instant_text(now),
        )  # fmt: skip
    return secret


def known(store: Store, secret: str, today: date) -> Row | None:
    """Return the phone that has this secret, while the door is open that it came through."""
    row = store.one("select phone_no, kind, worker, seen_at from phone where secret_hash = $1", _hash(secret))
    return row if row is not None and opened(store, today) else None


def note_seen(store: Store, phone: Row, worker_id: str | None, now: datetime) -> None:
    """Write down, now and then, when a phone was last seen and who works on it."""
    seen_s = (now - parse_instant(phone["seen_at"])).total_seconds()
    if phone["worker"] == worker_id and 0 <= seen_s < SEEN_AGAIN_AFTER_S:
        return
    with store.write():
        store.run(
            "update phone set worker = $1, seen_at = $2 where phone_no = $3",
            worker_id, instant_text(now), phone["phone_no"],
        )  # fmt: skip


def joined(store: Store) -> list[Row]:
    """Return the phones that are in, in the order in which they came, each with who works on it."""
    return store.rows(
        """select phone_no, kind, worker, worker.name, joined_at, seen_at
        from phone left join worker on worker.id = phone.worker order by phone_no"""
    )


def shut_out(store: Store, phone_no: int) -> None:
    """Shut one phone out, and take another code, by which it would come in again."""
    with store.write():
        store.run("delete from phone where phone_no = $1", phone_no)
        change_code(store)


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
