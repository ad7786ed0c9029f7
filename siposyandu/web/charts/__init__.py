"""Growth charts drawn by the project itself: the same SVG on screen and on paper, exact to half a pixel.

`kms` is the growth card, `length_for_age` shows stunting. All arithmetic comes from siposyandu.growth;
lines.py draws any index of the standards by day, so that further charts need only a page of looks.
"""

from siposyandu.web.charts.kms import CARDS, card_for, kms
from siposyandu.web.charts.length import length_for_age
from siposyandu.web.charts.points import Child, Point

__all__ = ["CARDS", "Child", "Point", "card_for", "kms", "length_for_age"]
