"""What followed a child's weighings, for her page: visits to her home and how her referrals ended, in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from forms import BY_NAME, Form
from siposyandu import home_visits, referrals
from siposyandu.i18n import gettext as _
from siposyandu.web import beside, referral, sessions
from siposyandu.web.in_words import spoken

HOME_VISIT, RETURN = BY_NAME["home_visit"], BY_NAME["referral_return"]

Row = dict[str, Any]


def of_child(person: Row, on: date) -> Row:
    """Return what her page shows of home visits and referrals, as far as the reader may know."""
    store = sessions.store()
    still_open = referrals.of_child(store, person, on)
    return {
        "home_visits": [_visit(row) for row in home_visits.of_child(store, person["id"])],
        "referral": still_open,
        "referral_place": referral.place_words(still_open.visit["referral"]) if still_open else "",
        "referral_late": bool(still_open and still_open.late(on)),
        "answers": [_answer(row) for row in referrals.answers(store, person["id"])[::-1]],
    }


def _visit(row: Row) -> Row:
    told = ("baby_signs", "danger_signs", "tb_signs", "problems", "agreed", "advice", "note")
    return {
        **row,
        "reason": _in_words(HOME_VISIT, "reason", row),
        "met": _in_words(HOME_VISIT, "met", row),
        "found": _labelled(HOME_VISIT, told, row),
    }


def _answer(row: Row) -> Row:
    return {
        **row,
        "place": referral.place_words(row["referral"]),
        "came_to": _in_words(RETURN, "came_to", row),
        "said": _labelled(RETURN, ("went_date", "found", "treatment", "follow_up"), row),
    }


def _labelled(form: Form, names: Iterable[str], row: Row) -> list[str]:
    """Return the answers that were given and may be read, each behind its question."""
    hers = beside.may_read(form, row)
    return [
        f"{_(form.by_name[name].label)}: {_in_words(form, name, row)}" for name in names if hers.get(name)
    ]


def _in_words(form: Form, name: str, row: Row) -> str:
    return spoken(sessions.store(), form.by_name[name], row[name])
