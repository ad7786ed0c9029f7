"""Numbers that measure: weight, length, circumferences, skinfolds; and numbers that are counted."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from forms.fields import Field, Stored
from forms.sentences import N_, Parameter, Sentence


@dataclass(frozen=True)
class Soft:
    """Outside this range we ask again, for children from this age in months until the next row's age."""

    from_months: int
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Measure(Field):
    """A measurement typed as a decimal with comma or point and stored as a whole number of small units."""

    _: KW_ONLY
    unit: str
    scale: int  # stored units in one typed unit: 1000 for kg and g, 10 for cm and mm
    step: Decimal
    low: Decimal
    high: Decimal
    example: Decimal
    soft: tuple[Soft, ...] = ()

    kind: ClassVar[str] = "measure"
    inputmode: ClassVar[str] = "decimal"

    def parse(self, text: str) -> int:
        bare = text.casefold().removesuffix(self.unit).rstrip()
        if not re.fullmatch(r"[0-9]{1,6}([.,][0-9]{1,6})?", bare):
            self.refuse(N_("{label}: write a number such as {example}."), example=self.example)
        value = Decimal(bare.replace(",", "."))
        if not self.low <= value <= self.high:
            self.refuse(
                N_("{label} must be between {low} and {high} {unit}."),
                low=self.low,
                high=self.high,
                unit=self.unit,
            )
        if value % self.step:
            self.refuse(N_("{label} is read to {step} {unit}, no finer."), step=self.step, unit=self.unit)
        return int(value * self.scale)

    def show(self, stored: Stored) -> str:
        """The measurement with a decimal comma and no needless zeros.

        >>> weight = Measure(1, "weight_kg", "Weight", unit="kg", scale=1000, step=Decimal("0.01"),
        ...                  low=Decimal("0.9"), high=Decimal(58), example=Decimal("7.8"))
        >>> weight.parse("7,80 kg"), weight.show(7800), weight.show(10000)
        (7800, '7,8', '10')
        """
        return "" if stored is None else _shown(int(stored), self.scale)

    def in_units(self, stored: int) -> Decimal:
        """The stored whole number in the unit of the form: 7800 g is Decimal('7.8') kg."""
        return _in_units(stored, self.scale)

    def doubt(self, stored: Stored, age_months: int | None) -> Sentence | None:
        """The question asked outside the soft bounds of this age; none when the age is not known."""
        value = None if stored is None else self.in_units(int(stored))
        soft = _soft_at(self.soft, age_months)
        if value is None or soft is None or soft.low <= value <= soft.high:
            return None
        said: dict[str, Parameter] = {"label": Sentence(self.label), "value": value, "unit": self.unit}
        if age_months is None or len(self.soft) == 1:
            return Sentence(N_("{label} {value} {unit} is unusual. Is it right?"), **said)
        template = N_("{label} {value} {unit} is unusual for a child of {months} months. Measure once more.")
        return Sentence(template, months=age_months, **said)


def _soft_at(rows: tuple[Soft, ...], age_months: int | None) -> Soft | None:
    """The row for this age; a single row holds for every age, known or not."""
    if len(rows) == 1:
        return rows[0]
    if age_months is None:
        return None
    return next((row for row in reversed(rows) if row.from_months <= age_months), None)


@dataclass(frozen=True)
class Whole(Field):
    """A whole number: children born before, weeks of pregnancy."""

    _: KW_ONLY
    low: int
    high: int
    soft: tuple[int, int] | None = None

    kind: ClassVar[str] = "whole"
    inputmode: ClassVar[str] = "numeric"

    def parse(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text) or not self.low <= int(text) <= self.high:
            self.refuse(
                N_("{label} must be a whole number between {low} and {high}."), low=self.low, high=self.high
            )
        return int(text)

    def doubt(self, stored: Stored, age_months: int | None) -> Sentence | None:
        """The question asked outside the soft bounds."""
        if stored is None or self.soft is None or self.soft[0] <= int(stored) <= self.soft[1]:
            return None
        return Sentence(
            N_("{label} {value} is unusual. Is it right?"), label=Sentence(self.label), value=int(stored)
        )


def _in_units(stored: int, scale: int) -> Decimal:
    value = (Decimal(stored) / scale).normalize()
    return value if value % 1 else value.quantize(Decimal(1))


@lru_cache(
    maxsize=4096
)  # a page of a hundred children shows the same few weights and lengths again and again
def _shown(stored: int, scale: int) -> str:
    return f"{_in_units(stored, scale):f}".replace(".", ",")
