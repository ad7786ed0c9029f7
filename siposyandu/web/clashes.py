"""Two langkah wrote different values into one field: which, whose, and what the other one says."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from forms import BY_NAME, Form
from siposyandu.i18n import gettext as _
from siposyandu.web import in_words, sessions
from sync import fold

FORM = BY_NAME["balita"]
THEIRS, MINE = "theirs", "mine"
"""What the two buttons send: let the colleague's value stand, or let mine take its place."""

Row = Mapping[str, Any]


class Clash(NamedTuple):
    """One field that a colleague has changed since the page was drawn: her name, her value and mine, in words."""

    column: str
    label: str
    who: str
    theirs: str
    mine: str


def found(visit: Row | None, hers: Row, saw: int) -> dict[str, Clash]:
    """Return what would replace a value that was written after edit `saw` and says something else, by column."""
    if visit is None:
        return {}
    written = written_since(FORM, visit["id"], saw)
    return {
        column: _told(visit, column, value, written[column])
        for column, value in hers.items()
        if column in written and visit[column] != value
    }


def written_since(form: Form, entity: str, saw: int) -> dict[str, str]:
    """Return a record's columns that were written after an edit, each with the name of who wrote it last."""
    store = sessions.store()
    names = {row["id"]: row["name"] for row in store.rows("select id, name from worker")}
    return {
        column: str(names.get(line.edit.user) or "")
        for line in fold.history(store, entity)
        if line.n > saw
        for column in form.from_wire(line.edit.values)
    }


def _told(visit: Row, column: str, value: Any, who: str) -> Clash:
    field = FORM.by_column[column]
    theirs, mine = (in_words.spoken(sessions.store(), field, each) for each in (visit[column], value))
    if not in_words.may_read(sessions.signed_in(), FORM, field):
        theirs = _("an answer")
    return Clash(column, field.label, who, theirs, mine)
