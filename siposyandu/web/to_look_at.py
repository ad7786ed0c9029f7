"""To look at: everything that waits for a person, one line for each kind, with how many there are."""

from typing import NamedTuple

from flask import Blueprint, render_template

from siposyandu import access
from siposyandu.i18n import N_
from siposyandu.office import to_look_at, twins
from siposyandu.office.to_look_at import Counts
from siposyandu.web import day, sessions
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("to_look_at", __name__)


class Kind(NamedTuple):
    """One kind of what waits: its title, what it means, where its page is, and how many there are (None: not counted)."""

    title: str
    about: str
    url: str
    waiting: int | None


@pages.get("/perlu-dilihat")
@needs_worker
def show() -> str:
    """Show what there is to look at in her area."""
    at_province = sessions.instance().config.is_province
    found = to_look_at.counts(sessions.store(), signed_in(), day.at_hand(), at_province=at_province)
    kinds = [
        Kind(
            N_("Differences"),
            N_("Two people wrote different values in one field."),
            "/perbedaan",
            found.differences,
        ),
        Kind(
            N_("Waiting records"),
            N_("Records that cannot be read yet, or that came before what they belong to."),
            "/menunggu",
            found.unreadable,
        ),
        Kind(
            N_("Doubtful days"),
            N_("Visits dated by a wrong clock, or after they came. They do not count yet."),
            "/tanggal-meragukan",
            found.doubtful,
        ),
        _twice(at_province=at_province),
    ]
    if signed_in().role in access.HEALTH_WORKERS:
        kinds.append(_referrals(found))
    if at_province and access.may_keep_places(signed_in()):
        kinds += _of_laptops(found)
    return render_template("to_look_at.html", kinds=kinds)


def _referrals(found: Counts) -> Kind:
    about = N_("Children who were referred more than two weeks ago and have not been heard of.")
    return Kind(N_("Referrals not back"), about, "/rujukan", found.referrals)


def _twice(*, at_province: bool) -> Kind:
    about = N_("A child weighed twice on a day, or registered twice.")
    if at_province:  # its people are too many to be looked through for a number
        return Kind(N_("Twice"), about, "/kembar", None)
    return Kind(N_("Twice"), about, "/kembar", twins.count(sessions.store(), signed_in(), sessions.today()))


def _of_laptops(found: Counts) -> list[Kind]:
    return [
        Kind(
            N_("Quarantine"),
            N_("What a laptop sent after it was shut out."),
            "/karantina",
            found.envelopes,
        ),
        Kind(
            N_("News of laptops"),
            N_("A laptop was restored or copied, or something else you should know."),
            "/kabar-laptop",
            found.news,
        ),
    ]
