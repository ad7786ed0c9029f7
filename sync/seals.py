"""Seals: bytes that only chosen receivers can read, and that nobody can change unseen.

    sealed = count(1)  slots(80 each)  ciphertext

A key for one use encrypts the bytes (XChaCha20-Poly1305, which also covers `said_openly` and the slots); each slot is
that key sealed to the public key of one receiver. Who the receivers are cannot be read from it.
"""

from collections.abc import Callable, Sequence
from hashlib import blake2b

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError
from nacl.exceptions import RuntimeError as BadPoint
from nacl.public import Box, PrivateKey, PublicKey, SealedBox

from sync.errors import BadSignature, Malformed, Refused

KEY_BYTES, SLOT_BYTES, TAG_BYTES = 32, 80, 16
MOST_RECEIVERS = 8
_NONCE = bytes(24)  # the key is used once


def seal(
    message: bytes, receivers: Sequence[str], said_openly: bytes, token_bytes: Callable[[int], bytes]
) -> bytes:
    """Return bytes sealed to public keys (64 hexadecimal digits each). Refuses (code 'box_key') a key that is none."""
    key = token_bytes(KEY_BYTES)
    slots = bytes([len(receivers)]) + b"".join(_slot(key, each, token_bytes) for each in receivers)
    return slots + crypto_aead_xchacha20poly1305_ietf_encrypt(message, said_openly + slots, _NONCE, key)


def unseal(sealed: bytes, box_seed: bytes, said_openly: bytes) -> bytes:
    """Return what was sealed to the owner of a private key.

    Refuses (code 'not_for_us') what was sealed to others; raises BadSignature when something was changed.
    """
    count = sealed[0] if sealed else 0
    end = 1 + count * SLOT_BYTES
    if not 0 < count <= MOST_RECEIVERS or len(sealed) < end + TAG_BYTES:
        raise Malformed("a seal cut short")
    key = _key(sealed[1:end], SealedBox(PrivateKey(box_seed)))
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[end:], said_openly + sealed[:end], _NONCE, key
        )
    except CryptoError as error:
        raise BadSignature("changed under its seal") from error


def size_of(message_bytes: int, receivers: int) -> int:
    """Return how many bytes a message takes when sealed."""
    return 1 + receivers * SLOT_BYTES + message_bytes + TAG_BYTES


def fits(receiver: str) -> bool:
    """Whether anything can be sealed to a public key: whoever enrols a machine says its key."""
    try:
        _slot(bytes(KEY_BYTES), receiver, lambda count: b"\1" * count)
    except Refused:
        return False
    return True


def _slot(key: bytes, receiver: str, token_bytes: Callable[[int], bytes]) -> bytes:
    # What nacl's SealedBox makes, with its chance taken from where all other chance comes from.
    passing = PrivateKey(token_bytes(KEY_BYTES))
    try:
        public = PublicKey(bytes.fromhex(receiver))
        nonce = blake2b(bytes(passing.public_key) + bytes(public), digest_size=Box.NONCE_SIZE).digest()
        return bytes(passing.public_key) + Box(passing, public).encrypt(key, nonce).ciphertext
    except (CryptoError, BadPoint, ValueError, TypeError) as error:
        raise Refused("a public key that is none", code="box_key") from error


def _key(slots: bytes, box: SealedBox[PrivateKey]) -> bytes:
    for start in range(0, len(slots), SLOT_BYTES):
        try:
            found: bytes = box.decrypt(slots[start : start + SLOT_BYTES])
        except (CryptoError, BadPoint, ValueError):
            continue
        if len(found) == KEY_BYTES:
            return found
    raise Refused("sealed to others", code="not_for_us")
