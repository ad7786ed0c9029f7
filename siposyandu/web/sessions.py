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
from siposyandu.periods import instant_text, local_date
from siposyandu.records import Pen
from siposyandu.store import Store

IDLE = timedelta(hours=8)


def instance() -> Instance:
    """Return the running place this page belongs to."""
    found: Instance = current_app.extensions["instance"]
    return found


def store() -> Store:
    """Return this request's store; it is closed when the request ends."""
    if "store" not in g:
        g.store = instance().open_store()
    found: Store = g.store
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
    with store().write() as writing:
        writing.run(
            "insert into login_session (id_hash, worker, started_at, seen_at) values ($1, $2, $3, $3)",
            _hash(name),
            worker_id,
            instant_text(now()),
        )


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
    row = store().one(
        "select worker, seen_at from login_session where id_hash = $1 and ended_at is null and seen_at >= $2",
        _hash(session.get("id", "")),
        instant_text(now() - IDLE),
    )
    if row is None:
        return None
    if row["seen_at"] < instant_text(now() - timedelta(minutes=5)):
        with store().write() as writing:
            writing.run(
                "update login_session set seen_at = $2 where id_hash = $1",
                _hash(session["id"]),
                instant_text(now()),
            )
    return access.worker(store(), row["worker"])


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


def keep_day(chosen: date) -> None:
    """Keep the day of visits for this session: this machine's clock may be wrong, the worker knows the date."""
    with store().write() as writing:
        writing.run(
            "update login_session set day = $2 where id_hash = $1", _hash(session.get("id", "")), chosen.isoformat()
        )


def to_the_door() -> Response:
    """Return the way to the sign-in page."""
    return redirect(url_for("login.choose", next=request.full_path if request.method == "GET" else None))


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def pen() -> Pen:
    """Return the pen of the worker at the keyboard: whatever is saved is hers, in this machine's lane, now."""
    return Pen(instance().lane, signed_in(), now())
