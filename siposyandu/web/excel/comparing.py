"""One cell three ways: as it was taken out, as it stands in the file, as it stands in the records now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forms import N_, Choice, Choices, Field, FormError, Identity, Sentence
from siposyandu import i18n
from siposyandu.exports.stamps import masked
from siposyandu.imports.cells import text_of
from siposyandu.store import Store
from siposyandu.web.excel.reading import SPOILT, Cell, Given
from siposyandu.web.in_words import spoken

NO_VALUE = N_("{label}: Excel has no value here ({cell}). Type the value itself.")

EMPTY = N_("empty")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One cell that was changed in the file. `theirs` is what somebody else wrote meanwhile; None: nobody did."""

    field: Field
    typed: Any
    old: str
    new: str
    theirs: str | None = None


@dataclass(frozen=True)
class Changed:
    """What a row changes in a record, and the cells that hold no value at all."""

    changes: tuple[Change, ...]
    spoilt: tuple[tuple[str, Sentence], ...]

    def typed(self, over: Iterable[str] = ()) -> dict[str, Any]:
        """Return what to type into the form: all that nobody else has changed, and what was ticked to be written over it."""
        wanted = set(over)
        return {
            change.field.name: change.typed
            for change in self.changes
            if change.theirs is None or change.field.name in wanted
        }


def changed(store: Store, fields: Iterable[Field], row: Given, record: Row) -> Changed:
    """Compare a row with its record."""
    here = [field for field in fields if field.name in row.cells]
    spoilt = tuple(
        (field.label, Sentence(NO_VALUE, label=Sentence(field.label), cell=row.text(field.name)))
        for field in here
        if row.text(field.name) in SPOILT
    )
    found = (_change(store, field, row, record) for field in here if row.text(field.name) not in SPOILT)
    return Changed(tuple(change for change in found if change), spoilt)


def _change(store: Store, field: Field, row: Given, record: Row) -> Change | None:
    cell, now = row.cells.get(field.name), field.show(record[field.column])
    was = row.stamp.was.get(field.name, "") if row.stamp else now
    given = typed(field, cell)
    if _is(field, given, was) or _is(field, given, now):
        return None
    meanwhile = now if was not in (now, masked(now)) else None
    theirs = None if meanwhile is None else in_words(store, field, meanwhile)
    return Change(field, given, in_words(store, field, was), in_words(store, field, given), theirs)


def _is(field: Field, given: Any, text: str) -> bool:
    """Whether what was typed is that value."""
    if text_of(given) == text_of(text):
        return True
    try:
        return field.show(field.read(given)) == text
    except FormError:
        return False


def typed(field: Field, cell: Cell) -> Any:
    """Return a cell as somebody would type it into the form: an answer by its code; a NIK kept as a number stays one."""
    if isinstance(field, Identity) and isinstance(cell, int | float):
        return cell
    text = text_of(cell)
    if isinstance(field, Choices):
        return ",".join(_code(field, part.strip()) for part in text.split(",") if part.strip())
    return _code(field, text) if isinstance(field, Choice) else text


def _code(field: Choice, text: str) -> str:
    return next((option.code for option in field.options if text.casefold() in _words(option.label)), text)


def _words(label: str) -> set[str]:
    """An answer's words in every language."""
    spoken_now = i18n.language()
    try:
        found = set()
        for language in i18n.LANGUAGES:
            i18n.speak(language)
            found.add(i18n.gettext(label).casefold())
        return found
    finally:
        i18n.speak(spoken_now)


def in_words(store: Store, field: Field, given: Any) -> str:
    """Return a value in words; what the form cannot read as it was typed."""
    if text_of(given) == "":
        return i18n.gettext(EMPTY)
    try:
        return spoken(store, field, field.read(given))
    except FormError:
        return text_of(given)
