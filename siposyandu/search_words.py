"""What somebody typed to find a person, cut into the parts that are looked for: "Sa'adah" and "sa adah" are alike."""

import unicodedata
from collections.abc import Iterable, Iterator

LONGEST_TOKEN = 64
"""Letters of a word that are looked at: no index keeps longer ones, and no name has them."""


def tokens(words: Iterable[str]) -> list[str]:
    """Return the parts of words as a full-text index keeps them: small letters and digits, without accents.

    >>> tokens(["Sa'adah,", "ÉLOK"])
    ['sa', 'adah', 'elok']
    """
    return [part for word in words for part in _parts(word)]


def _parts(word: str) -> Iterator[str]:
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter)
    )
    kept = "".join(letter if unicodedata.category(letter)[0] in "LN" else " " for letter in bare.lower())
    return (part[:LONGEST_TOKEN] for part in kept.split())
