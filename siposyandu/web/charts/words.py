"""A chart in words, for those who hear it: the newest value and its band, where it is going, then each measurement."""

from collections.abc import Sequence
from datetime import date

from siposyandu.growth.kms import completed_months
from siposyandu.i18n import N_, date_long, number
from siposyandu.i18n import gettext as _
from siposyandu.web.charts.indices import Index
from siposyandu.web.charts.points import Child, Reading, months_apart, said

BELOW = {-3: N_("below −3 SD"), -2: N_("between −3 and −2 SD"), -1: N_("between −2 and −1 SD")}
ABOVE = {3: N_("above +3 SD"), 2: N_("between +2 and +3 SD"), 1: N_("between +1 and +2 SD")}
MIDDLE = N_("between −1 and +1 SD")
KEEPS_WITHIN_Z = 0.33
"""Half of 0.67, the distance of two centile lines on paper charts: less is within what a measuring board can say."""


def facts(index: Index, child: Child, readings: Sequence[Reading]) -> str:
    """Tell a chart: the newest value, its band and category, the trend, then each measurement with age and marks."""
    told = [summary(index, child, readings), *(_told(index, each) for each in readings)]
    return " ".join(told)


def summary(index: Index, child: Child, readings: Sequence[Reading]) -> str:
    """Say in two sentences what a chart shows: the newest value with its band and category, and where it is going."""
    if not readings:
        return _("No measurement yet.")
    told = (_newest(index, child, readings[-1]), trend(index, readings))
    return " ".join(each for each in told if each)


def _newest(index: Index, child: Child, newest: Reading) -> str:
    measured = _("Newest measurement, {day}, at {age}: {measure} {unit}").format(
        day=date_long(newest.point.day),
        age=age_words(child.birth_date, newest.point.day),
        measure=said(newest.point.measure),
        unit=_(index.unit),
    )
    parts = (measured, band_words(newest), category_words(index, child, newest), *marks_words(newest))
    return ", ".join(each for each in parts if each) + "."


def band_words(reading: Reading) -> str:
    """Say between which lines a reading lies, with its z; "" where it has none to be trusted."""
    if reading.z is None or not reading.counts:
        return ""
    return _("{zone} (z {z})").format(zone=_(zone(reading.z)), z=z_words(reading.z))


def zone(z: float) -> str:
    """Say between which SD lines a z lies; on a line it belongs to the better side, as the categories do."""
    for line, words in BELOW.items():
        if z < line:
            return words
    for line, words in ABOVE.items():
        if z > line:
            return words
    return MIDDLE


def category_words(index: Index, child: Child, reading: Reading) -> str:
    """Return what a reading is called: by its z, or by a limit in its own unit; "" where it is not to be trusted."""
    if not reading.counts:
        return ""
    if index.category is None:
        return _limit_words(
            index, completed_months(child.birth_date, reading.point.day), reading.point.measure
        )
    category = index.category(reading.z)
    return _(category.label) if category else ""


def _limit_words(index: Index, months: int, measure: float) -> str:
    below = [
        limit
        for limit in index.limits
        if limit.first_month <= months <= limit.last_month and measure < limit.measure
    ]
    return _(min(below, key=lambda limit: limit.measure).words) if below else ""


def trend(index: Index, readings: Sequence[Reading]) -> str:
    """Say how z has moved since the oldest reading that is near enough; "" where there are not two to compare."""
    counted = [reading for reading in readings if reading.counts and reading.z is not None]
    near = [reading for reading in counted if months_apart(reading, counted[-1]) <= index.trend_months]
    if len(near) < 2:
        return ""
    before, now = near[0].z or 0.0, near[-1].z or 0.0
    return _(_direction(now - before)).format(
        day=date_long(near[0].point.day), before=z_words(before), now=z_words(now)
    )


def _direction(change: float) -> str:
    if change > KEEPS_WITHIN_Z:
        return N_("Since {day} it moved up to higher lines: z from {before} to {now}.")
    if change < -KEEPS_WITHIN_Z:
        return N_("Since {day} it sank to lower lines: z from {before} to {now}.")
    return N_("Since {day} it kept along its line: z from {before} to {now}.")


def z_words(z: float | None) -> str:
    """Write a z with two decimals and a true minus; "" for None."""
    return number(z, 2).replace("-", "−")


def age_words(birth_date: date, on: date) -> str:
    """Say an age in completed months and years: "1 tahun 8 bulan"; the first month in days."""
    months = max(0, completed_months(birth_date, on))
    if months == 0:
        return _("{days} days").format(days=max(0, (on - birth_date).days))
    years, rest = divmod(months, 12)
    told = [_("{years} years").format(years=years)] if years else []
    told += [_("{months} months").format(months=rest)] if rest or not years else []
    return " ".join(told)


def marks_words(reading: Reading) -> list[str]:
    """Say what is marked in a measurement."""
    point = reading.point
    marked = (
        (point.corrected, _("corrected")),
        (point.converted, _("lying or standing converted (0.7 cm)")),
        (point.swollen, _("both feet swollen: weight not judged")),
        (point.flagged, _("hardly possible: measure again")),
    )
    return [words for is_so, words in marked if is_so]


def _told(index: Index, reading: Reading) -> str:
    point = reading.point
    told = f"{date_long(point.day)}: {said(point.measure)} {_(index.unit)}"
    if point.length_cm is not None:
        told += f", {_('{length} cm long').format(length=said(point.length_cm))}"
    return ", ".join(each for each in (told, point.letter, *marks_words(reading)) if each) + "."
