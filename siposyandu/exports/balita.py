"""The children of a posyandu, each on a row: her card, and how she was measured last. What stands on the card may come back."""

from collections.abc import Mapping
from typing import Any

from forms import BY_NAME
from siposyandu.child_code import code_of
from siposyandu.exports import stamps
from siposyandu.exports.columns import Column, Export, of_field
from siposyandu.exports.measured import age_column, day_column, judged, length_column, weight_column
from siposyandu.i18n import N_

PERSON, FAMILY = BY_NAME["person"], BY_NAME["family"]
SECTIONS = ("identity", "parents", "address", "birth")
FIELDS = tuple(field for code in SECTIONS for field in PERSON.fields if field.section == code)
"""What stands on a child's card, in the order of the card: these columns may come back changed."""

STATUS_FIELD = PERSON.by_name["status"]


def _last(child: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = child["last"]
    return found


def _of_last(column: str) -> Any:
    return lambda child: child["last"] and child["last"][column]


EXPORT = Export(
    "balita",
    N_("List of children"),
    (
        N_(
            "Children under five of this posyandu in the month named above, with their last weighing up to its end."
        ),
        N_("White columns may be changed and brought back on the page Excel; grey ones are only to read."),
        N_("A new child: write her on a new row below, without a code. She is asked about as on the page."),
        N_(
            "NIK and family card show only their last digits, unless the whole numbers were asked for. Leave them so: they stay."
        ),
        N_("Sort and filter the whole table, never a single column."),
    ),
    (
        *(of_field(field) for field in FIELDS),
        of_field(FAMILY.by_name["kk_number"], lambda child: child["kk_number"], fixed=True),
        age_column(lambda child: child["age_months"]),
        of_field(STATUS_FIELD, fixed=True),
        day_column("last_visit", N_("Last weighed on"), _of_last("visit_date")),
        weight_column("last_weight", N_("Last weight"), _of_last("weight_g")),
        length_column("last_length", N_("Last length/height"), _of_last("length_height_mm")),
        *judged(_last),
        Column("code", N_("Child's code"), lambda child: code_of(child["id"]), note=N_("Do not change it.")),
        Column(
            "stamp",
            N_("Stamp"),
            lambda child: stamps.written(child["id"], "", FIELDS, child),
            hidden=True,
        ),
    ),
)
