"""The first page sends each worker to her work: the posyandu day, or the numbers of the area."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from siposyandu.web import phone_gate
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("home", __name__)

WEIGHING_DAY = frozenset({"kader", "bidan_desa"})


@pages.get("/")
@needs_worker
def home() -> Response:
    """Send a worker to where her day begins."""
    if phone_gate.by_hotspot():
        return redirect("/langkah")
    return redirect("/hari-ini" if signed_in().role in WEIGHING_DAY else "/wilayah")
