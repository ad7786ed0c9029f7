"""A chart in words, for those who hear it: each month's value, and where the newest one lies."""

from collections.abc import Sequence
from datetime import date

from siposyandu.growth.kms import completed_months
from siposyandu.growth.standards import value_at
from siposyandu.i18n import N_, date_long
from siposyandu.i18n import gettext as _
from siposyandu.web.charts.points import Child, Point, said

BELOW = {-3: N_("below −3 SD"), -2: N_("between −3 and −2 SD"), -1: N_("between −2 and −1 SD")}
ABOVE = {3: N_("above +3 SD"), 2: N_("between +2 and +3 SD"), 1: N_("between +1 and +2 SD")}
MIDDLE = N_("between −1 and +1 SD")


def facts(child: Child, points: Sequence[Point], index: str, unit: str) -> str:
    """Tell a chart: how many points, where the last one lies, then each of them with age, value and letter."""
    if not points:
        return _("No measurement yet.")
    newest = points[-1]
    said_first = _("{count} measurements. The newest lies {where}.").format(
        count=len(points), where=_(zone(child, newest, index))
    )
    return " ".join([said_first, *(_told(child, point, unit) for point in points)])


def zone(child: Child, point: Point, index: str) -> str:
    """Say between which SD lines a point lies; on a line it belongs to the better side, as the categories do."""
    day = (point.day - child.birth_date).days
    for z, words in BELOW.items():
        if point.measure < (_line(index, child.sex, day, z) or 0):
            return words
    for z, words in ABOVE.items():
        line = _line(index, child.sex, day, z)
        if line is not None and point.measure > line:
            return words
    return MIDDLE


def age_words(birth_date: date, on: date) -> str:
    """Say an age in completed months and years: "1 tahun 8 bulan"; the first month in days."""
    months = max(0, completed_months(birth_date, on))
    if months == 0:
        return _("{days} days").format(days=max(0, (on - birth_date).days))
    years, rest = divmod(months, 12)
    told = [_("{years} years").format(years=years)] if years else []
    told += [_("{months} months").format(months=rest)] if rest or not years else []
    return " ".join(told)


def _line(index: str, sex: str, day: int, z: float) -> float | None:
    return value_at(index, sex, day, z)


def _told(child: Child, point: Point, unit: str) -> str:
    told = f"{date_long(point.day)}: {said(point.measure)} {unit}"
    told += f", {point.letter}" if point.letter else ""
    told += f", {_('corrected')}" if point.corrected else ""
    return told + (f", {_('hardly possible: measure again')}." if point.flagged else ".")
