"""Growth charts drawn by the project itself: the same SVG on screen and on paper, exact to half a pixel.

`kms` is the growth card. Every other chart is an entry of `ALL` (descriptions.py) and is drawn by `draw`. All arithmetic
comes from siposyandu.growth.
"""

from siposyandu.web.charts.descriptions import ALL, BY_CODE, KINDS, Chart, Kind, for_age, of_kind
from siposyandu.web.charts.growth_chart import draw, fitted, near, title_of
from siposyandu.web.charts.kms import CARDS, card_for, kms
from siposyandu.web.charts.layout import A4, A5, CARD, CARD_ON_PHONE, LAPTOP, PHONE, Layout, View
from siposyandu.web.charts.points import Child, Point, Reading, readings

__all__ = [
    "A4", "A5", "ALL", "BY_CODE", "CARD", "CARDS", "CARD_ON_PHONE", "KINDS", "LAPTOP", "PHONE", "Chart", "Child", "Kind",
    "Layout", "Point", "Reading", "View", "card_for", "draw", "fitted", "for_age", "kms", "near", "of_kind", "readings",
    "title_of",
]  # fmt: skip
