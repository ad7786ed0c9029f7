"""Practice at work: its pages on an address of their own, from the first touch until nobody practises any more.

It runs in the program of the real place, to spare an old laptop's memory, and shares nothing with it but the clock.
"""

import threading
from collections.abc import Iterable
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from siposyandu import web
from siposyandu.app import create_app
from siposyandu.instance import Instance
from siposyandu.machine import steady_seconds
from siposyandu.practice import place
from siposyandu.web.frame import PRACTICE_OF

HOST = "127.0.0.1"
THREADS = 2
IDLE_SECONDS = 3600
LOOK_SECONDS = 30
PATIENCE_SECONDS = 20


class Practice:
    """The practice posyandu of one real place. It runs only while the real place is open."""

    def __init__(self, real: Instance, address: str, idle_seconds: float = IDLE_SECONDS) -> None:
        self._real, self._address, self._idle_seconds = real, address, idle_seconds
        self._running: _Running | None = None
        self._port = 0
        self._turning = threading.RLock()
        real.on_turn(self._turned)

    @property
    def is_running(self) -> bool:
        """Whether its pages can be opened now."""
        return self._running is not None and self._running.is_alive

    def open(self) -> str:
        """Start it where it does not run, and return the address of its pages."""
        with self._turning:
            if not self.is_running:
                self._start()
            return f"http://{HOST}:{self._port}/"

    def start_over(self) -> None:
        """Forget all that was typed in practice and let the ghosts stand as at the beginning."""
        with self._turning:
            self.stop()
            place.clear(self._real.config.folder)
            self._start()

    def stop(self) -> None:
        """Stop it; what was typed stays for the next time."""
        with self._turning:
            running, self._running = self._running, None
            if running is not None:
                running.stop()

    def _start(self) -> None:
        ghosts = place.ready(self._real.config.folder, self._real.config.language, self._real.now)
        app = create_app(ghosts, web.IN_PRACTICE)
        # Cookies know no ports: two laptops on one machine, and the real place, each need a name of their own.
        app.config["SESSION_COOKIE_NAME"] = f"siposyandu_latihan_{self._address.rpartition(':')[2]}"
        app.extensions[PRACTICE_OF] = self._address
        self._running = _Running(app, self._port, self._idle_seconds)
        self._port = self._running.port

    def _turned(self) -> None:
        if not self._real.is_open:
            self.stop()


class _Running:
    """One life of the practice pages: from their start until they are stopped or nobody asked for an hour."""

    def __init__(self, app: Flask, port: int, idle_seconds: float) -> None:
        self._app, self._asked_at_s, self._idle_seconds = app, steady_seconds(), idle_seconds
        self._sockets: dict[int, Any] = {}
        self._server = create_server(
            self._note, map=self._sockets, host=HOST, port=port, threads=THREADS, ident=None
        )
        self.port = int(self._server.effective_port)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="latihan", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it still answers."""
        return self._thread.is_alive() and not self._ended.is_set()

    def stop(self) -> None:
        """End it and wait until it has let go of its address."""
        self._ended.set()
        if self._thread.is_alive():
            self._server.pull_trigger()
        self._thread.join(PATIENCE_SECONDS)

    def _note(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self._asked_at_s = steady_seconds()
        return self._app(environ, start_response)

    def _run(self) -> None:
        while not self._ended.is_set() and steady_seconds() - self._asked_at_s < self._idle_seconds:
            wasyncore.loop(timeout=LOOK_SECONDS, use_poll=True, map=self._sockets, count=1)
        self._ended.set()
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._sockets)
