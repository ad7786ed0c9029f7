"""The posyandu day: who is expected, who has come, who is still missing; one key or touch leads to the scales."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu import names, opened_days, people
from siposyandu.i18n import N_
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.web import day, marks, open_day, sessions, undo
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("today", __name__)

Row = dict[str, Any]
WAITING, CAME, ALL = "belum", "sudah", "semua"


@dataclass(frozen=True)
class Expected:
    """One child of this month's list: who she is, her last weighing up to this day, and what to look out for.

    `home` is the last visit to her home since the posyandu day, where somebody asked for it.
    """

    id: str
    name: str
    sex: str
    age_months: int
    mother_name: str | None
    dusun: str | None
    last: Row | None
    came: bool
    marks: list[marks.Mark]
    phone: str | None = None
    birth_date: str = ""
    from_date: str = ""
    home: Row | None = None

    @property
    def words(self) -> str:
        """What a search in the list looks through."""
        return names.searchable(self.name, self.mother_name, self.dusun)

    def fits(self, wanted: str) -> bool:
        """Whether every word wanted is part of her name, her mother's or her dusun's, however it is written."""
        return names.fits(self.words, wanted)


@pages.get("/hari-ini")
@needs_worker
def today() -> Response | str:
    """Show the list of the day; before the date is confirmed, ask for it."""
    who = signed_in()
    posyandu_id = day.children_at_hand(who)
    if sessions.day() is None:
        return open_day.ask(day.proposed())
    children = expected(sessions.store(), posyandu_id, day.at_hand())
    wanted = request.args.get("cari", "").strip()
    coded = {row["id"] for row in people.by_code(sessions.store(), wanted, frozenset({posyandu_id}))}
    found = [child for child in children if wanted and (child.id in coded or child.fits(wanted))]
    if len(found) == 1:
        return redirect(place_of(found[0]))
    return _list(children, wanted, posyandu_id)


def expected(store: Store, posyandu_id: str, on: date) -> list[Expected]:
    """Return this month's sasaran, by name, each with her last weighing up to the end of the month."""
    month = Month.of(on)
    last = _last_weighings(store, posyandu_id, month)
    return [
        _expected(child, last.get(child["id"]), on) for child in people.sasaran(store, posyandu_id, month)
    ]


def last_days(store: Store, posyandu_id: str, month: Month) -> list[date]:
    """Return the day on which each of a month's sasaran was last weighed, up to the month's end."""
    last = _last_weighings(store, posyandu_id, month)
    seen = (last.get(child["id"]) for child in people.sasaran(store, posyandu_id, month))
    return [date.fromisoformat(weighing["visit_date"]) for weighing in seen if weighing]


def place_of(child: Expected) -> str:
    """Return where a press on her row leads: to the scales, or after them to her page."""
    return f"/anak/{child.id}" if child.came else f"/kunjungan/balita/{child.id}"


def _expected(child: Row, last: Row | None, on: date) -> Expected:
    month = Month.of(on)
    came = last is not None and last["visit_date"] >= month.first.isoformat()
    said = marks.after_weighing(last) if last is not None and came else marks.before_weighing(last, month)
    return Expected(
        id=child["id"],
        name=child["name"],
        sex=child["sex"],
        age_months=people.age_on(child, on),
        mother_name=child["mother_name"],
        dusun=child["dusun"],
        last=last,
        came=came,
        marks=said,
        phone=child["phone"],
        birth_date=child["birth_date"],
        from_date=child["from_date"],
    )


def _last_weighings(store: Store, posyandu_id: str, month: Month) -> dict[str, Row]:
    rows = store.rows(
        """select b.person, b.visit_date, b.weight_g, g.gain, g.two_t, g.below_red_line, g.severe_malnutrition
        from person p join balita b on b.id = (
            select last.id from balita last where last.person = p.id and last.retracted = 0
                and last.weight_g is not null and last.visit_date <= $2
            order by last.visit_date desc, last.id desc limit 1)
        left join balita_growth g on g.id = b.id
        where p.id in (select person from membership
            where posyandu = $1 and from_date <= $2 and (until_date is null or until_date >= $3))""",
        posyandu_id,
        month.last.isoformat(),
        month.first.isoformat(),
    )
    return {row["person"]: row for row in rows}


def _list(children: Sequence[Expected], wanted: str, posyandu_id: str) -> str:
    tab = ALL if wanted else request.args.get("lihat", WAITING)
    came = sum(child.came for child in children)
    return render_template(
        "today.html",
        children=[(child, place_of(child), _shown(child, tab, wanted)) for child in children],
        tabs=_tabs(tab, len(children), came),
        came=came,
        wanted=wanted,
        new_name="" if any(sign.isdigit() for sign in wanted) else names.as_on_cards(wanted),
        forms=names.for_page(),
        day=day.at_hand(),
        posyandu_id=posyandu_id,
        choices=day.posyandu_of(signed_in()),
        last=undo.offered(),
        opened=opened_days.of_day(sessions.store(), posyandu_id, day.at_hand()),
    )


def _shown(child: Expected, tab: str, wanted: str) -> bool:
    return child.fits(wanted) and (tab == ALL or child.came == (tab == CAME))


def _tabs(tab: str, expected_count: int, came: int) -> list[tuple[str, str, int, bool]]:
    counts = {WAITING: expected_count - came, CAME: came, ALL: expected_count}
    words = {WAITING: N_("Not yet"), CAME: N_("Has come"), ALL: N_("Everybody")}
    return [(name, words[name], counts[name], name == tab) for name in (WAITING, CAME, ALL)]
