"""Ids: 16 bytes, kept as 32 hexadecimal digits, hashed and sent as 22 characters of base64url."""

import base64
import binascii
import re

from sync.errors import BadEdit, Malformed

_HEX = re.compile(r"[0-9a-f]{32}\Z")
_SHORT = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]\Z")  # 16 bytes have four bits to spare, which are nought
_STANDARD = str.maketrans("-_", "+/")


def is_id(value: object) -> bool:
    """Return whether a value is written as an id: exactly 32 lower-case hexadecimal digits."""
    return isinstance(value, str) and _HEX.match(value) is not None


def raw(uid: str) -> bytes:
    """Return the 16 bytes of an id. Raises BadEdit for anything that is not one."""
    if not is_id(uid):
        raise BadEdit(f"not an id: {uid!r}")
    return bytes.fromhex(uid)


def short(uid: str) -> str:
    """Return an id as it is hashed and spelled on the wire: 22 characters of base64url.

    >>> short("00112233445566778899aabbccddeeff")
    'ABEiM0RVZneImaq7zN3u_w'
    """
    return text(raw(uid))


def full(spelled: object) -> str:
    """Return the 32 digits of an id spelled short. Raises Malformed."""
    if isinstance(spelled, str) and _SHORT.match(spelled):
        return binascii.a2b_base64(spelled.translate(_STANDARD) + "==").hex()
    return data(spelled, 16).hex()


def listed(said: object, what: str) -> list[str]:
    """Return the ids of a list that spells them short. Raises Malformed, which says what they are."""
    try:
        return [full(spelled) for spelled in said]  # type: ignore[attr-defined]  # a list, unless somebody lies
    except TypeError as error:
        raise Malformed(what) from error


def text(value: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def data(spelled: object, length: int) -> bytes:
    """Return the bytes of base64url without padding, `length` of them. Raises Malformed."""
    if not isinstance(spelled, str):
        raise Malformed("bytes are not written as text")
    try:
        found = base64.urlsafe_b64decode(spelled.encode("ascii") + b"==")
    except (ValueError, binascii.Error) as error:
        raise Malformed("bytes are not base64url") from error
    if len(found) != length or text(found) != spelled:
        raise Malformed(f"expected {length} bytes of base64url")
    return found
