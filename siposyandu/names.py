"""Names as they are written here: "L. Muh. Rizqi" and "Lalu Muhammad Rizki" are found by the same letters.

Every word of a name is folded to a key, on both sides: in what is kept and in what is asked. The forms of whole words are
those of `siposyandu/demo/names.py` and of the posyandu books: Muslim first names and their abbreviations; titles of Sasak,
Samawa and Mbojo nobles (Lalu or L., Baiq, Raden and Denda: detik.com/bali/budaya/d-8037923 and selaparangnews.com 2022/11;
Lalu and Lala of Samawa, Dae of Mbojo); "By. Ny." before the mother's name of a child who has none yet. The spelling
habits are those of Suwandi's spelling (oe, dj, tj) and of Arabic names in Latin letters (kh, sy, dz, final h).
The same table makes PostgreSQL's function (postgres_tables.py) and the page's filter: a change of it needs a step in the
tables' history that makes the function and its index again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from string import capwords

from siposyandu.search_words import tokens

WRITTEN: dict[str, tuple[str, ...]] = {
    "muhammad": ("m", "md", "mh", "mhd", "moch", "mochamad", "mochammad", "moh", "mohammed", "mohd", "muh", "muhd"),
    "ahmad": ("achmad", "ach", "akh", "ahm"),
    "siti": ("st", "sit", "sity"),
    "abdul": ("abd", "abdoel", "abdur", "abdus", "abdun"),
    "nur": ("noer", "nr"),
    "sri": ("srie",),
    "yusuf": ("jusuf", "joesoef", "yusup"),
    "yahya": ("jahja", "yahja"),
    "husain": ("husein", "husen", "hosen"),
    "khadijah": ("kadijah", "katijah"),
    "mustafa": ("mustofa", "mustopa", "musthofa"),
    "lalu": ("l", "ll"),
    "baiq": ("bq", "bk", "baik"),
    "lale": ("le",),
    "lala": (),
    "dende": ("denda", "dd"),
    "raden": ("rd", "rdn"),
    "gde": ("gede", "gd"),
    "dea": (),
    "dae": (),
    "haji": ("h",),
    "hajah": ("hj", "hajjah"),
    "bayi": ("by",),
    "nyonya": ("ny", "nyonyah"),
}  # fmt: skip
"""A whole word -> the other ways to write it."""
TITLES = (
    "lalu",
    "baiq",
    "lale",
    "lala",
    "dende",
    "raden",
    "gde",
    "dea",
    "dae",
    "haji",
    "hajah",
    "bayi",
    "nyonya",
)
"""Words that one book has and the next leaves out: who is asked for with them is found without, a little further down."""

HABITS: tuple[tuple[str, str], ...] = (
    (r"^abd(?:ul|u[rsnlmzd])?(?=[bghjklmnqrswyz])", "abdu"),
    (r"zh", "s"), (r"kho", "kha"), (r"roh(?=[im])", "rah"), (r"sh?ol(?=[ei])", "sal"),
    (r"oe", "u"), (r"dj", "j"), (r"tj", "c"), (r"ch(?=[b-df-hj-np-tv-z]|air|adi|ol|us)", "h"), (r"kh", "h"),
    (r"s[yhj]", "s"), (r"ts", "s"), (r"dz", "z"), (r"dh", "d"), (r"th", "t"), (r"gh", "g"), (r"ph|f|v", "p"),
    (r"q|ck", "k"), (r"x", "ks"),
    (r"k(?=[dm])", ""), (r"z(?=k)", "s"), (r"z", "j"), (r"y", "i"), (r"ae|ei", "ai"), (r"o", "u"), (r"aw", "au"),
    (r"uw", "u"), (r"(.)\1+", r"\1"), (r"(...[aiu])h$", r"\1"), (r"mad$", "mat"),
)  # fmt: skip
"""What is read alike, one after the other: patterns that Python, PostgreSQL and JavaScript understand alike."""

SHORTEST_BEGINNING, SHORTEST_HALF, SPLIT = 3, 2, range(5, 17)


def _by_habit(word: str) -> str:
    for pattern, alike in HABITS:
        word = re.sub(pattern, alike, word)
    return word


KEYS = {form: _by_habit(word) for word, forms in WRITTEN.items() for form in (word, *forms)}
"""A word as it is written -> its key, where habits alone would not lead there."""
TITLE_KEYS = frozenset(KEYS[title] for title in TITLES)


@lru_cache(maxsize=100_000)
def key(token: str) -> str:
    """Return the key of one word (small letters, no accents): alike for all ways to write it.

    >>> key("muh"), key("mochammad"), key("syaeful"), key("saiful"), key("djamilah")
    ('muhamat', 'muhamat', 'saipul', 'saipul', 'jamila')
    """
    return KEYS.get(token) or _by_habit(token)


@dataclass(frozen=True)
class Part:
    """One word that is looked for: some word begins with it as typed, or its key begins with one of the keys.

    When `whole`, a word's key must be the key.
    """

    text: str
    keys: tuple[str, ...]
    whole: bool = False


Way = tuple[Part, ...]


@dataclass(frozen=True)
class Question:
    """What was typed, in every way it may be cut: people fit one way whole. `best` keeps titles, `enough` does not."""

    best: tuple[Way, ...]
    enough: tuple[Way, ...]


def question(words: Iterable[str]) -> Question:
    """Return what is looked for when these words are typed; nothing when no letter or digit is among them."""
    parts = tokens(words)
    return Question(tuple(_ways(parts)), tuple(_ways(without_titles(parts))))


def without_titles(parts: Sequence[str]) -> list[str]:
    """Leave titles out, unless nothing else was typed.

    >>> without_titles(["by", "ny", "aminah"]), without_titles(["baiq"])
    (['aminah'], ['baiq'])
    """
    return [part for part in parts if key(part) not in TITLE_KEYS] or list(parts)


def _ways(parts: Sequence[str]) -> Iterator[Way]:
    """Yield the words as typed, then two of them as one ("Nur Aini"), then one of them as two ("Makruf")."""
    if not parts:
        return
    yield tuple(_part(part) for part in parts)
    for at in range(len(parts) - 1):
        yield (*map(_part, parts[:at]), _part(parts[at] + parts[at + 1]), *map(_part, parts[at + 2 :]))
    for at, part in enumerate(parts):
        if len(part) in SPLIT and part.isalpha():
            for cut in range(SHORTEST_HALF, len(part) - SHORTEST_HALF + 1):
                halves = _first_half(part[:cut]), _part(part[cut:])
                yield (*map(_part, parts[:at]), *halves, *map(_part, parts[at + 1 :]))


def _first_half(written: str) -> Part:
    """A k may stand for the apostrophe that parts the halves: Makruf is Ma'ruf."""
    return Part("", tuple(sorted({key(half) for half in (written, written.removesuffix("k"))})), whole=True)


@lru_cache(maxsize=1000)
def _part(token: str) -> Part:
    begun = {
        alike for form, alike in KEYS.items() if len(token) >= SHORTEST_BEGINNING and form.startswith(token)
    }
    return Part(token, tuple(sorted({_by_habit(token), key(token), *begun})))


def whole(name: str) -> str:
    """Return a name's key as one: two names with the same one are one name, written differently.

    >>> whole("Bq. Siti Nur'aini") == whole("ST NURAINI"), whole("Aminah") == whole("Aminatun")
    (True, False)
    """
    return "".join(key(token) for token in without_titles(tokens([name])))


def distance(asked: Sequence[str], name: str | None) -> int:
    """Return how far a name is from the words asked for, to sort by: 0 when all stand in it as typed.

    >>> [distance(["muh", "rizki"], name) for name in ("Muh. Rizki", "Muhammad Rizkia", "Mohamad Rizqi", "Aminah")]
    [0, 2, 4, 6]
    """
    written = tokens([name or ""])
    keys = [key(word) for word in written]
    return sum(_word_distance(token, written, keys) for token in asked)


def _word_distance(token: str, written: Sequence[str], keys: Sequence[str]) -> int:
    if token in written:
        return 0
    if any(word.startswith(token) for word in written):
        return 1
    return 2 if any(word.startswith(alike) for alike in _part(token).keys for word in keys) else 3


MARK = "~"


def searchable(*texts: str | None) -> str:
    """Return texts for a list's own filter: their words, then the marked keys of words and of neighbours.

    >>> searchable("Baiq Nur'aini", None)
    'baiq nur aini ~baik ~nur ~aini ~baiknur ~nuraini'
    """
    said = [tokens([text]) for text in texts if text]
    keys: list[str] = []
    for words in said:
        keys += [key(word) for word in words]
        keys += [key(one + other) for one, other in pairwise(words)]
    return " ".join([*(word for words in said for word in words), *(MARK + each for each in keys)])


def as_on_cards(typed: str) -> str:
    """Return a name typed in small letters as it stands on a family card; one with a capital is left as it is.

    >>> as_on_cards("lalu nur'aini"), as_on_cards("M. Gibran")
    ("Lalu Nur'aini", 'M. Gibran')
    """
    return capwords(typed) if typed.islower() else typed


def fits(words: str, wanted: str) -> bool:
    """Whether every word wanted, titles apart, is part of searchable words or begins one of their keys."""
    plain = words.split(f" {MARK}")[0]
    return all(
        token in plain or any(f" {MARK}{alike}" in words for alike in _part(token).keys)
        for token in without_titles(tokens([wanted]))
    )


def for_page() -> dict[str, object]:
    """Return the table as the page's own filter reads it (siposyandu.js)."""
    return {"habits": HABITS, "keys": KEYS, "titles": sorted(TITLE_KEYS)}
