"""The booklet of help: three sentences for every page, on one page to read, to search with Ctrl-F, and to print.

A kader finds her own pages; whoever answers for an area finds the offices' too, at the province those first.
"""

from typing import NamedTuple

from flask import Blueprint, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException

from siposyandu.web import helping, practising, sessions
from siposyandu.web.helping import Chapters
from siposyandu.web.helping.three import Help

pages = Blueprint("booklet", __name__)


class Entry(NamedTuple):
    """One page's help and the name of its place in the booklet."""

    help: Help
    anchor: str


@pages.get("/bantuan")
def booklet() -> str:
    """Show the help of all pages; also while the laptop is closed, for nothing in it is a secret."""
    parts = helping.parts(_role(), at_province=_at_province())
    return render_template(
        "booklet.html",
        parts=[(title, _with_entries(chapters)) for title, chapters in parts],
        practice_offered=practising.offered(),
    )


def _with_entries(chapters: Chapters) -> list[tuple[str, list[Entry]]]:
    found = [(title, [_entry(each) for each in listed if _is_shown(each)]) for title, listed in chapters]
    return [(title, entries) for title, entries in found if entries]


def _is_shown(each: Help) -> bool:
    """A practice posyandu has fewer pages; where the province has its own words for a page, those stand alone."""
    at_province = _at_province()
    return (
        each.endpoint in current_app.view_functions
        and helping.of(each.endpoint, at_province=at_province) is each
    )


def _at_province() -> bool:
    return sessions.instance().config.is_province


def _role() -> str | None:
    worker = None if g.get("bare") else sessions.current_worker()
    return worker.role if worker else None


@pages.app_context_processor
def beside() -> dict[str, Entry | None]:
    """Give every template the help of the page that is shown, as `page_help`."""
    found = helping.of(_endpoint(), at_province=_at_province())
    return {"page_help": _entry(found) if found else None}


def _endpoint() -> str | None:
    """Return whose page is shown: a form that was refused is shown again at the address of its page."""
    adapter = current_app.create_url_adapter(request)
    if request.method == "GET" or adapter is None:
        return request.endpoint
    try:
        return str(adapter.match(request.path, method="GET")[0])
    except HTTPException:
        return request.endpoint


def _entry(found: Help) -> Entry:
    rule = next(current_app.url_map.iter_rules(found.endpoint)).rule
    return Entry(found, anchor(rule))


def anchor(rule: str) -> str:
    """Return the name of a page's place in the booklet, made of its address.

    >>> anchor("/kunjungan/<visit_id>/hasil"), anchor("/hari-ini"), anchor("/masuk/<worker_id>")
    ('kunjungan-x-hasil', 'hari-ini', 'masuk-x')
    """
    parts = rule.strip("/").split("/")
    return "-".join("x" if part.startswith("<") else part for part in parts)
