"""Is what was typed believable? Hard faults are refused; doubts are asked once, and two like measures settle them.

The doubts are the form's soft bounds and the guard, which knows this child's past. A doubt goes away when the kader
mends the field, when a second measure agrees with the first, or when she says that it is right. The second measure is
the one that counts; the doubted first one is kept beside it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from forms import BY_NAME, Checked, Sentence
from siposyandu.growth import guard
from siposyandu.web import meant

FORM = BY_NAME["balita"]
AGAIN = {"weight_kg": "weight_again_kg", "length_height_cm": "length_height_again_cm"}
"""A measure and where its second measure is typed."""
AGREE_WITHIN = {"weight_kg": 100, "length_height_cm": 7}
"""How far two measures may differ, in grams and millimetres (WHO growth reference study: 100 g, 7 mm)."""
RIGHT = "right"
"""What the button "it is right" sends."""

Row = Mapping[str, Any]
Typed = Mapping[str, Any]
Stored = int | str | None


class Case(NamedTuple):
    """What a visit is judged by: the child, its other visits, and the day that has been reached."""

    child: Row
    others: Sequence[Row]
    today: date


class Doubt(NamedTuple):
    """One question at a field: `key` names it together with the values it is about, so that it is asked once.

    `also` are other fields it is about: where weight and length seem another child's, both are measured again.
    """

    key: str
    name: str
    sentence: Any
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All fields it is about."""
        return (self.name, *self.also)


@dataclass(frozen=True)
class Look:
    """What was found: what may be stored, what is wrong, what should be asked."""

    values: dict[str, Stored]
    errors: Mapping[str, Sequence[Sentence]]
    doubts: Sequence[Doubt]

    @property
    def measure_again(self) -> list[str]:
        """The names of the second measures to ask for."""
        return [again for name, again in AGAIN.items() if any(name in doubt.names for doubt in self.doubts)]

    def still_open(self, asked: Collection[str], answer: str) -> "Look":
        """Return the same with the doubts that were neither confirmed nor settled by a second measure."""
        accepted = asked if answer == RIGHT else ()
        left = [
            doubt
            for doubt in self.doubts
            if doubt.key not in accepted and not all(map(self._measures_agree, doubt.names))
        ]
        return Look(self.values, self.errors, left)

    def _measures_agree(self, name: str) -> bool:
        if name not in AGAIN:
            return False
        one, two = (self.values.get(FORM.by_name[each].column) for each in (name, AGAIN[name]))
        return one is not None and two is not None and abs(int(one) - int(two)) <= AGREE_WITHIN[name]


def look(case: Case, typed: Typed) -> Look:
    """Look at a new visit as it was typed."""
    twice = [name for name in AGAIN if str(typed.get(AGAIN[name]) or "").strip()]
    typed = _swapped(typed, twice)
    checked = FORM.check(typed, today=case.today, context=_born(case.child))
    return _looked(case, checked, {}, _swapped(_explained(case, checked, {}, typed), twice))


def look_at_correction(case: Case, visit: Row, typed: Typed) -> Look:
    """Look at the correction of a stored visit: only the fields typed are judged, only what changed is doubted."""
    checked = FORM.check(typed, partial=True, today=case.today, context={**_born(case.child), **visit})
    found = _looked(case, checked, visit, _explained(case, checked, visit, typed))
    changed = {
        FORM.by_column[column].name for column, value in checked.values.items() if visit[column] != value
    }
    doubts = [doubt for doubt in found.doubts if changed.intersection((*doubt.names, "visit_date"))]
    return Look(found.values, found.errors, doubts)


def look_at_part(case: Case, visit: Row, typed: Typed) -> Look:
    """Look at some fields that are added to a stored visit; a second measure counts, as in a new one."""
    twice = [name for name in AGAIN if str(typed.get(AGAIN[name]) or "").strip()]
    found = look_at_correction(case, visit, _swapped(typed, twice))
    return Look(found.values, _swapped(found.errors, twice), found.doubts)


def _looked(case: Case, checked: Checked, visit: Row, errors: Mapping[str, Any]) -> Look:
    known = {**visit, **checked.values}
    asked_by_form = [
        Doubt(f"{name}:{said}", name, said)
        for name, sentences in checked.questions.items()
        for said in sentences
        if name not in AGAIN.values()
    ]
    asked_by_guard = [] if errors else _guarded(case, known)
    return Look(checked.values, errors, _one_per_field([*asked_by_guard, *asked_by_form]))


def _explained(case: Case, checked: Checked, visit: Row, typed: Typed) -> dict[str, Sequence[Sentence]]:
    """Return the errors; where a number was refused, what was probably meant comes first ("7800 g are 7.8 kg")."""
    errors: dict[str, Sequence[Sentence]] = dict(checked.errors)
    refused = [name for name in AGAIN if name in errors]
    numbers = meant.numbers(FORM, refused, typed)
    if not numbers:
        return errors
    known = {"visit_date": case.today.isoformat(), **visit, **checked.values, **numbers}
    for question in _asked(case, known):
        said = meant.sentence(question)
        errors |= {name: [said, *errors[name]] for name in question.fields if name in refused}
    return errors


def _guarded(case: Case, known: Row) -> list[Doubt]:
    return [
        Doubt(_key(case, question, known), question.fields[0], question, question.fields[1:])
        for question in _asked(case, known)
    ]


def _asked(case: Case, known: Row) -> list[guard.Question]:
    if not case.child["sex"] or not case.child["birth_date"]:
        return []
    child = guard.Child(
        case.child["sex"],
        date.fromisoformat(case.child["birth_date"]),
        case.child.get("birth_weight_g"),
        case.child.get("birth_length_mm"),
    )
    past = [_measured(visit) for visit in case.others]
    return guard.questions(child, past, _measured(known), case.today)


def _key(case: Case, question: guard.Question, known: Row) -> str:
    """Name a question by its code and the values it is about."""
    about = {**known, "birth_date": case.child["birth_date"]}
    columns = [FORM.by_name[name].column if name in FORM.by_name else name for name in question.fields]
    return ":".join([question.code, *(str(about.get(column)) for column in columns)])


def _measured(visit: Row) -> guard.Visit:
    return guard.Visit(
        visit_date=date.fromisoformat(visit["visit_date"]),
        weight_g=visit.get("weight_g"),
        length_height_mm=visit.get("length_height_mm"),
        measured=visit.get("measured"),
        head_circumference_mm=visit.get("head_circumference_mm"),
        muac_mm=visit.get("muac_mm"),
        oedema=(visit.get("oedema") or "no") != "no",
    )


def _born(child: Row) -> dict[str, Stored]:
    return {"birth_date": child["birth_date"], "sex": child["sex"]}


def _swapped(found: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the same with the measures of these names and their second measures in each other's place."""
    turned = {name: AGAIN[name] for name in names}
    turned |= {again: name for name, again in turned.items()}
    return {turned.get(name, name): value for name, value in found.items()}


def _one_per_field(doubts: Iterable[Doubt]) -> list[Doubt]:
    """Keep the first doubt of each field: what knows the child's past comes first."""
    first: dict[str, Doubt] = {}
    for doubt in doubts:
        first.setdefault(doubt.name, doubt)
    return list(first.values())
