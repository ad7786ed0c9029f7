"""Copies: when and where the last one was made, when one was proved, and what would be lost if the laptop were stolen now."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from forms import Sentence
from siposyandu import access, backups, restoring, uploads
from siposyandu.copies import shelves
from siposyandu.i18n import N_, gettext
from siposyandu.web import laptop, sending, sessions
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("copies", __name__)

WHERE = {
    shelves.LAPTOP: N_("this laptop"),
    shelves.FLASH: N_("flash disk {name}"),
    shelves.FOLDER: N_("folder {name}"),
    uploads.PUSKESMAS: N_("the puskesmas' computer"),
    uploads.PROVINCE: N_("the province"),
}
FAULTS = {
    "full": N_("It is full. Remove something you no longer need from it, or take another flash disk."),
    "pulled": N_("It could not be written. Was it pulled out? Put it in again."),
    "unlike": N_("It does not keep what is written on it. Take another flash disk."),
    "no_lock": N_("No copy can be locked here yet. Call the puskesmas."),
    "unreachable": N_("There was no signal. It is tried again by itself."),
    "busy": N_("There was no signal. It is tried again by itself."),
    "not_enrolled": N_("This laptop has not joined the province yet."),
}
OTHER_FAULT = N_("It did not work. Read the puskesmas this word: {word}")


@dataclass(frozen=True)
class Line:
    """One place for copies: where, since when the last one lies there, how it went the last time."""

    where: Sentence
    made: str
    kilobytes: int
    elsewhere: bool
    fault: Sentence | None


@pages.get("/laptop/salinan")
@needs_worker
def show() -> str:
    """Show the copies, the proof, and what would be lost now."""
    _of_this_place()
    return render_template("copies.html", **_state())


@pages.get("/laptop/salinan/keadaan")
@needs_worker
def state_alone() -> str:
    """Return the state alone, for the page that is looked at to fetch it again."""
    _of_this_place()
    return render_template("copies_state.html", **_state())


@pages.post("/laptop/salinan")
@needs_worker
def make() -> Response:
    """Ask the job to make a copy; the page never waits for a flash disk."""
    laptop.only_where_sent()
    _of_this_place()
    sessions.instance().ask_to_copy()
    flash(gettext(N_("A copy is being made. You can go on working.")))
    return redirect("/laptop/salinan")


def _of_this_place() -> None:
    who, area = signed_in(), sessions.instance().config.area
    here = who.area == area or access.may_view_posyandu(sessions.store(), who, area)
    access.require(here, "look after the copies of this place")


def _state() -> dict[str, Any]:
    laptop.only_where_sent()
    here, store = sessions.instance(), sessions.store()
    state = backups.state(here, store)
    moments = {name: sending.moment(said, sessions.now()) for name, said in _instants(state).items()}
    return {
        "at_risk": state.at_risk,
        "lines": [_line(row) for row in state.rows],
        "disk_is_in": any(shelf.kind == shelves.FLASH for shelf in backups.shelves_of(here)),
        "proof_is_old": state.proof_is_old,
        "loss": restoring.loss(store),
        "moment": lambda instant: sending.moment(instant, sessions.now()),
        **moments,
    }


def _instants(state: backups.State) -> dict[str, str | None]:
    last = state.last_try
    return {
        "copied": next((row["made_at"] for row in state.rows if row["made_at"]), None),
        "proved": state.proof.proved_at if state.proof else None,
        "not_proved": last.proved_at if last and last.fault else None,
    }


def _line(row: dict[str, Any]) -> Line:
    fault = row["fault"]
    words = None if fault is None else Sentence(FAULTS.get(fault, OTHER_FAULT), word=fault)
    return Line(
        where=Sentence(WHERE[row["kind"]], name=row["name"]),
        made=sending.moment(row["made_at"], sessions.now()),
        kilobytes=-(-(row["bytes"] or 0) // 1024),
        elsewhere=bool(row["elsewhere"]),
        fault=words,
    )
