"""Where a laptop's exchange with the province stands: acknowledged, read up to, last tried, next try."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from sync import backoff, certificates, instants
from sync.errors import NotEnrolled, SyncError, TooLarge, TryAgain
from sync.messages import SCHEMA, Answer
from sync.ports import Random, Store
from sync.stories import REMARK

SMALLEST_BATCH, FIRST_BATCH, LARGEST_BATCH = 2 * 1024, 32 * 1024, 64 * 1024  # bytes deflated
GROWTH = 4 * 1024


@dataclass(frozen=True, slots=True)
class Upstream:
    """The state of the exchange. `cursor` counts in the feed of `epoch`; chains and hashes are 16 hex digits.

    `story` is that of the feed up to the cursor (stories.py), empty where it is not known.
    `lane` is the one the certificate is for: another one than this laptop's own after it began a new lane.
    """

    certificate: bytes
    lane: str
    server_key: str
    epoch: str
    ack: int
    cursor: int
    story: str
    scope_hash: str
    batch_bytes: int
    spell: bool
    clock_offset_s: int | None


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the province gives at enrolment: the certificate, and its own public keys."""

    certificate: bytes
    sign_key: str
    box_key: str


def state(store: Store) -> Upstream:
    """Return the state of the exchange. Refuses (NotEnrolled) before enrolment."""
    row = store.one("select * from sync_upstream where id = 1")
    if row is None or row["certificate"] is None:
        raise NotEnrolled("no certificate")
    certificate = bytes.fromhex(row["certificate"])
    return Upstream(
        certificate,
        certificates.lane_in(certificate),
        row["server_sign_key"],
        row["epoch"],
        row["ack"],
        row["cursor_n"],
        row["story"],
        row["scope_hash"],
        row["batch_bytes"],
        bool(row["spell"]),
        row["clock_offset_s"],
    )


def server_box_key(store: Store) -> str:
    """Return the key to which the province's part of a bundle is sealed, 64 hexadecimal digits."""
    return str(store.value("select server_box_key from sync_upstream where id = 1") or "")


def area(store: Store) -> str | None:
    """Return the key of the area this laptop was enrolled for, None before."""
    found = store.value("select area from sync_upstream where id = 1")
    return None if found is None else str(found)


def scope(store: Store) -> frozenset[str]:
    """Return the keys of the areas whose records this laptop receives, as the province last said."""
    return frozenset(json.loads(store.value("select scope from sync_upstream where id = 1") or "[]"))


def todays_start(store: Store) -> str:
    """Return where a list of ids that is too long for one message begins today: behind this one (32 digits), from check-up to
    check-up another, so that what gets no answer keeps nothing waiting for ever."""
    checked_at = store.value("select checked_at from sync_upstream where id = 1")
    return sha256(str(checked_at).encode()).hexdigest()[:32]


def welcome(store: Store, given: Welcome, area: str) -> None:
    """Keep what the province gave at enrolment, inside the caller's `write()`."""
    _begin(store)
    store.run(
        """update sync_upstream set certificate = $1, server_sign_key = $2, server_box_key = $3, area = $4,
        last_error = null, next_try_at = null, failures = 0 where id = 1""",
        given.certificate.hex(), given.sign_key, given.box_key, area,
    )  # fmt: skip


def _begin(store: Store) -> None:
    sql = "insert into sync_upstream (id, schema_version) values (1, $1) on conflict do nothing"
    store.run(sql, SCHEMA)


def read_anew_if_newer(store: Store) -> None:
    """Read the feed from its beginning once after the program became newer: an older one passed over what it did not know.

    An older one that is opened again after a newer one says so here, that the newer one then knows.
    """
    if (store.value("select schema_version from sync_upstream where id = 1") or SCHEMA) != SCHEMA:
        with store.write():
            store.run(
                """update sync_upstream set cursor_n = case when schema_version < $1 then 0 else cursor_n end,
                schema_version = $1 where id = 1""",
                SCHEMA,
            )


def certify(store: Store, certificate: bytes | None) -> None:
    """Keep the certificate of this laptop's lane; None: it has no longer any, and asks for a code."""
    with store.write():
        store.run("update sync_upstream set certificate = $1 where id = 1", certificate and certificate.hex())


def advance(store: Store, answer: Answer, at: str | None) -> None:
    """Note an answer, inside the `write()` that took its edits in; `at` is this laptop's own time.

    The acknowledgement may go down: a province restored from a backup says so, and is sent everything again.
    The next batch may be a little larger. `at` is None for a receipt, which says nothing of the road or the clock, and perhaps
    of a day when less was acknowledged: within an epoch that takes nothing back.
    """
    known = state(store)
    stays = (answer.epoch, answer.cursor) == (known.epoch, known.cursor)
    ack = max(known.ack, answer.ack) if at is None and known.epoch == answer.epoch else answer.ack
    store.run(
        """update sync_upstream set epoch = $1, cursor_n = $2, scope_hash = $3, min_version = $4, story = $7,
        acknowledged_at = case when ack = $5 and acknowledged_at is not null then acknowledged_at else $6 end,
        ack = $5 where id = 1""",
        answer.epoch, answer.cursor, answer.scope_hash, answer.more.get("min_version"), ack,
        instants.text(answer.server_time), answer.more.get(REMARK, known.story if stays else ""),
    )  # fmt: skip
    if "scope" in answer.more:
        store.run("update sync_upstream set scope = $1 where id = 1", json.dumps(answer.more["scope"]))
    if at is not None:
        _succeeded(store, answer.server_time, at)


def _succeeded(store: Store, server_time: int, at: str) -> None:
    store.run(
        """update sync_upstream set clock_offset_s = $1, last_try_at = $2, last_error = null, next_try_at = null,
        failures = 0, spell = 0, batch_bytes = case when batch_bytes + $3 < $4 then batch_bytes + $3 else $4 end
        where id = 1""",
        instants.seconds(at) - server_time, at, GROWTH, LARGEST_BATCH,
    )  # fmt: skip


def compared(store: Store, server_time: int, at: str) -> None:
    """Note that the province was reached, and how far this laptop's own time `at` is from the province's."""
    with store.write():
        _succeeded(store, server_time, at)


def acknowledge(store: Store, ack: int, server_time: int) -> None:
    """Note, inside `write()`, that the province holds our lane up to a number: more than was known."""
    sql = "update sync_upstream set ack = $1, acknowledged_at = $2 where id = 1 and ack < $1"
    store.run(sql, ack, instants.text(server_time))


def failed(store: Store, error: SyncError, at: str, random: Random) -> None:
    """Note a failed try and when to try next; after a cut, or what was too large, the next batch is half as large."""
    with store.write():
        _begin(store)
        row = store.one("select failures, batch_bytes from sync_upstream where id = 1")
        failures, size = (row["failures"] + 1, row["batch_bytes"]) if row else (1, FIRST_BATCH)
        smaller_helps = isinstance(error, TryAgain) or error.code == TooLarge.code
        next_try_at = instants.later(at, backoff.delay_s(failures, random.random()))
        smaller = max(SMALLEST_BATCH, size // 2) if smaller_helps else size
        store.run(
            """update sync_upstream set last_try_at = $1, last_error = $2, next_try_at = $3, failures = $4,
            batch_bytes = $5 where id = 1""",
            at, error.code, next_try_at, failures, smaller,
        )  # fmt: skip


def spell(store: Store) -> None:
    """Ask for and send whole ids the next time: one side did not hold an edit that was only named by its place."""
    with store.write():
        store.run("update sync_upstream set spell = 1 where id = 1")


def is_due(store: Store, now: str, idle_s: int = 0) -> bool:
    """Return whether it is time to exchange.

    After a failure: when the wait is over. After a success: when something waits to be sent, or nothing was asked
    for `idle_s` seconds. A clock that jumped back past the last try is no reason to wait.
    """
    row = store.one("select last_try_at, next_try_at, ack from sync_upstream where id = 1")
    if row is None or row["last_try_at"] is None or now < row["last_try_at"]:
        return True
    if row["next_try_at"] is not None:
        return bool(now >= row["next_try_at"])
    recorded = store.value("select l.last_seq from sync_self s join lanes l using (lane_no)")
    return bool(recorded > row["ack"] or now >= instants.later(row["last_try_at"], idle_s))


def hash_of(areas: Collection[str]) -> str:
    """Return the fingerprint (16 hexadecimal digits) of a set of areas."""
    return sha256("\n".join(sorted(areas)).encode()).hexdigest()[:16]
