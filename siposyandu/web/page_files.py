"""Styles, scripts and pictures of the pages: each address carries its file's fingerprint, so a browser fetches it once.

A phone that had to ask anew for the script of each page stood there without it when the laptop's power went between the
page and its script: its queue then never lived again, and said nothing of it.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

FINGERPRINT = "v"
FOR_GOOD = "public, max-age=31536000, immutable"
"""How long a browser keeps what never changes under its address: a year."""


def serve(app: Flask) -> None:
    """Let every address of a file carry its fingerprint, and let a browser keep for good what it fetched by it."""
    folder = Path(str(app.static_folder))

    @app.url_defaults
    def name_the_content(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and FINGERPRINT not in values:
            values[FINGERPRINT] = _fingerprint(folder / values["filename"])

    @app.after_request
    def keep_for_good(response: Response) -> Response:
        if request.endpoint == "static" and FINGERPRINT in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = FOR_GOOD
        return response


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
