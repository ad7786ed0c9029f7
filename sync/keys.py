"""The keys of a machine: one to sign what it sends, one to receive what only it may read. They never leave it.

They live beside the database (rings.py), readable by its owner only, and outside every copy of the database.
The lane of a machine is made from its public signing key, so new keys always mean a new lane.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from nacl.exceptions import BadSignatureError
from nacl.public import PrivateKey
from nacl.signing import SigningKey, VerifyKey

from sync.errors import BadSignature

SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class Keys:
    """Private keys of this machine, and the sentinel that ties them to its database.

    `certificate` is the province's for these keys; until there is one, `former_seed` and `former_certificate` are those of
    the lane before this one, which may hand over. Empty when there is none.
    """

    sign_seed: bytes
    box_seed: bytes
    sentinel: str
    certificate: bytes = b""
    former_seed: bytes = b""
    former_certificate: bytes = b""

    @cached_property
    def _signer(self) -> SigningKey:
        return SigningKey(self.sign_seed)

    @cached_property
    def sign_key(self) -> str:
        """The public signing key (Ed25519), 64 hexadecimal digits."""
        return bytes(self._signer.verify_key).hex()

    @property
    def box_key(self) -> str:
        """The public key for sealed receipts (X25519), 64 hexadecimal digits."""
        return bytes(PrivateKey(self.box_seed).public_key).hex()

    @cached_property
    def lane(self) -> str:
        """The lane of these keys."""
        return lane_of(self.sign_key)

    @property
    def former_key(self) -> str:
        """The public signing key of the lane before this one, empty when there is none to hand over from."""
        return bytes(SigningKey(self.former_seed).verify_key).hex() if self.former_seed else ""

    def sign(self, context: bytes, message: bytes) -> bytes:
        """Return the signature (64 bytes) of a message meant for one purpose, its context."""
        return self._signer.sign(context + message).signature

    def sign_as_former(self, context: bytes, message: bytes) -> bytes:
        """Return the signature of the lane before this one, by which it hands over to this one."""
        return SigningKey(self.former_seed).sign(context + message).signature


def lane_of(sign_key: str) -> str:
    """Return the lane of a public signing key: SHA-256("lane1" || key), its first 16 bytes."""
    return sha256(b"lane1" + bytes.fromhex(sign_key)).hexdigest()[:32]


def key_id(sign_key: str) -> bytes:
    """Return the two bytes by which an envelope says to which key of the province it is addressed."""
    return sha256(b"key1" + bytes.fromhex(sign_key)).digest()[:2]


def fingerprint(sign_key: str) -> str:
    """Return a public key as printed on a letter: four groups of five characters.

    >>> fingerprint("00" * 32)
    '69f56-a9037-e9393-7b995'
    """
    found = sha256(b"print1" + bytes.fromhex(sign_key)).hexdigest()[:20]
    return "-".join(found[start : start + 5] for start in range(0, 20, 5))


def verify(sign_key: str, context: bytes, message: bytes, signature: bytes) -> None:
    """Refuse (BadSignature) a message that the owner of the key did not sign for this purpose."""
    try:
        VerifyKey(bytes.fromhex(sign_key)).verify(context + message, signature)
    except (BadSignatureError, ValueError) as error:
        raise BadSignature("the signature does not fit") from error


def make(token_bytes: Callable[[int], bytes]) -> Keys:
    """Return new keys made from bytes nobody can guess."""
    return Keys(token_bytes(32), token_bytes(32), token_bytes(16).hex())
