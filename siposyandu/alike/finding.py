"""Find the cards that look like one child, among hundreds or thousands, without comparing everybody with everybody.

Two cards are compared when they share a key: a NIK, a mother's NIK, a birth date (as written, swapped or a day off), or a word
of the name, or the mother, with two of the birth date's three parts. Where none is shared no question would come of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from siposyandu.alike.scoring import Card, Likeness, Row, card, compare

Key = tuple[str, ...]
TOO_MANY = 400
"""A key that so many cards share tells nobody apart."""


@dataclass(frozen=True)
class Pair:
    """Two cards that look like one child, and how alike they are."""

    one: Row
    other: Row
    likeness: Likeness


def pairs(rows: Iterable[Row]) -> list[Pair]:
    """Return the pairs of cards that are worth a question, the likest first. Rows are persons as they stand in the table."""
    cards = [card(row) for row in rows]
    found = [
        Pair(cards[one].row, cards[other].row, compare(cards[one], cards[other]))
        for one, other in _sharing(cards)
    ]
    asked = [pair for pair in found if pair.likeness.worth_asking]
    return sorted(asked, key=lambda pair: (-pair.likeness.points, pair.one["id"], pair.other["id"]))


def like(row: Row, rows: Iterable[Row]) -> list[Pair]:
    """Return the cards of a posyandu that look like one child's, namesakes of one day too, the likest first."""
    hers = card(row)
    found = (Pair(row, each, compare(hers, card(each))) for each in rows if each.get("id") != row.get("id"))
    asked = [pair for pair in found if pair.likeness.worth_asking or pair.likeness.namesake]
    return sorted(asked, key=lambda pair: (-pair.likeness.points, pair.other["id"]))


def _sharing(cards: list[Card]) -> list[tuple[int, int]]:
    by_key: dict[Key, list[int]] = defaultdict(list)
    for at, each in enumerate(cards):
        for key in set(_keys(each)):
            by_key[key].append(at)
    shared = {pair for ats in by_key.values() if len(ats) <= TOO_MANY for pair in combinations(ats, 2)}
    return sorted(shared)


def _keys(each: Card) -> Iterator[Key]:
    if each.nik:
        yield "nik", each.nik
    if each.mother_nik:
        yield "mother's nik", each.mother_nik
    if not each.born:
        return
    year, month, day = each.born.split("-")
    yield "born", each.born
    yield "born", f"{year}-{day}-{month}"
    yield "born", (date.fromisoformat(each.born) + timedelta(days=1)).isoformat()
    said = [
        *(() if each.name.unsaid else each.name.telling),
        *(() if each.mother.unsaid else (each.mother.whole,)),
    ]
    for word in said:
        yield from (("year", word, month, day), ("month", word, year, day), ("day", word, year, month))
