"""Whose row is it? By its stamp, else by the child's code; a row whose name and birth date are another child's is refused."""

from typing import Any

from forms import BY_NAME, N_, FormError, Sentence
from siposyandu import people
from siposyandu.child_code import end_of_id
from siposyandu.store import Store
from siposyandu.web.excel.comparing import typed
from siposyandu.web.excel.reading import Given, Sheet

NOBODY = N_("No child of this posyandu has the code on this row. Look at the column Kode anak.")
GONE = N_("This child is registered here no longer.")
ELSEWHERE = N_("This child belongs to another posyandu now.")
INCOMPLETE = N_("Complete her card first: birth date and sex.")
SHIFTED = N_(
    "Name and birth date are not those of this row's child. Was only a part of the table sorted? Take the list out again."
)

WHO = ("name", "birth_date")

Row = dict[str, Any]


class WrongRow(Exception):
    """The row cannot be told whose it is, or must not be written; `sentence` says why."""

    def __init__(self, template: str, who: str = "") -> None:
        super().__init__(template)
        self.sentence, self.who = Sentence(template), who


def child_of(store: Store, sheet: Sheet, row: Given) -> Row | None:
    """Return the child of a row; None for a row without stamp and code. Raises WrongRow."""
    if row.stamp is None and not row.text("code"):
        return None
    child = people.person(store, row.stamp.person) if row.stamp else _by_code(store, sheet, row)
    if child is None:
        raise WrongRow(NOBODY, row.text("name"))
    if child["retracted"]:
        raise WrongRow(GONE, row.text("name"))
    if child["posyandu"] != sheet.posyandu:
        raise WrongRow(ELSEWHERE, row.text("name"))  # the file's own word: she is another posyandu's now
    if not (child["birth_date"] and child["sex"]) and sheet.export.identifier != "balita":
        raise WrongRow(INCOMPLETE, child["name"])
    return child


def _by_code(store: Store, sheet: Sheet, row: Given) -> Row | None:
    if end_of_id(row.text("code")) is None:
        return None
    found = people.by_code(store, row.text("code"), frozenset({sheet.posyandu}))
    return found[0] if len(found) == 1 else None


def must_be_hers(sheet: Sheet, row: Given, child: Row) -> None:
    """Refuse a row on which both name and birth date are another's: half a table was sorted. Raises WrongRow."""
    known = {
        **child,
        **{name: text for name, text in (row.stamp.was if row.stamp else {}).items() if name in WHO},
    }
    differ = [
        name
        for name in WHO
        if name in row.cells and _read(sheet, name, row) not in (str(child[name]), str(known[name]))
    ]
    if len(differ) == len(WHO):
        raise WrongRow(SHIFTED, child["name"])


def _read(sheet: Sheet, name: str, row: Given) -> str:
    described = BY_NAME["person"].by_name[name]
    try:
        return str(described.read(typed(described, row.cells.get(name))))
    except FormError:
        return row.text(name)
