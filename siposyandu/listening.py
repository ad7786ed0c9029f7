"""Listens for phones: beside the laptop's own pages, on an address of the network it stands in, in a thread of its own."""

import logging
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

from siposyandu.addresses import BY_HOTSPOT

THREADS = 4
CONNECTIONS, CONNECTIONS_OF_ONE = 256, 32
"""A browser opens six; one device that opens hundreds must not keep the others out."""
LARGEST_BODY_BYTES = 8 * 1024 * 1024
"""What is longer is refused before it lies on the laptop's disk; the longest that a phone has is a list from Excel."""
TRY_AGAIN_S = 5
"""After a restart the program may be there before the hotspot is."""
STOP_S = 5
TOGETHER_BYTES = 64 * 1024
"""What the head of an answer and its page may have to leave together: a head alone, when the power goes, is an empty page that
no script mends."""

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

log = logging.getLogger(__name__)


class Listener:
    """The ear for phones; `address` is where it listens or waits to listen, empty while it is shut."""

    def __init__(self, application: Wsgi, port: int) -> None:
        self._application, self.port = application, port
        self.address = ""
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._sockets: dict[int, Any] = {}
        self._server: Any = None

    def open(self, address: str) -> None:
        """Listen on an address of this machine from now on. OSError when it has no such address, or another listens there."""
        if address == self.address and self._server is not None:
            return
        self.shut()
        self._server = self._listening_at(address)
        self._begin(address)

    def open_when_possible(self, address: str) -> None:
        """Listen on an address as soon as this machine has it."""
        self.shut()
        self._begin(address)

    def shut(self) -> None:
        """Listen no more; every connection ends."""
        self._stop.set()
        if self._server is not None:
            with suppress(OSError):  # it has ended by itself
                self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._sockets))
        if self._thread is not None:
            self._thread.join(STOP_S)
        self.address, self._thread, self._server = "", None, None

    def _begin(self, address: str) -> None:
        self.address, self._stop = address, threading.Event()
        self._thread = threading.Thread(target=self._listen, name="phones", daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        stop = self._stop
        while self._server is None:
            try:
                self._server = self._listening_at(self.address)
            except OSError as fault:
                log.warning("phones cannot be heard at %s yet: %s", self.address, fault)
                if stop.wait(TRY_AGAIN_S):
                    return
        server = self._server
        server.run()
        server.task_dispatcher.shutdown()

    def _listening_at(self, address: str) -> Any:
        ear, self._sockets = socket.create_server((address, self.port)), {}
        server = create_server(
            _marked(self._application, f"{address}:{self.port}"),
            map=self._sockets,
            sockets=[ear],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            max_request_body_size=LARGEST_BODY_BYTES,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=True,
            ident=None,
        )
        server.accept = _few_of_each(server)
        server.adj.send_bytes = TOGETHER_BYTES
        return server


def _few_of_each(server: Any) -> Callable[[], Any]:
    """Return how the server takes connections: beyond a few of one address they are hung up at once."""
    take = server.accept

    def accept() -> Any:
        found = take()
        if found is None:
            return None
        connection, address = found
        if sum(each.addr[0] == address[0] for each in server.active_channels.values()) < CONNECTIONS_OF_ONE:
            return found
        connection.close()
        return None

    return accept


def _marked(application: Wsgi, host: str) -> Wsgi:
    """Return the application as phones see it: each request says that it came by the hotspot, and which host it must name."""

    def by_hotspot(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        return application({**environ, BY_HOTSPOT: host}, start)

    return by_hotspot
