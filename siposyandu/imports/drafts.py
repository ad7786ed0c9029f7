"""From a row of a file to what a person would have typed into our forms."""

import re
from dataclasses import dataclass, field

from forms import BY_NAME, Field, Identity, Measure, Sentence
from forms.nik import sex_in
from siposyandu.imports.cells import is_number, text_of
from siposyandu.imports.sheet import SheetRow
from siposyandu.imports.templates import Header, same, words

Typed = dict[str, object]
FORMS = ("person", "family", "balita")


@dataclass
class Draft:
    """One row, typed: a dictionary for each form, the rest by meaning, and how to name a column in a remark."""

    row_number: int
    person: Typed = field(default_factory=dict)
    family: Typed = field(default_factory=dict)
    balita: Typed = field(default_factory=dict)
    rest: Typed = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def place(self, meaning: str) -> tuple[str, str]:
        """The column's name in the file and its value there, for a remark; a NIK is shown by half."""
        title = self.titles.get(meaning) or _label(meaning)
        return title, self.shown.get(meaning, "")


def draft(row: SheetRow, header: Header) -> Draft:
    """Type one row into the forms. Nothing is judged yet."""
    made = Draft(row.number, titles=dict(header.titles))
    for meaning, cell in row.cells.items():
        form_name, _, name = meaning.partition(".")
        text = text_of(cell)
        made.shown[meaning] = masked(text) if is_identity(meaning) else text
        # A number in a NIK's place stays one, so that the form refuses it.
        answer = cell if is_identity(meaning) and is_number(cell) else _typed(meaning, text)
        if form_name in FORMS:
            getattr(made, form_name)[name] = answer
        else:
            made.rest[meaning] = answer
    _name_the_parent(made)
    _temporary_nik(made)
    return made


def masked(text: str) -> str:
    """A NIK in a list shows its area only.

    >>> masked("5299994507240001"), masked("5.2E+15")
    ('529999**********', '5.2E+15')
    """
    return text[:6] + "*" * (len(text) - 6) if text.isdigit() else text


def _typed(meaning: str, text: str) -> str:
    """An answer in our codes. A measure of 0 was not taken: e-PPGBM has no empty number."""
    if isinstance(_field(meaning), Measure) and text.replace(",", ".").strip("0.") == "":
        return ""
    return words(meaning).get(same(text), text)


def is_identity(meaning: str) -> bool:
    """Whether a column holds NIK or KK numbers."""
    return meaning == "parent_nik" or isinstance(_field(meaning), Identity)


def _field(meaning: str) -> Field | None:
    form_name, _, name = meaning.partition(".")
    return BY_NAME[form_name].by_name.get(name) if form_name in FORMS else None


def _label(meaning: str) -> str:
    named = _field(meaning)
    return Sentence(named.label) if named else meaning


def _name_the_parent(made: Draft) -> None:
    """nama_ortu and nik_ortu: a man's NIK makes it the father, everything else the mother."""
    nik = made.rest.get("parent_nik", "")
    father = isinstance(nik, str) and re.fullmatch(r"[0-9]{16}", nik) and sex_in(nik) == "m"
    parent = "father_name" if father else "mother_name"
    _move(made, "parent_name", f"person.{parent}")
    if not father:
        _move(made, "parent_nik", "person.mother_nik")


def _move(made: Draft, meaning: str, to: str) -> None:
    """Give an answer its place in the person's form, and its remarks the column it came from."""
    if meaning in made.rest:
        made.person[to.partition(".")[2]] = made.rest.pop(meaning)
        made.titles[to], made.shown[to] = made.titles[meaning], made.shown[meaning]


def _temporary_nik(made: Draft) -> None:
    """e-HDW gives a newborn its mother's NIK and one more digit until it has its own (domain.md 4.6)."""
    nik, mother_nik = str(made.person.get("nik") or ""), str(made.person.get("mother_nik") or "")
    temporary = bool(mother_nik) and len(nik) == Identity.length + 1 and nik.startswith(mother_nik)
    if temporary:
        made.person["nik"] = ""
    if temporary or not nik:
        made.person["nik_missing_reason"] = "not_yet" if temporary else "unknown"
