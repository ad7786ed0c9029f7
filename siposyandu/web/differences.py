"""Differences: where two people said different things. Both are shown, who said what and why one stands; she chooses."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from forms import Form, Ref, Sentence
from siposyandu import access, people
from siposyandu.errors import NotFound
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _
from siposyandu.office import differences
from siposyandu.office.differences import WITHDRAWN, Difference
from siposyandu.store import Value
from siposyandu.web import difference_words, fields, one_child, sessions, visits
from siposyandu.web.in_words import may_read
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("differences", __name__)

TYPED = "typed"
STANDS, STAYS = "stands", "stays"
CHOOSE_ONE = N_("Choose one of the values, or type the right one.")
TYPE_IT = N_("Type the right value here.")
WHY = N_("Write in a few words why.")
WHY_CHOSEN = N_("Chosen between different values")
LAST_VISITS = 6

Row = dict[str, Any]
Answer = str | Response | tuple[str, int]
Errors = dict[str, list[Sentence]]


@pages.get("/perbedaan")
@needs_worker
def listed() -> str:
    """List the open differences of her area, oldest first."""
    rows = differences.waiting(sessions.store(), signed_in())
    lines = [difference_words.line(row, signed_in()) for row in rows]
    return render_template("differences.html", lines=lines)


@pages.get("/perbedaan/<record_id>/<column>")
@needs_worker
def show(record_id: str, column: str) -> Answer:
    """Show one difference; one that was decided meanwhile is said to be so."""
    row, difference = _found(record_id, column)
    return _drawn(row, column, difference, {}, {})


@pages.post("/perbedaan/<record_id>/<column>")
@needs_worker
def decide(record_id: str, column: str) -> Answer:
    """Keep the choice. Whoever comes second sees what was decided or added first, and nothing of hers is lost."""
    typed, errors = request.form, Errors()
    with (
        sessions.store().write()
    ):  # a second press or a second person waits here, then finds what the first one said
        row, difference = _found(record_id, column)
        overtaken = differences.overtaken(difference, typed.get("seen", "").split(","))
        if difference is not None and not overtaken:
            errors = _settled(row, difference, typed)
    if difference is None or overtaken or errors:
        shown = {name: value for name, value in typed.items() if name not in ("seen", "csrf_token")}
        page = _drawn(row, column, difference, shown, errors, overtaken=overtaken)
        return page, 409 if overtaken else 400
    flash(_("Decided. It goes to the laptops with their next sending."), "s0")
    return redirect("/perbedaan")


def _found(record_id: str, column: str) -> tuple[Row, Difference | None]:
    """Return whose record it is and its difference; NotFound for a column the record cannot have."""
    row = differences.home(sessions.store(), signed_in(), record_id)
    form = differences.form_of(row)
    if column != WITHDRAWN and column not in form.by_column:
        raise NotFound(f"{form.name} has no column {column}")
    return row, differences.find(sessions.store(), form, record_id, column)


def _settled(row: Row, difference: Difference, typed: Mapping[str, str]) -> Errors:
    """Write the decision down; returns what is still missing or wrong, and then nothing is written."""
    reason, choice = typed.get("reason", "").strip(), typed.get("choice", "")
    errors = Errors()
    if not reason and _needs_reason(choice):
        errors["reason"] = [Sentence(WHY)]
    if difference.field is None:
        if choice not in (STANDS, STAYS):
            errors["choice"] = [Sentence(CHOOSE_ONE)]
        if not errors:
            differences.stands(
                sessions.store(), pen(), difference, stands=choice == STANDS, reason=reason or _(WHY_CHOSEN)
            )
        return errors
    value, wrong = _value(row, difference, typed)
    if not {**errors, **wrong}:
        differences.choose(sessions.store(), pen(), difference, value, reason or _(WHY_CHOSEN))
    return {**errors, **wrong}


def _needs_reason(choice: str) -> bool:
    """A value that nobody said needs its reason, and a data officer says hers always."""
    return choice in (TYPED, STAYS) or signed_in().role not in access.WEIGHERS


def _value(row: Row, difference: Difference, typed: Mapping[str, str]) -> tuple[Value, Errors]:
    choice, field = typed.get("choice", ""), difference.field
    said = {saying.edit.uid: saying.value for saying in difference.sayings}
    if field is None or choice in said:
        return said.get(choice), {}
    if choice != TYPED or isinstance(field, Ref):
        return None, {"choice": [Sentence(CHOOSE_ONE)]}
    given = fields.typed_in(difference.form, [field.name], request.form).get(field.name, "")
    checked = difference.form.check(
        {field.name: given}, partial=True, today=visits.reached(), context=_context(row, difference.form)
    )
    value = checked.values.get(field.column)
    if value is None and not checked.errors:
        return None, {field.name: [Sentence(TYPE_IT)]}
    return value, checked.errors


def _context(row: Row, form: Form) -> Row:
    """Return what a typed value is judged by: the record, and of a visit also the child's birth date and sex."""
    store = sessions.store()
    kept = store.one(f"select * from {form.name} where id = $1", row["entity"]) or {}
    child = (people.person(store, row["child"]) if form.age_on and row["child"] else None) or {}
    return {**kept, **{name: child[name] for name in ("birth_date", "sex") if child.get(name)}}


def _drawn(  # noqa: PLR0913 - a page is drawn of what was found, typed and wrong
    row: Row,
    column: str,
    difference: Difference | None,
    typed: Mapping[str, Any],
    errors: Errors,
    *,
    overtaken: bool = False,
) -> str:
    form, who = differences.form_of(row), signed_in()
    hidden = column != WITHDRAWN and not may_read(who, form, form.by_column[column])
    return render_template(
        "difference.html",
        subject=difference_words.subject(row, who),
        title=difference_words.title(form, column),
        address=request.path,
        told=difference_words.told(difference, who) if difference else None,
        decided=None if difference else difference_words.last_word(form, row["entity"], column, who),
        may_choose=difference is not None and not hidden and differences.may_choose(who, difference),
        seen=",".join(sorted(difference.seen)) if difference else "",
        own_value=_own_value(form, column, typed, errors),
        typed=typed,
        errors=errors,
        overtaken=overtaken,
        withdrawn=column == WITHDRAWN,
        at_province=sessions.instance().config.is_province,
        needs_reason=_needs_reason(""),
        beside=_beside(row),
        child=row["child"] if who.role in access.WEIGHERS else None,
    )


def _own_value(form: Form, column: str, typed: Mapping[str, Any], errors: Errors) -> Any:
    """Return the field in which she types the right value herself; None where only what was said can be chosen."""
    field = form.by_column.get(column)
    if field is None or isinstance(field, Ref):
        return None
    return fields.shown(form, [field.name], typed, errors)[field.name]


def _beside(row: Row) -> list[Row]:
    """Return the child's last visits, newest first, to judge by. A look from outside her posyandu is written down."""
    if not row["child"]:
        return []
    store, who = sessions.store(), signed_in()
    if request.method == "GET" and who.role in access.WEIGHERS:
        person = people.person(store, row["child"])
        if person:
            one_child.note_view(store, who, person, request.endpoint or "")
    last = people.visits(store, row["child"])[::-1][:LAST_VISITS]
    return [{**visit, "this": visit["id"] == row["visit"]} for visit in last]
