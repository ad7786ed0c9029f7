"""News of laptops, in words: restored, copied, a rank its worker does not hold; each waits until a keeper has seen it."""

from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from forms import Sentence
from siposyandu.i18n import N_
from siposyandu.office import laptops_of, news
from siposyandu.periods import instant_text
from siposyandu.store import Store
from siposyandu.web import sessions
from siposyandu.web.difference_words import moment
from siposyandu.web.keep import kept
from siposyandu.web.sessions import needs_worker

pages = Blueprint("laptop_news", __name__)

TITLES = {
    "succeeded": N_("The laptop goes on as a new one"),
    "fork": N_("Two machines have written as one laptop"),
    "restored": N_("The province's database was put back to an older day"),
    "rank": N_("Somebody wrote with a rank she does not hold"),
    "many_lanes": N_("A laptop asks again and again to begin anew"),
    "revoked_again": N_("A laptop that had been shut out was shut out again"),
}
SUCCEEDED = {
    "restored": N_(
        "An older copy of its database was put back. Nothing was lost; the work goes on by itself."
    ),
    "fork": N_(
        "Its disk was copied to a second machine, or an old copy was put back. Both go on by themselves. Ask who has the other."
    ),
    "behind": N_(
        "An older copy of its database was put back. What the province has comes back to it by itself."
    ),
    "closed": N_("It was replaced, but somebody has used it since. What it wrote was taken."),
}
ABOUT = {
    "fork": N_("Ask which of the two is the posyandu's. Both keep everything they have written."),
    "restored": N_(
        "The laptops send again by themselves what the province has forgotten. Look at it again in a few days."
    ),
    "rank": N_(
        "{name} has another role in the list of workers. Her word weighs as that role does. Correct the list if it is wrong."
    ),
    "many_lanes": N_(
        "It has gone on as a new laptop so often today that it may do so again only tomorrow. What it wrote is safe on it."
        " If nobody copies it or puts it back, somebody else may have its key: shut it out."
    ),
    "revoked_again": N_(
        "The province had forgotten it after its restore; a list that travelled with the bundles said so."
    ),
}
OTHER = N_("Ask an engineer what “{kind}” means.")


class Item(NamedTuple):
    """One piece of news: what happened, what it means, which laptop, when, and its number."""

    title: str
    about: Sentence
    laptop: str
    url: str
    at: str
    number: int


@pages.get("/kabar-laptop")
@needs_worker
def listed() -> str:
    """List what a keeper has not seen yet."""
    register = kept()
    return render_template(
        "laptop_news.html",
        items=[_item(sessions.store(), row) for row in news.waiting(sessions.store(), register.who)],
    )


@pages.post("/kabar-laptop/<int:number>")
@needs_worker
def seen(number: int) -> Response:
    """Say that a piece of news was seen; it leaves the list."""
    register = kept()
    news.seen(sessions.store(), register.who, number, instant_text(sessions.now()))
    return redirect("/kabar-laptop")


def _item(store: Store, row: dict[str, Any]) -> Item:
    kind = row["kind"]
    name = f"{row['label']} ({laptops_of.mark(row['lane'])})" if row["label"] else ""
    goes_on_in = store.value(
        """select l.lane from devices d join lanes l using (lane_no)
        where d.succeeds_no = (select lane_no from lanes where lane = $1) order by d.lane_no desc limit 1""",
        row["lane"],
    )
    url = f"/kelola/laptop/{goes_on_in or row['lane']}" if row["label"] else ""
    return Item(
        TITLES.get(kind, N_("News")),
        _about(store, row),
        name,
        url,
        moment(row["noticed_at"]),
        row["notice_no"],
    )


def _about(store: Store, row: dict[str, Any]) -> Sentence:
    kind, detail = row["kind"], row["detail"]
    if kind == "succeeded":
        return Sentence(SUCCEEDED.get(detail, SUCCEEDED["restored"]))
    if kind == "rank":
        return Sentence(
            ABOUT["rank"], name=str(store.value("select name from worker where id = $1", detail) or "?")
        )
    return Sentence(ABOUT[kind]) if kind in ABOUT else Sentence(OTHER, kind=kind)
