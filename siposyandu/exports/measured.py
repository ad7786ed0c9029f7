"""Columns that several lists share: a child's marks in words, and what growth says of a weighing."""

from collections.abc import Callable, Mapping
from typing import Any

from siposyandu.exports.columns import COUNT, DAY, MEASURE, Cell, Column, day_of
from siposyandu.growth.classify import BY_CODE
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _

Row = Mapping[str, Any]

SOURCE = N_("Counted from the weighings by the WHO standards and Permenkes 2/2020.")
AGE = N_("Age")
MONTHS = N_("months")


def judged(visit: Callable[[Any], Row | None]) -> tuple[Column, ...]:
    """Return the columns of what growth says; `visit` finds the weighing in a row's source."""

    def said(key: str, heading: str, words: Callable[[Row], Cell], note: str = SOURCE) -> Column:
        return Column(
            key, heading, lambda source: words(found) if (found := visit(source)) else None, note=note
        )

    return (
        said("gain", N_("N or T"), lambda row: "2T" if row["two_t"] else row["gain"]),
        said("waz_category", N_("Weight for age (BB/U)"), lambda row: _category(row["waz_category"])),
        said("haz_category", N_("Height for age (TB/U)"), lambda row: _category(row["haz_category"])),
        said(
            "whz_category",
            N_("Weight for length or height (BB/TB)"),
            lambda row: _category(row["whz_category"]),
        ),
        said(
            "below_red_line",
            N_("Below the red line (BGM)"),
            lambda row: _("Yes") if row["below_red_line"] else None,
        ),
    )


def _category(code: str | None) -> str | None:
    return _(BY_CODE[code].label) if code else None


def day_column(key: str, heading: str, value: Callable[[Any], str | None], note: str = "") -> Column:
    """Return a column of stored days."""
    return Column(key, heading, lambda source: day_of(value(source)), kind=DAY, note=note)


def weight_column(key: str, heading: str, grams: Callable[[Any], int | None], note: str = "") -> Column:
    """Return a column of weights in kg."""

    def kilograms(source: Any) -> float | None:
        found = grams(source)
        return None if found is None else found / 1000

    return Column(key, heading, kilograms, kind=MEASURE, unit="kg", note=note)


def length_column(key: str, heading: str, millimetres: Callable[[Any], int | None], note: str = "") -> Column:
    """Return a column of lengths in cm."""

    def centimetres(source: Any) -> float | None:
        found = millimetres(source)
        return None if found is None else found / 10

    return Column(key, heading, centimetres, kind=MEASURE, unit="cm", note=note)


def age_column(months: Callable[[Any], int | None]) -> Column:
    """Return the column of completed months of age."""
    return Column("age_months", AGE, months, kind=COUNT, unit=MONTHS, note=N_("Completed months."))
