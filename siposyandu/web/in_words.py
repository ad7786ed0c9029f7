"""A stored value as a person reads it: "7,8 kg", "berdiri", "3 Agustus 2026", a posyandu's or a child's name."""

from forms import Choice, Date, Field, Flag, Form, Measure, Ref, Refs, Text
from siposyandu import access
from siposyandu.access import Worker
from siposyandu.i18n import N_, date_long
from siposyandu.i18n import gettext as _
from siposyandu.store import Store, Value

NOTHING = N_("left empty")
NAMED = {"posyandu": "name", "puskesmas": "name", "person": "name", "family": "head_name", "worker": "name"}
WHO_IT_IS = frozenset({"person", "family"})
SAYS_WHO = frozenset({"balita", "home_visit", "referral_return", "session"})
"""Forms whose words and references may name somebody."""


def spoken(store: Store, field: Field, value: Value) -> str:
    """Return a stored value in words, in the reader's language."""
    if value is None or value == "":
        return _(NOTHING)
    if isinstance(field, Refs):
        return ", ".join(_named(store, field, entity) for entity in str(value).split(","))
    if isinstance(field, Ref):
        return _named(store, field, str(value))
    if isinstance(field, Choice):
        labels = {option.code: _(option.label) for option in field.options}
        return ", ".join(labels.get(code, code) for code in str(value).split(","))
    if isinstance(field, Flag):
        return _("Yes") if value == 1 else _("No")
    if isinstance(field, Date):
        return date_long(str(value))
    text = field.show(value if isinstance(value, int) else str(value))
    return f"{text} {field.unit}" if isinstance(field, Measure) else text


def _named(store: Store, field: Ref, entity: str) -> str:
    column = NAMED.get(field.to)
    name = store.value(f"select {column} from {field.to} where id = $1", entity) if column else None
    return str(name) if name else _("a record that is not here")


def may_read(who: Worker, form: Form, field: Field) -> bool:
    """Whether a worker may read a field's values: kabupaten and province see measures, not who a child is."""
    if who.role in access.WEIGHERS:
        return who.role in access.HEALTH_WORKERS or field.seen_by != "health_worker"
    return form.name not in WHO_IT_IS and not (form.name in SAYS_WHO and isinstance(field, Text | Ref))
