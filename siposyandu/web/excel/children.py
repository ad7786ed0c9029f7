"""A row of the list of children that came back: her card corrected, or a new child registered, by the checks of the pages."""

from collections.abc import Mapping
from typing import Any

from forms import BY_NAME, Checked
from siposyandu.exports.balita import FIELDS
from siposyandu.store import Store
from siposyandu.web import identity, register
from siposyandu.web.excel import finding
from siposyandu.web.excel.comparing import Change, changed, in_words, typed
from siposyandu.web.excel.judged import Answers, Judged, named
from siposyandu.web.excel.reading import Given, Sheet
from siposyandu.web.look_again import Look

FORM, FAMILY = BY_NAME["person"], BY_NAME["family"]
KK = FAMILY.by_name["kk_number"]

Row = dict[str, Any]


def judge(store: Store, sheet: Sheet, row: Given, answers: Answers) -> Judged:
    """Judge one row. Raises WrongRow where it cannot be told whose it is."""
    child = finding.child_of(store, sheet, row)
    if child is None:
        return _new(store, sheet, row, answers)
    finding.must_be_hers(sheet, row, child)
    found = changed(store, FIELDS, row, child)
    look = identity.look(child, found.typed(answers.over)) if found.changes else Look({}, {}, ())
    errors = [*found.spoilt, *named(look.errors, FORM)]
    return Judged(
        row.number, child["name"], FORM, child["id"], found.changes, errors, look, answers, look.values
    )


def _new(store: Store, sheet: Sheet, row: Given, answers: Answers) -> Judged:
    given = {field.name: typed(field, row.cells.get(field.name)) for field in FIELDS}
    filled = {name: value for name, value in given.items() if value != ""}
    kk_number = typed(KK, row.cells.get(KK.name))
    checked, family = register.check(sheet.posyandu, filled, {KK.name: kk_number} if kk_number else {})
    spoilt = changed(store, FIELDS, row, dict.fromkeys(FORM.by_column)).spoilt
    errors = [*spoilt, *named(family.errors, FAMILY), *named(checked.errors, FORM)]
    same = [] if errors else register.may_be_the_same(store, sheet.posyandu, checked.values)
    here = next((known for known in same if _is(known, checked)), None)
    changes = () if here else _changes(store, filled)
    look = Look(checked.values, checked.errors, register.doubts_of(checked, same))
    who = row.text("name")
    values = {} if errors else checked.values
    return Judged(row.number, who, FORM, None, changes, errors, look, answers, values, same, family.values)


def _is(known: Mapping[str, Any], checked: Checked) -> bool:
    """Whether a child who is registered is the one of the row, with all that is written there: it was taken already."""
    asked = {field.column for field in FIELDS}
    return all(known[column] == value for column, value in checked.values.items() if column in asked)


def _changes(store: Store, filled: Mapping[str, Any]) -> list[Change]:
    fields = [FORM.by_name[name] for name in filled]
    return [
        Change(field, filled[field.name], "", in_words(store, field, filled[field.name])) for field in fields
    ]
