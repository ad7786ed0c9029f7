"""Where the records stand on their way: how many the province has received, since when, and what to do when it stops.

Received means acknowledged by the province, one by one, never "sent". What is not yet received is safe on this laptop.
"""

from dataclasses import dataclass
from datetime import datetime

from forms import Sentence
from siposyandu import i18n
from siposyandu.i18n import N_
from siposyandu.machine import free_bytes
from siposyandu.periods import TIME_ZONE, local_date, parse_instant
from siposyandu.web import sessions
from sync.instants import CLOCK_WRONG_S
from sync.status import Status, status

SENT, WAITING, STUCK = "sent", "waiting", "stuck"
LEAST_FREE_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True)
class Line:
    """The line in every page's foot: a state (its shape) and a sentence."""

    state: str
    line: Sentence


@dataclass(frozen=True)
class Trouble:
    """Why the last try did not succeed and what a person should do, in words; `ours` when only the puskesmas can mend it."""

    words: str
    to_do: str
    ours: bool = False


UNREACHABLE = Trouble(
    N_("There was no signal, or the connection broke off."),
    N_(
        "Nothing is lost. Bring the laptop to where there is a signal or open a phone's hotspot; it is tried again by itself."
    ),
)
BUSY = Trouble(
    N_("The province's server is busy just now."),
    N_("There is nothing to do: it is tried again by itself."),
)
CLOCK = Trouble(
    N_("This laptop's clock is wrong, so no safe connection could be made."),
    N_("Set the day and the time by a phone, then press again. Nothing is lost."),
)
REFUSED = Trouble(
    N_("The province did not accept this laptop's records."),
    N_("Go on weighing: everything is kept here. Call the puskesmas and read them the word below."),
    ours=True,
)
DISK = Trouble(
    N_("The disk of this laptop is almost full."),
    N_(
        "Delete films and pictures that nobody needs and empty the waste bin. Until there is room nothing new can be saved;"
        " what was saved stays."
    ),
)
REVOKED = Trouble(
    N_("The puskesmas has shut this laptop out. It sends nothing any more."),
    N_("What is on it stays on it. Call the puskesmas: they know whether it was a mistake."),
    ours=True,
)
NOT_JOINED = Trouble(
    N_("This laptop is not joined to the province any more, so it sends nothing."),
    N_(
        "Go on weighing: everything is kept here. Ask the puskesmas for a letter with a new code, then press Join the province."
    ),
)
TROUBLES = {
    "revoked": REVOKED,
    "unreachable": UNREACHABLE,
    "try_again": UNREACHABLE,
    "busy": BUSY,
    "clock": CLOCK,
}


def line() -> Line | None:
    """Return the sending line of this place; None where nothing is sent further."""
    if sessions.instance().config.is_province or sessions.instance().config.is_practice:
        return None
    if disk_is_full():
        return Line(STUCK, Sentence(N_("the disk is almost full: make room now, look here")))
    return told(status(sessions.store()), sessions.now())


def disk_is_full() -> bool:
    """Whether so little room is left on this laptop's disk that saving may fail soon."""
    return free_bytes(sessions.instance().config.folder) < LEAST_FREE_BYTES


def told(status: Status, now: datetime) -> Line:
    """Say in one line how many records the province has received, and why not all of them."""
    waiting = status.recorded - status.acknowledged
    if not status.enrolled:
        return Line(
            WAITING, Sentence(N_("not joined to the province yet; everything is safe on this laptop"))
        )
    if waiting > 0:
        state, words = _waiting(status)
        when = moment(status.entrusted_at, now)
        return Line(state, Sentence(words, waiting=waiting, entrusted=status.entrusted, time=when))
    if not status.acknowledged_at:
        return Line(WAITING, Sentence(N_("nothing to send yet")))
    received = Sentence(
        N_("{acknowledged} of {recorded} received by the province · {time}"),
        acknowledged=status.acknowledged,
        recorded=status.recorded,
        time=moment(status.acknowledged_at, now),
    )
    return Line(SENT, received)


def _waiting(status: Status) -> tuple[str, str]:
    stopped = trouble(status)
    if stopped is REFUSED:
        return STUCK, N_("{waiting} not accepted by the province, safe on this laptop: look here")
    if stopped is REVOKED:
        return STUCK, N_("this laptop was shut out: look here")
    if status.entrusted:
        return WAITING, N_("{entrusted} of {waiting} waiting were given away at {time}, safe on this laptop")
    if stopped is UNREACHABLE:
        return WAITING, N_("{waiting} waiting for a signal, safe on this laptop")
    return WAITING, N_("{waiting} waiting to be sent, safe on this laptop")


def trouble(status: Status) -> Trouble | None:
    """Return what stopped the last try; None when it succeeded."""
    if not status.last_error:
        return None
    return TROUBLES.get(status.last_error.partition(":")[0].strip(), REFUSED)


def moment(instant: str | None, now: datetime) -> str:
    """Return an instant as people say it: "14.05" today, "31 Agustus 14.05" on another day, "" for None."""
    if not instant:
        return ""
    local = parse_instant(instant).astimezone(TIME_ZONE)
    clock = f"{local:%H:%M}" if i18n.language() == "en" else f"{local:%H.%M}"
    day = "" if local.date() == local_date(now) else f"{local.day} {i18n.month_name(local.month)} "
    return day + clock


def clock(offset_seconds: int | None) -> Sentence | None:
    """Say how wrong this laptop's clock is against the province's; None when it is right or nobody has compared.

    `offset_seconds` is this laptop's time minus the province's.
    """
    if offset_seconds is None or abs(offset_seconds) < CLOCK_WRONG_S:
        return None
    days, minutes = abs(offset_seconds) // 86400, abs(offset_seconds) // 60
    ahead = offset_seconds > 0
    if days:
        words = (
            N_("It is {days} days ahead. Set it by a phone.")
            if ahead
            else N_("It is {days} days behind. Set it by a phone.")
        )
        return Sentence(words, days=days)
    words = (
        N_("It is {minutes} minutes ahead. Set it by a phone.")
        if ahead
        else N_("It is {minutes} minutes behind. Set it by a phone.")
    )
    return Sentence(words, minutes=minutes)
