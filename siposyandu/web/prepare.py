"""Before the posyandu day: who is expected, what to look out for in each child, what to bring, and whom to remind."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from flask import Blueprint, render_template, request

from forms.balita import VACCINES as VACCINE_OPTIONS
from siposyandu import due, places
from siposyandu.due import Due
from siposyandu.i18n import N_, gettext
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.web import day, reminding, sessions
from siposyandu.web.day import Asked
from siposyandu.web.marks import AWAY_LAST_MONTH, Mark
from siposyandu.web.sessions import needs_worker, signed_in
from siposyandu.web.skdn import by_dusun
from siposyandu.web.today import Expected, expected, last_days

pages = Blueprint("prepare", __name__)

PLACE_LONGEST = 100
# Of an older child, or one with more doses open, the paper knows more than we do: the health worker looks once.
NAMED_AT_MOST, NAMED_UNTIL_MONTHS = 4, 24
VACCINES = {option.code: option.label for option in VACCINE_OPTIONS}
CAPSULES = {"blue": N_("vitamin A blue"), "red": N_("vitamin A red")}
WORM_MEDICINE = N_("worm medicine")
NOT_COMPLETE = Mark(None, N_("vaccines: see the book"))


@pages.get("/hari-ini/sebelum")
@needs_worker
def prepare() -> tuple[str, int]:
    """Show the children of the coming day with the reasons to look at each."""
    who, store = signed_in(), sessions.store()
    posyandu_id = day.children_at_hand(who)
    posyandu = places.posyandu(store, posyandu_id)
    asked = day_asked(store, posyandu_id)
    on = asked.on
    place = request.args.get("tempat", "").strip()[:PLACE_LONGEST] or f"Posyandu {posyandu['name']}"
    children = still_to_come(expected(store, posyandu_id, on), Month.of(on))
    dues = dues_of(store, on, children)
    groups = by_dusun([with_due(child, dues[child.id]) for child in children])
    page = render_template(
        "prepare.html",
        day=on,
        asked=asked,
        place=place,
        posyandu=posyandu,
        choices=day.posyandu_of(who),
        groups=groups,
        count=len(children),
        to_bring=to_bring(dues.values()),
        message=reminding.message(gettext("Come to the posyandu"), place, on, groups),
    )
    return page, asked.status


def still_to_come(children: Sequence[Expected], month: Month) -> list[Expected]:
    """Return who was not weighed in the month yet; where the month before had no posyandu day, nobody was away from it."""
    before = str(month.previous)
    held = any(child.last and child.last["visit_date"] >= before for child in children)
    waiting = [child for child in children if not child.came]
    return waiting if held else [replace(child, marks=_without_away(child)) for child in waiting]


def _without_away(child: Expected) -> list[Mark]:
    return [mark for mark in child.marks if mark != AWAY_LAST_MONTH]


def dues_of(store: Store, on: date, children: Sequence[Expected]) -> dict[str, Due]:
    """Return what each child is due for on the day."""
    births = {child.id: date.fromisoformat(child.birth_date) for child in children}
    visits = due.services(store, births, on)
    return {child: due.on_day(birth, on, visits.get(child, ())) for child, birth in births.items()}


def with_due(child: Expected, what: Due) -> Expected:
    """Return the child with what is due beside what her last weighing says."""
    words = [VACCINES[code] for code in what.vaccines]
    few = child.age_months < NAMED_UNTIL_MONTHS and len(words) <= NAMED_AT_MOST
    doses = [Mark(None, each) for each in words] if few or not words else [NOT_COMPLETE]
    others = [
        *([CAPSULES[what.capsule]] if what.capsule else []),
        *([WORM_MEDICINE] if what.deworming else []),
    ]
    return replace(child, marks=[*child.marks, *doses, *(Mark(None, each) for each in others)])


def to_bring(dues: Iterable[Due]) -> list[tuple[str, int]]:
    """Return how many capsules of each colour and how many worm tablets the day needs, as words and count."""
    counted: Counter[str] = Counter()
    for what in dues:
        counted.update([CAPSULES[what.capsule]] if what.capsule else [])
        counted.update([WORM_MEDICINE] if what.deworming else [])
    return [(words, counted[words]) for words in (*CAPSULES.values(), WORM_MEDICINE) if counted[words]]


def coming(weighed_on: Sequence[date], today: date) -> date:
    """Propose the coming day: the weekday and week of the last posyandu day, a month on; never before today.

    The last posyandu day is the one on which most children of its month were last weighed.

    >>> coming([date(2026, 8, 10), date(2026, 8, 10), date(2026, 8, 14)], date(2026, 8, 20))
    datetime.date(2026, 9, 14)
    """
    if not weighed_on:
        return today
    latest = Month.of(max(weighed_on))
    [(last, _)] = Counter(sorted(each for each in weighed_on if Month.of(each) == latest)).most_common(1)
    return max(today, _same_weekday(last, latest.next))


def _same_weekday(last: date, month: Month) -> date:
    """The second Monday stays the second Monday; a fifth one that a month has not is its last."""
    to_weekday = (last.weekday() - month.first.weekday()) % 7
    found = month.first + timedelta(days=to_weekday, weeks=(last.day - 1) // 7)
    return found if found <= month.last else found - timedelta(weeks=1)


def day_asked(store: Store, posyandu_id: str) -> Asked:
    """Return the day of the address, else the coming one as it is proposed; with what is wrong where a word is no day."""
    typed = request.args.get("tanggal", "").strip()
    try:
        on = day.believable(typed)
        return Asked(on, on)
    except ValueError:
        today = day.at_hand()
        proposed = coming(last_days(store, posyandu_id, Month.of(today)), today)
        return Asked(proposed, typed, (day.NO_SUCH_DATE,)) if typed else Asked(proposed, proposed)
