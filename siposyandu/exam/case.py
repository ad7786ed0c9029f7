"""One case of the trial: what is shown, what is asked, what is right, and why in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from forms import Sentence


class Dial(NamedTuple):
    """A hanging scale with a round face, its pointer at so many grams; one turn is `full_g`."""

    grams: int
    full_g: int = 16000


class Ruler(NamedTuple):
    """A part of a rule with a pointer: a bar scale (dacin) in grams, a length board in millimetres.

    Small lines stand every `step`, numbers every `numbered`, both in the stored unit; a number says `scale` of them as one.
    """

    what: str
    at: int
    low: int
    high: int
    step: int
    numbered: int
    scale: int


class Table(NamedTuple):
    """Rows of a child's paper: what it is, and what stands there."""

    rows: Sequence[tuple[Sentence, Sentence]]


class Card(NamedTuple):
    """A KMS with a child's weighings, the last one to be judged."""

    sex: str
    birth_date: date
    weighings: Sequence[tuple[date, int]]


class Feet(NamedTuple):
    """Both feet after a thumb was pressed on them for three seconds: does a dent stay?"""

    left: bool
    right: bool


Picture = Dial | Ruler | Table | Card | Feet


class Reading(NamedTuple):
    """An answer that is typed: the form's field it is read by, the right value as stored, how far off is still right."""

    field: str
    right: int
    within: int


class Choosing(NamedTuple):
    """An answer that is chosen: codes with their words, and the right code."""

    options: Sequence[tuple[str, Sentence]]
    right: str


@dataclass(frozen=True)
class Case:
    """One case; `kind` names it, `title` says what is tried by it."""

    kind: str
    title: str
    question: Sentence
    picture: Picture
    answer: Reading | Choosing
    why: Sentence
    about: Sequence[Sentence] = field(default_factory=tuple)
    """What else must be known to answer."""
