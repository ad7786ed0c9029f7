"""One child at one langkah: its own questions of the visit that all langkah write together, then the way to the next.

The visit of the child and the day is one record. Whoever saves first makes it, the others set only what they changed. If
a colleague has written another value into the same field since this page was drawn, both are shown and she decides.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from forms import BY_NAME
from siposyandu import access, records, stations
from siposyandu.growth.kms import completed_months
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.stations import HOME, RECORD, REGISTER, WEIGH, Morning
from siposyandu.web import (
    card,
    clashes,
    curves,
    drafts,
    fields,
    findings,
    in_words,
    langkah,
    one_child,
    patience,
    sessions,
    visits,
)
from siposyandu.web.changes import REASON
from siposyandu.web.langkah import URL, Langkah
from siposyandu.web.look_again import Case, Look, look, look_at_part
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("station_visit", __name__)

FORM = BY_NAME["balita"]
SAW = "saw"
"""The number of the visit's newest edit when the page was drawn; kept with what is typed, so that it is never believed newer."""
CHANGED_HERE = N_("Changed on the same day at a langkah.")
ONLY_PROPOSED = frozenset({"measured"})

Row = dict[str, Any]
Answer = str | Response


class Spot(NamedTuple):
    """A child at a langkah: the visit of the day, if there is one, and her other visits."""

    here: Langkah
    morning: Morning
    person: Row
    visit: Row | None
    others: list[Row]

    @property
    def draft(self) -> str:
        """The name of what is typed here and not saved."""
        return f"{self.here.url}/{self.person['id']}/{self.morning.day}"

    @property
    def newest(self) -> int:
        """The number of the visit's newest edit; 0 where there is no visit yet."""
        return records.newest(sessions.store(), self.visit["id"]) if self.visit else 0


def spot(code: str, person_id: str) -> Spot:
    """Return a child at a langkah. NotFound, NotAllowed."""
    here, person = langkah.of_code(code), one_child.opened(person_id)
    access.require(
        access.may_enter(sessions.store(), signed_in(), person["posyandu"]), "write about this child"
    )
    langkah.take_over_the_day()
    morning, known = langkah.morning(), one_child.visits_of(person_id)
    visit = visits.on_day(known, morning.day)
    return Spot(
        here, morning, person, visit, [each for each in known if visit is None or each["id"] != visit["id"]]
    )


@pages.get(f"{URL}/<code>/<person_id>")
@needs_worker
def ask(code: str, person_id: str) -> Answer:
    """Show the questions of a langkah, with what was typed and not saved; at registration there are none."""
    at = spot(code, person_id)
    if code == REGISTER:
        return patience.go(f"{at.here.url}?selesai={person_id}")
    kept = drafts.typed_before(sessions.store(), signed_in().id, at.draft) or {}
    typed = drafts.restored(FORM, langkah.names_of(at.here), at.draft)
    saw = _number(kept.get(SAW, ["0"])[0]) if kept else at.newest
    if not typed or "periksa" not in request.args:
        return _drawn(at, typed, visits.NOTHING_FOUND, {}, saw if typed else at.newest)
    found = judged(at, typed)
    told = {} if found.errors else clashes.found(at.visit, _hers(at, found, saw), saw)
    return _drawn(at, typed, found, told, at.newest if told else saw)


@pages.get(f"{URL}/<code>/<person_id>/lain")
@needs_worker
def others_alone(code: str, person_id: str) -> Response:
    """Return what the other langkah wrote, when it has changed, for the page that is looked at."""
    at = spot(code, person_id)
    tag = patience.tag_of((at.newest, stations.where(sessions.store(), at.morning, person_id)))
    if patience.has(tag):
        return Response(status=patience.NOTHING_NEW)
    return patience.answer(render_template("station_others.html", **_others(at)), tag)


@pages.post(f"{URL}/<code>/<person_id>")
@needs_worker
def save(code: str, person_id: str) -> Response:
    """Save what this langkah wrote and send the child on; what is wrong, doubtful or contested is asked first."""
    here = langkah.of_code(code)
    typed, saw = (
        fields.typed_in(FORM, langkah.names_of(here), request.form),
        request.form.get(SAW, 0, type=int),
    )
    with sessions.store().write():  # a colleague who saves now waits here, then finds what was written
        at = spot(code, person_id)
        is_saved = _saved(at, _without_idle_position(typed), saw)
        next_one = _sent_on(at) if is_saved else ""
    if not is_saved:
        drafts.keep_form({**typed, SAW: str(saw)}, at.draft)
        return patience.go(f"{here.url}/{person_id}?periksa=1")
    drafts.forget_form(at.draft)
    return patience.go(_way_on(at, next_one))


def is_unsaved(code: str, person_id: str) -> bool:
    """Whether something stands in her draft of a child's page at a langkah that the visit does not hold."""
    at = spot(code, person_id)
    typed = drafts.restored(FORM, langkah.names_of(at.here), at.draft)
    if not typed:
        return False
    values = _hers(at, judged(at, _without_idle_position(typed)), 0)
    stands = at.visit or {}
    return bool(judged(at, typed).errors) or any(
        stands.get(column) != value for column, value in values.items()
    )


def _way_on(at: Spot, next_one: str) -> str:
    """Return where she goes on: with this child, if she holds the next langkah too, else where a child waits for her."""
    mine, person_id = stations.held(sessions.store(), signed_in().id, at.morning.day), at.person["id"]
    if next_one in mine:
        return f"{URL}/{next_one}/{person_id}"
    waiting = {row["station"] for row in stations.queue(sessions.store(), at.morning)}
    wanted = next((code for code in (at.here.code, *mine) if code in waiting), at.here.code)
    return f"{URL}/{wanted}?selesai={person_id}"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _without_idle_position(typed: Row) -> Row:
    """Leave out how she was measured where nothing was: the page proposes it."""
    measured = str(typed.get("length_height_cm") or "").strip()
    return typed if measured else {name: given for name, given in typed.items() if name not in ONLY_PROPOSED}


def judged(at: Spot, typed: Mapping[str, Any]) -> Look:
    """Look whether what a langkah wrote is believable; only its own fields are judged."""
    case = Case(at.person, at.others, visits.reached())
    if at.visit is not None:
        return look_at_part(case, at.visit, typed)
    known = {"visit_date": fields.day_typed(at.morning.day.isoformat()), "person": at.person["id"]}
    return look(case, {**typed, **known, "posyandu": at.person["posyandu"]})


def _saved(at: Spot, typed: Row, saw: int) -> bool:
    """Write what may be written now; False while something is to be asked. The write lock is held."""
    found = judged(at, typed)
    still = found.still_open(request.form.getlist("asked"), request.form.get("answer", ""))
    hers = _hers(at, found, saw)
    if request.form.get("answer") == clashes.THEIRS:
        hers = {
            column: value for column, value in hers.items() if column not in request.form.getlist("clash")
        }
    if found.errors or still.doubts or clashes.found(at.visit, hers, saw):
        return False
    if at.visit is None and any(value is not None for value in hers.values()):
        records.save(sessions.store(), pen(), FORM, found.values)
    elif at.visit is not None and hers:
        records.save(sessions.store(), pen(), FORM, _with_reason(at.visit, hers), at.visit["id"])
    return True


def _hers(at: Spot, found: Look, saw: int) -> Row:
    """Return what she changed of this langkah's fields, as against what her page showed."""
    columns = {FORM.by_name[name].column for name in langkah.names_of(at.here)}
    values = {column: value for column, value in found.values.items() if column in columns}
    if at.visit is None:
        return values
    return dict(records.touched(sessions.store(), FORM, at.visit["id"], values, saw))


def _with_reason(visit: Row, hers: Row) -> Row:
    """Say beside a value that takes another's place why: the card shows it as corrected."""
    replaces = any(visit[column] not in (None, value) for column, value in hers.items())
    return {**hers, REASON: _(CHANGED_HERE)} if replaces and not visit[REASON] else hers


def _sent_on(at: Spot) -> str:
    """Let the child go on to the next langkah, or the one that was chosen; who is further already stays there."""
    store, now = sessions.store(), sessions.now()
    stations.arrive(store, at.morning, at.person["id"], now)
    standing = stations.where(store, at.morning, at.person["id"])
    chosen = request.form.get("ke", "")
    is_further = standing is not None and _place(standing["station"]) > _place(at.here.code)
    if is_further and not chosen:
        return ""
    to = chosen if chosen in (*stations.ORDER, HOME) else stations.after(store, at.morning.day, at.here.code)
    stations.send_on(store, at.morning, at.person["id"], to, now)
    return to


def _place(station: str) -> int:
    return (*stations.ORDER, HOME).index(station)


def _drawn(at: Spot, typed: Mapping[str, Any], found: Look, told: Mapping[str, Any], saw: int) -> str:
    names, on = langkah.shown(at.here, at.visit), at.morning.day
    stands = fields.as_typed(FORM, at.visit) if at.visit else {}
    shown = {
        **_proposed(at),
        **{name: text for name, text in stands.items() if name in names and text},
        **typed,
    }
    age = completed_months(date.fromisoformat(at.person["birth_date"]), on)
    wanted = card.asked(at.here.names, max(0, age), on)
    asked = [name for name in at.here.names if name in names and (name in wanted or shown.get(name))]
    again = [name for name in names if name in found.measure_again or typed.get(name)]
    earlier = [visit for visit in at.others if visit["visit_date"] < on.isoformat()]
    elsewhere = [said for name, sentences in found.errors.items() if name not in names for said in sentences]
    return render_template(
        "station_visit.html",
        person=one_child.heading(at.person, on),
        fields_here=fields.shown(FORM, asked, shown, found.errors, visits.last_values(earlier)).values(),
        again=fields.shown(FORM, [name for name in again if name not in asked], typed, found.errors).values(),
        found=found,
        doubts=[doubt for doubt in found.doubts if set(doubt.names) & set(names)] if not told else [],
        clashes=told.values(),
        elsewhere=elsewhere,
        saw=saw,
        restored=bool(typed) and "periksa" not in request.args and is_unsaved(at.here.code, at.person["id"]),
        to=langkah.BY_CODE.get(stations.after(sessions.store(), on, at.here.code)),
        ways=[each for each in langkah.ALL[1:] if each.code != at.here.code],
        **_others(at),
    )


def _proposed(at: Spot) -> dict[str, str]:
    if at.here.code != WEIGH:
        return {}
    born = date.fromisoformat(at.person["birth_date"])
    return {"measured": card.position_at((at.morning.day - born).days)}


def _others(at: Spot) -> Row:
    """Gather what the other langkah wrote of this visit, and what it means where something was measured."""
    visit, names = at.visit, langkah.names_of(at.here)
    readable = fields.may_see(
        FORM, signed_in(), [name for name in FORM.by_name if name not in visits.BY_THE_PAGE]
    )
    written = [
        (FORM.by_name[name].label, in_words.spoken(sessions.store(), FORM.by_name[name], value))
        for name in readable
        if visit is not None and name not in (*names, "visit_date")
        if (value := visit[FORM.by_name[name].column]) not in (None, "")
    ]
    standing = stations.where(sessions.store(), at.morning, at.person["id"])
    return {
        "at": at,
        "here": at.here,
        "draft": at.draft,
        "written": written,
        "standing": standing,
        "busy": _busy(standing),
        "tag": patience.tag_of((at.newest, standing)),
        **_meaning(at),
    }


def _busy(standing: Row | None) -> str:
    """Return the name of a colleague who has this child before her now, or nothing."""
    if standing is None or standing["taken_by"] in (None, signed_in().id):
        return ""
    found = access.worker(sessions.store(), standing["taken_by"])
    return found.name if found else ""


def _meaning(at: Spot) -> Row:
    """Return what the measures say, where they can be judged; the growth card at the langkah that plots it."""
    visit = at.visit
    if visit is None or visit["month"] is None or visit["weight_g"] is None or at.here.code == WEIGH:
        return {"gain": None, "findings": [], "advice": None, "kms": None}
    until = [each for each in (*at.others, visit) if each["visit_date"] <= visit["visit_date"]]
    slow = findings.slow_gain(at.person, until)
    on = at.morning.day
    kms = (
        curves.kms_of(at.person, until, card=curves.card_at(at.person, on))
        if at.here.code == RECORD
        else None
    )
    return {
        "gain": findings.gain(visit),
        "findings": findings.findings(visit),
        "advice": findings.to_say(visit, slow=slow),
        "kms": kms,
    }
