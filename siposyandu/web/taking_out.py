"""Take a list of a posyandu away as a file: what its rows are made of is gathered here, what stands in them is `exports`'."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from siposyandu import access, exports, indicators, places, referrals, sip
from siposyandu.errors import NotFound
from siposyandu.exports import Taken, stamps
from siposyandu.i18n import date_long, month_long
from siposyandu.i18n import gettext as _
from siposyandu.periods import Month
from siposyandu.sip.format import YEAR, Format
from siposyandu.web import afterwards, day, one_child, prepare, referral, sessions, sheet, taking_out_rows
from siposyandu.web.sessions import needs_worker, signed_in
from siposyandu.web.skdn import by_dusun
from siposyandu.web.today import expected

pages = Blueprint("taking_out", __name__)

Row = dict[str, Any]
Told = tuple[tuple[str, str], ...]
WHOLE_NIK = "nik"
"""The word in the address that asks for whole numbers; without it a file has their ends only, for files are passed on."""


@pages.get("/excel/<identifier>.xlsx", defaults={"kind": "xlsx"})
@pages.get("/excel/<identifier>.csv", defaults={"kind": "csv"})
@needs_worker
def file(identifier: str, kind: str) -> Response:
    """Give a list as a file; `posyandu`, `bulan` and `tanggal` in the address say of which posyandu, month and day."""
    if identifier not in GATHERED:
        raise NotFound(f"no list {identifier}")
    return sheet.answer(GATHERED[identifier](), kind)


def month_asked() -> Month:
    """Return the month of the address, else that of the day at hand. NotFound for a word that is none."""
    asked = request.args.get("bulan")
    try:
        return Month.parse(asked) if asked else Month.of(day.at_hand())
    except ValueError as fault:
        raise NotFound(f"no month {asked}") from fault


def _taken(identifier: str, sources: list[Any], posyandu_id: str, when: str, told: Told) -> Taken:
    export, store = exports.BY_IDENTIFIER[identifier], sessions.store()
    place = places.posyandu(store, posyandu_id)["name"]
    lines = ((_("Posyandu"), place), *told, *sheet.by_whom())
    mark = stamps.mark(identifier, when, posyandu_id) if export.comes_back else ""
    return Taken(export, sources, f"{identifier}-{sheet.plain(place)}-{when}", lines, mark)


def _month_told(month: Month) -> Told:
    return ((_("Month"), month_long(str(month))),)


def _balita() -> Taken:
    posyandu_id, month, store = day.children_at_hand(signed_in()), month_asked(), sessions.store()
    children = taking_out_rows.children(store, posyandu_id, month)
    if request.args.get(WHOLE_NIK):
        for child in children:
            one_child.note_view(store, signed_in(), child, "taking_out.file")
    else:
        children = [taking_out_rows.with_numbers_masked(child) for child in children]
    return _taken("balita", children, posyandu_id, str(month), _month_told(month))


def _kunjungan() -> Taken:
    posyandu_id, month = day.children_at_hand(signed_in()), month_asked()
    rows = taking_out_rows.visits(sessions.store(), posyandu_id, month, day.at_hand())
    return _taken("kunjungan", rows, posyandu_id, str(month), _month_told(month))


def _register() -> Taken:
    posyandu_id, month = day.children_at_hand(signed_in()), month_asked()
    rows = taking_out_rows.year_of(sessions.store(), posyandu_id, month)
    return _taken("register", rows, posyandu_id, str(month.year), ((_("Year"), str(month.year)),))


def _sweeping() -> Taken:
    posyandu_id, store, on = day.children_at_hand(signed_in()), sessions.store(), day.at_hand()
    groups = afterwards.sweeping(expected(store, posyandu_id, on), Month.of(on))
    told = (*_month_told(Month.of(on)), (_("Until"), date_long(on)))
    return _taken(
        "sweeping", [child for _dusun, found in groups for child in found], posyandu_id, str(on), told
    )


def _persiapan() -> Taken:
    posyandu_id, store = day.children_at_hand(signed_in()), sessions.store()
    on = _day_asked(posyandu_id)
    children = prepare.still_to_come(expected(store, posyandu_id, on), Month.of(on))
    dues = prepare.dues_of(store, on, children)
    groups = by_dusun([prepare.with_due(child, dues[child.id]) for child in children])
    told = ((_("Coming posyandu day"), date_long(on)),)
    return _taken(
        "persiapan", [child for _dusun, found in groups for child in found], posyandu_id, str(on), told
    )


def _day_asked(posyandu_id: str) -> date:
    asked = prepare.day_asked(sessions.store(), posyandu_id)
    if asked.errors:
        raise NotFound(f"no day {asked.typed}")
    return asked.on


def _skdn() -> Taken:
    store, month = sessions.store(), month_asked()
    posyandu_id = day.posyandu_at_hand(signed_in())
    access.require(
        access.may_view_posyandu(store, signed_in(), posyandu_id), "see the numbers of this posyandu"
    )
    months = taking_out_rows.months_of_year(month, Month.of(day.at_hand()))
    rows = [(each, indicators.totals(store, posyandu_id, each)) for each in months]
    return _taken("skdn", rows, posyandu_id, str(month.year), ((_("Year"), str(month.year)),))


def _rujukan() -> Taken:
    posyandu_id, store, on = day.children_at_hand(signed_in()), sessions.store(), day.at_hand()
    names = {posyandu_id: str(places.posyandu(store, posyandu_id)["name"])}
    lines = [referral.line_of(each, names, on) for each in referrals.open_at(store, [posyandu_id], on)]
    return _taken("rujukan", lines, posyandu_id, str(on), ((_("Until"), date_long(on)),))


def _sip(form: Format) -> Taken:
    posyandu_id, month = day.children_at_hand(signed_in()), month_asked()
    rows = form.rows(sessions.store(), posyandu_id, month)
    yearly = form.PERIOD == YEAR
    told = ((_("Year"), str(month.year)),) if yearly else _month_told(month)
    return _taken(f"sip-{form.CODE}", rows, posyandu_id, str(month.year if yearly else month), told)


GATHERED: Mapping[str, Callable[[], Taken]] = {
    "balita": _balita,
    "kunjungan": _kunjungan,
    "register": _register,
    "sweeping": _sweeping,
    "persiapan": _persiapan,
    "rujukan": _rujukan,
    "skdn": _skdn,
    **{f"sip-{form.CODE}": partial(_sip, form) for form in sip.ALL},
}
"""The lists of one posyandu, by the word in the address. Those of an area lie at its own pages."""
