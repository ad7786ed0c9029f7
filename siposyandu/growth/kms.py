"""KMS, the growth card: did the child's weight rise since last month (N, T, O, B), 2T, red line.

Each weighed child is exactly one of four, so that D = N + T + O + B (form F1 Gizi). In this order:

1. B (baru): never weighed here before.
2. O: not weighed in the calendar month before, or the card has no minimum gain for this age.
3. N (naik): gained at least the KBM since the weighing of the month before.
4. T (tidak naik): gained less.

A health worker who reads the curve may turn N into T or T into N and writes why (Buku KIA 2023 p. 54: N also
when the curve follows a growth line); what the KBM says is kept beside it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from siposyandu.growth.kbm import MinimumGains, minimum_gains

RED_LINE_SD = -3.0
"""BGM, below the red line of the card. -3 SD on the old cards, not known for the new one: configurable."""
ORANGE_LINE_SD = 1.0
BY_WEIGHINGS, BY_MONTHS = "weighings", "months"


class Weighing(NamedTuple):
    """One weighing of one child; `override` is "N" or "T" where a health worker read the curve otherwise."""

    visit_date: date
    weight_g: int
    override: str | None = None
    override_reason: str | None = None


class GainStatus(NamedTuple):
    """What one counted weighing says. `by_kbm` is the letter before any override.

    `gain_g` and `minimum_gain_g` are None where nothing was compared (B, O).
    """

    visit_date: date
    weight_g: int
    letter: str
    by_kbm: str
    age_months: int
    gain_g: int | None
    minimum_gain_g: int | None
    override_reason: str | None


def completed_months(birth_date: date, on: date) -> int:
    """Return the age in completed months ("bulan penuh"), negative before birth.

    A month is complete when the day number of the birth is reached. Born on the 31st, in a shorter month it
    is complete on the 1st of the next: as spreadsheets and databases count, so that every report agrees.

    >>> born = date(2026, 1, 31)
    >>> completed_months(born, date(2026, 2, 28)), completed_months(born, date(2026, 3, 1))
    (0, 1)
    """
    months = (on.year - birth_date.year) * 12 + on.month - birth_date.month
    return months - (on.day < birth_date.day)


def last_of_each_month(weighings: Iterable[Weighing]) -> list[Weighing]:
    """Return the weighings that count, in order of date: the last one of each calendar month.

    This is the one rule for a child weighed twice in a month; of two on the same day the later in the list.
    """
    by_month = {_month(weighing.visit_date): weighing for weighing in sorted(weighings, key=_visit_date)}
    return list(by_month.values())


def gain_statuses(
    birth_date: date,
    sex: str,
    weighings: Iterable[Weighing],
    gains: MinimumGains | None = None,
    before: Weighing | None = None,
) -> list[GainStatus]:
    """Return N, T, O or B for each weighing that counts, oldest first.

    `gains` is an operator's own KBM table (`kbm.minimum_gains(path)`); without it the one of this program.
    `before` is the last weighing that counted in a month before all of these; None when there was none.
    """
    table = gains or minimum_gains()
    counted = last_of_each_month(weighings)
    return [
        _gain_status(birth_date, sex, previous, weighing, table)
        for previous, weighing in zip([before, *counted], counted, strict=False)
    ]


def two_t(statuses: Sequence[GainStatus], reading: str = BY_WEIGHINGS) -> bool:
    """Tell whether the last weighing is 2T: the weight did not rise twice running.

    By "weighings": the last two that could be judged (N or T) are both T; missed months and the O after them
    are skipped. By "months": this month and the month before are both T. The last one must itself be a T.
    """
    if not statuses or statuses[-1].letter != "T":
        return False
    earlier = [status for status in statuses[:-1] if status.letter in ("N", "T")]
    if not earlier or earlier[-1].letter != "T":
        return False
    months_running = _month(earlier[-1].visit_date) == _month(statuses[-1].visit_date) - 1
    return months_running if reading == BY_MONTHS else True


def below_red_line(waz: float | None, red_line_sd: float = RED_LINE_SD) -> bool | None:
    """Tell whether the child is BGM; None when the weight was not scored."""
    return None if waz is None else waz < red_line_sd


def above_orange_line(waz: float | None) -> bool | None:
    """Tell whether the weight lies above the orange line, which asks for weight-for-length."""
    return None if waz is None else waz > ORANGE_LINE_SD


def _gain_status(
    birth_date: date, sex: str, before: Weighing | None, weighing: Weighing, gains: MinimumGains
) -> GainStatus:
    age_months = completed_months(birth_date, weighing.visit_date)
    minimum_g = gains.at(sex, age_months, weighing.visit_date)
    compared = before is not None and _in_month_before(before, weighing) and minimum_g is not None
    gain_g = weighing.weight_g - before.weight_g if compared and before else None
    by_kbm = _letter(before, gain_g, minimum_g)
    overridden = by_kbm in ("N", "T") and weighing.override in ("N", "T")
    return GainStatus(
        visit_date=weighing.visit_date,
        weight_g=weighing.weight_g,
        letter=weighing.override if overridden and weighing.override else by_kbm,
        by_kbm=by_kbm,
        age_months=age_months,
        gain_g=gain_g,
        minimum_gain_g=minimum_g if compared else None,
        override_reason=weighing.override_reason if overridden else None,
    )


def _letter(before: Weighing | None, gain_g: int | None, minimum_g: int | None) -> str:
    if before is None:
        return "B"
    if gain_g is None or minimum_g is None:
        return "O"
    return "N" if gain_g >= minimum_g else "T"


def _in_month_before(before: Weighing, weighing: Weighing) -> bool:
    return _month(before.visit_date) == _month(weighing.visit_date) - 1


def _month(day: date) -> int:
    """Number the months one after the other: a Month of periods.py takes ten times as long to make."""
    return day.year * 12 + day.month


def _visit_date(weighing: Weighing) -> date:
    return weighing.visit_date
