"""A province behind a real web server on loopback, or any application of ours."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
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
    store = open_store(path)
    world.province.store.database.conn.backup(store.database.conn)
    world.use(store)
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
        # In the server's own thread, so that it ends at once; another pull may have woken it between, and it has ended.
        with suppress(OSError):
            web.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join(5)
        web.task_dispatcher.shutdown()
