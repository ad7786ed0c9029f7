"""marshmallow schemas made from the forms: the same description checks a page, a CSV row and the REST API."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from marshmallow import RAISE, Schema, ValidationError, fields

from forms.errors import FormError
from forms.fields import Choice, Choices, Field
from forms.sentences import N_, Sentence


class Described(Hashable, Protocol):
    """What a schema needs to know of a form."""

    @property
    def name(self) -> str:
        """The table's name, in lower case."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields in the order of the page."""


class Typed(fields.String):
    """A form's field inside a schema: loads what was typed into the stored value, dumps it as typed.

    A string in OpenAPI, because "7,8" and "7.8" are both welcome; JSON numbers are read too.
    """

    def __init__(self, field: Field) -> None:
        self.described = field
        empty = Sentence(N_("{label} is not filled in yet."), label=Sentence(field.label))
        # In lists: marshmallow would run a bare text through str.format and lose the Sentence.
        messages: Any = {"required": [empty], "null": [empty]}
        super().__init__(
            data_key=field.name,
            required=field.required,
            allow_none=True,
            error_messages=messages,
            metadata=_documentation(field),
        )

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        try:
            stored = self.described.read(value)
        except FormError as refused:
            raise ValidationError([refused.sentence]) from refused
        if stored is None and self.required:
            raise self.make_error("null")
        return stored

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        """As marshmallow's, but null is a blank, so that a required field refuses it too."""
        return super().deserialize("" if value is None else value, attr, data, **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return self.described.show(value)


def _documentation(field: Field) -> dict[str, Any]:
    """What OpenAPI says of the field."""
    described: dict[str, Any] = {"title": field.label, "description": field.hint}
    if isinstance(field, Choice) and not isinstance(field, Choices):
        described["enum"] = [option.code for option in field.options]
    return described


@lru_cache(maxsize=64)
def schema_for(form: Described) -> type[Schema]:
    """The schema of a form: loads {name: typed} into {column: stored} and refuses names it does not have."""
    members: dict[str, Any] = {field.column: Typed(field) for field in form.fields}
    members["Meta"] = type("Meta", (), {"unknown": RAISE})
    schema: Any = Schema.from_dict(members, name=f"{form.name.title().replace('_', '')}Schema")
    schema.error_messages = {"unknown": Sentence(N_("This form has no such field."))}
    return schema  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def loader(form: Described) -> Schema:
    """One ready schema for each form: making one copies every field, too slow for each row of a file."""
    return schema_for(form)()
