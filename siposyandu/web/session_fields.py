"""The questions of a posyandu day on a page: what is proposed, who may be ticked, and what was typed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import request

from forms import Checked
from siposyandu import opened_days, places
from siposyandu.access import Worker
from siposyandu.opened_days import FORM
from siposyandu.store import Store
from siposyandu.web import fields, sessions
from siposyandu.web.fields import Shown
from siposyandu.web.frame import ROLE_WORDS
from siposyandu.web.login import at_this_place
from sync.chunks import holes

OPENING = tuple(fields.of_section(FORM, "opening")[2:])
CLOSING = tuple(name for name in fields.of_section(FORM, "closing") if name != "closed")
BY_NAME_ONLY = ("others_present", "health_workers_present")
"""Fields for people without an account: folded away until somebody is named in them."""
AT_EVERY_POSYANDU = frozenset({"kader", "bidan_desa"})

Row = dict[str, Any]


class Present(NamedTuple):
    """Somebody who works here: id, name, role in words where she is no kader, whether she is ticked, and comes rarely."""

    id: str
    name: str
    role: str
    ticked: bool
    rarely: bool


class Asked(NamedTuple):
    """The questions as a page draws them."""

    present: list[Present]
    shown: dict[str, Shown]
    seen: int
    already: bool
    folded: bool


def proposed(store: Store, posyandu_id: str, on: date, who: Worker) -> Row:
    """Propose who is present and where: as it was written for this day, else as on the last one; whoever asks is there."""
    known = opened_days.of_day(store, posyandu_id, on) or _as_last_time(store, posyandu_id, on)
    ticked = {*str(known["workers_present"] or "").split(","), who.id} - {""}
    return fields.as_typed(FORM, {**known, "workers_present": ",".join(sorted(ticked))})


def _as_last_time(store: Store, posyandu_id: str, on: date) -> Row:
    last = opened_days.last_before(store, posyandu_id, on) or dict.fromkeys(FORM.by_column)
    dusun = places.posyandu(store, posyandu_id)["dusun"]
    at_work = {worker.id for worker in at_this_place(store, posyandu_id)}
    ticked = at_work.intersection(str(last["workers_present"] or "").split(","))
    opening = {FORM.by_name[name].column: last[FORM.by_name[name].column] for name in OPENING}
    return {**opening, "place": last["place"] or dusun, "workers_present": ",".join(ticked)}


def asked(
    store: Store, posyandu_id: str, on: date, typed: Mapping[str, Any], errors: fields.Said | None = None
) -> Asked:
    """Return the questions with what was typed or proposed, and what is wrong with it."""
    shown = fields.shown(FORM, (*OPENING, *CLOSING), typed, errors)
    return Asked(
        present(store, posyandu_id, typed.get("workers_present") or ()),
        shown,
        request.form.get("seen", type=int) or opened_days.newest(store, posyandu_id, on),
        opened_days.of_day(store, posyandu_id, on) is not None,
        not any(shown[name].value or shown[name].errors for name in BY_NAME_ONLY),
    )


def present(store: Store, posyandu_id: str, ticked: Collection[str]) -> list[Present]:
    """Return who may be ticked: who works at this posyandu, and whoever is ticked though she does so no more."""
    here = {worker.id: (worker.name, worker.role) for worker in at_this_place(store, posyandu_id)}
    gone = sorted(set(ticked) - here.keys())
    rows = store.rows(f"select id, name, role from worker where id in ({holes(gone)})", *gone) if gone else []
    known = here | {row["id"]: (row["name"], row["role"]) for row in rows}
    return [
        Present(
            each,
            name,
            "" if role == "kader" else ROLE_WORDS.get(role, ""),
            each in ticked,
            each not in ticked and role not in AT_EVERY_POSYANDU,
        )
        for each, (name, role) in known.items()
    ]


def typed(names: Sequence[str]) -> Row:
    """Return what came with the form for these questions."""
    return fields.typed_in(FORM, names, request.form)


def check(posyandu_id: str, on: date, typed: Mapping[str, Any]) -> Checked:
    """Read what was typed for a day; only words that are too long are refused, and who is not of here is left out."""
    home = {"posyandu": posyandu_id, "session_date": on.isoformat()}
    given = {**typed, **home}
    if "workers_present" in typed:
        here = _of_here(posyandu_id, on)
        given["workers_present"] = [each for each in typed["workers_present"] if each in here]
    return FORM.check(given, partial=True, today=on)


def _of_here(posyandu_id: str, on: date) -> set[str]:
    """Return who may be ticked: a name of another posyandu's worker is not told to whoever sends her id."""
    known = opened_days.of_day(sessions.store(), posyandu_id, on) or {}
    at_work = {worker.id for worker in at_this_place(sessions.store(), posyandu_id)}
    return at_work | set(str(known.get("workers_present") or "").split(","))


def keep(posyandu_id: str, on: date, values: Mapping[str, Any]) -> None:
    """Write the answers as they were changed on the page; what others wrote meanwhile stays."""
    seen = request.form.get("seen", type=int)
    opened_days.keep(sessions.store(), sessions.pen(), posyandu_id, on, values, seen)
