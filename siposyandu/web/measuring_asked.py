"""What the pages about measuring share: what was asked for, and one part of an area with what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from flask import url_for

from siposyandu.growth.quality import Counts, Remark
from siposyandu.periods import Month

SPANS = (1, 3)
"""Over how many months: one shows what happened last, three give a small posyandu enough children."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see: an area within her own, up to which month, and over how many."""

    own: str
    key: str
    last: Month
    span: int

    @property
    def first(self) -> Month:
        """The first month."""
        return self.last.shifted(1 - self.span)

    def address(self, page: str = "measuring.area", *, kind: str | None = None, **changes: Any) -> str:
        """Return the address of the same page, or of its table as a file of a kind, with something changed."""
        other = replace(self, **changes)
        return url_for(page, kind=kind, key=other.key, bulan=str(other.last), rentang=other.span)


class Line(NamedTuple):
    """One part of an area: its figures, IKDA (posyandu only) and what they say; `leads_down` when it has a page."""

    key: str
    name: str
    counts: Counts
    ikda: float | None
    remarks: Sequence[Remark]
    leads_down: bool = True


class FileLine(NamedTuple):
    """A line as a file has it: with the months it is of."""

    first: str
    last: str
    key: str
    name: str
    counts: Counts
    ikda: float | None
    remarks: Sequence[Remark]
