"""The file `vault.json`: the master key, sealed under the passphrase and, independently, under the recovery key."""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from siposyandu.errors import Broken, Refused, WrongPassphrase
from siposyandu.i18n import N_
from siposyandu.machine import naming_a_full_disk, taking_turns
from siposyandu.vault import papers
from siposyandu.vault.papers import Paper
from siposyandu.vault.passphrases import tidy
from sync.rings import KeyFile

FILE_NAME, TURNS_NAME = "vault.json", "vault.lock"
KEY_BYTES, SALT_BYTES, NONCE_BYTES, RECOVERY_BYTES = 32, 16, SecretBox.NONCE_SIZE, papers.SECRET_BYTES
# About half a second on a posyandu's old laptop, 0.3 s on a new one. Half the memory of earlier vaults, so that the program stays
# under 100 MB, and four times the passes: memory x memory x passes, what a guess costs a machine built for guessing, is the same.
PASSES, MEMORY_BYTES = 24, 32 * 1024 * 1024
MOST_PASSES, MOST_MEMORY_BYTES = 64, 64 * 1024 * 1024  # a file that asks for more was not written by us
VERSION = 1

NOT_THESE_PAPERS = N_("These two papers do not open this laptop. Newer papers may have been printed since.")

TokenBytes = Callable[[int], bytes]


class Secrets:
    """The master key of an open laptop and the keys made from it; kept in memory only, until `forget`."""

    def __init__(self, master: bytes) -> None:
        self._master = bytearray(master)
        self._made: dict[str, bytes] = {}

    def key(self, purpose: str) -> bytes:
        """Return the key (32 bytes) for one purpose: "database", "ring", "cookie"; always the same object."""
        if purpose not in self._made:
            made = hashlib.blake2b(self.master, digest_size=KEY_BYTES, person=purpose.encode()).digest()
            self._made[purpose] = made
        return self._made[purpose]

    @property
    def master(self) -> bytes:
        """The master key, to be sealed anew; ValueError once it was forgotten."""
        if not any(self._master):
            raise ValueError("the master key was forgotten")
        return bytes(self._master)

    def forget(self) -> None:
        """Overwrite the master key. Copies that Python made meanwhile live until their memory is used again."""
        self._made.clear()
        self._master[:] = bytes(len(self._master))


class Vault:
    """The sealed master key of one place, in a file beside its database."""

    def __init__(self, folder: Path, token_bytes: TokenBytes) -> None:
        self.path = folder / FILE_NAME
        self._token_bytes = token_bytes

    @property
    def exists(self) -> bool:
        """Whether this place has a vault, and so an encrypted database."""
        return self.path.is_file()

    def make(self, passphrase: str) -> Secrets:
        """Make a new master key and seal it under a passphrase. Refused where there is a vault already."""
        secrets, write = self.prepare(passphrase)
        write()
        return secrets

    def prepare(self, passphrase: str) -> tuple[Secrets, Callable[[], None]]:
        """Return a new master key, and what writes the vault: nothing is sealed by it before that was called."""
        self._must_be_new()
        secrets = Secrets(self._token_bytes(KEY_BYTES))
        kept = {"passphrase": self._under_passphrase(secrets, passphrase)}
        return secrets, lambda: self._begin(kept)

    def open(self, passphrase: str) -> Secrets:
        """Return the keys. WrongPassphrase when it is another one."""
        kept = self._kept("passphrase")
        try:
            return _unsealed(_stretched(passphrase, kept), kept)
        except CryptoError:
            raise WrongPassphrase("the passphrase does not open this place") from None

    def open_with(self, first: Paper, second: Paper) -> Secrets:
        """Return the keys by the two papers brought together. Refused when they are of another laptop, or old."""
        kept = self._kept("recovery")
        recovery = papers.joined(first, second)
        if first.mark != kept["mark"]:
            raise Refused(NOT_THESE_PAPERS)
        try:
            return _unsealed(_recovery_key(recovery, bytes.fromhex(kept["salt"])), kept)
        except CryptoError:
            raise Refused(NOT_THESE_PAPERS) from None

    def keep_up(self, secrets: Secrets, passphrase: str) -> None:
        """Seal the master key under the same passphrase at today's cost, where the file is of a program that took another."""
        kept = self._kept("passphrase")
        if (kept["passes"], kept["memory_bytes"]) != (PASSES, MEMORY_BYTES):
            self.change(secrets, passphrase)

    def change(self, secrets: Secrets, passphrase: str) -> None:
        """Seal the master key under another passphrase; the one before opens this file no more."""
        self._renew("passphrase", self._under_passphrase(secrets, passphrase))

    def print_papers(self, secrets: Secrets) -> tuple[Paper, Paper]:
        """Make a new recovery key and return its two halves, shown only now; papers printed before open no more."""
        recovery, salt = self._token_bytes(RECOVERY_BYTES), self._token_bytes(SALT_BYTES)
        first, second = papers.split(recovery, self._token_bytes)
        sealed = self._sealed(_recovery_key(recovery, salt), secrets)
        kept = {"mark": first.mark, "salt": salt.hex(), "sealed": sealed}
        self._renew("recovery", kept)
        return first, second

    @property
    def has_papers(self) -> bool:
        """Whether recovery papers were ever made."""
        return "recovery" in self._read()

    def _under_passphrase(self, secrets: Secrets, passphrase: str) -> dict[str, Any]:
        salt = self._token_bytes(SALT_BYTES).hex()
        kept = {"salt": salt, "passes": PASSES, "memory_bytes": MEMORY_BYTES}
        return kept | {"sealed": self._sealed(_stretched(passphrase, kept), secrets)}

    def _sealed(self, key: bytes, secrets: Secrets) -> str:
        return bytes(SecretBox(key).encrypt(secrets.master, self._token_bytes(NONCE_BYTES))).hex()

    def _kept(self, name: str) -> dict[str, Any]:
        found = self._read().get(name)
        if not isinstance(found, dict):
            raise Refused(f"the vault has no {name}", "no recovery papers were ever printed for this laptop")
        return found

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.path.read_text("utf-8"))
            if kept["vault"] == VERSION:
                return dict(kept)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise Broken(
                f"{self.path} cannot be read", "put it back from a copy; see the run book"
            ) from fault
        raise Broken(f"{self.path} is of a newer program", "install that one")

    def _must_be_new(self) -> None:
        if self.exists:
            raise Refused(f"{self.path} is there already")

    def _begin(self, kept: Mapping[str, Any]) -> None:
        with self._turn():
            self._must_be_new()
            self._write(kept)

    def _renew(self, name: str, sealed: Mapping[str, Any]) -> None:
        """Put what was sealed in the stead of what the file says now: sealing takes half a second, and somebody else may
        have renewed the other part meanwhile."""
        with self._turn():
            self._write(self._read() | {name: sealed})

    def _turn(self) -> AbstractContextManager[None]:
        return taking_turns(self.path.with_name(TURNS_NAME))

    @naming_a_full_disk()
    def _write(self, kept: Mapping[str, Any]) -> None:
        KeyFile(self.path).write(json.dumps({"vault": VERSION, **kept}, indent=1))


def _stretched(passphrase: str, kept: Mapping[str, Any]) -> bytes:
    passes, memory = int(kept["passes"]), int(kept["memory_bytes"])
    if not (0 < passes <= MOST_PASSES and memory <= MOST_MEMORY_BYTES):
        raise Broken(f"a vault that asks for {passes} passes over {memory} bytes", "put it back from a copy")
    salt = bytes.fromhex(kept["salt"])
    return bytes(pwhash.argon2id.kdf(KEY_BYTES, tidy(passphrase).encode(), salt, passes, memory))


def _recovery_key(recovery: bytes, salt: bytes) -> bytes:
    return hashlib.blake2b(recovery, digest_size=KEY_BYTES, salt=salt, person=b"recovery").digest()


def _unsealed(key: bytes, kept: Mapping[str, Any]) -> Secrets:
    return Secrets(SecretBox(key).decrypt(bytes.fromhex(kept["sealed"])))
