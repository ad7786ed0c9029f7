"""The few words beside a child's name in a list: what to look out for, each with a severity 0 (good) to 3 (urgent)."""

from typing import Any, NamedTuple

from siposyandu.growth.classify import ACT, GOOD, URGENT, WATCH
from siposyandu.i18n import N_
from siposyandu.periods import Month

Row = dict[str, Any]


class Mark(NamedTuple):
    """A severity (None: a fact without a judgement) and its words."""

    severity: int | None
    words: str


FIRST_TIME = Mark(None, N_("new: never weighed"))
AWAY_LAST_MONTH = Mark(None, N_("away last month"))
MISSED_TWICE = Mark(ACT, N_("not come twice running"))
SEVERE = Mark(URGENT, N_("severely malnourished: refer"))
BELOW_RED_LINE = Mark(URGENT, N_("BGM: below the red line"))
TWICE = Mark(ACT, N_("2T: twice no gain"))
NO_GAIN = Mark(WATCH, N_("T: no gain"))
GAIN = Mark(GOOD, N_("N: gained"))
FIRST_WEIGHING = Mark(None, N_("B: first weighing"))
NOT_LAST_MONTH = Mark(None, N_("O: not weighed last month"))

GAINS = {"N": GAIN, "T": NO_GAIN, "B": FIRST_WEIGHING, "O": NOT_LAST_MONTH}


def before_weighing(last: Row | None, month: Month) -> list[Mark]:
    """Say what to look out for in a child who has not come yet, from her last weighing."""
    if last is None:
        return [FIRST_TIME]
    away = [AWAY_LAST_MONTH] if last["visit_date"] < month.previous.first.isoformat() else []
    return [*_warnings(last), *([NO_GAIN] if last["gain"] == "T" and not last["two_t"] else []), *away]


def after_weighing(last: Row) -> list[Mark]:
    """Say how this month's weighing came out."""
    gain = GAINS.get(last["gain"])
    return [*([gain] if gain and not last["two_t"] else []), *_warnings(last)]


def _warnings(last: Row) -> list[Mark]:
    found = (
        (last["severe_malnutrition"], SEVERE),
        (last["below_red_line"], BELOW_RED_LINE),
        (last["two_t"], TWICE),
    )
    return [mark for holds, mark in found if holds]
