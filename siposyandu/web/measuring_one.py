"""One posyandu's measuring: its last digits as a picture, its figures, the nine of IKDA, and each kader's own habits.

A kader is shown her own measurements and nobody else's.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from siposyandu import quality
from siposyandu.access import WEIGHERS, Worker
from siposyandu.growth.quality import Counts, Digits, Measured, Reading, Remark, Share, count, remarks
from siposyandu.growth.quality.ikda import ikda
from siposyandu.i18n import N_, number
from siposyandu.i18n import gettext as _
from siposyandu.web import sessions
from siposyandu.web.charts.svg import HALO, element, group, label, line
from siposyandu.web.measuring_asked import Asked
from siposyandu.web.sessions import signed_in

WIDTH, HEIGHT, TOP, FLOOR = 460, 190, 24, 160
INK, QUIET, PALE, ROUND = "#15302b", "#54635d", "#0b5d52", "#8a3b00"
FULL_PERCENT = 30
"""The picture's scale reaches at least this far; a tenth is what honest reading gives each digit."""


class Kader(NamedTuple):
    """One who measured: her name, counts, and what they say."""

    name: str
    counts: Counts
    remarks: list[Remark]


class Figure(NamedTuple):
    """A line of the table of figures: what it is, its value, what careful measuring gives; `plain` for everybody."""

    title: str
    found: Share | Reading
    expected: str
    plain: bool = True


def shown(asked: Asked) -> dict[str, Any]:
    """Return what the page of one posyandu shows to whoever is signed in."""
    who, store = signed_in(), sessions.store()
    by_author = who.role in WEIGHERS
    visits = quality.measurements(store, [asked.key], asked.first, asked.last, by_author=by_author)[asked.key]
    mine = who.role == "kader"
    if mine:
        visits = quality.by_measurer(visits).get(who.id, [])
    counts = count(visits)
    register = quality.registers(store, [asked.key], asked.last)[asked.key]
    return {
        "mine": mine,
        "counts": counts,
        "remarks": [remark.gentle if mine else remark for remark in remarks(counts)],
        "pictures": [
            (_("Heights"), digit_picture(counts.length_digits), counts.length_digits),
            (_("Weights"), digit_picture(counts.weight_digits), counts.weight_digits),
        ],
        "figures": [each for each in figures(counts) if each.plain or not mine],
        "ikda": None if mine or not visits else ikda(counts, register),
        "kader": kader(quality.by_measurer(visits), who) if by_author and not mine else [],
    }


def kader(groups: Mapping[str, list[Measured]], who: Worker) -> list[Kader]:
    """Return each who measured, by name; workers who are no longer kept here are left unnamed."""
    assert who.role in WEIGHERS, "names are for those who work with the kader"
    rows = sessions.store().rows("select id, name from worker")
    names = {row["id"]: row["name"] for row in rows}
    found = [(names.get(worker, ""), count(visits)) for worker, visits in groups.items()]
    return [
        Kader(name or _("Somebody else"), counts, remarks(counts)) for name, counts in sorted(found, key=str)
    ]


def figures(counts: Counts) -> list[Figure]:
    """Return the table of figures with what careful measuring gives."""
    lengths, weights = counts.length_digits, counts.weight_digits
    return [
        Figure(N_("Heights ending in .0"), lengths.zero, N_("10%")),
        Figure(N_("Heights ending in .0 or .5"), lengths.zero_or_five, N_("20%")),
        Figure(N_("Weights ending in .0"), weights.zero, N_("10%")),
        Figure(N_("Weights ending in .0 or .5"), weights.zero_or_five, N_("20%")),
        Figure(N_("Digit preference score, heights"), lengths.score, N_("below 20"), plain=False),
        Figure(N_("Digit preference score, weights"), weights.score, N_("below 20"), plain=False),
        Figure(N_("Spread of TB/U (SD)"), counts.haz.kept.sd, N_("0.8 to 1.2, at most 1.5"), plain=False),
        Figure(N_("Spread of BB/U (SD)"), counts.waz.kept.sd, N_("0.8 to 1.2"), plain=False),
        Figure(N_("Spread of BB/TB (SD)"), counts.whz.kept.sd, N_("0.8 to 1.2"), plain=False),
        Figure(N_("TB/U hardly possible"), counts.haz.flags, N_("at most 1%")),
        Figure(N_("Measured in the wrong position"), counts.wrong_position, N_("none")),
        Figure(N_("Same weight and height as last month"), counts.copied, N_("about 2%")),
        Figure(N_("Weight, height or position missing"), counts.incomplete, N_("at most 5%")),
        Figure(N_("Born on the 1st or 15th"), counts.ages.guessed_days, N_("about 7%")),
    ]


def digit_picture(digits: Digits) -> Markup:
    """Draw how many end in each digit, with a line at the tenth that each should have; .0 and .5 in a colour of their own."""
    whole = digits.whole or 1
    top = max(FULL_PERCENT, *(100 * each / whole for each in digits.counts))
    slot, unit = WIDTH / 10, (FLOOR - TOP) / top
    even = FLOOR - 10 * unit
    drawn = [_bar(digit, 100 * each / whole, slot, unit) for digit, each in enumerate(digits.counts)]
    drawn.insert(0, line(0, even, WIDTH, even, stroke=QUIET, stroke_width=1.5, stroke_dasharray="5 4"))
    words = _("Of 100 readings end in 0 to 9: {shares}").format(
        shares=", ".join(str(round(100 * each / whole)) for each in digits.counts)
    )
    look = {"class_": "digits", "viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img"}
    return element("svg", element("title", words), *drawn, **look)


def _bar(digit: int, percent: float, slot: float, unit: float) -> Markup:
    middle, height = (digit + 0.5) * slot, percent * unit
    colour = ROUND if digit in (0, 5) else PALE
    return group(
        element(
            "rect", x=middle - slot * 0.32, y=FLOOR - height, width=slot * 0.64, height=height, fill=colour
        ),
        label(
            f"{percent:.0f}", middle, FLOOR - height - 6, text_anchor="middle", font_size=15, fill=INK, **HALO
        ),
        label(number(digit / 10, 1)[1:], middle, HEIGHT - 8, text_anchor="middle", font_size=16, fill=QUIET),
    )
