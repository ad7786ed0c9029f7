"""The queue of the morning on every phone: who came, who waits at which langkah, and who has whom before her now."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu import access, i18n, names, people, stations
from siposyandu.errors import Refused
from siposyandu.stations import HOME, REGISTER
from siposyandu.store import Store
from siposyandu.web import langkah, patience, sessions, station_visit, today
from siposyandu.web.langkah import URL, Langkah
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("station_queue", __name__)

Row = dict[str, Any]
Answer = Response | str


@pages.get(URL)
@needs_worker
def choose() -> Answer:
    """Ask which langkah she holds; who holds one already goes on to it."""
    if not langkah.take_over_the_day():
        return redirect("/hari-ini/tanggal")
    morning, store = langkah.morning(), sessions.store()
    mine = stations.held(store, signed_in().id, morning.day)
    if mine and "pilih" not in request.args:
        return redirect(langkah.BY_CODE[mine[0]].url)
    called = {row["id"]: row["name"] for row in store.rows("select id, name from worker")}
    others = {
        each.code: sorted(
            called[worker]
            for worker, held in stations.held_by_all(store, morning.day).items()
            if each.code in held and worker != signed_in().id
        )
        for each in langkah.ALL
    }
    return render_template("stations.html", all=langkah.ALL, mine=mine, others=others, day=morning.day)


@pages.post(URL)
@needs_worker
def hold() -> Response:
    """Keep which langkah she holds."""
    chosen = request.form.getlist("langkah")
    stations.hold(sessions.store(), signed_in().id, langkah.morning().day, chosen)
    return patience.go(URL if chosen else f"{URL}?pilih=1")


@pages.get(f"{URL}/<code>")
@needs_worker
def show(code: str) -> Answer:
    """Show a langkah: whom to call, and at registration who may still come."""
    here = langkah.of_code(code)
    if not langkah.take_over_the_day():
        return redirect("/hari-ini/tanggal")
    template = "station_register.html" if code == REGISTER else "station_queue.html"
    return render_template(template, done=_done(request.args.get("selesai")), **_queue(here))


@pages.get(f"{URL}/<code>/antrean")
@needs_worker
def queue_alone(code: str) -> Response:
    """Return the queue alone, when it has changed, for the page that is looked at."""
    here = langkah.of_code(code)
    tag = _tag()
    if patience.has(tag):
        return Response(status=patience.NOTHING_NEW)
    part = "station_arrived.html" if code == REGISTER else "station_waiting.html"
    return patience.answer(render_template(part, **_queue(here)), tag)


@pages.post(f"{URL}/{REGISTER}/datang")
@needs_worker
def arrive() -> Response:
    """Give the child who came her number; or take her out again whose row was touched by mistake."""
    store, morning = sessions.store(), langkah.morning()
    mistaken = request.form.get("salah")
    if mistaken:
        stations.never_came(store, morning, mistaken)
        return patience.go(langkah.BY_CODE[REGISTER].url)
    person = people.person(store, request.form.get("person", ""))
    if person is None or not access.may_enter(store, signed_in(), person["posyandu"] or ""):
        return patience.go(langkah.BY_CODE[REGISTER].url)
    stations.arrive(store, morning, person["id"], sessions.now())
    return patience.go(f"{langkah.BY_CODE[REGISTER].url}?selesai={person['id']}")


@pages.post(f"{URL}/<code>/panggil")
@needs_worker
def call(code: str) -> Response:
    """Call the child who is named, or the next who waits here; her page at this langkah follows."""
    here, store, morning = langkah.of_code(code), sessions.store(), langkah.morning()
    person = request.form.get("person") or stations.take_next(store, morning, code, signed_in().id)
    if not person or stations.where(store, morning, person) is None:
        return patience.go(here.url)
    stations.take(store, morning, person, signed_in().id)
    return patience.go(f"{here.url}/{person}")


def _queue(here: Langkah) -> Row:
    """Gather what a langkah's page shows: who waits here, the others who came, and what she has not saved yet."""
    store, morning = sessions.store(), langkah.morning()
    came = [_shown(row) for row in stations.queue(store, morning)]
    mine = stations.held(store, signed_in().id, morning.day)
    found = {
        "here": here,
        "mine": [(langkah.BY_CODE[code], sum(row["station"] == code for row in came)) for code in mine],
        "came": came,
        "waiting": [row for row in came if row["station"] == here.code],
        "elsewhere": sorted(
            (row for row in came if row["station"] != here.code), key=lambda row: -int(row["number"])
        ),
        "worker": signed_in(),
        "unsaved": _unsaved(store, here, morning.day.isoformat()),
        "tag": _tag(),
    }
    return found | (_expected(morning, came) if here.code == REGISTER else {})


def _shown(row: Row) -> Row:
    age = people.age_on(row, langkah.morning().day) if row["birth_date"] else None
    at = langkah.BY_CODE.get(row["station"])
    return {**row, "age_months": age, "at": at, "is_home": row["station"] == HOME}


def _expected(morning: stations.Morning, came: list[Row]) -> Row:
    """Return the children who have not come yet, this month's and others whom a search names, and who of them is shown."""
    wanted, here = request.args.get("cari", "").strip(), {row["person"] for row in came}
    store, mine = sessions.store(), frozenset({morning.posyandu})
    found = people.find(store, wanted, mine) if wanted else []
    listed = [
        Row(id=child.id, name=child.name, words=child.words, age_months=child.age_months,
            mother_name=child.mother_name, dusun=child.dusun, fits=not wanted or child.fits(wanted))
        for child in today.expected(store, morning.posyandu, morning.day)
    ]  # fmt: skip
    known = {child["id"] for child in listed}
    others = [_other(row, morning) for row in found if row["id"] not in known and row["birth_date"]]
    children = [child for child in (*listed, *others) if child["id"] not in here]
    return {"children": children, "wanted": wanted, "forms": names.for_page()}


def _other(row: Row, morning: stations.Morning) -> Row:
    """Return a child who is not on this month's list, as one of it."""
    words = names.searchable(row["name"], row["mother_name"], row["dusun"])
    return {**row, "words": words, "age_months": people.age_on(row, morning.day), "fits": True}


def _done(person_id: str | None) -> Row | None:
    """Return the child who was just sent on, to be told where she is now."""
    if not person_id:
        return None
    queue = stations.queue(sessions.store(), langkah.morning())
    return next((_shown(row) for row in queue if row["person"] == person_id), None)


def _unsaved(store: Store, here: Langkah, day: str) -> list[Row]:
    """Return the children whose page at this langkah she began and never saved, on this phone or another."""
    sql = "select page from draft where worker = $1 and page like $2 order by written_no desc, saved_at desc"
    begun = [row["page"].split("/")[3] for row in store.rows(sql, signed_in().id, f"{here.url}/%/{day}")]
    waiting = [person_id for person_id in begun if _is_unsaved(here, person_id)]
    found = [people.person(store, person_id) for person_id in waiting]
    return [person for person in found if person is not None]


def _is_unsaved(here: Langkah, person_id: str) -> bool:
    try:
        return station_visit.is_unsaved(here.code, person_id)
    except Refused:
        return False  # she is no longer here: withdrawn, joined with another card, or of another posyandu


def _tag() -> str:
    """Return the mark of all queues as they stand: it changes when anybody comes, is called, or goes on."""
    store, morning = sessions.store(), langkah.morning()
    return patience.tag_of((stations.queue(store, morning), signed_in().id, i18n.language()))
