"""Passphrases: long enough that a stolen disk is not opened by guessing, plain enough to be typed each morning."""

import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from siposyandu.errors import BadInput
from siposyandu.i18n import N_

LETTERS, WORDS, WORD_LETTERS, DIFFERENT_LETTERS = 12, 4, 3, 5
WORD_BYTES = 2

TOO_SHORT = N_("Too short. Write at least twelve letters, or four words.")
TOO_EASY = N_("This is too easy to guess. Choose four words that have nothing to do with each other.")


def tidy(typed: str) -> str:
    """Return a passphrase as it counts: capitals and the number of spaces do not matter.

    >>> tidy("  Melati  LAUT kapur  sungai")
    'melati laut kapur sungai'
    """
    return " ".join(unicodedata.normalize("NFKC", typed).casefold().split())


def check(passphrase: str) -> None:
    """Refuse (BadInput) a passphrase that is short, or that is digits or a few letters again and again."""
    said = tidy(passphrase)
    words = {word for word in said.split() if len(word) >= WORD_LETTERS}
    if len(said) < LETTERS and len(words) < WORDS:
        raise BadInput({"passphrase": [TOO_SHORT]})
    letters = set(said) - {" "}
    if len(letters) < DIFFERENT_LETTERS or "".join(said.split()).isdigit():
        raise BadInput({"passphrase": [TOO_EASY]})


def suggest(token_bytes: Callable[[int], bytes]) -> str:
    """Return four plain Indonesian words drawn by chance: one of about a million million."""
    words = plain_words()
    drawn = (int.from_bytes(token_bytes(WORD_BYTES), "big") % len(words) for _ in range(WORDS))
    return " ".join(words[number] for number in drawn)


@cache
def plain_words() -> tuple[str, ...]:
    """Return the 1,024 words that passphrases are drawn from; a power of two, so that each is as likely."""
    return tuple(Path(__file__).with_name("words.txt").read_text("utf-8").split())
