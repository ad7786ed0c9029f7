"""The province's pages and its door for laptops behind gunicorn, in several processes (deploy/siposyandu-province.service).

The place is opened once and the workers are forked from it (`--preload`); each opens connections of its own. The jobs
run in a process of their own: `siposyandu jobs`.
"""

import logging
import os
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from siposyandu import config, postgres_pool
from siposyandu.app import create_app
from siposyandu.errors import Refused
from siposyandu.instance import Instance


def province() -> Flask:
    """Return the application of the place in the folder SIPOSYANDU_FOLDER. Refused for one that is not on PostgreSQL."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    place = config.load(Path(os.environ.get("SIPOSYANDU_FOLDER", ".")))
    if not place.is_on_postgresql:
        raise Refused("several processes need PostgreSQL; a place on a file has one", "run: siposyandu serve")
    app = create_app(Instance(place))
    # The front (deploy/nginx.conf) says who the visitor is and that she came by TLS; nobody else reaches this port.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]
    postgres_pool.close_pools()
    return app
