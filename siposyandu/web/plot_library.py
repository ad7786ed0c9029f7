"""plotly.js as its Python package ships it, served from this place: no page fetches anything from elsewhere."""

from functools import cache
from gzip import compress
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, request

from siposyandu.web.page_files import FOR_GOOD

pages = Blueprint("plot_library", __name__)


@pages.get("/static-plotly.js")
def plotly() -> Response:
    """Give the library; the address carries its version, so a browser fetches it once."""
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = Response(_packed() if packed else _library(), mimetype="text/javascript")
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Cache-Control"] = FOR_GOOD
    answer.vary.add("Accept-Encoding")
    return answer


def version() -> str:
    """Return the version that is installed."""
    return metadata.version("plotly")


def _library() -> bytes:
    """Read the file without importing plotly, which would cost a laptop time and tens of megabytes."""
    found = find_spec("plotly")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "package_data" / "plotly.min.js").read_bytes()


@cache
def _packed() -> bytes:
    return compress(_library(), mtime=0)
