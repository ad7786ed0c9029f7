"""The province's door for machines: POST /v1/s (one exchange), POST /v1/titipan (bundles), POST /v1/enrol, GET /v1/time;
and that of a puskesmas PC, which takes bundles only.

Answers carry no header that is not needed: a laptop on 2G pays for every byte.
"""

import json
import logging
import re
from collections.abc import Callable

from flask import Blueprint, Response, request

from sync import enrolment, instants, satchel, titipan
from sync.errors import Refused, SyncError, TryAgain
from sync.laptop import Laptop
from sync.messages import LARGEST_MESSAGE
from sync.province import Province, receive

logger = logging.getLogger(__name__)

_STATUS = {"fork": 409, "behind": 409, "too_large": 413, "revoked": 403, "unknown_lane": 403, "bad_code": 403}
_NONCE = re.compile(r"[0-9a-f]{0,64}")


def blueprint(province: Callable[[], Province]) -> Blueprint:
    """Return the machine pages; `province` gives the ports for one request (its store is open for this thread)."""
    pages = Blueprint("sync", __name__)
    pages.add_url_rule("/v1/s", "exchange", lambda: _exchange(province), methods=["POST"])
    pages.add_url_rule(titipan.PATH, "titipan", lambda: _bundles(province), methods=["POST"])
    pages.add_url_rule("/v1/enrol", "enrol", lambda: _enrol(province), methods=["POST"])
    pages.add_url_rule("/v1/time", "time", lambda: _time(province), methods=["GET"])
    return pages


def relay_blueprint(relay: Callable[[], Laptop], collected: Callable[[], None]) -> Blueprint:
    """Return the machine page of a puskesmas PC; `relay` gives its ports for one request, or refuses; `collected` is told
    that there is something to pass on."""
    pages = Blueprint("relay", __name__)
    pages.add_url_rule(titipan.PATH, "titipan", lambda: _collected(relay, collected), methods=["POST"])
    return pages


def _bundles(province: Callable[[], Province]) -> Response:
    if _too_large(titipan.LARGEST_POST):
        return _bare(b"", 413)
    return _bare(titipan.answered(province(), request.get_data(cache=False)), 200)


def _collected(relay: Callable[[], Laptop], collected: Callable[[], None]) -> Response:
    if _too_large(titipan.LARGEST_POST):
        return _bare(b"", 413)
    try:
        answer = satchel.answered(relay(), request.get_data(cache=False))
        collected()
        return _bare(answer, 200)
    except (Refused, TryAgain) as refusal:
        return _said({"refused": refusal.code}, 404)


def _exchange(province: Callable[[], Province]) -> Response:
    if _too_large():
        return _bare(b"", 413)
    reply = receive(province(), request.get_data(cache=False))
    return _bare(reply.body, _STATUS.get(reply.refused, 400) if reply.refused else 200)


def _enrol(province: Callable[[], Province]) -> Response:
    if _too_large():
        return _bare(b"", 413)
    try:
        return _said(enrolment.redeem(province(), _object(request.get_data(cache=False))), 200)
    except SyncError as error:
        logger.warning("enrolment refused: %s", error)
        said = {"refused": error.code, "hint": error.hint, **error.details}
        return _said(said, _STATUS.get(error.code, 400))


def _time(province: Callable[[], Province]) -> Response:
    here = province()
    nonce = request.args.get("nonce", "")
    if not _NONCE.fullmatch(nonce):
        return _said({"refused": "nonce"}, 400)
    now = instants.seconds(here.clock.now())
    signature = here.keys.sign(instants.TIME_CONTEXT, instants.asked(nonce, now))
    said = {"time": now, "nonce": nonce, "signature": signature.hex(), "sign_key": here.keys.sign_key}
    return _said(said, 200)


def _too_large(most: int = LARGEST_MESSAGE) -> bool:
    request.max_content_length = most  # for a body that does not say its length
    return (request.content_length or 0) > most


def _object(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("not JSON", code="malformed") from error
    if not isinstance(found, dict):
        raise Refused("not an object", code="malformed")
    return found


def _said(answer: dict[str, object], status: int) -> Response:
    return Response(json.dumps(answer), status, mimetype="application/json")


def _bare(body: bytes, status: int) -> Response:
    response = Response(body, status)
    response.headers.remove("Content-Type")
    return response
