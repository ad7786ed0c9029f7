"""Who has not come this month, the most urgent first, with where to find her: for going from house to house."""

from typing import Any

from siposyandu.child_code import code_of
from siposyandu.exports.columns import TEXT, Column, Export
from siposyandu.exports.measured import age_column, day_column, weight_column
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _


def _last(column: str) -> Any:
    return lambda child: child.last and child.last[column]


def of_expected(reasons: str) -> tuple[Column, ...]:
    """Return the columns of a child who is expected; `reasons` is the heading of what to look out for."""
    return (
        Column("dusun", N_("Dusun"), lambda child: child.dusun),
        Column("name", N_("Name"), lambda child: child.name),
        Column("sex", N_("Sex"), lambda child: _(N_("boy") if child.sex == "m" else N_("girl"))),
        day_column("birth_date", N_("Birth date"), lambda child: child.birth_date),
        age_column(lambda child: child.age_months),
        Column("mother_name", N_("Mother's name"), lambda child: child.mother_name),
        Column("phone", N_("Phone (WhatsApp)"), lambda child: child.phone, kind=TEXT),
        day_column("last_visit", N_("Last weighed on"), _last("visit_date")),
        weight_column("last_weight", N_("Last weight"), _last("weight_g")),
        Column("marks", reasons, lambda child: ", ".join(_(mark.words) for mark in child.marks) or None),
        Column("code", N_("Child's code"), lambda child: code_of(child.id)),
    )


EXPORT = Export(
    "sweeping",
    N_("Sweeping list"),
    (
        N_("Children of this month's list who have not been weighed until the day named above."),
        N_(
            "Who was away last month too, gained nothing twice or is below the red line comes first in her dusun."
        ),
    ),
    of_expected(N_("Why to visit her")),
)
