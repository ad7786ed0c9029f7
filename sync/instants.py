"""Instants: UTC as text 'YYYY-MM-DDTHH:MM:SSZ', and as whole seconds since 1970 where it is reckoned with."""

from datetime import datetime, timedelta

DAY_S = 24 * 3600
CLOCK_WRONG_S = 15 * 60
"""How far a machine's clock may be off before anybody is told."""
TIME_CONTEXT = b"SIPosyandu time 1\0"
"""What the province's signature under a time is for."""
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - every instant here is UTC and written with a Z


def seconds(instant: str) -> int:
    """Return the seconds since 1970 of an instant.

    >>> seconds("1970-01-02T00:00:00Z")
    86400
    """
    return (datetime.fromisoformat(instant.removesuffix("Z")) - _EPOCH) // timedelta(seconds=1)


def text(since_1970: int) -> str:
    """Return the instant that many seconds after 1970.

    >>> text(86400)
    '1970-01-02T00:00:00Z'
    """
    return (_EPOCH + timedelta(seconds=since_1970)).isoformat() + "Z"


def later(instant: str, by_seconds: int) -> str:
    """Return the instant so many seconds after another."""
    return text(seconds(instant) + by_seconds)


def asked(nonce: str, since_1970: int) -> bytes:
    """Return what the province signs when somebody asks for the time: the question's own word, and the time."""
    return f"{nonce} {since_1970}".encode()
