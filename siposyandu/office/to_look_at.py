"""What waits for a person in her area, counted: the number that stands in the head of every page."""

from dataclasses import dataclass

from siposyandu.access import Worker
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

    @property
    def all(self) -> int:
        """All of it together."""
        return self.differences + self.unreadable + self.doubtful + self.envelopes + self.news


def counts(store: Store, who: Worker, *, at_province: bool) -> Counts:
    """Count what waits in a worker's area; some kinds are known at the province only."""
    return Counts(
        differences=differences.count(store, who),
        unreadable=unreadable.count(store, who),
        doubtful=doubtful.count(store, who),
        envelopes=envelopes.count(store, who) if at_province else 0,
        news=news.count(store, who) if at_province else 0,
    )


def count(store: Store, who: Worker, *, at_province: bool) -> int:
    """Return how much waits for a worker."""
    return counts(store, who, at_province=at_province).all
