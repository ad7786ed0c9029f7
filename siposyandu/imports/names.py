"""When two written names are one: case, dots and spaces do not matter; "By. Ny." is a baby not named yet."""

import re
from difflib import SequenceMatcher

# Below this likeness a NIK's child and the row's name are two people: "Muh. Rizki" and "Muhammad Rizky" are 0.7.
LIKENESS = 0.4


def plain(name: object) -> str:
    """A name for comparing.

    >>> plain("Posyandu  MELATI-2 ") == plain("posyandu melati 2")
    True
    """
    return " ".join(re.sub(r"[\W_]+", " ", str(name or "").casefold()).split())


def place(name: object) -> str:
    """A posyandu's or desa's name for comparing, without the word for what it is."""
    return re.sub(r"^(posyandu|desa|kelurahan|kel)\b\s*", "", plain(name))


def may_be_one(one: object, other: object) -> bool:
    """Whether two names may be of one person: alike, or one of them a baby's before it was named.

    >>> may_be_one("Muh. Rizki", "Muhammad Rizky"), may_be_one("By. Ny. Suhartini", "Aminah"), may_be_one("Aminah", "Budi")
    (True, True, False)
    """
    first, second = plain(one), plain(other)
    if not first or not second or {first.split()[0], second.split()[0]} & {"by", "bayi"}:
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= LIKENESS
