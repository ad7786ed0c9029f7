"""Two keepers changed the same field of a place or a person: which, who wrote it, and what both say."""

from collections.abc import Mapping
from typing import Any

from flask import request

from forms import Field
from siposyandu import records
from siposyandu.keeping import Kind, Register
from siposyandu.web import in_words, sessions
from siposyandu.web.clashes import Clash, written_since
from siposyandu.web.keep import place

CODES = frozenset({"area", "desa_code", "desa_codes", "kecamatan_code"})
"""Fields that hold codes of areas, which are told by name."""

Row = Mapping[str, Any]


def found(register: Register, kind: Kind, row: Row, hers: Row) -> list[Clash]:
    """Return what would replace a value that another keeper has written since this page was opened."""
    written = written_since(kind.form, row["id"], seen(row["id"]))
    return [
        _told(register, kind, (column, row[column], value), written[column])
        for column, value in hers.items()
        if column in written and row[column] != value
    ]


def seen(entity: str) -> int:
    """Return the newest edit of a record that the page knew which was sent; of a page that does not say, the newest."""
    sent = request.form.get("seen", type=int)
    return records.newest(sessions.store(), entity) if sent is None else sent


def _told(register: Register, kind: Kind, said: tuple[str, Any, Any], who: str) -> Clash:
    field = kind.form.by_column[said[0]]
    theirs, mine = (_in_words(register, field, value) for value in said[1:])
    return Clash(field.column, field.label, who, theirs, mine)


def _in_words(register: Register, field: Field, value: Any) -> str:
    if value and field.name in CODES:
        return ", ".join(place(register, code) or code for code in str(value).split(","))
    return in_words.spoken(sessions.store(), field, value)
