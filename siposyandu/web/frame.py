"""What stands round every page: the place, who is at the keyboard, the ways to go, and whether the province has it all."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, g, redirect, request, session
from werkzeug.wrappers import Response

from siposyandu import access, i18n, places
from siposyandu.access import Worker
from siposyandu.errors import NotFound, Refused
from siposyandu.i18n import N_
from siposyandu.office import to_look_at
from siposyandu.web import day, langkah, sending, sessions

pages = Blueprint("frame", __name__)

ROLE_WORDS = {
    "kader": N_("kader"),
    "bidan_desa": N_("village midwife"),
    "tenaga_gizi": N_("nutrition officer"),
    "dinas_kabupaten": N_("kabupaten health office"),
    "provinsi": N_("province"),
}


@dataclass(frozen=True)
class Link:
    """One way in the page's head: its words, address, key, and the roles that need it."""

    words: str
    url: str
    key: str
    roles: frozenset[str]


# A browser takes "//", a backslash for the second, and a tab between the two for the way to another computer.
INSIDE = re.compile(r"/(?![/\\])")
EVERY_ROLE = frozenset(access.RANKS)
PRACTICE_OF = "practice_of"
"""In the application of a practice posyandu: the address of the real place's pages."""
PRACTICE_PIN = "202020"
"""Of every ghost kader; it stands on the banner, so that typing a PIN can be practised too."""
TO_LOOK_AT_URL, CARRIED_URL = "/perlu-dilihat", "/titipan"
LAPTOP_URL, KEEP_URL = "/laptop", "/kelola"  # one is for laptops only, the other for the province only
UNDER = {
    TO_LOOK_AT_URL: (
        TO_LOOK_AT_URL,
        "/perbedaan",
        "/menunggu",
        "/kembar",
        "/tanggal-meragukan",
        "/karantina",
        "/kabar-laptop",
        "/rujukan",
    ),
    LAPTOP_URL: (LAPTOP_URL, CARRIED_URL),
    KEEP_URL: (KEEP_URL, CARRIED_URL),
}
"""The pages that belong to a link though their addresses do not begin with its own."""
LINKS = (
    Link(N_("Langkah"), langkah.URL, "a", access.WEIGHERS),
    Link(N_("Today"), "/hari-ini", "h", access.WEIGHERS),
    Link(N_("Find"), "/cari", "c", access.WEIGHERS),
    Link(N_("To look at"), TO_LOOK_AT_URL, "p", EVERY_ROLE),
    Link(N_("SKDN"), "/skdn", "s", access.WEIGHERS),
    Link(N_("Area"), "/wilayah", "w", EVERY_ROLE - {"kader"}),
    Link(N_("Quality"), "/mutu", "m", EVERY_ROLE - {"kader"}),
    Link(N_("Keep"), KEEP_URL, "k", access.KEEPERS),
    Link(N_("Laptop"), LAPTOP_URL, "l", EVERY_ROLE),
)


@pages.app_context_processor
def frame() -> dict[str, Any]:
    """Give every template its `frame`; the page of a failure asks the database nothing (`g.bare`)."""
    bare = g.get("bare", False)
    worker = None if bare else sessions.current_worker()
    around = {
        "language": i18n.language(),
        "here": sessions.this_page() or "/",
        "place": "" if bare else _place(worker),
        "sending": None if bare else sending.line(),
        "worker": worker,
        "role": ROLE_WORDS[worker.role] if worker else "",
        "links": _links(worker) if worker else [],
        "practice": _practice(),
    }
    return {"frame": around}


def _practice() -> dict[str, str]:
    """Return what the banner of a practice posyandu says; nothing at a real place."""
    back = current_app.extensions.get(PRACTICE_OF)
    return {"back": back, "pin": PRACTICE_PIN} if back else {}


def _place(worker: Worker | None) -> str:
    config = sessions.instance().config
    area = worker.area if worker and config.is_province else config.area
    try:
        return places.title(sessions.store(), area)
    except (NotFound, Refused):
        return ""  # a laptop that has not heard of its posyandu yet


def _links(worker: Worker) -> list[dict[str, Any]]:
    config = sessions.instance().config
    province = config.is_province
    waits = to_look_at.count(sessions.store(), worker, day.at_hand(), at_province=province)
    return [
        {
            "words": link.words,
            "url": link.url,
            "key": link.key,
            "here": request.path.startswith(UNDER.get(link.url, link.url)),
            "count": waits if link.url == TO_LOOK_AT_URL else 0,
        }
        for link in LINKS
        if worker.role in link.roles
        and link.url != (LAPTOP_URL if province else KEEP_URL)
        and not (config.is_practice and link.url == LAPTOP_URL)
        and (link.url != langkah.URL or langkah.is_at_work(worker))
        # A kader's head stays short: she is led there when something waits.
        and (waits or worker.role != "kader" or link.url != TO_LOOK_AT_URL)
    ]


@pages.get("/bahasa/<code>")
def change_language(code: str) -> Response:
    """Show the pages in another language from now on; the choice is kept in the visitor's cookie."""
    if code in i18n.LANGUAGES:
        session["language"] = code
    return redirect(local_path(request.args.get("next")))


def local_path(wanted: str | None) -> str:
    """Return an address to go on to, if it lies in this application; otherwise the first page.

    >>> local_path("/anak/7?x=1"), local_path("https://elsewhere.id/"), local_path("//elsewhere.id")
    ('/anak/7?x=1', '/', '/')
    """
    inside = wanted is not None and wanted.isprintable() and INSIDE.match(wanted)
    return str(wanted) if inside else "/"
