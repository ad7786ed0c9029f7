"""The road over HTTP: one kept connection, no header that is not needed, every failure named."""

import ssl
from dataclasses import dataclass
from typing import Any

from sync.errors import Busy, ClockWrong, TooLarge, Unreachable

CONNECT_S, ANSWER_S = 20, 90  # a 2G upload of one batch takes 15 s, and the answer must come back too
LARGEST_ANSWER = 32 * 1024 * 1024  # as large as a file of bundles may be
READ_BYTES = 64 * 1024
NOT_YET_VALID, EXPIRED = 9, 10  # OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and _HAS_EXPIRED
NO_CHECK_TIME = 0x200000  # OpenSSL's X509_V_FLAG_NO_CHECK_TIME


@dataclass(frozen=True, slots=True)
class _Response:
    """What came back: its status, whether it said how long it is, and all of it."""

    status: int
    sized: bool
    content: bytes


class HttpTransport:
    """The road over HTTP or HTTPS to one address.

    `dated=False` checks the other side's certificate as always, name and chain, but not its dates: only for what is sealed
    and signed by itself (roads.py), where this machine's clock is wrong.
    """

    def __init__(self, url: str, *, dated: bool = True) -> None:
        self._url = url.rstrip("/")
        self._dated = dated
        self._session: Any = None

    def post(self, path: str, body: bytes) -> bytes:
        """Send bytes, return the answer's bytes.

        Raises Unreachable when none came, ClockWrong when this machine's clock lies outside the certificate's dates, Busy
        when asked to wait, TooLarge when the answer does not end where any of ours would.
        """
        return self._answer("POST", path, body)

    def get(self, path: str) -> bytes:
        """Return what lies at an address. Raises as `post`."""
        return self._answer("GET", path, None)

    def _answer(self, method: str, path: str, body: bytes | None) -> bytes:
        import requests  # 100 ms to import: not before it is needed

        try:
            response = self._asked(method, path, body)
        except (requests.RequestException, ValueError) as error:  # ValueError: no computer can have that name
            if _outside_its_dates(error):
                raise ClockWrong(f"the certificate of {self._url} is not valid now") from error
            raise Unreachable(f"no answer from {self._url}: {type(error).__name__}") from error
        if response.status >= 500 or response.status == 429:
            raise Busy(f"the province answered {response.status}")
        if not response.content and not response.sized:
            # Cut within its headers: to Python's reader the end of the connection is the end of the headers too.
            raise Unreachable(f"no whole answer from {self._url}")
        return response.content

    def _asked(self, method: str, path: str, body: bytes | None) -> _Response:
        import requests

        kept = self._session is not None
        if not kept:
            self._session = _session(self._url, dated=self._dated)
        try:
            return self._send(method, path, body)
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError) as error:
            # A kept connection that the other side has closed meanwhile; sending twice has no second effect.
            if not kept or isinstance(error, requests.exceptions.ConnectTimeout):
                raise
            return self._send(method, path, body)

    def _send(self, method: str, path: str, body: bytes | None) -> _Response:
        with self._session.request(
            method,
            self._url + path,
            data=body,
            timeout=(CONNECT_S, ANSWER_S),
            allow_redirects=False,
            stream=True,
        ) as response:
            content = self._whole(response)
        return _Response(response.status_code, bool(response.headers.get("Content-Length")), content)

    def _whole(self, response: Any) -> bytes:
        """Return all of an answer; whoever stands on the wire or plays the puskesmas PC may send without end."""
        read = bytearray()
        for part in response.iter_content(READ_BYTES):
            read += part
            if len(read) > LARGEST_ANSWER:
                raise TooLarge(f"an answer from {self._url} that does not end")
        return bytes(read)

    def close(self) -> None:
        """Let go of the connection."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _session(url: str, *, dated: bool) -> Any:
    import requests
    from urllib3.util import SKIP_HEADER

    session = requests.Session()
    session.headers.clear()
    session.headers.update({"User-Agent": SKIP_HEADER, "Accept-Encoding": SKIP_HEADER})
    if not dated:
        trusted = session.merge_environment_settings(url, {}, None, None, None)["verify"]
        session.mount("https://", _undated(trusted if isinstance(trusted, str) else None))
    return session


def _undated(trusted: str | None) -> Any:
    import certifi
    from requests.adapters import HTTPAdapter

    class Undated(HTTPAdapter):
        """Connections whose certificates are checked without their dates."""

        def init_poolmanager(self, *places: Any, **named: Any) -> None:
            context = ssl.create_default_context(cafile=trusted or certifi.where())
            context.verify_flags |= NO_CHECK_TIME
            super().init_poolmanager(*places, ssl_context=context, **named)

    return Undated()


def _outside_its_dates(error: BaseException) -> bool:
    """Return whether a connection failed only because a certificate is not valid yet, or no longer."""
    seen: list[Any] = [error]
    while seen:
        each = seen.pop()
        if isinstance(each, ssl.SSLCertVerificationError):
            return each.verify_code in (NOT_YET_VALID, EXPIRED)
        seen += [part for part in (*getattr(each, "args", ()), getattr(each, "reason", None))
                 if isinstance(part, BaseException)]  # fmt: skip
    return False
