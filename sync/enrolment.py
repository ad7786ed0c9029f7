"""Enrolment: a laptop becomes known to the province by a one-time code that the puskesmas gave for one posyandu.

A code reads like 7KQF-M3T9X-WP2AB: four characters that only find the row, then ten (50 bits) that are the secret and
are kept hashed with Argon2id. It is good for 72 hours and for five tries, and only the laptop that used it may ask
again with it (its answer may have been lost on the way).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from nacl import pwhash
from nacl.exceptions import InvalidkeyError
from nacl.signing import SigningKey

from sync import certificates, devices, epochs, instants, keys, succession
from sync.certificates import Certificate
from sync.errors import BadCode, Malformed
from sync.ports import Random, Store
from sync.province import Province

GOOD_FOR_S = 72 * 60 * 60
TRIES = 5
# Crockford's base 32: no I, L, O, U, so that a code read aloud or copied by hand is not mistaken.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": "", ".": ""})
_SELECTOR, _SECRET = 4, 10
_OPSLIMIT, _MEMLIMIT = 2, 19 * 1024 * 1024
_PLAIN = r"[^\0\n\ud800-\udfff]"  # a database holds neither a zero byte nor half of a letter
MACHINE = re.compile(_PLAIN + "{0,100}")
Fits = Callable[[Mapping[str, Any]], bool]
_FORMS = {
    "code": re.compile(_PLAIN + "{1,40}"),
    "sign_key": re.compile(r"[0-9a-f]{64}"),
    "box_key": re.compile(r"[0-9a-f]{64}"),
    "machine": MACHINE,
    "proof": re.compile(r"[0-9a-f]{128}"),
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """For whom a code is: the area the laptop will serve, a name for it, and the highest rank of its authors."""

    area: str
    label: str
    rank_ceiling: int


def issue(store: Store, invitation: Invitation, now: str, random: Random) -> str:
    """Return a new one-time code, in groups as it is printed on the letter. It is shown only now."""
    letters = "".join(LETTERS[byte & 31] for byte in random.token_bytes(_SELECTOR + _SECRET))
    selector, secret = letters[:_SELECTOR], letters[_SELECTOR:]
    with store.write():
        store.run(
            """insert into enrolment_codes (selector, secret_hash, area, rank_ceiling, label, expires_at, code_key)
            values ($1, $2, $3, $4, $5, $6, $7)""",
            selector, _hash(secret), invitation.area, invitation.rank_ceiling, invitation.label,
            instants.later(now, GOOD_FOR_S), public_of(key_of(selector, secret)),
        )  # fmt: skip
    return f"{selector}-{secret[:5]}-{secret[5:]}"


def tidy(code: str) -> str:
    """Return a code as it is compared: capitals, no groups, and the letters people mistake set right.

    >>> tidy("7kqf-m3t9x-wpzoi")
    '7KQFM3T9XWPZ01'
    """
    return code.strip().upper().translate(_ALIKE)


def redeem(province: Province, said: dict[str, Any]) -> dict[str, Any]:
    """Enrol the laptop that brings a code and its public keys; return its certificate and what it must know.

    `said`: code, sign_key, box_key, machine, and proof, by which the laptop shows that it has the private key; or,
    of a laptop that goes on in a new lane, what its old key signs over (succession.py).
    Refuses (BadCode, with `tries_left`) a code that is wrong, used, too old, or tried too often.
    """
    certificate = succession.redeem(province, said) if "follows" in said else _by_code(province, said)
    return {
        "certificate": certificate.hex(),
        "sign_key": province.keys.sign_key,
        "box_key": province.keys.box_key,
        "epoch": epochs.current(province.store),
        "server_time": instants.seconds(province.clock.now()),
    }


def _by_code(province: Province, said: dict[str, Any]) -> bytes:
    asked = _asked(said)
    certificates.check_proof(asked)
    return _redeem(province, asked)


def _asked(said: dict[str, Any]) -> dict[str, str]:
    for name, form in _FORMS.items():
        if not isinstance(said.get(name), str) or not form.fullmatch(said[name]):
            raise Malformed(f"an enrolment without its {name}")
    return {name: said[name] for name in _FORMS}


def _redeem(province: Province, asked: dict[str, str]) -> bytes:
    secret = tidy(asked["code"])[_SELECTOR:]
    return redeem_row(province, asked, lambda row: _fits(row["secret_hash"], secret))


def redeem_row(province: Province, asked: dict[str, str], fits: Fits) -> bytes:
    """Enrol the laptop whose code is that of a row that `fits`; return its certificate. Refuses (BadCode) else."""
    store, now = province.store, province.clock.now()
    lane, code = keys.lane_of(asked["sign_key"]), tidy(asked["code"])
    with store.write():
        row = _fitting(store, _open_rows(store, code, now), lane, fits)
        if row is not None:
            sql = (
                "update enrolment_codes set used_by = $2, used_at = $3 where code_no = $1 and used_by is null"
            )
            store.run(sql, row["code_no"], lane, now)
            known = devices.find(store, lane)
            return bytes.fromhex(known.certificate) if known else _enter(province, row, asked, now)
    # Only now, when the wrong try is counted for good.
    raise BadCode("wrong, used, too old, or tried too often", details={"tries_left": _left(store, code, now)})


def _fitting(store: Store, rows: list[dict[str, Any]], lane: str, fits: Fits) -> dict[str, Any] | None:
    """Return the row of a code that this laptop may use, else count a try against every row it may have meant."""
    for row in rows:
        if row["used_by"] in (None, lane) and row["tries"] < TRIES and fits(row):
            return row
        store.run("update enrolment_codes set tries = tries + 1 where code_no = $1", row["code_no"])
    return None


def _open_rows(store: Store, code: str, now: str) -> list[dict[str, Any]]:
    sql = """select code_no, secret_hash, code_key, area, rank_ceiling, label, tries, used_by from enrolment_codes
        where selector = $1 and expires_at > $2 order by code_no desc"""
    return store.rows(sql, code[:_SELECTOR], now)


def _left(store: Store, code: str, now: str) -> int:
    rows = _open_rows(store, code, now)
    return max(
        (TRIES - row["tries"] for row in rows if row["used_by"] is None and row["tries"] < TRIES), default=0
    )


def _enter(province: Province, row: dict[str, Any], asked: dict[str, str], now: str) -> bytes:
    certificate = Certificate(
        lane=keys.lane_of(asked["sign_key"]),
        sign_key=asked["sign_key"],
        box_key=asked["box_key"],
        area=row["area"],
        rank_ceiling=row["rank_ceiling"],
        label=row["label"],
        machine=asked["machine"],
        issued_at=now,
    )
    signed = certificates.sign(certificate, province.keys)
    devices.enter(province.store, certificate, signed)
    return signed


def key_of(selector: str, secret: str) -> SigningKey:
    """Return the key that a code stands for, by which a laptop without a network shows that it knows the code.

    The province keeps only its public half, so that nothing it keeps can ask in a laptop's name.
    """
    salt = sha256(b"code1" + selector.encode()).digest()[: pwhash.argon2id.SALTBYTES]
    seed = pwhash.argon2id.kdf(32, secret.encode(), salt, opslimit=_OPSLIMIT, memlimit=_MEMLIMIT)
    return SigningKey(seed)


def public_of(key: SigningKey) -> str:
    """Return the public half of a key, 64 hexadecimal digits."""
    return bytes(key.verify_key).hex()


def parts_of(code: str) -> tuple[str, str]:
    """Return the part of a code that finds its row, and the secret one."""
    found = tidy(code)
    return found[:_SELECTOR], found[_SELECTOR:]


def _hash(secret: str) -> str:
    return pwhash.argon2id.str(secret.encode(), opslimit=_OPSLIMIT, memlimit=_MEMLIMIT).decode("ascii")


def _fits(secret_hash: str, secret: str) -> bool:
    try:
        return bool(pwhash.verify(secret_hash.encode("ascii"), secret.encode()))
    except InvalidkeyError:
        return False
