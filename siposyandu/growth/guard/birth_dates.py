"""Is the birth date right? Measures that fit a child a month, a year or an exchanged day and month younger say it is not.

Babies grow so fast that a month shows: length, weight and head are all a place or two too low in the first weeks, and
climb together to their own line within the year. No illness does that. So the same measures are read twice, with
the date on the card and with each date a slip of the pen away, and the two readings' likelihoods are compared.

The question is asked when it arises, not again at each visit that follows.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from siposyandu.growth.guard.measured import Child, Visit, age_days
from siposyandu.growth.guard.readings import LAST_DAY, series
from siposyandu.growth.guard.tracks import track

WEIGHTS = {"lhfa": 1.0, "wfa": 0.6, "hcfa": 0.8}
"""How much each index counts: they rise and fall together in part, so less than three independent witnesses."""
ASK_FROM, ASK_FAR_FROM, FAR_DAYS = 1.5, 2.5, 183
"""Logarithm of how many times likelier the other date makes the measures. A child that is merely tall or short looks half
a year or more older or younger, so more is asked for there; a month shows in how it grows."""
FIRST_VISITS = 8
"""The first months tell what there is to tell; later visits hardly add."""


def likelier(child: Child, past: Sequence[Visit], new: Visit) -> date | None:
    """Return the birth date that the measures fit far better, when the new visit is the first to show it."""
    if len(past) > FIRST_VISITS:
        return None
    found = likeliest(child, [*past, new])
    shown_before = found and any(likeliest(child, past[:count]) for count in range(1, len(past) + 1))
    return None if shown_before else found


def likeliest(child: Child, visits: Sequence[Visit]) -> date | None:
    """Return the birth date a slip away that the measures fit far better, None where the card's is as likely."""
    on_card = _likelihood(child, visits)
    found = []
    for other in slips(child.birth_date):
        if _possible(other, visits):
            evidence = _likelihood(child._replace(birth_date=other), visits) - on_card
            far = abs((other - child.birth_date).days) > FAR_DAYS
            if evidence > (ASK_FAR_FROM if far else ASK_FROM):
                found.append((evidence, other))
    return max(found)[1] if found else None


def _possible(birth_date: date, visits: Sequence[Visit]) -> bool:
    return age_days(birth_date, visits[0]) >= 0 and age_days(birth_date, visits[-1]) <= LAST_DAY


def _likelihood(child: Child, visits: Sequence[Visit]) -> float:
    return sum(
        weight * track(index, series(index, child, visits)).likelihood for index, weight in WEIGHTS.items()
    )


def slips(birth_date: date) -> Iterator[date]:
    """Yield the dates a slip of the pen away: the month or the year by one, day and month exchanged.

    >>> [str(day) for day in slips(date(2025, 3, 8))]
    ['2025-02-08', '2025-04-08', '2024-03-08', '2026-03-08', '2025-08-03']
    """
    year, month, day = birth_date.year, birth_date.month, birth_date.day
    for by in (-1, 1):
        yield _existing(year + (month + by - 1) // 12, (month + by - 1) % 12 + 1, day)
    for by in (-1, 1):
        yield _existing(year + by, month, day)
    if day <= 12 and day != month:
        yield date(year, day, month)


def _existing(year: int, month: int, day: int) -> date:
    """Return the day, or the last of the month where the month is shorter."""
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day, last))
