"""What a kader may write down, and within which bounds. Description only: no web, no disk, no network.

>>> from datetime import date
>>> visit = BY_NAME["balita"].check({"weight_kg": "78"}, partial=True, today=date(2026, 8, 3))
>>> visit.errors
{'weight_kg': ['Weight must be between 0.9 and 58 kg.']}

A new form: a file here, a line in ALL, a migration, words in the catalogue. Numbers are never used again.
"""

from forms import (
    balita,
    family,
    home_visit,
    person,
    posyandu,
    puskesmas,
    referral_return,
    same_person,
    session,
    two_children,
    worker,
)
from forms.errors import FormError
from forms.fields import (
    EVERYBODY,
    HEALTH_WORKER,
    Choice,
    Choices,
    Date,
    Field,
    Flag,
    Option,
    Ref,
    Refs,
    Stored,
    Text,
)
from forms.form import Checked, Finding, Form, Rule, Section
from forms.identities import AreaCode, AreaCodes, Digits, Identity, Phone
from forms.measures import Measure, Soft, Whole
from forms.schemas import schema_for
from forms.sentences import N_, Sentence

ALL: tuple[Form, ...] = (
    puskesmas.FORM,
    posyandu.FORM,
    worker.FORM,
    family.FORM,
    person.FORM,
    balita.FORM,
    session.FORM,
    home_visit.FORM,
    referral_return.FORM,
    same_person.FORM,
    two_children.FORM,
)
BY_NUMBER: dict[int, Form] = {form.number: form for form in ALL}
BY_NAME: dict[str, Form] = {form.name: form for form in ALL}

__all__ = [
    "ALL",
    "BY_NAME",
    "BY_NUMBER",
    "EVERYBODY",
    "HEALTH_WORKER",
    "N_",
    "AreaCode",
    "AreaCodes",
    "Checked",
    "Choice",
    "Choices",
    "Date",
    "Digits",
    "Field",
    "Finding",
    "Flag",
    "Form",
    "FormError",
    "Identity",
    "Measure",
    "Option",
    "Phone",
    "Ref",
    "Refs",
    "Rule",
    "Section",
    "Sentence",
    "Soft",
    "Stored",
    "Text",
    "Whole",
    "schema_for",
]  # fmt: skip
