"""The numbers of an area: one indicator with its coverage beside it, over a year and by the area's parts.

A worker sees her own area and what lies in it. Every number comes from `indicators`; this page only asks and shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from siposyandu import access, areas, indicators, places
from siposyandu.exports import Taken
from siposyandu.exports import area as area_file
from siposyandu.i18n import N_, month_long
from siposyandu.i18n import gettext as _
from siposyandu.indicators import Area, Indicator, Totals, scope, stunting
from siposyandu.periods import Month
from siposyandu.web import plot, plot_library, province_table, sessions, sheet, trend
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("province", __name__)

MONTHS_OFFERED = 24
NAMES_AT_MOST = 60
# plotly.js sets style attributes; in everything else this is the policy of all pages (a test holds them together).
PLOT_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The parts of an area by their word in the address.
PARTS: Mapping[str, tuple[str, str]] = {
    "kabupaten": ("kabupaten", N_("kabupaten/kota")),
    "kecamatan": ("kecamatan", N_("kecamatan")),
    "puskesmas": ("puskesmas", N_("puskesmas")),
    "desa": ("desa", N_("desa/kelurahan")),
    "posyandu": ("posyandu", N_("posyandu")),
    "umur": ("age", N_("age")),
    "kelamin": ("sex", N_("sex")),
}
CHILDREN = ("umur", "kelamin")
HEADINGS = (
    ("nama", N_("Name")),
    ("pembilang", N_("Numerator")),
    ("penyebut", N_("Denominator")),
    ("persen", N_("Percent")),
    ("ds", N_("D/S")),
    ("belum", N_("Not reported")),
)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see: an area, a month, an indicator, and the table's parts and order."""

    own: str
    key: str
    month: Month
    indicator: Indicator
    parts: tuple[str, ...]
    per: str
    sort: str
    falling: bool

    @property
    def area(self) -> Area:
        """The area to count."""
        return scope.looked_at(self.own, self.key)

    def address(self, page: str = "province.area", *, kind: str | None = None, **changes: Any) -> str:
        """Return the address of the same page, or of its table as a file of a kind, with something changed."""
        other = replace(self, **changes)
        return url_for(
            page,
            kind=kind,
            key=other.key,
            bulan=str(other.month),
            indikator=other.indicator.CODE,
            per=other.per if other.key == self.key else None,
            urut=other.sort,
            arah="turun" if other.falling else "naik",
        )


@pages.get("/wilayah")
@needs_worker
def own_area() -> Redirect:
    """Send a worker to the numbers of her own area."""
    return redirect(url_for("province.area", key=_own()))


@pages.get("/wilayah/<key>")
@needs_worker
def area(key: str) -> Response:
    """Show the numbers of an area."""
    asked = _asked(key)
    answer = make_response(render_template("province.html", asked=asked, **_counted(asked), **_around(asked)))
    answer.headers["Content-Security-Policy"] = PLOT_POLICY
    return answer


@pages.get("/wilayah/<key>/tabel.xlsx", defaults={"kind": "xlsx"})
@pages.get("/wilayah/<key>/tabel.csv", defaults={"kind": "csv"})
@needs_worker
def table_file(key: str, kind: str) -> Response:
    """Give the table of an area's parts as a file."""
    asked = _asked(key)
    lines = province_table.lines(_rows(asked, _parts(asked)), asked.indicator, asked.month)
    name = f"{asked.indicator.CODE}-{asked.month}-{key}-{asked.per}"
    return sheet.answer(Taken(area_file.EXPORT, lines, name, _told(asked)), kind)


@pages.get("/wilayah/<key>/belum-melapor.xlsx", defaults={"kind": "xlsx"})
@pages.get("/wilayah/<key>/belum-melapor.csv", defaults={"kind": "csv"})
@needs_worker
def unreported_file(key: str, kind: str) -> Response:
    """Give the names of the posyandu that have not reported as a file."""
    asked = _asked(key)
    rows = indicators.unreported(sessions.store(), asked.area, asked.month)
    listed = [{**row, "desa": scope.area_name(row["desa_code"])} for row in rows]
    name = f"belum-melapor-{asked.month}-{key}"
    return sheet.answer(Taken(area_file.UNREPORTED, listed, name, _told(asked)), kind)


def _told(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Say in a file which area and month it is of, what was counted out of what, and by which rule."""
    indicator = asked.indicator
    return (
        (_("Area"), _name(asked.key)),
        (_("Month"), month_long(str(asked.month))),
        (_("Counted"), _(indicator.COUNTED)),
        (_("Out of"), _(indicator.OUT_OF)),
        (_("Source"), indicator.SOURCE),
        *sheet.by_whom(),
    )


def _own() -> str:
    return scope.own_area(sessions.store(), signed_in().area, sessions.instance().config.area)


def _asked(key: str) -> Asked:
    """Read the address; a word in it that means nothing gives way to the usual one. An area not hers is refused."""
    store, own, wanted = sessions.store(), _own(), request.args
    access.require(scope.lies_in(store, own, key), f"the numbers of {key}")
    parts = (*scope.PARTS_OF[places.level_of(store, key)], *CHILDREN)
    return Asked(
        own=own,
        key=key,
        month=_month(wanted.get("bulan"), scope.looked_at(own, key)),
        indicator=indicators.BY_CODE.get(wanted.get("indikator", ""), stunting),
        parts=parts,
        per=wanted["per"] if wanted.get("per") in parts else parts[0],
        sort=wanted["urut"] if wanted.get("urut") in province_table.SORTS else "nama",
        falling=wanted.get("arah") == "turun",
    )


def _month(text: str | None, looked_at: Area) -> Month:
    """Return the month asked for, not beyond the present one; without one the last month that has numbers."""
    present = Month.of(sessions.today())
    try:
        return min(Month.parse(text or ""), present)
    except ValueError:
        return indicators.latest_reported(sessions.store(), looked_at, present)


def _parts(asked: Asked) -> dict[str, Totals]:
    return indicators.split(sessions.store(), asked.area, asked.month, PARTS[asked.per][0])


def _rows(asked: Asked, parts: dict[str, Totals]) -> list[province_table.Row]:
    found = province_table.rows(sessions.store(), asked.indicator, PARTS[asked.per][0], parts)
    return province_table.ordered(found, asked.sort, falling=asked.falling)


def _whole(asked: Asked, parts: dict[str, Totals]) -> Totals:
    """Add up the parts; children's age groups share their posyandu, so there the area is counted by itself."""
    if asked.per in CHILDREN:
        return indicators.totals(sessions.store(), asked.area, asked.month)
    return Totals.sum(parts.values())


def _counted(asked: Asked) -> dict[str, Any]:
    """Count what the page shows: the area's figures, its year, its parts, and who has not reported."""
    store = sessions.store()
    parts = _parts(asked)
    totals, rows = _whole(asked, parts), _rows(asked, parts)
    series, title = (
        indicators.series(store, asked.indicator, asked.area, asked.month),
        _(asked.indicator.TITLE),
    )
    unreported = indicators.unreported(store, asked.area, asked.month)
    return {
        "figures": [(each, indicators.figure(each, totals)) for each in indicators.ALL],
        "figure": indicators.figure(asked.indicator, totals),
        "series": list(reversed(series)),
        "drawings": [(size.name, trend.drawing(series, title, size)) for size in trend.SIZES],
        "plot": plot.plot(series, title),
        "rows": rows,
        "top": trend.scale([row.figure for row in rows])[0],
        "unreported": [(row, scope.area_name(row["desa_code"])) for row in unreported[:NAMES_AT_MOST]],
        "unreported_more": len(unreported) - NAMES_AT_MOST,
    }


def _name(key: str) -> str:
    """Name an area as people say it: a kecamatan and a desa with that word, for their names repeat."""
    store = sessions.store()
    words = {"kecamatan": _("Kecamatan {name}"), "desa": _("Desa {name}")}
    level, name = places.level_of(store, key), places.title(store, key)
    if level == "desa" and areas.area(key).is_kelurahan:
        return _("Kelurahan {name}").format(name=name)
    return words.get(level, "{name}").format(name=name)


def _around(asked: Asked) -> dict[str, Any]:
    """Say where the page stands: the way down to the area, the months to choose from, the words of the table."""
    store, present = sessions.store(), Month.of(sessions.today())
    way = [(key, _name(key)) for key in scope.way_down(store, asked.own, asked.key)]
    worker = signed_in()
    return {
        "title": way[-1][1],
        "way": way[:-1],
        "months": present.latest(MONTHS_OFFERED),
        "present": present,
        "only_here": None if worker.area == asked.own else way[0][1],
        "part_words": PARTS,
        "headings": [heading for heading in HEADINGS if asked.per not in CHILDREN or heading[0] != "belum"],
        "kinds": indicators.indicator.KINDS,
        "plotly_version": plot_library.version(),
        "interval": plot.interval,
        "whisker": trend.whisker,
    }
