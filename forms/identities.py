"""Numbers that name: NIK, family card, phone, RT and RW, Kemendagri codes. Kept as text; zeros matter."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from typing import Any, ClassVar

from forms.fields import Field, Stored
from forms.sentences import N_


@dataclass(frozen=True)
class Digits(Field):
    """Digits kept as text, so that leading zeros survive: RT, RW."""

    _: KW_ONLY
    longest: int = 3

    inputmode: ClassVar[str] = "numeric"
    kind: ClassVar[str] = "digits"

    def parse(self, text: str) -> str:
        if not re.fullmatch(r"[0-9]+", text) or len(text) > self.longest:
            self.refuse(N_("{label} is written in digits only, at most {longest}."), longest=self.longest)
        return text


@dataclass(frozen=True)
class Identity(Field):
    """A NIK or KK number: sixteen digits as text. Numbers that Excel has spoilt are refused, never padded.

    Excel keeps fifteen significant digits, shows 5.2E+15 and writes zeros at the end (domain.md 4.5).
    """

    length: ClassVar[int] = 16
    inputmode: ClassVar[str] = "numeric"
    kind: ClassVar[str] = "digits"

    def read(self, typed: Any) -> Stored:
        """As for every field, but a number instead of text is refused: its zeros may already be lost."""
        if isinstance(typed, int | float | Decimal) and not isinstance(typed, bool):
            self.refuse(N_("{label} was kept as a number, not as text, so its digits are not to be trusted."))
        return super().read(typed)

    def parse(self, text: str) -> str:
        if re.fullmatch(r"[0-9]+([.,][0-9]+)?E\+?[0-9]+", text, re.IGNORECASE):
            self.refuse(
                N_("{label} was spoilt by Excel ({typed}). Copy it again from the family card."), typed=text
            )
        digits = re.sub(r"[\s.-]", "", text)
        if not re.fullmatch(r"[0-9]+", digits):
            self.refuse(N_("{label} is written in digits only."))
        if len(digits) != self.length:
            self.refuse(
                N_("{label} has {length} digits; this one has {found}."),
                length=self.length,
                found=len(digits),
            )
        if len(set(digits)) == 1 or digits in ("1234567890123456", "0123456789012345"):
            self.refuse(N_("{label} is not a real number. Leave it empty if there is none yet."))
        if digits.endswith("0000"):  # the last four count from 0001
            self.refuse(N_("{label} ends in 0000: spoilt by Excel. Copy it again from the family card."))
        return digits


@dataclass(frozen=True)
class Phone(Field):
    """A phone number as people dial it here, beginning with 0."""

    inputmode: ClassVar[str] = "tel"
    kind: ClassVar[str] = "digits"

    def parse(self, text: str) -> str:
        digits = re.sub(r"[\s().-]", "", text)
        digits = re.sub(r"^(\+62|62(?=8)|(?=8))", "0", digits)
        if not re.fullmatch(r"0[1-9][0-9]{6,12}", digits):
            self.refuse(N_("{label} is a phone number such as 081234567890."))
        return digits


@dataclass(frozen=True)
class AreaCode(Field):
    """A Kemendagri code without dots: desa 10 digits, kecamatan 6. Dots are taken out."""

    _: KW_ONLY
    length: int = 10

    inputmode: ClassVar[str] = "numeric"
    kind: ClassVar[str] = "digits"

    def parse(self, text: str) -> str:
        return self.code(text)

    def code(self, text: str) -> str:
        """One code without its dots."""
        code = text.replace(".", "")
        if not re.fullmatch(r"[0-9]+", code):
            self.refuse(N_("{label} is written in digits only."))
        if len(code) != self.length:
            self.refuse(
                N_("{label} has {length} digits; this one has {found}."), length=self.length, found=len(code)
            )
        return code


@dataclass(frozen=True)
class AreaCodes(AreaCode):
    """Several Kemendagri codes, stored in order with commas between: the desa that a puskesmas serves."""

    kind: ClassVar[str] = "choices"
    inputmode: ClassVar[str] = "text"

    def read(self, typed: Any) -> Stored:
        """The codes, from a list or from text with commas."""
        return super().read(",".join(map(str, typed)) if isinstance(typed, list | tuple) else typed)

    def parse(self, text: str) -> str:
        return ",".join(sorted({self.code(part.strip()) for part in text.split(",") if part.strip()}))
