"""A block pasted with names: which row is meant by each name, however it is written; nobody is guessed."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from siposyandu import names

Row = dict[str, Any]


class Match(NamedTuple):
    """One pasted name and the child it means; without one `several` says whether more than one child may be meant."""

    name: str
    child: str | None
    several: bool


def matched(children: Iterable[Row], pasted: Sequence[str]) -> list[Match]:
    """Say for each pasted name which child it is: the only one whose whole name it is, else the only one it fits.

    A child that two lines name is given to neither.
    """
    known = [(child["id"], child["name"] or "", names.searchable(child["name"])) for child in children]
    found = [_match(known, name) for name in pasted]
    taken = [match.child for match in found if match.child]
    return [
        match._replace(child=None, several=True) if match.child and taken.count(match.child) > 1 else match
        for match in found
    ]


def _match(known: Sequence[tuple[str, str, str]], name: str) -> Match:
    if not any(letter.isalpha() for letter in name):
        return Match(name, None, several=False)
    alike = [child for child, own, _words in known if own and names.whole(own) == names.whole(name)]
    fits = alike or [child for child, _own, words in known if names.fits(words, name)]
    return Match(name, fits[0] if len(fits) == 1 else None, several=len(fits) > 1)
