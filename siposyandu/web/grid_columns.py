"""The columns of the book: which measures and answers they hold, how a stored value is written in a cell and a typed one read."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

from forms import BY_NAME, Choice, Field, Flag, Measure
from forms.errors import FormError
from siposyandu.i18n import N_, language
from siposyandu.i18n import gettext as _

FORM = BY_NAME["balita"]
POSITION, LENGTH = "measured", "length_height_cm"


class Column(NamedTuple):
    """One column: the field it is for, and the short word over it as the book has it."""

    name: str
    head: str

    @property
    def field(self) -> Field:
        """The field of the form."""
        return FORM.by_name[self.name]

    @property
    def label(self) -> str:
        """The whole name of what is written in it, to be translated."""
        return self.field.label

    @property
    def unit(self) -> str:
        """The unit under the head, or nothing."""
        return getattr(self.field, "unit", "")

    @property
    def keys(self) -> str:
        """Which keys a phone shows for a cell."""
        return "decimal" if self.unit else "text"


COLUMNS = (
    Column("weight_kg", "BB"),
    Column(LENGTH, "PB/TB"),
    Column("head_circumference_cm", "LK"),
    Column("muac_cm", "LiLA"),
    Column(POSITION, N_("Position")),
    Column("vitamin_a", N_("Vit. A")),
    Column("deworming", N_("Worms")),
    Column("note", N_("Note")),
)
BY_COLUMN = {column.name: column for column in COLUMNS}
MEASURES = [column.field for column in COLUMNS if isinstance(column.field, Measure)]
USUAL = ("weight_kg", LENGTH, "head_circumference_cm", "muac_cm", POSITION)


def chosen(names: Collection[str]) -> list[Column]:
    """Return the columns of these names in the order of the book; the usual ones where none is named."""
    wanted = set(names) & BY_COLUMN.keys() or set(USUAL)
    return [column for column in COLUMNS if column.name in wanted]


def letters(name: str) -> dict[str, str]:
    """Return the letters that answer a choice or a yes-or-no, with the words they stand for."""
    field = FORM.by_name[name]
    words: list[str] = []
    if isinstance(field, Flag):
        words = [_("Yes"), _("No")]
    elif isinstance(field, Choice):
        words = [_(option.label) for option in field.options]
    return {word[0].casefold(): word.casefold() for word in words}


def read(name: str, text: str) -> str:
    """Return a cell as the form takes it: one letter or more of a word stands for the answer.

    >>> read("measured", "t"), read("vitamin_a", "T"), read("weight_kg", " 7,8 ")
    ('lying', 'no', '7,8')
    """
    field, text = FORM.by_name[name], text.strip()
    if isinstance(field, Flag):
        answers = {"yes": ("yes", _("Yes")), "no": ("no", _("No"))}
    elif isinstance(field, Choice):
        answers = {option.code: (option.code, _(option.label)) for option in field.options}
    else:
        return text
    begun = text.casefold()
    meant = [
        code for code, words in answers.items() if any(word.casefold().startswith(begun) for word in words)
    ]
    return meant[0] if begun and len(meant) == 1 else text


def written(name: str, stored: Any) -> str:
    """Return a stored value as its cell shows it."""
    field = FORM.by_name[name]
    text = field.show(stored)
    return _letter(language(), name, text) if isinstance(field, Flag | Choice) else text


@lru_cache
def _letter(_language: str, name: str, answer: str) -> str:
    """Return the letter of an answer in the language in use; few answers stand in hundreds of cells."""
    field = FORM.by_name[name]
    if isinstance(field, Flag):
        return {"yes": _("Yes"), "no": _("No")}.get(answer, "")[:1].casefold()
    options = field.options if isinstance(field, Choice) else ()
    return next((_(option.label)[0].casefold() for option in options if option.code == answer), "")


def same(name: str, one: str, other: str) -> bool:
    """Whether two texts of a cell say the same: 8,90 is 8,9."""
    texts = read(name, one), read(name, other)
    try:
        return texts[0] == texts[1] or len({FORM.by_name[name].read(text) for text in texts}) == 1
    except FormError:
        return False
