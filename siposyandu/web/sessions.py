"""Who is at the keyboard: sessions live in the database, the cookie holds only a random name for one.

A session ends when its worker leaves, when her PIN changes, or after hours without a page.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from flask import current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from siposyandu import access
from siposyandu.access import Worker
from siposyandu.instance import Instance
from siposyandu.periods import instant_text, local_date, parse_instant
from siposyandu.records import Pen
from siposyandu.standing import KeptOpen
from siposyandu.store import SqliteStore, Store

IDLE, SEEN_AGAIN_AFTER = timedelta(hours=8), timedelta(minutes=5)
KEPT_OPEN = "kept_open"
"""In the application of a place that is served: the connection that is lent to its pages."""


def instance() -> Instance:
    """Return the running place this page belongs to."""
    found: Instance = current_app.extensions["instance"]
    return found


def store() -> Store:
    """Return this request's store; it is let go when the request ends."""
    if "store" not in g:
        kept = _kept_open()
        g.store = (kept.lend() if kept else None) or instance().open_store()
    found: Store = g.store
    return found


def is_far_ahead() -> bool:
    """Whether this request used a database whose write-ahead file has grown long."""
    used = g.get("store")
    return isinstance(used, SqliteStore) and used.is_far_ahead


def let_go(*, sound: bool = True) -> None:
    """Let go of this request's store, if it has one; not `sound`: the database failed, and the next page opens it anew."""
    if "store" in g:
        kept, lent = _kept_open(), g.pop("store")
        if kept:
            kept.give_back(lent, sound=sound)
        else:
            lent.close()


def _kept_open() -> KeptOpen | None:
    found: KeptOpen | None = current_app.extensions.get(KEPT_OPEN)
    return found


def now() -> datetime:
    """Return this machine's time: shown and stored, never used to decide between two people's values."""
    return instance().now()


def today() -> date:
    """Return today's date in NTB by this machine's clock."""
    return local_date(now())


def start(worker_id: str) -> None:
    """Begin a session for a worker whose secret was right; the old cookie's content is thrown away."""
    session.clear()
    name = secrets.token_urlsafe(32)
    session["id"] = name
    instance().used()  # else nobody could come in again after hours without a page (`_find_worker`)
    with store().write() as writing:
        writing.run(
            "insert into login_session (id_hash, worker, day, started_at, seen_at) values ($1, $2, $3, $4, $4)",
            _hash(name),
            worker_id,
            _day_gone_on_with(worker_id),
            instant_text(now()),
        )


def _day_gone_on_with(worker_id: str) -> str | None:
    """Return the day of visits of her session of today that she did not leave but that broke off; else None."""
    last = store().one(
        "select day, started_at, ended_at from login_session where worker = $1 order by started_at desc limit 1",
        worker_id,
    )
    if last is None or last["ended_at"] or local_date(parse_instant(last["started_at"])) != today():
        return None
    return None if last["day"] is None else str(last["day"])


def end() -> None:
    """End the running session."""
    with store().write() as writing:
        writing.run(
            "update login_session set ended_at = $2 where id_hash = $1",
            _hash(session.get("id", "")),
            instant_text(now()),
        )
    session.clear()


def current_worker() -> Worker | None:
    """Return the worker of the running session, or None."""
    if "worker" not in g:
        g.worker = _find_worker()
    found: Worker | None = g.worker
    return found


def _find_worker() -> Worker | None:
    if _nobody_was_here():
        return None
    # Seen long after now: the clock was set back meanwhile, and the session would stay open until it has caught up.
    row = store().one(
        "select worker, seen_at from login_session where id_hash = $1 and ended_at is null and seen_at between $2 and $3",
        _hash(session.get("id", "")),
        instant_text(now() - IDLE),
        instant_text(now() + IDLE),
    )
    if row is None:
        return None
    if not instant_text(now() - SEEN_AGAIN_AFTER) <= row["seen_at"] <= instant_text(now()):
        with store().write() as writing:
            writing.run(
                "update login_session set seen_at = $2 where id_hash = $1",
                _hash(session["id"]),
                instant_text(now()),
            )
    return access.worker(store(), row["worker"])


def _nobody_was_here() -> bool:
    """Whether all have been away for too long, by seconds that only go forward: a clock set back lets nobody in again.

    A place with a passphrase closes by itself. Over PostgreSQL several programs serve the pages: none knows whom another saw.
    """
    place = instance()
    is_asked_here = not (place.door.has_lock or place.config.is_on_postgresql)
    return is_asked_here and place.unused_s >= IDLE.total_seconds()


def whose() -> str | None:
    """Return whose session the visitor's cookie names, also when it has been idle for too long; None after leaving."""
    sql = "select worker from login_session where id_hash = $1 and ended_at is null"
    found = store().value(sql, _hash(session.get("id", "")))
    return None if found is None else str(found)


def signed_in() -> Worker:
    """Return the worker at the keyboard; only for pages under `needs_worker`."""
    worker = current_worker()
    access.require(worker is not None, "nobody is signed in")
    assert worker is not None
    return worker


def needs_worker(page: Callable[..., Any]) -> Callable[..., Any]:
    """Send a visitor who is not signed in to the door, and back to this page afterwards."""

    @wraps(page)
    def guarded(*arguments: Any, **named: Any) -> Any:
        if current_worker() is None:
            return to_the_door()
        return page(*arguments, **named)

    return guarded


def day() -> date | None:
    """Return the day of visits that the worker confirmed in this session, or None before she did."""
    kept = store().value("select day from login_session where id_hash = $1", _hash(session.get("id", "")))
    return date.fromisoformat(kept) if kept else None


def started_at() -> str:
    """Return when this session began."""
    found = store().value(
        "select started_at from login_session where id_hash = $1", _hash(session.get("id", ""))
    )
    return str(found or "")


def keep_day(chosen: date) -> None:
    """Keep the day of visits for this session: this machine's clock may be wrong, the worker knows the date."""
    with store().write() as writing:
        writing.run(
            "update login_session set day = $2 where id_hash = $1",
            _hash(session.get("id", "")),
            chosen.isoformat(),
        )


def to_the_door() -> Response:
    """Return the way to the sign-in page, and from there back to this one."""
    return redirect(url_for("login.choose", next=this_page()))


def this_page() -> str | None:
    """Return the address at which this page can be opened again; None where a button led that opens no page."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    adapter = current_app.create_url_adapter(request)
    return request.path if adapter and adapter.test(request.path, "GET") else None


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def pen() -> Pen:
    """Return the pen of the worker at the keyboard: whatever is saved is hers, in this machine's lane, now."""
    return Pen(instance().lane, signed_in(), now())
