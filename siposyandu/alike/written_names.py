"""How alike two written names are, in five words: same, part, close, unsaid, different.

Words are compared by their keys (siposyandu/names.py), so "L. Muh. Rizqi" and "Lalu Muhammad Rizki" are the same. Titles say
nothing, and the words that half of all names begin with (Muhammad, Siti, Nur) say little. A baby written as its mother's
("By. Ny. Sahnim") has no name yet: that is unsaid, and so is a mother written as somebody's mother ("Inaq Rizki").
"""

from dataclasses import dataclass
from functools import lru_cache

from siposyandu import names
from siposyandu.search_words import tokens

SAME, PART, CLOSE, UNSAID, DIFFERENT = "same", "part", "close", "unsaid", "different"
FREQUENT = frozenset(
    names.key(word)
    for word in ("muhammad", "siti", "ahmad", "abdul", "nur", "nurul", "khairul", "zainul", "saiful", "sri")
)
"""Words that say little: so many names begin with them."""
MOTHER_OF = frozenset(names.key(word) for word in ("inaq", "inak", "ina", "indo", "ibu", "bu", "mama"))
BABY = frozenset({names.key("bayi"), names.key("nyonya")})
ONE_LETTER_FROM, TWO_LETTERS_FROM = 5, 10
"""From how many letters on a word may be written with one letter wrong, with two."""


@dataclass(frozen=True)
class Written:
    """A name as it is compared: its words' keys without titles, them as one, also as typed, its numbers; is it no name yet."""

    words: tuple[str, ...]
    whole: str
    typed: str
    numbers: tuple[str, ...]
    unsaid: bool

    @property
    def telling(self) -> tuple[str, ...]:
        """The words that tell somebody from others; all of them where there are no such."""
        return tuple(word for word in self.words if word not in FREQUENT) or self.words


@lru_cache(maxsize=50_000)
def written(name: str | None) -> Written:
    """Cut a name into what is compared.

    >>> written("By. Ny. Sahnim 2"), written("Bq. Siti Aminah").words
    (Written(words=('sahnim',), whole='sahnim', typed='sahnim', numbers=('2',), unsaid=True), ('siti', 'amina'))
    """
    said = tokens([name or ""])
    numbers = tuple(word for word in said if word.isdigit())
    words = names.without_titles([word for word in said if not word.isdigit()])
    keys = [names.key(word) for word in words]
    first = {names.key(word) for word in said[:2]}
    unsaid = not keys or bool(first & BABY) or (len(keys) > 1 and keys[0] in MOTHER_OF)
    return Written(tuple(keys), "".join(keys), "".join(words), numbers, unsaid)


@lru_cache(maxsize=100_000)
def alike(one: Written, other: Written) -> str:
    """Return how alike two names are.

    >>> alike(written("Muh. Alfarizi"), written("M Alparisi")), alike(written("Hasan"), written("Husen"))
    ('close', 'different')
    """
    if one.numbers and other.numbers and one.numbers != other.numbers:
        return DIFFERENT
    if one.unsaid or other.unsaid:
        return UNSAID
    if one.whole == other.whole or sorted(one.words) == sorted(other.words):
        return SAME
    fewer, more = sorted((one.words, other.words), key=len)
    if set(fewer) <= set(more):
        return PART if set(fewer) - FREQUENT else UNSAID
    joined = _letter_off(one.whole, other.whole) or _letter_off(one.typed, other.typed)
    return CLOSE if joined or _fits_in(fewer, more) else DIFFERENT


def _fits_in(fewer: tuple[str, ...], more: tuple[str, ...]) -> bool:
    """Whether each of the fewer words is, or nearly is, one of the others, and at least one that tells something."""
    left = list(more)
    told = False
    for word in sorted(fewer, key=lambda each: each not in more):
        near = next((each for each in left if each == word), None) or next(
            (each for each in left if _nearly(word, each)), None
        )
        if near is None:
            return False
        left.remove(near)
        told = told or word not in FREQUENT
    return told


def _letter_off(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= ONE_LETTER_FROM and wrong_letters(one, other, 1) <= 1


def _nearly(one: str, other: str) -> bool:
    """Whether a word may be another one with a letter wrong, or its beginning letter ("A." for Alfarizi)."""
    if one == other:
        return True
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    shorter = min(len(one), len(other))
    allowed = (shorter >= ONE_LETTER_FROM) + (shorter >= TWO_LETTERS_FROM)
    return abs(len(one) - len(other)) <= allowed and wrong_letters(one, other, allowed) <= allowed


def wrong_letters(one: str, other: str, at_most: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped with their neighbour; stops above `at_most`.

    >>> wrong_letters("alfarizi", "alfarzii", 2), wrong_letters("hasan", "husein", 3)
    (1, 3)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        older, before, row = before, row, [at]
        for to, wanted in enumerate(other, 1):
            least = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                least = min(least, older[to - 2] + 1)
            row.append(least)
        if min(row) > at_most:
            return at_most + 1
    return row[-1]
