"""The laptop's side: send what the province has not acknowledged and take what it tells, in one request.

`exchange` repeats at once while there is more. Whatever the network does (no answer, half an answer, the answer to
another request), nothing here changes until a whole answer, signed by the province for this very request, is there;
then edits, cursor and acknowledgement change together (answers.py). A failure is noted with the time of the next
try, then raised for whoever asked.
"""

import json
from dataclasses import dataclass
from typing import Any

from sync import answers, batches, certificates, keys, lanes, log, messages, upstream
from sync.body import Edit
from sync.errors import BadCode, Busy, Malformed, Refused, SyncError, UnknownReference, Unreachable
from sync.keys import Keys
from sync.messages import Request
from sync.packing import pack_push
from sync.ports import Apply, Clock, Random, Store, Transport
from sync.upstream import Upstream, Welcome

CONNECT_S, ANSWER_S = 20, 90  # a 2G upload of one batch takes 15 s, and the answer must come back too

CLOCK_WRONG_S = 15 * 60


@dataclass(frozen=True)
class Laptop:
    """The ports of a laptop's side; `app` is the version of the program."""

    store: Store
    keys: Keys
    transport: Transport
    clock: Clock
    random: Random
    apply: Apply
    app: str = "0"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an exchange did: edits newly acknowledged, edits received that were new, requests made."""

    acknowledged: int
    received: int
    requests: int


def exchange(laptop: Laptop) -> Outcome:
    """Send and receive until nothing is left. Raises SyncError after noting it (see upstream.is_due for when next)."""
    acknowledged = received = requests = 0
    try:
        again = True
        while again:
            turn = _turn(laptop)
            acknowledged, received, requests = (
                acknowledged + turn.acknowledged, received + turn.received, requests + turn.requests
            )  # fmt: skip
            again = turn.again
    except SyncError as error:
        upstream.failed(laptop.store, error, laptop.clock.now(), laptop.random)
        raise
    return Outcome(acknowledged, received, requests)


@dataclass(frozen=True, slots=True)
class _Turn:
    acknowledged: int = 0
    received: int = 0
    requests: int = 1
    again: bool = False


def _turn(laptop: Laptop) -> _Turn:
    """Make one request and take its answer in. Spell ids, or show the certificate, once, if the province asks."""
    state = upstream.state(laptop.store)
    try:
        return _ask(laptop, state, certified=False)
    except UnknownReference:
        if state.spell:
            raise
        upstream.spell(laptop.store)
        return _Turn(again=True)
    except Refused as refusal:
        if refusal.code != "unknown_lane":
            raise
        return _ask(laptop, state, certified=True)


def _ask(laptop: Laptop, state: Upstream, *, certified: bool) -> _Turn:
    request = _request(laptop, state)
    certificate = state.certificate if certified else None
    message = messages.seal_request(request, laptop.keys, keys.key_id(state.server_key), certificate)
    reply = laptop.transport.post("/v1/s", message)
    answer = messages.read_answer(reply, request, message[-keys.SIGNATURE_BYTES :], state.server_key)
    if "refused" in answer.more:
        raise _refusal(answer.more)
    taken = answers.take(laptop.store, state, answer, laptop.apply, laptop.clock.now())
    return _Turn(taken.acknowledged, taken.received, 2 if certified else 1, taken.again)


def _refusal(said: dict[str, Any]) -> SyncError:
    code = str(said.pop("refused"))
    if code == UnknownReference.code:
        return UnknownReference("the province does not hold an edit that was named by its place")
    return Refused(f"the province refused: {code}", code=code, details=said)


def _request(laptop: Laptop, state: Upstream) -> Request:
    own = lanes.get(laptop.store, laptop.keys.lane)
    edits, batch = _batch(laptop, state)
    prev_chain = log.chain8(laptop.store, own, state.ack) or ""
    return Request(
        first_seq=state.ack + 1,
        unsent=own.last_seq - state.ack,
        prev_chain=prev_chain,
        end_chain=(log.chain8(laptop.store, own, edits[-1].seq) or "") if edits else prev_chain,
        epoch=state.epoch,
        cursor=state.cursor,
        app=laptop.app,
        scope_hash=state.scope_hash,
        room_kb=state.batch_bytes // 1024,
        more=_remarks(state),
        batch=batch,
    )


def _remarks(state: Upstream) -> dict[str, Any]:
    remarks = {"spell": 1, "spelled": 1} if state.spell else {}
    # Only a clock that is really wrong is worth the bytes; the province lists such laptops.
    offset_s = state.clock_offset_s or 0
    return remarks | ({"off": offset_s} if abs(offset_s) > CLOCK_WRONG_S else {})


def _batch(laptop: Laptop, state: Upstream) -> tuple[list[Edit], Any]:
    """Return the edits after the acknowledged one that fit a message of the size that gets through at present."""
    edits = log.stretch(laptop.store, laptop.keys.lane, state.ack + 1, batches.LARGEST_COUNT)
    while edits:
        known = {} if state.spell else log.positions(laptop.store, batches.mentioned(edits))
        batch = pack_push(edits, laptop.keys.lane, known)
        size = messages.size_of(batch)
        if size <= state.batch_bytes or len(edits) == 1:
            return edits, batch
        edits = edits[: max(1, min(len(edits) - 1, len(edits) * state.batch_bytes * 8 // (size * 9)))]
    return [], None


def enrol(laptop: Laptop, code: str, *, machine: str = "", fingerprint: str | None = None) -> str:
    """Make this laptop known to the province by a one-time code; return the key of the area it was enrolled for.

    `fingerprint` is the province's as printed on the letter; when given, another province is refused. Refuses
    (BadCode) a wrong code; asking again with the same code and keys gives the same certificate.
    """
    asked = certificates.ask(code, laptop.keys, machine)
    said = _said(laptop.transport.post("/v1/enrol", json.dumps(asked).encode()))
    if fingerprint is not None and keys.fingerprint(said["sign_key"]) != fingerprint.strip().lower():
        raise Refused("not the province of the letter", code="other_province")
    given = Welcome(bytes.fromhex(said["certificate"]), said["sign_key"], said["box_key"])
    certificate = certificates.read(given.certificate, given.sign_key)
    if certificate.lane != laptop.keys.lane:
        raise Malformed("the certificate of another laptop")
    with laptop.store.write():
        upstream.welcome(laptop.store, given, certificate.area)
        lanes.add(laptop.store, {certificate.lane: certificate.rank_ceiling})
    return certificate.area


def _said(reply: bytes) -> dict[str, str]:
    try:
        said = json.loads(reply)
        refused = said.get("refused")
        if refused is None:
            bytes.fromhex(said["certificate"] + said["sign_key"] + said["box_key"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Malformed("not the province's answer; a login page of the network, perhaps") from error
    if refused is not None:
        details = {name: value for name, value in said.items() if name not in ("refused", "hint")}
        raise (
            BadCode(details=details)
            if refused == BadCode.code
            else Refused(code=str(refused), details=details)
        )
    return dict(said)


class HttpTransport:
    """The road over HTTP: one kept connection, no header that is not needed, every failure named."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: Any = None

    def post(self, path: str, body: bytes) -> bytes:
        """Send bytes, return the answer's bytes. Raises Unreachable when none came, Busy when asked to wait."""
        import requests  # 100 ms to import: not before it is needed

        try:
            response = self._post(path, body)
        except (requests.RequestException, ValueError) as error:  # ValueError: no computer can have that name
            raise Unreachable(f"no answer from {self._url}: {type(error).__name__}") from error
        if response.status_code >= 500 or response.status_code == 429:
            raise Busy(f"the province answered {response.status_code}")
        return bytes(response.content)

    def _post(self, path: str, body: bytes) -> Any:
        import requests

        kept = self._session is not None
        if not kept:
            self._session = _session()
        try:
            return self._send(path, body)
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError) as error:
            # A kept connection that the other side has closed meanwhile; sending twice has no second effect.
            if not kept or isinstance(error, requests.exceptions.ConnectTimeout):
                raise
            return self._send(path, body)

    def _send(self, path: str, body: bytes) -> Any:
        return self._session.post(
            self._url + path, data=body, timeout=(CONNECT_S, ANSWER_S), allow_redirects=False
        )

    def close(self) -> None:
        """Let go of the connection."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _session() -> Any:
    import requests
    from urllib3.util import SKIP_HEADER

    session = requests.Session()
    session.headers.clear()
    session.headers.update({"User-Agent": SKIP_HEADER, "Accept-Encoding": SKIP_HEADER})
    return session
