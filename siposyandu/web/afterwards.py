"""After the posyandu day: do the month's figures agree, and who has not come (the sweeping list), the most urgent first."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, render_template

from siposyandu import indicators, places, referrals
from siposyandu.i18n import gettext, month_long
from siposyandu.periods import Month
from siposyandu.tally import LETTERS
from siposyandu.web import day, home_visit, marks, reminding, sessions
from siposyandu.web.sessions import needs_worker, signed_in
from siposyandu.web.skdn import away_check, by_dusun, checks, picture
from siposyandu.web.today import Expected, expected

pages = Blueprint("afterwards", __name__)


@pages.get("/hari-ini/sesudah")
@needs_worker
def afterwards() -> str:
    """Show the month so far and the sweeping list."""
    who, store, on = signed_in(), sessions.store(), day.at_hand()
    posyandu_id, month = day.children_at_hand(who), Month.of(on)
    posyandu = places.posyandu(store, posyandu_id)
    counts = indicators.totals(store, posyandu_id, month).counts
    children = expected(store, posyandu_id, on)
    homes = home_visit.since_session(store, posyandu_id, on, children)
    groups = [
        (dusun, [home_visit.with_home(child, homes) for child in found])
        for dusun, found in sweeping(children, month)
    ]
    away = sum(len(found) for _, found in groups)
    title = gettext("Not yet weighed in %(month)s") % {"month": month_long(str(month))}
    return render_template(
        "afterwards.html",
        day=on,
        month=month,
        posyandu=posyandu,
        choices=day.posyandu_of(who),
        # Before the first weighing there is nothing to check; the month may not even be opened yet (jobs.roll).
        begun=counts["d"] > 0 or away < len(children),
        letters=[(letter, words, counts[column]) for column, letter, words in LETTERS],
        checks=[*checks(counts), away_check(counts, away)],
        picture=picture(counts),
        groups=groups,
        count=away,
        visited=sum(child.home is not None for _, found in groups for child in found),
        referred=len(referrals.open_at(store, [posyandu_id], on)),
        message=reminding.message(title, f"Posyandu {posyandu['name']}", None, groups),
    )


def sweeping(children: Sequence[Expected], month: Month) -> list[tuple[str, list[Expected]]]:
    """Return who has not come, by dusun, in each the most urgent first."""
    away = [hurried(child, month) for child in children if not child.came]
    return by_dusun(sorted(away, key=_most_urgent_first))


def hurried(child: Expected, month: Month) -> Expected:
    """Return the child with her reason to hurry: who was away last month too has now missed twice.

    So has who was never weighed, though she belonged here all of last month.
    """
    never = child.last is None and child.from_date < month.previous.first.isoformat()
    said = [marks.MISSED_TWICE if mark == marks.AWAY_LAST_MONTH else mark for mark in child.marks]
    return replace(child, marks=[*said, *([marks.MISSED_TWICE] if never else [])])


def _most_urgent_first(child: Expected) -> tuple[int, str]:
    return -max((mark.severity or 0 for mark in child.marks), default=0), child.name
