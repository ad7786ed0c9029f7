"""Forgetting: what a laptop keeps of a person who left its area: nothing that names her, only what its own past counts need.

A child who moved is another posyandu's. Her names, numbers and notes go from this laptop; sex, birth date and what was
measured stay, without a name, because the months in which she was counted here must still give the same numbers.
What was typed on this laptop stays in its own lane of the log, which is never deleted (sync/PROTOCOL.md), and no page shows it.
"""

from collections.abc import Sequence

import forms
from forms import Form
from forms.fields import Text
from forms.identities import Digits, Identity, Phone
from siposyandu.places import KEPT_LISTS  # places and those who work there are not whom posyandu serve
from siposyandu.store import Store
from sync.chunks import chunks, holes

NAMING = (Text, Identity, Phone, Digits)


def forget(store: Store, entities: Sequence[str]) -> None:
    """Blank what names a person in records that left this laptop's areas (sync calls this inside its own transaction)."""
    for form in forms.ALL:
        columns = named(form)
        if form.name in KEPT_LISTS or not columns:
            continue
        blank = ", ".join(f"{column} = null" for column in columns)
        for part in chunks(list(entities)):
            store.run(f"update {form.name} set {blank} where id in ({holes(part)})", *part)


def named(form: Form) -> list[str]:
    """Return the columns of a form that say who somebody is, or say anything in words."""
    return [column for column, field in form.by_column.items() if isinstance(field, NAMING)]
