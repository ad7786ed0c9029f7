"""The laptop: the true state of sending, the button "send now", and joining a new laptop to the province."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from siposyandu import as_laptop
from siposyandu.errors import NotFound
from siposyandu.i18n import N_, gettext
from siposyandu.store import Store
from siposyandu.web import sending, sessions, titipan
from siposyandu.web.sessions import needs_worker
from sync.status import status

pages = Blueprint("laptop", __name__)

WAITING_SHOWN = 12


@pages.get("/laptop")
@needs_worker
def state() -> str:
    """Show what the province has received, what waits, and what to do if sending has stopped."""
    only_where_sent()
    said, door = _state(), sessions.instance().door
    given_away = None if said["may_join"] else titipan.panel()
    return render_template("laptop.html", titipan=given_away, **said, door=door)


@pages.get("/laptop/keadaan")
@needs_worker
def state_alone() -> str:
    """Return the state alone, for the page that is looked at to fetch it again."""
    only_where_sent()
    return render_template("laptop_state.html", **_state())


@pages.get("/laptop/baris")
@needs_worker
def line_alone() -> str:
    """Return the sending line alone, for the foot of a page that stays open."""
    return render_template("sync_line.html")


@pages.post("/laptop/kirim")
@needs_worker
def send_now() -> Response:
    """Ask the sending job to run; the page never waits for the network."""
    only_where_sent()
    sessions.instance().ask_to_send()
    flash(gettext(N_("Sending is tried now. You can go on working.")))
    return redirect("/laptop")


def _state() -> dict[str, Any]:
    store, now = sessions.store(), sessions.now()
    found, may_join = status(store), as_laptop.must_join_again(store)
    stopped = sending.NOT_JOINED if may_join else sending.trouble(found)
    return {
        "status": found,
        "may_join": may_join,
        "told": sending.told(found, now),
        "trouble": sending.DISK if sending.disk_is_full() else stopped,
        "waiting": waiting(store),
        "clock": sending.clock(found.clock_offset_s),
        "moment": lambda instant: sending.moment(instant, now),
    }


def waiting(store: Store) -> list[dict[str, Any]]:
    """Return the newest records that the province has not received: the child's name and, of a weighing, its date."""
    return store.rows(
        """select waiting.entity, coalesce(child.name, person.name) as name, balita.visit_date,
            home_visit.visit_date as home_visit_date, referral_return.returned_date
        from (
            select e.entity, max(e.n) as newest from edits e
            where e.lane_no = (select lane_no from sync_self where id = 1)
                and e.seq > coalesce((select max(ack) from sync_upstream), 0)
            group by e.entity order by newest desc limit $1) as waiting
        left join person on person.id = waiting.entity
        left join balita on balita.id = waiting.entity
        left join home_visit on home_visit.id = waiting.entity
        left join referral_return on referral_return.id = waiting.entity
        left join person child on child.id = coalesce(balita.person, home_visit.person, referral_return.person)
        order by waiting.newest desc""",
        WAITING_SHOWN,
    )


def only_where_sent() -> None:
    """Refuse (NotFound) the pages of a laptop at the province."""
    if sessions.instance().config.is_province:
        raise NotFound("nothing is sent further from here")
