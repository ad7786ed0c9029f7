"""The month's SKDN: who is registered (S), has a book (K), came (D), gained (N); the figures behind it and who is missing."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from markupsafe import Markup

from forms import Sentence
from siposyandu import access, indicators, places
from siposyandu.access import Worker
from siposyandu.errors import NotFound
from siposyandu.exports.skdn import RATES
from siposyandu.growth.classify import ACT, URGENT
from siposyandu.i18n import N_, gettext
from siposyandu.periods import Month
from siposyandu.tally import LETTERS
from siposyandu.web import bars, day, sessions
from siposyandu.web.bars import Bar, Group
from siposyandu.web.sessions import needs_worker, signed_in
from siposyandu.web.today import Expected, expected

pages = Blueprint("skdn", __name__)

CHOICES_AT_MOST = 100

CHECKS = (
    (
        N_("D = N + T + O + B: {d} = {n} + {t} + {o} + {b}"),
        N_("A weighing has none of the letters. Look at the date and weight of the children weighed."),
    ),
    (
        N_("D is not more than S: {d} of {s}"),
        N_("A child was weighed who is not on this list. Look where she is registered."),
    ),
    (
        N_("2T is not more than T: {two_t} of {t}"),
        N_("Look at the last two weights of the children with 2T."),
    ),
    (
        N_("BGM is not more than D: {bgm} of {d}"),
        N_("Look at the date of weighing of the children below the red line."),
    ),
)


class Check(NamedTuple):
    """One thing that must hold between the figures, whether it does, and where to look when it does not."""

    holds: bool
    sentence: Sentence
    todo: str


@pages.get("/skdn")
@needs_worker
def skdn() -> str:
    """Show one posyandu's month."""
    who, store = signed_in(), sessions.store()
    posyandu_id, month = day.posyandu_at_hand(who), _month()
    counted = indicators.totals(store, posyandu_id, month)
    choices = day.posyandu_of(who)
    return render_template(
        "skdn.html",
        month=month,
        this_month=Month.of(day.at_hand()),
        posyandu=places.posyandu(store, posyandu_id),
        choices=choices if len(choices) <= CHOICES_AT_MOST else [],
        counts=counted.counts,
        letters=LETTERS,
        rates=[(name, indicators.figure(rate, counted, with_interval=False)) for name, rate in RATES],
        checks=checks(counted.counts),
        picture=picture(counted.counts),
        missing=_missing(who, posyandu_id, month),
    )


def _month() -> Month:
    asked = request.args.get("bulan")
    try:
        return Month.parse(asked) if asked else Month.of(day.at_hand())
    except ValueError as fault:
        raise NotFound(f"no month {asked}") from fault


def picture(counts: Mapping[str, int]) -> Markup:
    """Draw the bars: S, K, D out of the registered; N, T, O, B and the two warnings out of those weighed."""
    registered = [Bar("S", counts["s"]), Bar("K", counts["k"]), Bar("D", counts["d"])]
    weighed = [Bar("N", counts["n"]), Bar("T", counts["t"]), Bar("O", counts["o"]), Bar("B", counts["b"])]
    warned = [Bar("BGM", counts["bgm"], URGENT), Bar("2T", counts["two_t"], ACT)]
    groups = [Group(counts["s"], registered), Group(counts["d"], weighed), Group(counts["d"], warned)]
    return bars.draw(groups, gettext("Bars of SKDN; the same figures stand in the table."))


def checks(counts: Mapping[str, int]) -> list[Check]:
    """Check the month's figures against each other, as the form asks before it is signed."""
    parts = counts["n"] + counts["t"] + counts["o"] + counts["b"]
    shown = {name: counts[name] for name in ("s", "d", "n", "t", "o", "b", "bgm", "two_t")}
    held = (
        counts["d"] == parts,
        counts["d"] <= counts["s"],
        counts["two_t"] <= counts["t"],
        counts["bgm"] <= counts["d"],
    )
    return [
        Check(holds, Sentence(words, **shown), todo)
        for holds, (words, todo) in zip(held, CHECKS, strict=True)
    ]


def away_check(counts: Mapping[str, int], away: int) -> Check:
    """Check that each child either came or stands on the list of those who did not."""
    sentence = Sentence(N_("D + not come = S: {d} + {away} = {s}"), d=counts["d"], away=away, s=counts["s"])
    todo = N_(
        "A child moved this month, or a weight does not count. Look at who moved and at the weighing days."
    )
    return Check(counts["d"] + away == counts["s"], sentence, todo)


def _missing(who: Worker, posyandu_id: str, month: Month) -> list[tuple[str, list[Expected]]] | None:
    """Return who was not weighed, by dusun; None for a worker who may see counts only."""
    store = sessions.store()
    if not access.may_view_people(store, who, posyandu_id):
        return None
    return by_dusun([child for child in expected(store, posyandu_id, month.last) if not child.came])


def by_dusun(children: Sequence[Expected]) -> list[tuple[str, list[Expected]]]:
    """Group children by dusun, by name; those without one come last."""
    groups: dict[str, list[Any]] = {}
    for child in children:
        groups.setdefault(child.dusun or "", []).append(child)
    return sorted(groups.items(), key=lambda group: (not group[0], group[0].lower()))
