"""Which of the words that people's names are made of, as they stand in the index, are meant by what was typed.

A posyandu's names are made of few words (some thousands for 5,000 people): they are looked through at every search, and
saving a person costs nothing more.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from siposyandu.names import Part, Way, key

LAST = "\U0010ffff"


class Vocabulary:
    """The words of an index by their keys, and the question in SQLite's words."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._by_key = sorted((key(term), term) for term in terms)
        self._alternatives = lru_cache(maxsize=None)(self._of)

    def match(self, ways: Sequence[Way]) -> str:
        """Return the text for `match`: one of the ways; a way with a word that nobody bears is left out."""
        said = [[self._alternatives(part) for part in way] for way in ways]
        possible = [" AND ".join(way) for way in said if all(way)]
        return " OR ".join(f"({way})" for way in possible) or '""'

    def _of(self, part: Part) -> str:
        terms = [term for alike in part.keys for term in self._meant(alike, part.whole)]
        found = [f'"{term}"' for term in terms if not (part.text and term.startswith(part.text))]
        if part.text:
            found.insert(0, f'"{part.text}"*')
        return f"({' OR '.join(dict.fromkeys(found))})" if found else ""

    def _meant(self, alike: str, whole: bool) -> list[str]:
        start = bisect_left(self._by_key, (alike, ""))
        end = bisect_left(self._by_key, (alike if whole else alike + LAST, LAST))
        return [term for _, term in self._by_key[start:end]]
