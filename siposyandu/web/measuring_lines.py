"""The parts of an area with how each measures: its posyandu, or in a large area its kabupaten or puskesmas."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from siposyandu import places, quality
from siposyandu.growth.quality import Counts, Measured, count, remarks
from siposyandu.growth.quality.ikda import Register, ikda
from siposyandu.growth.quality.smart import CLASSES, Score, smart
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.indicators import scope
from siposyandu.web import sessions
from siposyandu.web.measuring_asked import Asked, Line

# What an area is shown by. Kabupaten and puskesmas are added up by the database, posyandu are counted child by child.
PART_OF: Mapping[str, str] = {"provinsi": "kabupaten", "kabupaten": "puskesmas"}
PART_WORDS: Mapping[str, str] = {
    "kabupaten": N_("kabupaten/kota"),
    "puskesmas": N_("puskesmas"),
    "posyandu": N_("posyandu"),
}


class Parts(NamedTuple):
    """An area's parts, the weakest first, all together, and the SMART score where children were looked at one by one."""

    words: str
    lines: list[Line]
    together: Line
    smart: Score

    @property
    def one_by_one(self) -> bool:
        """Whether children were looked at one by one."""
        return self.words == PART_WORDS["posyandu"]

    @property
    def smart_class(self) -> str | None:
        """The word of the score."""
        return None if self.smart.rank is None else CLASSES[self.smart.rank]


def parts(asked: Asked) -> Parts:
    """Return the parts of what was asked for."""
    by = PART_OF.get(places.level_of(sessions.store(), asked.key), "posyandu")
    lines, score = _posyandu(asked) if by == "posyandu" else (_large(asked, by), smart([]))
    total = sum((line.counts for line in lines), Counts())
    together = Line(asked.key, _("Together"), total, None, remarks(total), leads_down=False)
    return Parts(PART_WORDS[by], sorted(lines, key=_weakness), together, score)


def _weakness(line: Line) -> tuple[int, int, str]:
    return -sum(remark.severity for remark in line.remarks), -line.counts.visits, line.name


def _posyandu(asked: Asked) -> tuple[list[Line], Score]:
    store = sessions.store()
    posts = [post for post in places.within(store, asked.key) if places.holds(store, asked.own, post["id"])]
    ids = [post["id"] for post in posts]
    visits = quality.measurements(store, ids, asked.first, asked.last)
    registers = quality.registers(store, ids, asked.last)
    lines = [_line(post, visits[post["id"]], registers[post["id"]]) for post in posts]
    return lines, smart(visit for group in visits.values() for visit in group)


def _line(post: Mapping[str, Any], visits: list[Measured], register: Register) -> Line:
    counts = count(visits)
    index = ikda(counts, register).score if visits else None
    return Line(post["id"], post["name"], counts, index, remarks(counts))


def _large(asked: Asked, by: str) -> list[Line]:
    store = sessions.store()
    found = quality.overview(store, asked.key, asked.first, asked.last, by)
    names = scope.names(store, by, found)
    return [
        Line(key, names.get(key, _("Without a puskesmas")), counts, None, remarks(counts), key in names)
        for key, counts in found.items()
    ]
