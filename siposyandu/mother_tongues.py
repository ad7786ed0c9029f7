"""The sentence to the mother in her own language: Sasak, Samawa, Mbojo, each once a reviewer has filled its whole catalogue.

A catalogue is `locale/<code>/LC_MESSAGES/mother.po` and holds the sentences of growth/advice.py and nothing else. One sentence
that is missing, or that has lost its {food}, keeps the whole language off the pages: a mother must not be told half.
"""

import gettext
from functools import cache
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from siposyandu.growth.advice import BREASTFEED, FEED, RULES, Advice
from siposyandu.i18n import LOCALE_FOLDER

DOMAIN = "mother"


class Tongue(NamedTuple):
    """A language that mothers speak: its ISO 639-3 code and its own name."""

    code: str
    name: str


ALL: tuple[Tongue, ...] = (Tongue("sas", "Sasak"), Tongue("smw", "Samawa"), Tongue("bhp", "Mbojo"))
SENTENCES: tuple[str, ...] = (*(sentence for _, _, _, sentence in RULES), BREASTFEED, FEED)


@cache
def complete(folder: Path = LOCALE_FOLDER) -> tuple[Tongue, ...]:
    """Return the languages in which every sentence can be said; a catalogue is read once, as all words are."""
    return tuple(tongue for tongue in ALL if all(_is_said(folder, tongue.code, text) for text in SENTENCES))


def say(advice: Advice, code: str, folder: Path = LOCALE_FOLDER) -> str:
    """Say the advice in one of the complete languages."""
    catalogue = _catalogue(folder, code)
    params = {name: catalogue.gettext(str(value)) for name, value in advice.params.items()}
    return catalogue.gettext(advice.template).format(**params)


@cache
def _catalogue(folder: Path, code: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, folder, [code], fallback=True)


def _is_said(folder: Path, code: str, text: str) -> bool:
    said = _catalogue(folder, code).gettext(text)
    return said != text and _values(said) == _values(text)


def _values(text: str) -> set[str] | None:
    """Return the names of the values in a sentence; None where its braces are not closed."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return None
