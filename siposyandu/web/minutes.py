"""The minutes of a posyandu day on one sheet of paper: who was there, the month's SKDN, what was done, what was agreed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request

from forms.balita import REFERRALS, VACCINES
from siposyandu import day_counts, indicators, opened_days, places
from siposyandu.day_counts import DayCounts
from siposyandu.errors import NotFound
from siposyandu.i18n import N_
from siposyandu.indicators import Figure, Totals, ds, nd
from siposyandu.opened_days import FORM
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.tally import LETTERS
from siposyandu.web import day, session_fields, sessions, sheets, skdn
from siposyandu.web.session_fields import Present
from siposyandu.web.sessions import needs_worker, signed_in
from siposyandu.web.today import expected

pages = Blueprint("minutes", __name__)

EARLIER_DAYS = 12
SEX_LETTERS = {"m": "L", "f": "P"}
TOGETHER = "L+P"
DAY_LETTERS = (day_counts.WEIGHED, *day_counts.LETTERS, day_counts.TWICE, day_counts.BELOW)
DEED_WORDS = {
    "vitamin_a": N_("Vitamin A capsule"),
    "deworming": N_("Worm medicine"),
    "local_food": N_("Local food supplement (PMT)"),
}

Row = dict[str, Any]


class MonthLine(NamedTuple):
    """Boys, girls or both in the month: the counts in the order of their letters, D/S and N/D'."""

    letter: str
    counts: list[int]
    coverage: Figure
    gained: Figure


class There(NamedTuple):
    """Who was present, by name: kader, and those of the health service."""

    kader: list[str]
    health_workers: list[str]


@pages.get("/hari-ini/notulen")
@needs_worker
def minutes() -> str:
    """Show the minutes of a day: of the one at hand, or of an earlier one."""
    who, store, on = signed_in(), sessions.store(), _day()
    posyandu_id = day.children_at_hand(who)
    opened = opened_days.of_day(store, posyandu_id, on) or dict.fromkeys(FORM.by_column)
    done = day_counts.of_day(store, posyandu_id, on)
    return render_template(
        "minutes.html",
        day=on,
        month=Month.of(on),
        place=sheets.place(posyandu_id),
        puskesmas=_puskesmas(store, posyandu_id),
        opened=opened,
        there=there(session_fields.present(store, posyandu_id, _ids(opened)), opened),
        letters=[letter for _, letter, _ in LETTERS],
        lines=month_lines(store, posyandu_id, Month.of(on)),
        day_letters=DAY_LETTERS,
        day_lines=day_lines(done),
        given=[(words, done.given[deed]) for deed, words in DEED_WORDS.items()],
        done=done,
        vaccines=_in_words(done.vaccines, VACCINES),
        referred=_in_words(done.referred, REFERRALS),
        away=away_by_dusun(store, posyandu_id, on),
        earlier=[
            each for each in opened_days.dates(store, posyandu_id, EARLIER_DAYS) if each != on.isoformat()
        ],
        choices=day.posyandu_of(who),
        may_change=on == day.at_hand(),
    )


def month_lines(store: Store, posyandu_id: str, month: Month) -> list[MonthLine]:
    """Return the month's counts of boys, girls and both, as the SKDN page has them."""
    by_sex = indicators.split(store, posyandu_id, month, "sex")
    nobody = Totals(dict.fromkeys((column for column, _, _ in LETTERS), 0), 1, 0)
    parts = [(letter, by_sex.get(sex, nobody)) for sex, letter in SEX_LETTERS.items()]
    whole = indicators.totals(store, posyandu_id, month)
    return [_line(letter, counted) for letter, counted in (*parts, (TOGETHER, whole))]


def _line(letter: str, counted: Totals) -> MonthLine:
    counts = [counted.counts[column] for column, _, _ in LETTERS]
    coverage, gained = (indicators.figure(each, counted, with_interval=False) for each in (ds, nd))
    return MonthLine(letter, counts, coverage, gained)


def day_lines(done: DayCounts) -> list[tuple[str, list[int]]]:
    """Return how the weighings of the day came out, for boys, girls and both."""
    parts: list[tuple[str, Counter[str]]] = [
        (letter, done.weighed[sex]) for sex, letter in SEX_LETTERS.items()
    ]
    return [
        (words, [counts[each] for each in DAY_LETTERS])
        for words, counts in (*parts, (TOGETHER, done.together))
    ]


def there(present: Sequence[Present], opened: Mapping[str, Any]) -> There:
    """Return the names of those who were present; a role in words is what the health service has and kader have not."""
    ticked = [each for each in present if each.ticked]
    return There(
        [*(each.name for each in ticked if not each.role), *_names(opened["others_present"])],
        [*(each.name for each in ticked if each.role), *_names(opened["health_workers_present"])],
    )


def away_by_dusun(store: Store, posyandu_id: str, on: date) -> list[tuple[str, int]]:
    """Return how many children of each dusun have not come this month."""
    away = [child for child in expected(store, posyandu_id, on) if not child.came]
    return [(dusun, len(children)) for dusun, children in skdn.by_dusun(away)]


def _in_words(counted: Sequence[tuple[str, int]], options: Sequence[Any]) -> list[tuple[str, int]]:
    words = {option.code: option.label for option in options}
    return [(words[code], count) for code, count in counted]


def _names(said: str | None) -> list[str]:
    return [name.strip() for name in (said or "").split(",") if name.strip()]


def _ids(opened: Mapping[str, Any]) -> list[str]:
    return _names(opened["workers_present"])


def _puskesmas(store: Store, posyandu_id: str) -> str:
    served = places.posyandu(store, posyandu_id)["puskesmas"]
    return str(store.value("select name from puskesmas where id = $1", served) or "") if served else ""


def _day() -> date:
    asked = request.args.get("tanggal")
    try:
        return day.believable(asked) if asked else day.at_hand()
    except ValueError as fault:
        raise NotFound(f"no day {asked}") from fault
