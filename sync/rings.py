"""The ring: the file of keys beside the database, and how the two change together though the power may go at any moment.

The file holds the keys in use and, for a moment, those that are about to replace them; the database says by its
sentinel which of the two it belongs to. To change the keys, or only the sentinel: 1. `propose` writes the new ones beside
those in use; 2. the database takes the new sentinel in one transaction with whatever else changes; 3. `settle` forgets the
others. Whenever the power goes, the sentinel in the database is one of those in the file. Steps 1 and 3 are made inside
the store's `write()`, so that no second process touches the file meanwhile.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from sync import certificates, keys
from sync.errors import Refused
from sync.keys import Keys

_LATER = ("certificate", "former_seed", "former_certificate")


class Shelf(Protocol):
    """Where one text is kept outside the database; a write is whole and durable, or did not happen."""

    def read(self) -> str | None:
        """Return the text, None before the first write."""

    def write(self, text: str) -> None:
        """Replace the text."""


class KeyFile:
    """A file for the eyes of its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str | None:
        """Return what the file says, None when there is none."""
        return self._path.read_text("utf-8") if self._path.exists() else None

    def write(self, text: str) -> None:
        """Replace the file at once: on the disk, then under its name, then the name on the disk."""
        draft = self._path.with_name(self._path.name + ".new")
        draft.unlink(missing_ok=True)
        # O_EXCL and the mode at creation: at no moment can another user of the machine read the keys.
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        keep_name(self._path.parent)


def keep_name(folder: Path) -> None:
    """Make what was renamed or removed in a folder durable."""
    if os.name == "posix":  # Windows writes the names of a folder through by itself and cannot open a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class Ring:
    """The keys of this machine and, in the middle of a change, those that may replace them."""

    def __init__(self, shelf: Shelf, token_bytes: Callable[[int], bytes]) -> None:
        self._shelf, self._token_bytes = shelf, token_bytes
        if shelf.read() is None:
            self._write([keys.make(token_bytes)])
        self._kept = self._read()

    @property
    def keys(self) -> Keys:
        """The keys in use."""
        return self._kept[0]

    def belongs(self, sentinel: str) -> bool:
        """Return whether a database with this sentinel goes with the keys in use, and no change is under way."""
        self._kept = self._read()
        return [kept.sentinel for kept in self._kept] == [sentinel]

    def settle(self, sentinel: str) -> Keys | None:
        """Keep only the keys to which a database with this sentinel belongs and return them; None if there are none."""
        self._kept = self._read()
        found = [kept for kept in self._kept if kept.sentinel == sentinel]
        if not found:
            return None
        if len(self._kept) > 1:
            self._write(found)
        return self.keys

    def propose(self, fresh: Keys) -> Keys:
        """Write keys, or the same ones with another sentinel, beside those in use; return them."""
        self._write([self.keys, fresh])
        return fresh

    def renewed(self) -> Keys:
        """Return the keys in use with a new sentinel."""
        return replace(self.keys, sentinel=self._token_bytes(16).hex())

    def fresh(self) -> Keys:
        """Return new keys, to which the last keys that the province knows may hand over."""
        made, old = keys.make(self._token_bytes), self.keys
        if old.former_seed and not old.certificate:
            return replace(made, former_seed=old.former_seed, former_certificate=old.former_certificate)
        return replace(made, former_seed=old.sign_seed, former_certificate=old.certificate)

    def certify(self, certificate: bytes) -> None:
        """Keep the province's certificate for the keys in use; those before them are needed no more. One of another lane is
        not theirs, and changes nothing."""
        if certificates.lane_in(certificate) == self.keys.lane:
            self._write(
                [replace(self.keys, certificate=certificate, former_seed=b"", former_certificate=b"")]
            )

    def _write(self, kept: list[Keys]) -> None:
        first, *others = map(_said, kept)
        self._shelf.write(json.dumps(first | ({"next": others[0]} if others else {})))
        self._kept = kept

    def _read(self) -> list[Keys]:
        try:
            said = json.loads(self._shelf.read() or "")
            return [_keys(each) for each in (said, said.get("next")) if each]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            hint = "Do not delete it: restore it from the laptop's own copy, or enrol the laptop anew."
            raise Refused("the file of keys cannot be read", code="keys", hint=hint) from error


def _said(kept: Keys) -> dict[str, str]:
    said = {"sign": kept.sign_seed.hex(), "box": kept.box_seed.hex(), "sentinel": kept.sentinel}
    more = {name: getattr(kept, name).hex() for name in _LATER}
    return said | {name: text for name, text in more.items() if text}


def _keys(said: Mapping[str, str]) -> Keys:
    later = {name: bytes.fromhex(said.get(name, "")) for name in _LATER}
    found = Keys(bytes.fromhex(said["sign"]), bytes.fromhex(said["box"]), str(said["sentinel"]), **later)
    # An earlier version could lay the certificate of another lane beside them: as good as none.
    is_theirs = not found.certificate or certificates.lane_in(found.certificate) == found.lane
    return found if is_theirs else replace(found, certificate=b"")
