"""The stamp of a row: which record it is and what its cells said when they were taken out. It lies in a hidden column.

By it a file that comes back is compared three ways: as it was, as it is now in the records, as it stands in the file. What
somebody else has changed meanwhile is seen, on whichever laptop the file comes back; no number of an edit could say that,
for each laptop counts its own.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forms import Field

NIK_SHOWN_DIGITS = 4
MARK = "siposyandu"


@dataclass(frozen=True)
class Stamp:
    """A row's child, its visit ("" where there is none yet), and its values as text by the name of the field."""

    person: str
    visit: str
    was: Mapping[str, str]


def masked(nik: str | None) -> str:
    """Return a NIK as lists show it: its last four digits only.

    >>> masked("5203014508240001"), masked(None)
    ('…0001', '')
    """
    return f"…{nik[-NIK_SHOWN_DIGITS:]}" if nik else ""


def written(person: str, visit: str, fields: Iterable[Field], row: Mapping[str, Any]) -> str:
    """Write a row's stamp; empty values are left out."""
    was = {
        field.name: field.show(row[field.column]) for field in fields if row[field.column] not in (None, "")
    }
    told = {"p": person, "v": visit, "was": was}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def read(cell: str) -> Stamp | None:
    """Read a stamp; None where there is none, or where it was spoilt."""
    try:
        told = json.loads(cell)
        was = {str(name): str(text) for name, text in told["was"].items()}
        found = Stamp(str(told["p"]), str(told["v"]), was)
        # Halves of letters and NUL are no text of ours, and no database takes them.
        said = "".join((found.person, found.visit, *was, *was.values()))
        said.encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return None if "\0" in said else found


def mark(identifier: str, month: str, posyandu_id: str) -> str:
    """Write the heading of the stamps' column: which list of which posyandu and month the file is.

    >>> mark("kunjungan", "2026-08", "ab")
    'siposyandu:kunjungan:2026-08:ab'
    """
    return ":".join((MARK, identifier, month, posyandu_id))


def read_mark(heading: str) -> tuple[str, str, str] | None:
    """Read that heading again: identifier, month, posyandu. None for any other."""
    parts = heading.split(":")
    return (parts[1], parts[2], parts[3]) if len(parts) == 4 and parts[0] == MARK else None
