"""A form's fields as a page draws them: from the description in `forms`, what was typed, and what was wrong with it.

Nothing about a field is written by hand in a template: labels, hints, answers, units and bounds come from the description.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from forms import HEALTH_WORKER, Choice, Choices, Date, Field, Form, Measure, Refs, Sentence, Text
from forms.dates import read_date
from siposyandu import access
from siposyandu.access import Worker
from siposyandu.i18n import gettext as _

Typed = Mapping[str, Any]
Said = Mapping[str, Collection[Sentence]]
FEW_ANSWERS = 5
"""Up to so many answers are shown as keys to press, more as a list to pull down."""


class Before(NamedTuple):
    """What was measured last time: the value with its unit, and the day."""

    value: str
    day: str


@dataclass(frozen=True)
class Shown:
    """One field on a page. `value` is the typed text, or the codes of several answers; `before` is last time's value."""

    field: Field
    value: str | tuple[str, ...] = ""
    errors: tuple[Sentence, ...] = ()
    before: Before | None = None

    @property
    def name(self) -> str:
        """The name it is typed under."""
        return self.field.name

    @property
    def look(self) -> str:
        """Which macro of fields.html draws it."""
        if isinstance(self.field, Choices):
            return "many"
        if isinstance(self.field, Choice):
            return "keys" if len(self.field.options) <= FEW_ANSWERS else "list"
        return "lines" if isinstance(self.field, Text) and self.field.lines else self.field.kind

    @property
    def options(self) -> list[tuple[str, str]]:
        """The answers: code and words."""
        listed = self.field.options if isinstance(self.field, Choice) else ()
        return [(option.code, _(option.label)) for option in listed]

    @property
    def unit(self) -> str:
        """The unit behind a measure, or nothing."""
        return self.field.unit if isinstance(self.field, Measure) else ""


def shown(
    form: Form,
    names: Iterable[str],
    typed: Typed,
    errors: Said | None = None,
    before: Mapping[str, Before] | None = None,
) -> dict[str, Shown]:
    """Return the fields of these names, in that order, with what was typed and what is wrong."""
    return {
        name: Shown(
            form.by_name[name],
            _value(typed.get(name)),
            tuple((errors or {}).get(name, ())),
            (before or {}).get(name),
        )
        for name in names
    }


def of_section(form: Form, section: str) -> list[str]:
    """Return the names of a section's fields, in order."""
    return [field.name for field in form.fields if field.section == section]


def may_enter(form: Form, who: Worker, names: Iterable[str]) -> list[str]:
    """Return those of the names that this worker may fill in."""
    nurse = who.role in access.HEALTH_WORKERS
    return [name for name in names if nurse or form.by_name[name].entered_by != HEALTH_WORKER]


def may_see(form: Form, who: Worker, names: Iterable[str]) -> list[str]:
    """Return those of the names whose stored answer this worker may read."""
    nurse = who.role in access.HEALTH_WORKERS
    return [name for name in names if nurse or form.by_name[name].seen_by != HEALTH_WORKER]


def typed_in(form: Form, names: Collection[str], sent: "MultiDict[str, str]") -> dict[str, Any]:
    """Return what was sent for these fields; of several answers all that are ticked."""
    found: dict[str, Any] = {}
    for name in names:
        if name in sent:
            many = isinstance(form.by_name[name], Choices | Refs)
            found[name] = [code for code in sent.getlist(name) if code] if many else sent[name]
    return found


def as_typed(form: Form, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored row as a person types it here: days as 3-8-2026, several answers as their codes."""
    return {name: _as_typed(form.by_name[name], text) for name, text in form.shown(row).items()}


def _as_typed(field: Field, text: str) -> str | list[str]:
    if isinstance(field, Choices | Refs):
        return text.split(",") if text else []
    return day_typed(text) if isinstance(field, Date) else text


def day_typed(text: date | str) -> str:
    """Write a day as people type it; a text that is no day stays as it was typed.

    >>> day_typed("2026-08-03"), day_typed(date(2026, 8, 3)), day_typed("3 Agustus"), day_typed("")
    ('3-8-2026', '3-8-2026', '3 Agustus', '')
    """
    day = read_date(str(text))
    if day is None:
        return str(text)
    return f"{day.day}-{day.month}-{day.year}"


def _value(typed: Any) -> str | tuple[str, ...]:
    if isinstance(typed, list | tuple):
        return tuple(str(part) for part in typed)
    return "" if typed is None else str(typed)
