"""When is the day of a visit doubtful? The rule, by itself: a pure function of what the province knows of an edit.

1. FUTURE: the day lies more than one day after the day on which the visit came to the province. Nothing can arrive before
   it has happened.
2. CLOCK: the laptop's clock was wrong when the day was written, and the day is the wrong clock's own (within a day). Then
   nobody chose it: it was proposed, and confirmed in good faith. A day that a kader typed against her clock is hers.
   The clock was wrong when it showed a day after the arrival, or one before the laptop joined the province; or when it was
   found to be off by a day or more at the contact that brought the visit, the day that it should have shown is possible
   (after the laptop joined, not after the arrival), and is another one.
3. BIRTH: the day lies before the child was born.

One day of grace everywhere: midnight, and an evening's typing of the morning's visits. So a laptop whose clock is right is
never bothered: its clock's day lies between joining and arrival, and nothing was found at any contact. No rule depends on a
laptop's clock alone, and what is found is written as an edit: every copy then says the same.
"""

from dataclasses import dataclass
from datetime import date, timedelta

CLOCK, FUTURE, BIRTH = "clock", "future", "birth"
GRACE = timedelta(days=1)


@dataclass(frozen=True)
class Written:
    """What is known of the day of a visit.

    `clock_date` is what the laptop's clock said when it was written, `off_days` by how much that clock was found wrong at
    the contact that brought it (0: it was not), `joined_date` when the laptop joined the province (None: not a laptop's).
    """

    visit_date: date
    birth_date: date | None
    clock_date: date
    received_date: date
    joined_date: date | None = None
    off_days: int = 0


def doubt(written: Written) -> str | None:
    """Return why a visit's day is doubtful, or None.

    >>> told = Written(date(2009, 1, 3), date(2008, 5, 1), date(2009, 1, 3), date(2026, 8, 12), date(2026, 3, 1))
    >>> doubt(told), doubt(Written(date(2026, 8, 12), None, date(2009, 1, 3), date(2026, 8, 12), date(2026, 3, 1)))
    ('clock', None)
    """
    if written.visit_date > written.received_date + GRACE:
        return FUTURE
    if near(written.visit_date, written.clock_date) and _clock_was_wrong(written):
        return CLOCK
    if written.birth_date is not None and written.visit_date < written.birth_date:
        return BIRTH
    return None


def near(one: date, other: date) -> bool:
    """Whether two days are the same but for a day of grace."""
    return abs(one - other) <= GRACE


def _clock_was_wrong(written: Written) -> bool:
    if written.clock_date > written.received_date + GRACE:
        return True
    joined = written.joined_date
    if joined is not None and written.clock_date < joined - GRACE:
        return True
    should_be = written.clock_date - timedelta(days=written.off_days)
    possible = should_be <= written.received_date + GRACE and (joined is None or should_be >= joined - GRACE)
    return bool(written.off_days) and possible and not near(should_be, written.visit_date)
