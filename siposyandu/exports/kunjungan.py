"""The visits of a month, each on a row with all columns of the card; a child without a visit has an empty row to type into."""

from collections.abc import Mapping
from typing import Any

from forms import BY_NAME, HEALTH_WORKER
from siposyandu.child_code import code_of
from siposyandu.exports import stamps
from siposyandu.exports.columns import Column, Export, of_field
from siposyandu.exports.measured import age_column, judged
from siposyandu.i18n import N_

PERSON, FORM = BY_NAME["person"], BY_NAME["balita"]
KNOWN_BY_THE_PAGE = ("person", "posyandu", "correction_reason", "date_doubt")
FIELDS = tuple(
    field
    for field in FORM.fields
    if field.name not in KNOWN_BY_THE_PAGE and HEALTH_WORKER not in (field.entered_by, field.seen_by)
)
"""What a kader writes on the card. What only a health worker enters or reads stays on her own pages: files are passed on."""

PROPOSED = ("visit_date", "measured")
"""What stands on an empty row already, as on the page: the day and the position. By itself it is no visit."""


def _visit(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return row["visit"] if row["visit"]["id"] else None


def _of_visit(column: str) -> Any:
    return lambda row: row["visit"].get(column)


def _of_child(column: str) -> Any:
    return lambda row: row["child"][column]


EXPORT = Export(
    "kunjungan",
    N_("Visits of a month"),
    (
        N_("Every visit of the month named above; a child who has none yet has an empty row."),
        N_(
            "Fill the empty rows in Excel and bring the file back on the page Excel. A row left empty changes nothing."
        ),
        N_(
            "White columns may be changed and brought back; grey ones are only to read. The old value is kept, with your reason."
        ),
        N_("A second visit of the month: copy the child's name, birth date and code to a new row."),
        N_("Sort and filter the whole table, never a single column."),
    ),
    (
        of_field(PERSON.by_name["name"], _of_child("name"), fixed=True),
        of_field(PERSON.by_name["sex"], _of_child("sex"), fixed=True),
        of_field(PERSON.by_name["birth_date"], _of_child("birth_date"), fixed=True),
        of_field(PERSON.by_name["mother_name"], _of_child("mother_name"), fixed=True),
        of_field(PERSON.by_name["dusun"], _of_child("dusun"), fixed=True),
        age_column(lambda row: row["age_months"]),
        *(of_field(field, _of_visit(field.column)) for field in FIELDS),
        *judged(_visit),
        Column(
            "code", N_("Child's code"), lambda row: code_of(row["child"]["id"]), note=N_("Do not change it.")
        ),
        Column(
            "stamp",
            N_("Stamp"),
            lambda row: stamps.written(row["child"]["id"], row["visit"]["id"], FIELDS, row["visit"]),
            hidden=True,
        ),
    ),
)
