"""A place at work: its pages served and its timetable running, until it is told to stop."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from flask import Flask
from waitress.server import create_server

from siposyandu import phones
from siposyandu.app import LARGEST_UPLOAD_BYTES, create_app
from siposyandu.config import Config
from siposyandu.errors import Refused
from siposyandu.instance import Instance
from siposyandu.listening import Listener
from siposyandu.machine import hold_little_memory, look_past_what_stays
from siposyandu.periods import local_date
from siposyandu.practice.running import Practice
from siposyandu.standing import KeptOpen
from siposyandu.web import practising, sessions

THREADS = 4
CONNECTIONS, CONNECTIONS_ANYWHERE = 4000, 400
OWN_FILES = 200
"""What this program itself may have open: its database in each thread, logs, copies that are being made."""
# Longer than a slow link's pauses: a connection that closes early makes a laptop begin again (sync/PROTOCOL.md).
KEEP_ALIVE_SECONDS = 120
# A front on this machine (deploy/nginx.conf) says who the visitor is and that she came by TLS; from elsewhere it is not believed.
FRONT = "127.0.0.1"
FRONT_SAYS = {"x-forwarded-for", "x-forwarded-proto"}


def serve(instance: Instance, ready: Callable[[str], None], hotspot: str = "") -> None:
    """Serve one place until SIGTERM or Ctrl-C; `ready` hears the address once it can be opened.

    Phones come in at the address `hotspot` too, and where a door for them was opened earlier today.
    """
    _write_down()
    give_back = hold_little_memory() if not instance.config.is_province else None
    place, app = instance.config, create_app(instance)
    server = _listening(app, place)
    _keep_memory_off_the_disk(instance)
    kept_open = app.extensions[sessions.KEPT_OPEN] = KeptOpen(instance)
    for_phones = app.extensions["listener"] = Listener(app, int(server.effective_port))
    _DoorForPhones(instance, for_phones, hotspot)
    signal.signal(signal.SIGTERM, _leave)
    address = f"http://{place.host}:{server.effective_port}"
    end_practice = _practice_at(app, instance, address)
    look_past_what_stays()
    ready(address)
    timetable = _TimetableBeside(instance, give_back or (lambda: None))
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.close()
        for_phones.shut()
        end_practice()
        timetable.stop()
        kept_open.let_go()


def _listening(app: Flask, place: Config) -> Any:
    """Return the server of the place's own pages; it listens already."""
    return create_server(
        app,
        host=place.host,
        port=place.port,
        threads=THREADS,
        channel_timeout=KEEP_ALIVE_SECONDS,
        connection_limit=_connections(),
        max_request_body_size=2 * LARGEST_UPLOAD_BYTES,  # what is a little too large is told so by a page
        asyncore_use_poll=True,  # `select` would end at 1,024
        trusted_proxy=FRONT,
        trusted_proxy_headers=FRONT_SAYS,
        clear_untrusted_proxy_headers=True,
        ident=None,
    )


def _practice_at(app: Flask, instance: Instance, address: str) -> Callable[[], None]:
    """Offer the practice posyandu on a laptop's pages; returns what stops it."""
    if instance.config.is_province:
        return lambda: None
    practice = Practice(instance, address)
    app.extensions[practising.PRACTICE] = practice
    return practice.stop


def _connections() -> int:
    """Return how many visitors may be connected at once: a slow laptop keeps its connection for minutes, but no thread.

    Where the system allows it, this process may hold more files than it is given at its start.
    """
    try:
        import resource
    except ImportError:  # Windows: no province runs there
        return CONNECTIONS_ANYWHERE
    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OWN_FILES
    allowed = wanted if most == resource.RLIM_INFINITY else min(most, wanted)
    if given < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    return max(allowed - OWN_FILES, CONNECTIONS_ANYWHERE)


class _TimetableBeside:
    """The timetable, put together while the first page is read and typed: its library looks into every installed package.

    Where it cannot be, the place ends, as loudly as if it had never begun.
    """

    def __init__(self, instance: Instance, afterwards: Callable[[], object]) -> None:
        self._instance, self._afterwards = instance, afterwards
        self._stop: Callable[[], None] = lambda: None
        self._fault: Exception | None = None
        self._thread = threading.Thread(target=self._begin, name="timetable")
        self._thread.start()

    def stop(self) -> None:
        """Stop it; a job that runs is let finish."""
        self._thread.join()
        self._stop()
        if self._fault is not None:
            raise self._fault

    def _begin(self) -> None:
        try:
            from siposyandu.jobs import Timetable  # only here, see above

            timetable = Timetable(self._instance, self._instance.turn_at_jobs(), self._afterwards)
            timetable.start()
            self._stop = timetable.stop
        except Exception as fault:
            self._fault = fault
            signal.raise_signal(signal.SIGTERM)


class _DoorForPhones:
    """Opens the door for phones as soon as the place is open: the one asked for, else the one that stood open today.

    So phones find the laptop again by themselves after its program was started anew.
    """

    def __init__(self, instance: Instance, listener: Listener, asked: str) -> None:
        self._instance, self._listener, self._asked = instance, listener, asked
        if asked:
            listener.open(asked)
        instance.on_turn(self._turned)
        self._turned()

    def _turned(self) -> None:
        if not self._instance.is_open:
            return
        today = local_date(self._instance.now())
        with self._instance.store_for_job() as store:
            if self._asked:
                phones.open_door(store, self._asked, today, None)
            door = phones.opened(store, today)
        if door is not None and self._listener.address != door.address:
            self._listener.open_when_possible(door.address)


def _keep_memory_off_the_disk(instance: Instance) -> None:
    """Where there are keys in memory, write no core file when the program crashes (POSIX; Windows writes none by itself)."""
    if os.name == "posix" and instance.door.has_lock:
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_jobs(instance: Instance, ready: Callable[[], None]) -> None:
    """Run the timetable alone until SIGTERM or Ctrl-C; the pages are another program's (wsgi.py).

    Refused where `serve` runs it, and while another program does.
    """
    from siposyandu.jobs import Timetable  # a laptop's pages do not wait for it, see _TimetableBeside

    if not instance.config.is_on_postgresql:
        raise Refused("the jobs of a place on a file run inside its server", "run: siposyandu serve")
    _write_down()
    is_ours = instance.turn_at_jobs()
    if not is_ours():
        raise Refused(
            "another program runs the jobs of this place", "find it: systemctl status siposyandu-jobs"
        )
    timetable = Timetable(instance, is_ours)
    signal.signal(signal.SIGTERM, _leave)
    timetable.start()
    ready()
    try:
        threading.Event().wait()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        timetable.stop()


def _write_down() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
