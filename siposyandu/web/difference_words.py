"""The words of a difference: whose record, which field, what each person said, and why one of the values is shown.

Kabupaten and province see measures and a mark for the child, never who she is; what would say it is left out for them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from forms import Form, Sentence
from siposyandu import access, records
from siposyandu.access import Worker
from siposyandu.i18n import N_, date_long
from siposyandu.i18n import gettext as _
from siposyandu.office import differences
from siposyandu.office.differences import REASON, WITHDRAWN, Difference, Saying
from siposyandu.office.laptops_of import mark
from siposyandu.periods import TIME_ZONE, local_date, parse_instant
from siposyandu.web import sessions
from siposyandu.web.frame import ROLE_WORDS
from siposyandu.web.in_words import may_read, spoken
from sync.body import ATTESTED, RETRACTED

Row = Mapping[str, Any]

HIDDEN = N_("only seen at the puskesmas")
HIGHER = N_("This one is shown because {first} goes before {second}.")
EQUAL = N_(
    "This one is shown although both are of the same rank: which one is fixed, so that all laptops show the same."
)
WITHDRAWN_SHOWN = N_("It is shown as withdrawn until somebody decides.")
NOBODY = N_("the program")


class Line(NamedTuple):
    """One difference in the list: whose it is, which field, at which posyandu, since when, and its address."""

    subject: str
    title: str
    where: str
    since: str
    url: str


class Said(NamedTuple):
    """One of the values with its author: by her laptop's clock `written`, `came` by the province's."""

    uid: str
    words: str
    who: str
    role: str
    laptop: str
    written: str
    came: str
    reason: str
    withdraws: bool


class Told(NamedTuple):
    """A difference in words; the first of `said` is shown at present, `why` says why."""

    said: list[Said]
    why: Sentence


def line(row: Row, who: Worker) -> Line:
    """Return one line of the list."""
    form = differences.form_of(row)
    field = form.by_number.get(row["field"])
    column = field.column if field else WITHDRAWN
    where = f"Posyandu {row['posyandu_name']}" if row["posyandu_name"] else ""
    since = local_date(parse_instant(row["opened_at"])).isoformat()
    return Line(subject(row, who), title(form, column), where, since, f"/perbedaan/{row['entity']}/{column}")


def subject(row: Row, who: Worker) -> str:
    """Say whose record it is: a child by name where she may be named, and the day of the visit."""
    day = _("visit of %(day)s") % {"day": date_long(row["visit_date"])} if row["visit_date"] else ""
    if row["child"] or row["visit"]:
        child = row["child_name"] if who.role in access.WEIGHERS else None
        named = child or _("child {mark}").format(mark=mark(row["child"] or row["entity"]))
        return f"{named}, {day}" if day else named
    if row["head_name"] is not None:
        return (
            _("family of {name}").format(name=row["head_name"])
            if who.role in access.WEIGHERS
            else _("a family")
        )
    if row["session_date"]:
        return _("posyandu day {day}").format(day=date_long(row["session_date"]))
    return row["worker_name"] or row["puskesmas_name"] or row["posyandu_name"] or _("a record without a name")


def title(form: Form, column: str) -> str:
    """Name the field."""
    return (
        _("Withdrawn, and somebody wrote otherwise")
        if column == WITHDRAWN
        else _(form.by_column[column].label)
    )


def told(difference: Difference, who: Worker) -> Told:
    """Put a difference into words."""
    said = [_said(difference, saying, who) for saying in difference.sayings]
    if difference.field is None and said[0].withdraws:
        return Told(said, Sentence(WITHDRAWN_SHOWN))
    if difference.equal_rank:
        return Told(said, Sentence(EQUAL))
    first, second = (_rank_words(saying) for saying in difference.sayings[:2])
    return Told(said, Sentence(HIGHER, first=first, second=second))


def _rank_words(saying: Saying) -> str:
    """Name the rank by which a value is weighed: the author's role, or a lower one where her word weighs less."""
    role = saying.role if access.RANKS.get(saying.role) == saying.authority else ""
    found = role or next((name for name, rank in access.RANKS.items() if rank == saying.authority), "")
    return ROLE_WORDS.get(found, NOBODY)


def _said(difference: Difference, saying: Saying, who: Worker) -> Said:
    edit = saying.edit
    reason = edit.values.get(ATTESTED)
    if REASON in difference.form.by_column:
        reason = reason or edit.values.get(difference.form.by_column[REASON].number)
    withdraws = edit.values.get(RETRACTED) is not None
    return Said(
        edit.uid,
        _words(difference, saying, who),
        saying.worker_name,
        ROLE_WORDS.get(saying.role, NOBODY),
        saying.laptop,
        moment(edit.device_time),
        moment(saying.received_at),
        str(reason or "") if who.role in access.WEIGHERS else "",
        withdraws,
    )


def _words(difference: Difference, saying: Saying, who: Worker) -> str:
    if difference.field is not None:
        readable = may_read(who, difference.form, difference.field)
        return spoken(sessions.store(), difference.field, saying.value) if readable else _(HIDDEN)
    if saying.edit.values.get(RETRACTED) is not None:
        return _("withdrawn: {why}").format(why=saying.edit.values[RETRACTED])
    if RETRACTED in saying.edit.values:
        return _("The record stands")
    return changed(difference.form, saying.edit.values, who)


def changed(form: Form, values: Mapping[int, Any], who: Worker) -> str:
    """Return what an edit says, field by field, in one line."""
    known = [(form.by_number[number], value) for number, value in values.items() if number in form.by_number]
    parts = [
        f"{_(field.label)}: {spoken(sessions.store(), field, value) if may_read(who, form, field) else _(HIDDEN)}"
        for field, value in known
        if field.column != REASON
    ]
    return "; ".join(parts)


def moment(instant: str) -> str:
    """Write an instant as people of NTB say it: "3 Agustus 2026, 09.00"; what is no instant stays as it was said."""
    try:
        at: datetime = parse_instant(instant).astimezone(TIME_ZONE)
    except ValueError:
        return instant
    return f"{date_long(at.date())}, {at:%H.%M}"


def last_word(form: Form, entity: str, column: str, who: Worker) -> Said | None:
    """Return who decided last about a column and what, for a page that comes after the decision."""
    if column == WITHDRAWN:
        return None
    changes = [
        change for change in records.history(sessions.store(), form, entity) if change.column == column
    ]
    if not changes:
        return None
    last, field = changes[-1], form.by_column[column]
    words = spoken(sessions.store(), field, last.value) if may_read(who, form, field) else _(HIDDEN)
    role = ROLE_WORDS.get(last.role, NOBODY)
    return Said("", words, last.worker_name, role, "", moment(last.at), "", "", withdraws=False)
