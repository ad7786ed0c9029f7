"""What a made-up child consists of: family, card, later changes, visits, and the faults it stands for.

Values are named and scaled as the forms "family", "person" and "balita" store them. References (posyandu, family,
person) are left to whoever saves them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Value = int | str | None
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Family:
    """One house. `values` are columns of the form "family"; `key` is the same for brothers and sisters."""

    key: str
    values: Values
    mother_name: str
    mother_nik: str | None
    father_name: str
    noble: bool


@dataclass(frozen=True)
class Change:
    """Something that became known or was put right on a later day: the columns it changes."""

    on: str
    values: Values


@dataclass(frozen=True)
class SyntheticVisit:
    """One visit as first typed; `correction` is what was put right later. `kader` numbers who measured, 0 to 2."""

    posyandu_name: str
    kader: int
    values: Values
    correction: Change | None = None

    @property
    def visit_date(self) -> str:
        """The day of the visit, ISO."""
        return str(self.values["visit_date"])

    @property
    def now(self) -> dict[str, Value]:
        """The columns after the correction."""
        return {**self.values, **(self.correction.values if self.correction else {})}


@dataclass(frozen=True)
class SyntheticChild:
    """One child, `key` in its village: its card as registered, the card's later changes, its visits in order, its faults."""

    key: str
    family: Family
    values: Values
    changes: tuple[Change, ...]
    visits: tuple[SyntheticVisit, ...]
    notes: tuple[str, ...]
    moved_on: str | None = None
    moved_to: str | None = None

    @property
    def now(self) -> dict[str, Value]:
        """The columns of the card after all changes."""
        merged = dict(self.values)
        for change in self.changes:
            merged.update(change.values)
        return merged

    @property
    def name(self) -> str:
        """The name as last known."""
        return str(self.now["name"])

    @property
    def nik(self) -> str | None:
        """The NIK as last known."""
        known = self.now["nik"]
        return None if known is None else str(known)

    @property
    def sex(self) -> str:
        """Boy "m" or girl "f"."""
        return str(self.values["sex"])

    @property
    def birth_date(self) -> str:
        """The birth date, ISO."""
        return str(self.values["birth_date"])
