"""The layouts of e-PPGBM files, read from columns.toml, and which of them a header is."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LAYOUTS = Path(__file__).with_name("columns.toml")
NOT_TAKEN = "-"


@dataclass(frozen=True)
class Kind:
    """One kind of file: the meaning of each column it may have, and the layouts met so far."""

    name: str
    title: str
    required: frozenset[str]
    meanings: Mapping[str, str]
    versions: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Header:
    """A header that was recognised. `titles`: meaning -> the column's name as it stands in the file.

    `version` is empty for a layout not met before; `unknown` are columns that mean nothing to us.
    """

    kind: Kind
    version: str
    meanings: tuple[str, ...]
    titles: Mapping[str, str]
    unknown: tuple[str, ...]


def same(title: str) -> str:
    """A column's name without what does not matter: case, spaces and underscores.

    >>> same(" Tgl_Lahir ") == same("TGLLAHIR")
    True
    """
    return re.sub(r"[\s_]+", "", title).casefold()


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind in the order in which files of several kinds are taken: children before their measurements."""
    return tuple(_kind(told) for told in _layouts()["kinds"])


@cache
def words(meaning: str) -> Mapping[str, str]:
    """Our codes for the answers of one column, by how the files write them (without regard to case)."""
    return {same(said): code for said, code in _layouts()["words"].get(meaning, {}).items()}


def recognise(row: Sequence[str]) -> Header | None:
    """The header a row is, or None. A column that stands there twice makes it none."""
    names = [same(title) for title in row]
    filled = [name for name in names if name]
    kind = next((kind for kind in kinds() if kind.required <= set(names)), None)
    if kind is None or len(set(filled)) < len(filled):
        return None
    meanings = tuple(kind.meanings.get(name, NOT_TAKEN) for name in names)
    return Header(
        kind=kind,
        version=next((name for name, columns in kind.versions.items() if columns == set(filled)), ""),
        meanings=meanings,
        titles={
            meaning: title.strip()
            for meaning, title in zip(meanings, row, strict=True)
            if meaning != NOT_TAKEN
        },
        unknown=tuple(
            title.strip()
            for title, name in zip(row, names, strict=True)
            if name and name not in kind.meanings
        ),
    )


@cache
def _layouts() -> dict[str, Any]:
    return tomllib.loads(LAYOUTS.read_text(encoding="utf-8"))


def _kind(told: Mapping[str, Any]) -> Kind:
    return Kind(
        name=told["name"],
        title=told["title"],
        required=frozenset(same(title) for title in told["required"]),
        meanings={same(title): meaning for title, meaning in told["columns"].items()},
        versions={
            version["name"]: frozenset(same(title) for title in version["columns"])
            for version in told["versions"]
        },
    )
