"""The person: the identity block on every card, and how the child was born (domain.md 2.4, 2.5 C and 4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from forms import nik
from forms.anthropometry import birth_head, birth_length, birth_weight
from forms.dates import completed_months
from forms.fields import Choice, Date, Flag, Option, Ref, Text
from forms.form import Finding, Form, Known, Rule, Section
from forms.identities import AreaCode, Digits, Identity, Phone
from forms.measures import Whole
from forms.sentences import N_, Sentence

SEXES = (Option("m", N_("boy")), Option("f", N_("girl")))
NIK_MISSING = (
    Option("not_yet", N_("not made yet (newborn)")),
    Option("in_process", N_("being made")),
    Option("not_brought", N_("the card was not brought")),
    Option("refused", N_("the family would rather not")),
    Option("unknown", N_("not known")),
)
STATUSES = (
    Option("active", N_("comes to this posyandu")),
    Option("moved", N_("moved away")),
    Option("died", N_("died")),
    Option("aged_out", N_("too old for this group")),
)
LAST_CARD_MONTH = 71  # the card of bayi, balita and apras ends here (domain.md 2.2)

FIELDS = (
    Ref(60, "posyandu", N_("Posyandu"), to="posyandu", required=True, section="place"),
    Date(61, "posyandu_since", N_("At this posyandu since"), section="place"),
    Ref(62, "family", N_("Family"), to="family", section="place"),
    Text(
        63,
        "name",
        N_("Name"),
        required=True,
        needs_letter=True,
        section="identity",
        hint=N_("As on the family card. A baby without a name: By. Ny. and the mother's name."),
    ),
    Identity(
        64,
        "nik",
        N_("NIK"),
        section="identity",
        hint=N_("16 digits. Leave it empty if the child has none yet."),
    ),
    Choice(65, "nik_missing_reason", N_("Why there is no NIK"), options=NIK_MISSING, section="identity"),
    Choice(66, "sex", N_("Sex"), options=SEXES, required=True, section="identity"),
    Date(67, "birth_date", N_("Birth date"), required=True, section="identity"),
    Text(68, "mother_name", N_("Mother's name"), needs_letter=True, section="parents"),
    Identity(69, "mother_nik", N_("Mother's NIK"), section="parents", hint=N_("16 digits.")),
    Text(70, "father_name", N_("Father's name"), needs_letter=True, section="parents"),
    Phone(71, "phone", N_("Phone (WhatsApp)"), section="parents"),
    Text(72, "address", N_("Address"), longest=200, section="address"),
    Text(73, "dusun", N_("Dusun"), section="address"),
    Digits(74, "rt", N_("RT"), section="address"),
    Digits(75, "rw", N_("RW"), section="address"),
    AreaCode(76, "desa_code", N_("Desa"), section="address", hint=N_("Kemendagri code, 10 digits.")),
    Choice(77, "status", N_("Status"), options=STATUSES, default="active", section="status"),
    Date(78, "status_date", N_("Since"), section="status"),
    Whole(79, "birth_order", N_("Which child of the mother"), low=1, high=20, soft=(1, 12), section="birth"),
    Whole(
        80,
        "gestation_weeks",
        N_("Weeks of pregnancy at birth"),
        low=20,
        high=45,
        soft=(28, 42),
        section="birth",
    ),
    birth_weight(81, "birth_weight_kg", N_("Birth weight"), "birth"),
    birth_length(82, "birth_length_cm", N_("Birth length"), "birth"),
    birth_head(83, "birth_head_circumference_cm", N_("Head circumference at birth"), "birth"),
    Flag(84, "kia_book", N_("Has the KIA book"), section="birth"),
    Flag(85, "kia_book_small_baby", N_("Has the KIA book for small babies"), section="birth"),
    Flag(86, "early_initiation", N_("Breastfed within the first hour (IMD)"), section="birth"),
    Date(87, "registered_date", N_("Registered on"), section="place"),
)


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _nik_or_reason(known: Known, today: date) -> Iterable[Finding]:
    """Empty needs a reason; a reason beside a NIK is out of date."""
    if not known.get("nik") and not known.get("nik_missing_reason"):
        yield Finding("nik", Sentence(N_("Write the NIK, or choose why there is none.")))
    if known.get("nik") and known.get("nik_missing_reason"):
        said = Sentence(N_("The NIK is filled in: the reason can be left empty now."))
        yield Finding("nik_missing_reason", said, ask=True)


def _nik_fits(known: Known, today: date) -> Iterable[Finding]:
    """The digits of the NIK against birth date and sex."""
    if known.get("nik"):
        said = nik.doubt(
            str(known["nik"]), _day(known.get("birth_date")), str(known.get("sex") or "") or None
        )
        if said:
            yield Finding("nik", said, ask=True)


def _mother_nik_fits(known: Known, today: date) -> Iterable[Finding]:
    """The mother's NIK is hers: not the child's, and a woman's."""
    mother_nik = str(known.get("mother_nik") or "")
    if mother_nik and mother_nik == known.get("nik"):
        yield Finding("nik", Sentence(N_("This is the mother's NIK. The child has its own, or none yet.")))
    elif mother_nik and nik.sex_in(mother_nik) == "m":
        said = Sentence(N_("By its digits this NIK belongs to a man. Compare it with the family card."))
        yield Finding("mother_nik", said, ask=True)


def _mother_is_named(known: Known, today: date) -> Iterable[Finding]:
    """Two children of one name and day are told apart by their mothers."""
    birth = _day(known.get("birth_date"))
    if birth and not known.get("mother_name") and completed_months(birth, today) <= LAST_CARD_MONTH:
        yield Finding(
            "mother_name", Sentence(N_("The mother's name is still empty. Is it not known?")), ask=True
        )


def _status_has_a_day(known: Known, today: date) -> Iterable[Finding]:
    """Moved, died, too old: since when? The monthly count of sasaran needs the day."""
    if known.get("status") not in (None, "active") and not known.get("status_date"):
        yield Finding("status_date", Sentence(N_("Write since which day.")))
    birth, since = known.get("birth_date"), known.get("status_date")
    if birth and since and str(since) < str(birth):
        yield Finding("status_date", Sentence(N_("This day is before the birth. Check the date.")))


FORM = Form(
    number=1,
    name="person",
    title=N_("Child's card"),
    fields=FIELDS,
    sections=(
        Section("identity", N_("The child")),
        Section("parents", N_("The parents")),
        Section("address", N_("Where they live")),
        Section("birth", N_("At birth")),
        Section("place", N_("Posyandu")),
        Section("status", N_("Status")),
    ),
    rules=(
        Rule(("nik", "nik_missing_reason"), _nik_or_reason),
        Rule(("nik", "birth_date", "sex"), _nik_fits),
        Rule(("nik", "mother_nik"), _mother_nik_fits),
        Rule(("mother_name", "birth_date"), _mother_is_named),
        Rule(("status", "status_date", "birth_date"), _status_has_a_day),
    ),
)
