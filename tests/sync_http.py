"""A province behind a real web server on loopback, and a road to it that counts every byte."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Flask, g
from waitress import wasyncore
from waitress.server import create_server

from siposyandu.store import open_store
from sync import server
from sync.province import Province
from tests.sync_world import World


@contextmanager
def served(world: World, folder: Path) -> Iterator[int]:
    """Serve a copy of the world's province over HTTP; yields the port. The world then uses that copy too."""
    path = folder / "province.db"
    path.write_bytes(world.province.store.database.conn.serialize())
    world.use(open_store(path))
    app = Flask("province")

    def province() -> Province:
        g.store = open_store(path)
        return replace(world.province, store=g.store)

    @app.teardown_appcontext
    def close(_: BaseException | None) -> None:
        if "store" in g:
            g.store.close()

    app.register_blueprint(server.blueprint(province))
    with listening(app) as port:
        yield port


@contextmanager
def listening(app: Flask) -> Iterator[int]:
    """Serve an application on a free port of loopback, as serving.py does; yields the port."""
    sockets: dict[int, object] = {}
    web = create_server(app, map=sockets, host="127.0.0.1", port=0, ident=None, threads=4)
    thread = threading.Thread(target=web.run, daemon=True)
    thread.start()
    try:
        yield int(web.effective_port)
    finally:
        # In the server's own thread, so that it ends at once.
        web.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join(5)
        web.task_dispatcher.shutdown()


@dataclass
class Counter:
    """A proxy on loopback that counts what passes, both ways, headers and all."""

    target_port: int
    up: int = 0
    down: int = 0
    requests: int = 0
    connections: int = 0
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def url(self) -> str:
        """Where to send to be counted."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> "Counter":
        """Begin to carry."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def reset(self) -> None:
        """Count from nothing again."""
        self.up = self.down = self.requests = self.connections = 0

    def stop(self) -> None:
        """Stop to carry."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self.target_port))
            for source, sink, way in ((near, far, "up"), (far, near, "down")):
                threading.Thread(target=self._carry, args=(source, sink, way), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        while True:
            try:
                part = source.recv(65536)
            except OSError:
                part = b""
            if not part:
                break
            setattr(self, way, getattr(self, way) + len(part))
            self.requests += way == "up" and part.startswith(b"POST ")
            sink.sendall(part)
        for end in (source, sink):
            end.close()
