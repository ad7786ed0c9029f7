"""Is an answer right? Figures are read by the rules of the real form; near enough is right, as reading.py says."""

from decimal import Decimal

import forms
from forms import FormError, Measure
from siposyandu.exam.case import Case, Choosing
from siposyandu.i18n import N_

AGE = Measure(
    1, "age_months", N_("Age"), unit=N_("months"), scale=1, step=Decimal(1), low=Decimal(0), high=Decimal(71),
    example=Decimal(14),
)  # fmt: skip


def field_of(name: str) -> Measure:
    """Return how an answer that is typed is read: a field of the visit's form, or the age."""
    found = next((each for each in forms.BY_NAME["balita"].fields if each.name == name), AGE)
    assert isinstance(found, Measure)
    return found


def is_right(case: Case, typed: str) -> bool:
    """Return whether an answer is right. FormError, with the sentence to show, when it cannot be read."""
    answer = case.answer
    if isinstance(answer, Choosing):
        if typed not in dict(answer.options):
            raise FormError(forms.Sentence(N_("Choose one of the answers.")))
        return typed == answer.right
    return abs(field_of(answer.field).parse(typed.strip()) - answer.right) <= answer.within


def right_words(case: Case) -> forms.Sentence:
    """Return the right answer as a person says it."""
    answer = case.answer
    if isinstance(answer, Choosing):
        return dict(answer.options)[answer.right]
    read_by = field_of(answer.field)
    return forms.Sentence(
        "{value} {unit}", value=read_by.in_units(answer.right), unit=forms.Sentence(read_by.unit)
    )


def typed_words(case: Case, typed: str) -> forms.Sentence:
    """Return what was answered as a person says it."""
    answer = case.answer
    if isinstance(answer, Choosing):
        return dict(answer.options).get(typed, forms.Sentence(typed))
    return forms.Sentence("{value} {unit}", value=typed, unit=forms.Sentence(field_of(answer.field).unit))
