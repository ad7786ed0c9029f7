"""Sentences for people: English source text with its numbers kept apart, to be said in Indonesian by a page.

A sentence is plain text wherever text is wanted (logs, a machine's answer), and remembers its template and
its parameters for whoever translates it: the template is looked up in the catalogue, a parameter that is
itself a Sentence is translated too, a Decimal gets the language's own decimal sign, a date its month name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

Parameter = str | int | Decimal | date


def N_(text: str) -> str:  # noqa: N802 (gettext's own name)
    """Mark a text for the translators' catalogue; the text itself comes back unchanged."""
    return text


class Sentence(str):
    """One sentence with its template and parameters.

    >>> wrong = Sentence("Weight must be between {low} and {high} kg.", low=Decimal("0.9"), high=58)
    >>> print(wrong)
    Weight must be between 0.9 and 58 kg.
    >>> wrong.params["low"]
    Decimal('0.9')
    """

    __slots__ = ("params", "template")

    template: str
    params: Mapping[str, Parameter]

    def __new__(cls, template: str, **params: Parameter) -> Sentence:
        sentence = super().__new__(cls, template.format(**params) if params else template)
        sentence.template = template
        sentence.params = params
        return sentence

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """What copy and pickle call the constructor with: the template, never the finished text."""
        return (self.template,), dict(self.params)
