"""What waits for a person in her area, counted: the number that stands in the head of every page."""

from dataclasses import dataclass
from datetime import date

from siposyandu import places, referrals
from siposyandu.access import HEALTH_WORKERS, Worker
from siposyandu.office import differences, doubtful, envelopes, news, unreadable
from siposyandu.store import Store


@dataclass(frozen=True)
class Counts:
    """How much of each kind waits until somebody decides."""

    differences: int = 0
    unreadable: int = 0
    doubtful: int = 0
    envelopes: int = 0
    news: int = 0
    referrals: int = 0

    @property
    def all(self) -> int:
        """All of it together."""
        return (
            self.differences + self.unreadable + self.doubtful + self.envelopes + self.news + self.referrals
        )


def counts(store: Store, who: Worker, today: date, *, at_province: bool) -> Counts:
    """Count what waits in a worker's area; some kinds are known at the province only."""
    return Counts(
        differences=differences.count(store, who),
        unreadable=unreadable.count(store, who),
        doubtful=doubtful.count(store, who),
        envelopes=envelopes.count(store, who) if at_province else 0,
        news=news.count(store, who) if at_province else 0,
        referrals=_late_referrals(store, who, today),
    )


def _late_referrals(store: Store, who: Worker, today: date) -> int:
    """Referrals nobody came back from are a health worker's; a kader has them on her list after the posyandu day."""
    if who.role not in HEALTH_WORKERS:
        return 0
    return referrals.late_count(store, [row["id"] for row in places.within(store, who.area)], today)


def count(store: Store, who: Worker, today: date, *, at_province: bool) -> int:
    """Return how much waits for a worker."""
    return counts(store, who, today, at_province=at_province).all
