"""A row of the visits of a month that came back: a visit corrected, or an empty row filled, by the checks of the scales' page."""

from collections.abc import Mapping
from typing import Any

from forms import BY_NAME, N_, Sentence
from siposyandu import people
from siposyandu.exports.kunjungan import FIELDS, PROPOSED
from siposyandu.i18n import month_long
from siposyandu.store import Store
from siposyandu.web import correct, visits
from siposyandu.web.excel import finding
from siposyandu.web.excel.comparing import Change, changed, in_words, typed
from siposyandu.web.excel.judged import Answers, Judged, named
from siposyandu.web.excel.reading import Given, Sheet
from siposyandu.web.look_again import Case, Doubt, Look, look, look_at_correction

FORM = BY_NAME["balita"]
WITHOUT_CHILD = N_("The child's code is empty. Write a new child into the list of children first.")
WITHDRAWN = N_("This visit was withdrawn meanwhile.")
THAT_DAY = N_("She was weighed on that day already. Change the row of that visit, or write another day.")
OTHER_MONTH = N_("This day is not in {month}, the month of the file. Is it right?")

Row = dict[str, Any]


def judge(store: Store, sheet: Sheet, row: Given, answers: Answers) -> Judged:
    """Judge one row. Raises WrongRow where it cannot be told whose it is."""
    child = finding.child_of(store, sheet, row)
    if child is None:
        raise finding.WrongRow(WITHOUT_CHILD, row.text("name"))
    finding.must_be_hers(sheet, row, child)
    others = people.visits(store, child["id"])
    if row.stamp is None or not row.stamp.visit:
        return _new(store, sheet, row, Case(child, others, visits.reached()), answers)
    visit = next((each for each in others if each["id"] == row.stamp.visit), None)
    if visit is None:
        raise finding.WrongRow(WITHDRAWN, child["name"])
    left = [each for each in others if each["id"] != visit["id"]]
    return _corrected(store, row, visit, Case(child, left, visits.reached()), answers)


def _corrected(store: Store, row: Given, visit: Row, case: Case, answers: Answers) -> Judged:
    found = changed(store, FIELDS, row, visit)
    hers = found.typed(answers.over)
    looked = look_at_correction(case, visit, hers) if hers else Look({}, {}, ())
    errors = [*found.spoilt, *named(looked.errors, FORM)]
    if any(each["visit_date"] == looked.values.get("visit_date") for each in case.others):
        errors.append((FORM.by_name["visit_date"].label, Sentence(THAT_DAY)))
    values = correct.repaired(visit, looked.values)
    who = str(case.child["name"])
    return Judged(row.number, who, FORM, visit["id"], found.changes, errors, looked, answers, values)


def _new(store: Store, sheet: Sheet, row: Given, case: Case, answers: Answers) -> Judged:
    who = str(case.child["name"])
    given = {field.name: typed(field, row.cells.get(field.name)) for field in FIELDS}
    filled = {name: value for name, value in given.items() if value != ""}
    spoilt = changed(store, FIELDS, row, dict.fromkeys(FORM.by_column)).spoilt
    if not spoilt and not filled.keys() - set(PROPOSED):
        return Judged(row.number, who, FORM)
    known = {"person": case.child["id"], "posyandu": sheet.posyandu}
    looked = look(case, {"visit_date": "", **filled, **known})
    errors = [*spoilt, *named(looked.errors, FORM)]
    before = [each for each in case.others if each["visit_date"] == looked.values.get("visit_date")]
    if before and not errors:
        if not correct.differs(before[-1], looked.values):
            return Judged(row.number, who, FORM)
        errors.append((FORM.by_name["visit_date"].label, Sentence(THAT_DAY)))
    looked = Look(looked.values, looked.errors, [*looked.doubts, *_in_another_month(sheet, looked.values)])
    changes = [
        Change(FORM.by_name[name], value, "", in_words(store, FORM.by_name[name], value))
        for name, value in filled.items()
    ]
    values = {} if errors else looked.values
    return Judged(row.number, who, FORM, None, changes, errors, looked, answers, values)


def _in_another_month(sheet: Sheet, values: Mapping[str, Any]) -> list[Doubt]:
    day = str(values.get("visit_date") or "")
    if not day or day.startswith(sheet.month):
        return []
    said = Sentence(OTHER_MONTH, month=month_long(sheet.month))
    return [Doubt(f"month:{day}", "visit_date", said)]
