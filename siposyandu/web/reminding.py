"""A list of children as a message for WhatsApp: names by dusun, the day and the place; never what is the matter with a child.

The program sends nothing: the text stands in a box, a person copies it and decides who reads it.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from siposyandu.i18n import date_with_day, gettext
from siposyandu.web.today import Expected

Groups = Sequence[tuple[str, Sequence[Expected]]]


def message(title: str, place: str, day: date | None, groups: Groups) -> str:
    """Return the message: its title, day and place, then each dusun with its children, numbered."""
    head = [
        f"*{title}*",
        *([gettext("Day: %(day)s") % {"day": date_with_day(day)}] if day else []),
        gettext("Place: %(place)s") % {"place": place},
    ]
    return "\n".join([*head, *(line for dusun, children in groups for line in _of_dusun(dusun, children))])


def _of_dusun(dusun: str, children: Iterable[Expected]) -> list[str]:
    title = dusun or gettext("dusun not written")
    return ["", f"*{title}*", *(f"{number}. {child.name}" for number, child in enumerate(children, 1))]
