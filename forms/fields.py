"""The kinds of fields a form is made of: each reads what was typed, shows it again, and says what it doubts.

A field has two names: `name` as typed, in CSV and in the API (weight_kg), and `column` as stored (weight_g).
Stored values are whole numbers, text, or None for "not known"; never floats. Its number is its name on the
wire between laptops: unique over all forms and never used again. Hard bounds refuse; soft bounds ask again.
Numbers that measure are in measures.py, numbers that name somebody or some place in identities.py.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import KW_ONLY, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, NoReturn

from forms.dates import read_date
from forms.errors import FormError
from forms.sentences import N_, Sentence

Stored = int | str | None

EVERYBODY = "everybody"
HEALTH_WORKER = "health_worker"


@dataclass(frozen=True)
class Option:
    """One answer of a choice: the code that is stored and the words on the page."""

    code: str
    label: str


@dataclass(frozen=True)
class Field:
    """What every kind has in common."""

    number: int
    name: str
    label: str
    _: KW_ONLY
    column: str = ""
    section: str = ""
    hint: str = ""
    required: bool = False  # in the form only: the protocol requires nothing (PROTOCOL.md 3.11)
    default: Stored = None  # stored when a new record does not say otherwise
    entered_by: str = EVERYBODY
    seen_by: str = EVERYBODY
    autocomplete: str = "off"

    kind: ClassVar[str] = "text"
    inputmode: ClassVar[str] = "text"

    def __post_init__(self) -> None:
        object.__setattr__(self, "column", self.column or self.name)

    def read(self, typed: Any) -> Stored:
        """The value to store. Blank is None. Raises FormError with the sentence for the page."""
        text = typed_text(typed)
        if text is None:
            self.refuse(N_("{label} cannot be read."))
        if text == "":
            return None
        return self.parse(text)

    def parse(self, text: str) -> Stored:
        """The stored value of a text that is not blank."""
        raise NotImplementedError

    def show(self, stored: Stored) -> str:
        """The text a person would type to get the stored value."""
        return "" if stored is None else str(stored)

    def doubt(self, stored: Stored, age_months: int | None) -> Sentence | None:
        """A question about a value that is possible but unusual at this age, or None."""
        return None

    def refuse(self, template: str, **params: Any) -> NoReturn:
        """Raise FormError; every template may name the field's {label}."""
        raise FormError(Sentence(template, label=Sentence(self.label), **params))


def typed_text(typed: Any) -> str | None:
    """What was typed as trimmed text, JSON's numbers and booleans too; None when it is no single value."""
    if typed is None:
        return ""
    if isinstance(typed, bool):
        return "yes" if typed else "no"
    if isinstance(typed, str | int | float | Decimal):
        return unicodedata.normalize("NFC", str(typed)).strip()
    return None


@dataclass(frozen=True)
class Text(Field):
    """Words. Runs of spaces become one; a name must have a letter in it."""

    _: KW_ONLY
    longest: int = 100
    lines: bool = False
    needs_letter: bool = False

    def parse(self, text: str) -> str | None:
        pieces = [" ".join(line.split()) for line in text.splitlines()]
        text = ("\n" if self.lines else " ").join(pieces).strip()
        if any(unicodedata.category(letter) in ("Cc", "Cs") and letter != "\n" for letter in text):
            self.refuse(N_("{label} has signs that cannot be printed. Type it again."))
        if len(text) > self.longest:
            self.refuse(N_("{label} is too long: at most {longest} letters."), longest=self.longest)
        if self.needs_letter and not any(letter.isalpha() for letter in text):
            self.refuse(N_("{label} must be written in letters."))
        return text or None


@dataclass(frozen=True)
class PlaceName(Text):
    """The name of a place without the word of its kind: "Posyandu Melati" is kept as "Melati", for pages say the word."""

    _: KW_ONLY
    word: str

    def parse(self, text: str) -> str | None:
        name = super().parse(text)
        bare = re.sub(rf"^{self.word}\b[\s:.-]*", "", name or "", flags=re.IGNORECASE)
        return bare or name


@dataclass(frozen=True)
class Date(Field):
    """A day, stored as YYYY-MM-DD."""

    _: KW_ONLY
    future: bool = False

    kind: ClassVar[str] = "date"
    EARLIEST: ClassVar[date] = date(1900, 1, 1)

    def parse(self, text: str) -> str:
        day = read_date(text)
        if day is None:
            self.refuse(N_("{label} is written as 2024-08-03 or 3 Agustus 2024."))
        if day < self.EARLIEST:
            self.refuse(N_("{label} is too long ago. Check the year."))
        return day.isoformat()


@dataclass(frozen=True)
class Ref(Field):
    """Another record, by its id of 32 hexadecimal digits."""

    _: KW_ONLY
    to: str

    kind: ClassVar[str] = "ref"

    def parse(self, text: str) -> str:
        identity = text.replace("-", "").lower()
        if not re.fullmatch(r"[0-9a-f]{32}", identity):
            self.refuse(N_("{label}: choose one from the list."))
        return identity


@dataclass(frozen=True)
class Refs(Ref):
    """Several other records, stored as their ids in order with commas between."""

    kind: ClassVar[str] = "refs"

    def read(self, typed: Any) -> Stored:
        """The ids, from a list or from text with commas."""
        return super().read(",".join(map(str, typed)) if isinstance(typed, list | tuple) else typed)

    def parse(self, text: str) -> str:
        return ",".join(
            sorted({super(Refs, self).parse(part.strip()) for part in text.split(",") if part.strip()})
        )


@dataclass(frozen=True)
class Choice(Field):
    """One answer of several; the code is stored."""

    _: KW_ONLY
    options: tuple[Option, ...]

    kind: ClassVar[str] = "choice"

    def parse(self, text: str) -> str:
        return self.code(text)

    def code(self, text: str) -> str:
        """The code of one answer as it is stored."""
        code = next(
            (option.code for option in self.options if option.code.casefold() == text.casefold()), None
        )
        if code is None:
            self.refuse(N_("{label}: choose one of the answers."))
        return code


@dataclass(frozen=True)
class Choices(Choice):
    """Several answers at once, stored as their codes in order with commas between."""

    kind: ClassVar[str] = "choices"

    def read(self, typed: Any) -> Stored:
        """The codes, from a list or from text with commas."""
        return super().read(",".join(map(str, typed)) if isinstance(typed, list | tuple) else typed)

    def parse(self, text: str) -> str:
        return ",".join(sorted({self.code(part.strip()) for part in text.split(",") if part.strip()}))


@dataclass(frozen=True)
class Flag(Field):
    """Yes, no, or not known: stored as 1, 0 or nothing."""

    kind: ClassVar[str] = "flag"
    YES: ClassVar[frozenset[str]] = frozenset(("yes", "y", "ya", "1", "true", "on"))
    NO: ClassVar[frozenset[str]] = frozenset(("no", "n", "tidak", "0", "false", "off"))

    def parse(self, text: str) -> int:
        word = text.casefold()
        if word not in self.YES | self.NO:
            self.refuse(N_("{label}: answer yes or no."))
        return int(word in self.YES)

    def show(self, stored: Stored) -> str:
        """'yes', 'no', or nothing."""
        return {1: "yes", 0: "no"}.get(int(stored), "") if stored is not None else ""
