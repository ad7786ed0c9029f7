"""What a case shows, as inline SVG: a scale's dial, a rule with a pointer, feet; a table or a KMS where that is its paper."""

from collections.abc import Iterator
from math import cos, pi, sin

from markupsafe import Markup

from siposyandu.exam.case import Card, Dial, Feet, Picture, Ruler, Table
from siposyandu.i18n import gettext as _
from siposyandu.i18n import say
from siposyandu.web import charts, curves

SIZE = 400
SMALL_G, HALF_G, NUMBERED_G = 100, 500, 1000
RULE_WIDTH, RULE_LEFT, RULE_TOP, RULE_HEIGHT = 440, 36, 60, 88
RULE_EDGE = 32  # the rule goes on so far beyond its outermost lines, so that their numbers touch no frame
TAPE_BAND, TAPE_WORD_WIDTH = 28, 76
RED_BELOW_MM, YELLOW_BELOW_MM = 115, 125
FOOT = "M98 10 h74 c4 60 14 100 14 150 c0 30 -2 48 -6 68 c-20 14 -56 20 -98 10 c-8 -20 -10 -42 -8 -78 c2 -46 20 -88 24 -150 z"


def draw(picture: Picture) -> Markup:
    """Return a case's picture for the page."""
    if isinstance(picture, Dial):
        return _dial(picture)
    if isinstance(picture, Ruler):
        return _rule(picture)
    if isinstance(picture, Feet):
        return _feet(picture)
    return _card(picture) if isinstance(picture, Card) else _table(picture)


def _svg(kind: str, width: int, height: int, title: str, parts: Iterator[Markup]) -> Markup:
    shell = Markup('<svg class="exam-picture {}" viewBox="0 0 {} {}" role="img"><title>{}</title>{}</svg>')
    return shell.format(kind, width, height, title, Markup().join(parts))


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        kind, x1, y1, x2, y2
    )


def _text(kind: str, x: float, y: float, words: object) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(
        kind, x, y, words
    )


def _dial(dial: Dial) -> Markup:
    return _svg("exam-dial", SIZE, SIZE, _("A hanging scale; its pointer has to be read"), _dial_parts(dial))


def _dial_parts(dial: Dial) -> Iterator[Markup]:
    middle = SIZE / 2
    yield Markup('<circle class="face" cx="{0}" cy="{0}" r="190"/>').format(middle)
    for grams in range(0, dial.full_g, SMALL_G):
        long = 26 if grams % NUMBERED_G == 0 else 18 if grams % HALF_G == 0 else 10
        kind = "tick strong" if grams % HALF_G == 0 else "tick"
        yield _line(kind, *_on_dial(dial, grams, 186), *_on_dial(dial, grams, 186 - long))
        if grams % NUMBERED_G == 0:
            x, y = _on_dial(dial, grams, 137)
            yield _text("figure", x, y + 6, grams // NUMBERED_G)
    yield _text("unit", middle, middle + 70, "kg")
    yield _line("pointer", *_on_dial(dial, dial.grams, -34), *_on_dial(dial, dial.grams, 178))
    yield Markup('<circle class="hub" cx="{0}" cy="{0}" r="9"/>').format(middle)


def _on_dial(dial: Dial, grams: int, radius: float) -> tuple[float, float]:
    """Return the place on the face: 0 is on top, and it turns as a clock does."""
    angle = 2 * pi * grams / dial.full_g - pi / 2
    return SIZE / 2 + radius * cos(angle), SIZE / 2 + radius * sin(angle)


def _rule(rule: Ruler) -> Markup:
    titles = {
        "bar": _("The bar of a dacin; the weight's edge has to be read"),
        "board": _("A length board; the foot piece has to be read"),
        "tape": _("A LiLA tape; the arrow has to be read"),
    }
    width, height = RULE_WIDTH + 2 * RULE_LEFT, RULE_TOP + _rule_height(rule) + 20
    return _svg("exam-rule", width, height, titles[rule.what], _rule_parts(rule))


def _rule_parts(rule: Ruler) -> Iterator[Markup]:
    yield Markup('<rect class="face" x="{}" y="{}" width="{}" height="{}"/>').format(
        RULE_LEFT - RULE_EDGE, RULE_TOP, RULE_WIDTH + 2 * RULE_EDGE, _rule_height(rule)
    )
    if rule.what == "tape":
        yield from _colours(rule)
    half = rule.numbered // 2
    for value in range(rule.low, rule.high + 1, rule.step):
        x = _along(rule, value)
        long = 44 if value % rule.numbered == 0 else 32 if value % half == 0 else 20
        yield _line("tick strong" if value % half == 0 else "tick", x, RULE_TOP, x, RULE_TOP + long)
        if value % rule.numbered == 0:
            yield _text("figure", x, RULE_TOP + 70, value // rule.scale)
    x = _along(rule, rule.at)
    yield _line("pointer", x, RULE_TOP - 40, x, RULE_TOP + 48)
    yield Markup('<path class="hub" d="M{:.1f} {} l-13 -24 h26 z"/>').format(x, RULE_TOP - 2)
    yield _text(
        "unit",
        RULE_LEFT + RULE_WIDTH - 4,
        RULE_TOP - 14,
        "kg" if rule.what == "bar" else "cm",
    )


def _rule_height(rule: Ruler) -> int:
    return RULE_HEIGHT + (TAPE_BAND if rule.what == "tape" else 0)


def _along(rule: Ruler, value: int) -> float:
    return RULE_LEFT + RULE_WIDTH * (value - rule.low) / (rule.high - rule.low)


def _colours(rule: Ruler) -> Iterator[Markup]:
    """Draw the tape's colours below its lines, each with its word: not everybody sees red and green apart."""
    limits = (
        ("red", rule.low, RED_BELOW_MM),
        ("yellow", RED_BELOW_MM, YELLOW_BELOW_MM),
        ("green", YELLOW_BELOW_MM, rule.high),
    )
    words = {"red": _("red"), "yellow": _("yellow"), "green": _("green")}
    for colour, first, last in limits:
        begin, end = max(first, rule.low), min(last, rule.high)
        if begin < end:
            left = _along(rule, begin) - (RULE_EDGE if begin == rule.low else 0)
            right = _along(rule, end) + (RULE_EDGE if end == rule.high else 0)
            yield Markup('<rect class="tape-{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>').format(
                colour, left, RULE_TOP + RULE_HEIGHT, right - left, TAPE_BAND
            )
            if right - left > TAPE_WORD_WIDTH:
                yield _text(
                    "tape-word", (left + right) / 2, RULE_TOP + RULE_HEIGHT + TAPE_BAND - 8, words[colour]
                )


def _feet(feet: Feet) -> Markup:
    return _svg("exam-feet", 520, 300, _feet_words(feet), _feet_parts(feet))


def _feet_words(feet: Feet) -> str:
    if feet.left and feet.right:
        return _("A dent stays in both feet.")
    return _("A dent stays in one foot.") if feet.left or feet.right else _("No dent stays in either foot.")


def _feet_parts(feet: Feet) -> Iterator[Markup]:
    for at, mirrored, dent in ((0, False, feet.left), (260, True, feet.right)):
        turn = f"translate({at + 260} 0) scale(-1 1)" if mirrored else f"translate({at} 0)"
        yield Markup('<g transform="{}">{}</g>').format(turn, Markup().join(_foot(dent)))


def _foot(dent: bool) -> Iterator[Markup]:
    """Draw a foot seen from above, its toes below; a dent is a dark hollow that stays where the thumb was."""
    yield Markup('<path class="skin" d="{}"/>').format(FOOT)
    for x, y, rx, ry in (
        (98, 240, 19, 23),
        (124, 248, 12, 17),
        (145, 246, 11, 15),
        (163, 240, 10, 14),
        (178, 230, 9, 12),
    ):
        yield Markup('<ellipse class="skin" cx="{}" cy="{}" rx="{}" ry="{}"/>').format(x, y, rx, ry)
    if dent:
        yield Markup(
            '<ellipse class="dent" cx="132" cy="130" rx="21" ry="16"/><path class="dent-edge" d="M112 122 a21 16 0 0 1 41 2"/>'
        )


def _table(table: Table) -> Markup:
    row = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
    rows = Markup().join(row.format(say(name), _in_one_line(say(value))) for name, value in table.rows)
    return Markup('<dl class="facts exam-table">{}</dl>').format(rows)


def _in_one_line(words: str) -> str:
    """A date, or a figure and its unit, stay together; a line may end only behind a colon."""
    return ": ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in words.split(": "))


def _card(card: Card) -> Markup:
    points = [charts.Point(day, weight_g / 1000) for day, weight_g in card.weighings]
    child, paper = charts.Child(_("A child"), card.sex, card.birth_date), "0-24"
    near = charts.View(charts.CARD_ON_PHONE, curves.near_months(child, points, paper), "kms-near")
    whole = charts.View(charts.CARD, name="kms")
    drawn = Markup().join(charts.kms(child, points, card=paper, view=view) for view in (whole, near))
    return Markup('<figure class="chart-box" tabindex="0" aria-label="{}">{}</figure>').format(
        _("Chart"), drawn
    )
