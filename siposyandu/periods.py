"""A month as posyandu count it: August 2026, in the time zone of NTB (WITA)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TIME_ZONE = ZoneInfo("Asia/Makassar")


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month. `str()` and `Month.parse` use ISO form, "2026-08"."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 1 < self.year < MAXYEAR):
            raise ValueError(f"no such month: {self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read "2026-08" (or the month of a date "2026-08-31"); ValueError otherwise, and for a year nobody means."""
        year, _, rest = text.partition("-")
        if not 1900 <= int(year) < 3000:  # the months around it must be months too
            raise ValueError(f"no such month: {text}")
        return cls(int(year), int(rest[:2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month in which a day lies."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def previous(self) -> "Month":
        """The month before."""
        return self.shifted(-1)

    @property
    def next(self) -> "Month":
        """The month after."""
        return self.shifted(1)

    def shifted(self, months: int) -> "Month":
        """Return the month that many months later (negative: earlier)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def since(self, earlier: "Month") -> int:
        """Return how many months after an earlier one this is."""
        return (self.year - earlier.year) * 12 + self.number - earlier.number

    def until(self, last: "Month") -> Iterator["Month"]:
        """Yield this month and each one up to and including `last`."""
        month = self
        while month <= last:
            yield month
            month = month.next

    def latest(self, count: int) -> list["Month"]:
        """Return this month and those before it, so many together, newest first: what a page offers to choose from."""
        return [self.shifted(-back) for back in range(count)]

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def local_date(instant: datetime) -> date:
    """Return the day that people in NTB write for an instant."""
    return instant.astimezone(TIME_ZONE).date()


def instant_text(instant: datetime) -> str:
    """Return an instant as stored: UTC, whole seconds, "2026-08-31T01:02:03Z"."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> datetime:
    """Read an instant as stored; ValueError when it is none."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
