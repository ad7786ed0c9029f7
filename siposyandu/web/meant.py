"""What was meant by a number that the form refuses: it is read once more without bounds, for the guard to explain."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from forms import Form, Measure, Sentence
from siposyandu.growth.guard import Question

A_NUMBER = re.compile(r"(?P<number>[0-9]{1,6}([.,][0-9]{1,6})?) *[a-z]*")


def numbers(form: Form, names: Iterable[str], typed: Mapping[str, Any]) -> dict[str, float]:
    """Return by column what was typed in these measures, in stored units but not rounded; no number, no entry."""
    found = {}
    for name in names:
        field = form.by_name[name]
        read = A_NUMBER.fullmatch(str(typed.get(name) or "").strip().casefold())
        if isinstance(field, Measure) and read:
            found[field.column] = float(Decimal(read["number"].replace(",", ".")) * field.scale)
    return found


def sentence(question: Question) -> Sentence:
    """Say the guard's question where a form says its errors."""
    params = {name: _exactly(value) for name, value in question.params.items()}
    return Sentence(question.template, **params)


def _exactly(value: Any) -> Any:
    return Decimal(f"{value:.10g}") if isinstance(value, float) else value
