"""How well children are measured: each posyandu of an area with its weak points in words, the weakest first.

A kader sees only her own measurements, gently said. Bidan and nutrition officer see who measured; kabupaten and
province see places, no names. Every figure comes from growth/quality; too few measurements give no figure.
"""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from siposyandu import access, indicators, places
from siposyandu.exports import Taken, mutu
from siposyandu.i18n import gettext as _
from siposyandu.indicators import scope
from siposyandu.periods import Month
from siposyandu.web import measuring_lines, measuring_one, sessions, sheet
from siposyandu.web.measuring_asked import SPANS, Asked, FileLine
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("measuring", __name__)

MONTHS_OFFERED = 12


@pages.get("/mutu")
@needs_worker
def own_area() -> Redirect:
    """Send a worker to her own area."""
    return redirect(url_for("measuring.area", key=_own()))


@pages.get("/mutu/<key>")
@needs_worker
def area(key: str) -> str:
    """Show an area's parts, or one posyandu."""
    asked = _asked(key)
    if places.level_of(sessions.store(), key) == "posyandu":
        return render_template("measuring_posyandu.html", **_around(asked), **measuring_one.shown(asked))
    return render_template("measuring.html", **_around(asked), parts=measuring_lines.parts(asked))


@pages.get("/mutu/<key>/tabel.xlsx", defaults={"kind": "xlsx"})
@pages.get("/mutu/<key>/tabel.csv", defaults={"kind": "csv"})
@needs_worker
def table_file(key: str, kind: str) -> Response:
    """Give the table of an area's parts as a file."""
    asked = _asked(key)
    access.require(signed_in().role != "kader", "the figures of a whole posyandu")
    parts = measuring_lines.parts(asked).lines
    lines = [FileLine(str(asked.first), str(asked.last), *line[:-1]) for line in parts]
    told = ((_("Area"), places.title(sessions.store(), key)), *sheet.by_whom())
    return sheet.answer(Taken(mutu.EXPORT, lines, f"mutu-{asked.last}-{key}", told), kind)


def _own() -> str:
    return scope.own_area(sessions.store(), signed_in().area, sessions.instance().config.area)


def _asked(key: str) -> Asked:
    """Read the address; a word in it that means nothing gives way to the usual one. An area not hers is refused."""
    store, own, wanted = sessions.store(), _own(), request.args
    access.require(scope.lies_in(store, own, key), f"how {key} measures")
    present = Month.of(sessions.today())
    try:
        last = min(Month.parse(wanted.get("bulan", "")), present)
    except ValueError:
        last = indicators.latest_reported(store, scope.looked_at(own, key), present)
    spans = [span for span in SPANS if wanted.get("rentang") == str(span)]
    return Asked(own, key, last, spans[0] if spans else SPANS[0])


def _around(asked: Asked) -> dict[str, Any]:
    """Say where the page stands: the way down to the area, and the months to choose from."""
    store, present = sessions.store(), Month.of(sessions.today())
    way = [(key, places.title(store, key)) for key in scope.way_down(store, asked.own, asked.key)]
    return {
        "asked": asked,
        "title": way[-1][1],
        "way": way[:-1],
        "months": present.latest(MONTHS_OFFERED),
        "spans": SPANS,
    }
