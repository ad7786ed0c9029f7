"""The family: one card (KK), one house."""

from forms.fields import Ref, Text
from forms.form import Form, Section
from forms.identities import AreaCode, Digits, Identity, Phone
from forms.sentences import N_

FORM = Form(
    number=2,
    name="family",
    title=N_("Family"),
    fields=(
        Ref(100, "posyandu", N_("Posyandu"), to="posyandu", required=True, section="place"),
        Identity(
            101,
            "kk_number",
            N_("Family card number (KK)"),
            section="family",
            hint=N_("16 digits, or leave it empty."),
        ),
        Text(102, "head_name", N_("Head of the family"), required=True, needs_letter=True, section="family"),
        Phone(103, "phone", N_("Phone (WhatsApp)"), section="family"),
        Text(104, "address", N_("Address"), longest=200, section="address"),
        Text(105, "dusun", N_("Dusun"), section="address"),
        Digits(106, "rt", N_("RT"), section="address"),
        Digits(107, "rw", N_("RW"), section="address"),
        AreaCode(108, "desa_code", N_("Desa"), section="address", hint=N_("Kemendagri code, 10 digits.")),
    ),
    sections=(
        Section("family", N_("The family")),
        Section("address", N_("Where they live")),
        Section("place", N_("Posyandu")),
    ),
)
