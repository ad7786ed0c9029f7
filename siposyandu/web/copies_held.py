"""The door for copies of laptops: `POST /v1/copy`. This place keeps them sealed and cannot read them (sync/parcels.py)."""

from flask import Blueprint, Response, request

from siposyandu import uploads
from siposyandu.web import sessions
from sync import parcels

pages = Blueprint("copies_held", __name__)

_STATUS = {"revoked": 403, "too_large": 413, "full": 409}


@pages.post(parcels.PATH)
def receive() -> Response:
    """Keep a part of a laptop's copy, or say how much of it is here; every answer is signed."""
    request.max_content_length = parcels.LARGEST_MESSAGE
    door = uploads.door(sessions.instance(), sessions.store())
    answer, refused = parcels.receive(door, request.get_data(cache=False))
    response = Response(answer, _STATUS.get(refused, 400) if refused else 200)
    response.headers.remove("Content-Type")
    return response
