"""The day at hand: at which posyandu, and which date; a laptop's clock may be a year off, the kader is asked once.

The date proposed is the latest of three: the last date the province told, the last visit written here, and the laptop's
own date, unless that one lies before the others or so far after them that the clock must be wrong (PROTOCOL.md 3.12).
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import request

from forms.dates import read_date
from siposyandu import access, places
from siposyandu.access import Worker
from siposyandu.errors import NotAllowed
from siposyandu.i18n import N_
from siposyandu.periods import local_date, parse_instant
from siposyandu.store import Store
from siposyandu.web import sessions

Row = dict[str, Any]

# A laptop without a signal may sleep from one posyandu day to the one after next; a longer leap is a wrong clock.
CLOCK_AHEAD_AT_MOST = timedelta(days=92)
# A year outside was mistyped: a date once saved too late would be proposed to everybody from then on.
YEARS = range(2000, 2100)
NO_SUCH_DATE = N_("Write the date as it stands on the calendar, for example 3-12-2026.")


def propose(device: date, *known: date | None) -> date:
    """Return the date to propose, from the laptop's own date and the dates that are known to have been reached.

    >>> propose(date(2026, 8, 3), date(2026, 7, 6), None)
    datetime.date(2026, 8, 3)
    >>> propose(date(2027, 8, 3), date(2026, 7, 6)), propose(date(2016, 1, 1), date(2026, 7, 6))
    (datetime.date(2026, 7, 6), datetime.date(2026, 7, 6))
    """
    reached = max((day for day in known if day is not None), default=device)
    return device if reached <= device <= reached + CLOCK_AHEAD_AT_MOST else reached


class Asked(NamedTuple):
    """The day that a page shows, what its field of the day holds, and what is wrong with that where it is no day."""

    on: date
    typed: date | str
    errors: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """How the page is answered: with 400 where what was typed is no day."""
        return 400 if self.errors else 200


def believable(typed: str) -> date:
    """Read the date of a posyandu day as a form's date is read, 3-8-2026 or 2026-08-03.

    ValueError for none and for a year nobody means.
    """
    chosen = read_date(typed)
    if chosen is None or chosen.year not in YEARS:
        raise ValueError(typed)
    return chosen


def proposed() -> date:
    """Return the date this machine proposes for the visits of today."""
    if sessions.instance().config.is_province:
        return sessions.today()  # the server's clock is kept by its administrator
    store = sessions.store()
    return propose(sessions.today(), _told_by_province(store), _last_visit(store))


def at_hand() -> date:
    """Return the date for visits and lists: the one the worker confirmed, else the proposed one."""
    return sessions.day() or proposed()


def posyandu_of(who: Worker) -> list[Row]:
    """Return the posyandu of a worker's area whose records live on this machine, by desa and name."""
    store, config = sessions.store(), sessions.instance().config
    hers = places.within(store, who.area)
    if config.is_province:
        return hers
    here = {row["id"] for row in places.within(store, config.area)}
    return [row for row in hers if row["id"] in here]


def posyandu_at_hand(who: Worker) -> str:
    """Return the posyandu whose day it is: the one asked for in the address or the form, else the first of hers.

    NotAllowed for one outside her area, and where her area has none.
    """
    hers = [str(row["id"]) for row in posyandu_of(who)]
    asked = request.values.get("posyandu")
    if asked and asked not in hers:
        raise NotAllowed(N_("This posyandu is not in your area."))
    if not hers:
        raise NotAllowed(N_("There is no posyandu in your area yet."))
    return asked or hers[0]


def children_at_hand(who: Worker) -> str:
    """Return the posyandu whose day it is, as `posyandu_at_hand`, for a page that names its children. NotAllowed."""
    posyandu_id = posyandu_at_hand(who)
    access.require(
        access.may_view_people(sessions.store(), who, posyandu_id), "see the children of this posyandu"
    )
    return posyandu_id


def _told_by_province(store: Store) -> date | None:
    told = store.value("select max(acknowledged_at) from sync_upstream")
    return local_date(parse_instant(told)) if told else None


def _last_visit(store: Store) -> date | None:
    """Return the last day written here, posyandu by posyandu: so the index finds it, instead of five years being read."""
    last = store.value(
        """select max(day) from (select (select visit_date from balita where posyandu = p.id and retracted = 0
            and date_doubt is null order by visit_date desc limit 1) as day from posyandu p) as last"""
    )
    return date.fromisoformat(last) if last else None
