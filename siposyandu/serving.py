"""A place at work: its pages served and its timetable running, until it is told to stop."""

import logging
import signal
from collections.abc import Callable
from types import FrameType

from waitress.server import create_server

from siposyandu.app import create_app
from siposyandu.instance import Instance
from siposyandu.jobs import Timetable

THREADS = 4
# Longer than a slow link's pauses: a connection that closes early makes a laptop begin again (sync/PROTOCOL.md).
KEEP_ALIVE_SECONDS = 120
# A front on this machine (deploy/nginx.conf) says who the visitor is and that she came by TLS; from elsewhere it is not believed.
FRONT = "127.0.0.1"
FRONT_SAYS = {"x-forwarded-for", "x-forwarded-proto"}


def serve(instance: Instance, ready: Callable[[str], None]) -> None:
    """Serve one place until SIGTERM or Ctrl-C; `ready` hears the address once it can be opened."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    place = instance.config
    server = create_server(
        create_app(instance),
        host=place.host,
        port=place.port,
        threads=THREADS,
        channel_timeout=KEEP_ALIVE_SECONDS,
        trusted_proxy=FRONT,
        trusted_proxy_headers=FRONT_SAYS,
        clear_untrusted_proxy_headers=True,
        ident=None,
    )
    timetable = Timetable(instance)
    timetable.start()
    signal.signal(signal.SIGTERM, _leave)
    ready(f"http://{place.host}:{server.effective_port}")
    try:
        # The last connection to close copies the write-ahead file into the database; with one kept open no page waits for that.
        with instance.store_for_job():
            server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.close()
        timetable.stop()


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
