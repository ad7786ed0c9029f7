"""Children who were sent on and of whom nothing final was heard yet, the longest open first."""

from typing import Any

from siposyandu.child_code import code_of
from siposyandu.exports.columns import COUNT, Column, Export
from siposyandu.exports.measured import age_column, day_column
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _


def _of_child(column: str) -> Any:
    return lambda line: line.referral.person[column]


EXPORT = Export(
    "rujukan",
    N_("Open referrals"),
    (
        N_(
            "Children who were referred and have not come back yet, the longest open first, until the day named above."
        ),
        N_("Whether a child went is written on the page Referrals; the row is gone then."),
    ),
    (
        Column("name", N_("Name"), _of_child("name")),
        age_column(lambda line: line.referral.visit["age_months"]),
        Column("mother_name", N_("Mother's name"), _of_child("mother_name")),
        Column("dusun", N_("Dusun"), _of_child("dusun")),
        Column("phone", N_("Phone (WhatsApp)"), _of_child("phone")),
        day_column("since", N_("Referred on"), lambda line: line.referral.visit["visit_date"]),
        Column("place", N_("Referred to"), lambda line: _(line.place)),
        Column("days", N_("Open for"), lambda line: line.days, kind=COUNT, unit=N_("days")),
        Column("why", N_("Why referred"), lambda line: ", ".join(map(_, line.why)) or None),
        day_column(
            "heard",
            N_("Not gone yet, heard on"),
            lambda line: (line.referral.last_word or {}).get("returned_date"),
        ),
        Column("code", N_("Child's code"), lambda line: code_of(line.referral.person["id"])),
    ),
)
