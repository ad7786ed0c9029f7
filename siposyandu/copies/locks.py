"""Who can open a copy. Each copy has a key of its own, and its head carries that key locked up.

A place whose database is encrypted (a laptop) locks it with the key of its database, and lays its vault beside it: who knows
the passphrase, or holds both halves of the recovery paper, opens the vault, thereby the copy. A place without a vault (an
office whose server stands in a locked room) locks it to a recovery key, made once, whose secret half is kept on paper.
Without either no copy is made: an open copy of children's names must not lie on a flash disk.
"""

import base64
import hashlib
from typing import Any

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from siposyandu.errors import Broken, NotAllowed, Refused

KEY_BYTES = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_CHECK_DIGITS, _GROUP = 4, 5

Lock = dict[str, Any]


class NoLock(Refused):
    """This place has neither a vault nor a recovery key, so nobody but a thief could use its copies."""

    code = "no_lock"


def by_vault(database_key: bytes, vault: dict[str, Any], key: bytes, nonce: bytes) -> Lock:
    """Return the lock of a copy's key that a place's vault opens; `nonce` is 24 bytes nobody can guess."""
    sealed = SecretBox(_from_database(database_key)).encrypt(key, nonce)
    return {"kind": "vault", "key": base64.b64encode(sealed).decode(), "vault": vault}


def by_paper(public: str, key: bytes) -> Lock:
    """Return the lock of a copy's key that the secret half of a recovery key opens; `public` is 64 hexadecimal digits."""
    sealed = SealedBox(PublicKey(bytes.fromhex(public))).encrypt(key)
    return {"kind": "paper", "key": base64.b64encode(sealed).decode(), "for": public}


def open_by_database_key(lock: Lock, database_key: bytes) -> bytes:
    """Return the key of a copy that was locked with the key of its database. NotAllowed when it is another's."""
    try:
        return SecretBox(_from_database(database_key)).decrypt(_sealed(lock))
    except CryptoError as fault:
        raise NotAllowed("this copy is another laptop's", "choose a copy of this posyandu") from fault


def open_by_paper(lock: Lock, paper: str) -> bytes:
    """Return the key of a copy by what stands on the recovery paper of an office. NotAllowed when it does not fit."""
    try:
        return SealedBox(PrivateKey(_secret(paper))).decrypt(_sealed(lock))
    except CryptoError as fault:
        raise NotAllowed("this is not the recovery key of this copy", "look for the right paper") from fault


def new_paper(token: bytes) -> tuple[str, str]:
    """Return a recovery key made from 32 bytes nobody can guess: its public half, and the text for the paper.

    >>> new_paper(bytes(32))[1]
    '00000-00000-00000-00000-00000-00000-00000-00000-00000-00000-00VAW-X'
    """
    text = _spelled(token) + _spelled(hashlib.sha256(b"paper1" + token).digest())[:_CHECK_DIGITS]
    groups = "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
    return bytes(PrivateKey(token).public_key).hex(), groups


def _spelled(token: bytes) -> str:
    number, bits = int.from_bytes(token, "big"), len(token) * 8
    digits = -(-bits // 5)
    number <<= digits * 5 - bits
    return "".join(_ALPHABET[number >> (5 * place) & 31] for place in reversed(range(digits)))


def _secret(paper: str) -> bytes:
    typed = paper.upper().translate(str.maketrans("OIL", "011", "- \n"))
    if set(typed) - set(_ALPHABET):
        raise Refused("the recovery key has a letter that no recovery key has", "compare it letter by letter")
    number = 0
    for letter in typed[:-_CHECK_DIGITS]:
        number = number << 5 | _ALPHABET.index(letter)
    spare = 4  # 52 digits are 260 bits
    secret = ((number >> spare) % (1 << 256)).to_bytes(32, "big")
    if new_paper(secret)[1].replace("-", "") != typed:
        raise Refused("the recovery key was not copied right", "compare it letter by letter")
    return secret


def _from_database(database_key: bytes) -> bytes:
    return hashlib.blake2b(database_key, digest_size=SecretBox.KEY_SIZE, person=b"SIPC copy 1").digest()


def _sealed(lock: Lock) -> bytes:
    try:
        return base64.b64decode(lock["key"], validate=True)
    except (KeyError, TypeError, ValueError) as fault:
        raise Broken("the lock of this copy cannot be read", "take an older copy") from fault
