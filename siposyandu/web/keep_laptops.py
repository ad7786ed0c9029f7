"""The laptops of a keeper's area: how each does, its lanes, shutting one out, and giving its place to another."""

from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms import Sentence
from siposyandu import keeping
from siposyandu.copies.held import HeldCopies
from siposyandu.copies.shelves import Copy, name_of
from siposyandu.errors import NotFound, Refused
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.keeping import POSYANDU, Register, acts
from siposyandu.keeping.laptops import AT_WORK, LONG_UNHEARD, NEVER_HEARD, REPLACED, SHUT_OUT, Laptop
from siposyandu.office import laptops_of
from siposyandu.periods import instant_text
from siposyandu.web import sending, sessions
from siposyandu.web.difference_words import moment
from siposyandu.web.keep import kept, place
from siposyandu.web.keep_edit import letter
from siposyandu.web.sessions import needs_worker

pages = Blueprint("keep_laptops", __name__)

STATES = {
    AT_WORK: (0, N_("at work")),
    NEVER_HEARD: (1, N_("never heard yet")),
    LONG_UNHEARD: (2, N_("not heard for over a month")),
    REPLACED: (None, N_("replaced")),
    SHUT_OUT: (3, N_("Shut out")),
}
ACTS = {
    acts.REVOKED: N_("shut out"),
    acts.REPLACED: N_("replaced by another laptop"),
    acts.RELEASED: N_("taken in from quarantine"),
    acts.PUT_ASIDE: N_("put aside in quarantine"),
}
WHY = N_("Write why, for instance: stolen on the way home.")

Answer = Response | str | tuple[str, int]


class Line(NamedTuple):
    """A laptop in the list: its place, mark, state (severity and word), and what there is to say of it."""

    laptop: Laptop
    place: str
    mark: str
    severity: int | None
    state: str
    heard: str
    clock: Sentence | None


@pages.get("/kelola/laptop")
@needs_worker
def listed() -> str:
    """List the laptops, those longest unheard first."""
    register = kept()
    lines = [_line(register, laptop) for laptop in keeping.laptops.all_of(sessions.store(), register, _now())]
    return render_template("keep_laptops.html", lines=lines)


@pages.get("/kelola/laptop/<lane>")
@needs_worker
def show(lane: str) -> str:
    """Show one laptop."""
    return _drawn(*_found(lane))


@pages.post("/kelola/laptop/<lane>/cabut")
@needs_worker
def shut_out(lane: str) -> Answer:
    """Believe nothing that this laptop sends from its next contact on; a reason is asked."""
    register, laptop = _found(lane)
    try:
        why = acts.reason(request.form.get("reason", ""))
    except Refused:
        return _drawn(register, laptop, {"reason": [Sentence(WHY)]}), 400
    now = keeping.laptops.shut_out(sessions.store(), register, laptop, (why, _now()))
    flash(_("Shut out. What it sent before stays; what it sends from now on waits under quarantine."), "s0")
    return redirect(url_for("keep_laptops.show", lane=now))


@pages.post("/kelola/laptop/<lane>/ganti")
@needs_worker
def replace(lane: str) -> Answer:
    """End this laptop's work and show the letter with a code for the one that takes its place, in one step."""
    register, laptop = _found(lane)
    posyandu = register.rows(POSYANDU).get(laptop.device.area)
    if posyandu is None:
        raise NotFound("this laptop is not a posyandu's")
    if laptop.state not in (REPLACED, SHUT_OUT):
        keeping.laptops.replace(sessions.store(), register, laptop, _now())
    return letter(posyandu, replaces=True)


@pages.get("/kelola/laptop/<lane>/salinan/<filename>")
@needs_worker
def copy(lane: str, filename: str) -> Response:
    """Hand out a copy that this place keeps for a laptop, to be carried to a new one; it stays sealed."""
    _, laptop = _found(lane)
    held = next((each for each in _held(laptop) if each.path.name == filename), None)
    if held is None:
        raise NotFound("no such copy is kept here")
    return Response(
        held.path.read_bytes(),
        mimetype="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename={name_of(held.head)}"},
    )


def _held(laptop: Laptop) -> list[Copy]:
    """Return the copies kept here of a laptop, of its earlier lanes too, newest first."""
    kept_here = HeldCopies(sessions.instance().config.folder)
    lanes = [laptop.device, *laptop.earlier]
    return [held for each in lanes for held in kept_here.of(each.lane)]


def _found(lane: str) -> tuple[Register, Laptop]:
    register = kept()
    return register, keeping.laptops.find(sessions.store(), register, lane, _now())


def _now() -> str:
    return instant_text(sessions.now())


def _line(register: Register, laptop: Laptop) -> Line:
    severity, state = STATES[laptop.state]
    device = laptop.device
    heard = moment(device.last_seen_at) if device.last_seen_at else ""
    return Line(
        laptop,
        place(register, device.area) or device.label,
        laptops_of.mark(device.lane),
        severity,
        state,
        heard,
        sending.clock(device.clock_offset_s),
    )


def _drawn(register: Register, laptop: Laptop, errors: Any = None) -> str:
    device = laptop.device
    lanes = [device, *laptop.earlier]
    decided = acts.of(sessions.store(), *(each.lane for each in lanes))
    return render_template(
        "keep_laptop.html",
        line=_line(register, laptop),
        lanes=[(laptops_of.mark(each.lane), moment(each.enrolled_at), _end(each)) for each in lanes],
        acts=[
            (_(ACTS.get(act.kind, act.kind)), act.worker_name, moment(act.acted_at), act.why)
            for act in decided
        ],
        for_posyandu=device.area in register.rows(POSYANDU),
        at_work=laptop.state not in (REPLACED, SHUT_OUT),
        shut_out=laptop.state == SHUT_OUT,
        copies=[
            (held.path.name, moment(held.head.made_at), held.head.edits, -(-held.path.stat().st_size // 1024))
            for held in _held(laptop)
        ],
        errors=errors or {},
    )


def _end(device: Any) -> str:
    ended = device.revoked_at or device.closed_at
    return moment(ended) if ended else ""
