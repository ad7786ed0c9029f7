"""PINs and passwords: kept as Argon2id hashes on this machine only; they never enter the log of edits.

On a posyandu's laptop everybody has a PIN of six digits; at the province a password of ten characters or more.
Guessing is slowed: after five wrong tries a subject waits fifteen minutes, whatever is typed.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache

from nacl import pwhash
from nacl.exceptions import InvalidkeyError

from siposyandu.errors import BadInput, NotAllowed
from siposyandu.i18n import N_
from siposyandu.periods import instant_text
from siposyandu.store import Store

PIN_DIGITS = 6
PASSWORD_LETTERS = 10
TRIES = 5
WAIT = timedelta(minutes=15)
OF_ONE = ("worker ", "phone ")
"""Subjects that are one person's; of others, as of an address, ten people may sit behind."""
# OWASP's minimum for Argon2id is 19 MiB and two passes, or 7 MiB and five. A laptop's program stays under 100 MB while a PIN is
# checked: 8 MiB, and so many passes that memory x memory x passes, the cost to a machine built for guessing, is that of 19 MiB.
MEMORY_BYTES = 8 * 1024 * 1024
PASSES = 12
COST = f"$m={MEMORY_BYTES // 1024},t={PASSES},"
"""How a hash says what it cost."""


def set_pin(store: Store, worker_id: str, pin: str, now: datetime) -> None:
    """Keep a worker's PIN; BadInput when it is not six digits or is one that everybody guesses."""
    if not (pin.isascii() and pin.isdigit() and len(pin) == PIN_DIGITS):
        raise BadInput({"pin": [N_("A PIN has six digits.")]})
    if len(set(pin)) == 1 or pin in ("123456", "654321"):
        raise BadInput({"pin": [N_("This PIN is too easy to guess. Choose another one.")]})
    _keep(store, worker_id, pin, now)


def set_password(store: Store, worker_id: str, password: str, now: datetime) -> None:
    """Keep a worker's password; BadInput when it is shorter than ten characters."""
    check_password(password)
    _keep(store, worker_id, password, now)


def check_password(password: str) -> None:
    """Refuse (BadInput) a password shorter than ten characters."""
    if len(password) < PASSWORD_LETTERS:
        raise BadInput({"password": [N_("A password has at least ten characters.")]})


def _keep(store: Store, worker_id: str, secret: str, now: datetime) -> None:
    hashed = _hashed(secret)
    with store.write():
        store.run(
            """insert into credential (worker, secret_hash, changed_at) values ($1, $2, $3)
            on conflict (worker) do update set secret_hash = excluded.secret_hash, changed_at = excluded.changed_at""",
            worker_id,
            hashed,
            instant_text(now),
        )
        store.run("update login_session set ended_at = $2 where worker = $1 and ended_at is null",
                  worker_id, instant_text(now))  # fmt: skip


def has_secret(store: Store, worker_id: str) -> bool:
    """Whether a worker has a PIN or password on this machine."""
    return store.one("select worker from credential where worker = $1", worker_id) is not None


def check(  # noqa: PLR0913 - whose, what, from where, when
    store: Store, worker_id: str, secret: str, address: str, now: datetime, *, by_phone: bool = False
) -> bool:
    """Whether the secret is the worker's. NotAllowed while the worker or the address has to wait.

    Wrong tries on phones are counted apart: whoever guesses there must not lock her out at the laptop.
    """
    worker = f"worker {worker_id} by phone" if by_phone else f"worker {worker_id}"
    subjects = (worker, f"address {hidden(address)}")
    right = slowed(store, subjects, lambda: _matches(store, worker_id, secret), now)
    if right:
        _keep_up(store, worker_id, secret)
    return right


def _keep_up(store: Store, worker_id: str, secret: str) -> None:
    """Hash a right secret anew where the hash is of a program that took another cost."""
    kept = store.value("select secret_hash from credential where worker = $1", worker_id)
    if COST not in kept:
        with store.write():
            # Not over a secret that was changed meanwhile.
            sql = "update credential set secret_hash = $3 where worker = $1 and secret_hash = $2"
            store.run(sql, worker_id, kept, _hashed(secret))


def _hashed(secret: str) -> str:
    return pwhash.argon2id.str(secret.encode(), PASSES, MEMORY_BYTES).decode("ascii")


def hidden(address: str) -> str:
    """Return a name for an address that does not tell it."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def slowed(store: Store, subjects: Sequence[str], is_right: Callable[[], bool], now: datetime) -> bool:
    """Whether a try is right; a wrong one counts against each subject, a right one clears the first.

    NotAllowed, without looking, while one of them has to wait; without telling, when others tried too often meanwhile.
    """
    _require_patience(store, subjects, now)
    right = is_right()  # takes long, and so not under the lock
    with store.write():
        _require_patience(store, subjects, now)
        store.run(
            "delete from login_failure where failed_at < $1 or failed_at > $2",
            instant_text(now - WAIT),
            instant_text(now),
        )
        if right:
            store.run("delete from login_failure where subject = $1", subjects[0])
        else:
            store.many(
                "insert into login_failure (subject, failed_at) values ($1, $2)",
                [(subject, instant_text(now)) for subject in subjects],
            )
    return right


def _require_patience(store: Store, subjects: Sequence[str], now: datetime) -> None:
    if any(_must_wait(store, subject, now) for subject in subjects):
        raise NotAllowed(N_("Too many wrong tries. Wait fifteen minutes, then try again."))


def _must_wait(store: Store, subject: str, now: datetime) -> bool:
    # A try "in the future" was made before the laptop's clock was set right; it must not lock anybody out for a year.
    sql = "select count(*) from login_failure where subject = $1 and failed_at between $2 and $3"
    allowed = TRIES if subject.startswith(OF_ONE) else TRIES * 10
    return bool(store.value(sql, subject, instant_text(now - WAIT), instant_text(now)) >= allowed)


@cache
def _nobody() -> str:
    """What is checked when there is no such worker, so that the answer takes as long as for a wrong password."""
    return _hashed("nobody")


def _matches(store: Store, worker_id: str, secret: str) -> bool:
    kept = store.value("select secret_hash from credential where worker = $1", worker_id)
    try:
        return pwhash.verify((kept or _nobody()).encode(), secret.encode()) and kept is not None
    except InvalidkeyError:
        return False


SETUP = "setup"
SETUP_GOOD_FOR = timedelta(hours=72)


def keep_setup_code(store: Store, code: str, now: datetime) -> None:
    """Keep the code by which this laptop joined; whoever holds it may set PINs for 72 hours, the very first one later too."""
    _keep(store, SETUP, code, now)


def setup_code_matches(store: Store, code: str, address: str, now: datetime) -> bool:
    """Whether this is the laptop's set-up code and not older than 72 hours. NotAllowed after too many tries.

    As long as nobody has a PIN here it may be older: nobody could vouch for anybody, and the clock may have been set right since.
    """
    kept_at = store.value("select changed_at from credential where worker = $1", SETUP)
    fresh = kept_at is not None and kept_at >= instant_text(now - SETUP_GOOD_FOR)
    first = store.value("select 1 from credential where worker <> $1 limit 1", SETUP) is None
    return check(store, SETUP, code, address, now) and (fresh or first)
