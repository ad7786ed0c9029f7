"""The posyandu: a record that an administrator keeps, so that names may change while the children stay."""

from forms.fields import Flag, PlaceName, Ref, Text
from forms.form import Form, Section
from forms.identities import AreaCode
from forms.sentences import N_

FORM = Form(
    number=5,
    name="posyandu",
    title=N_("Posyandu"),
    fields=(
        Text(130, "code", N_("Code"), longest=30, required=True, section="posyandu"),
        PlaceName(
            131, "name", N_("Name"), word="posyandu", required=True, needs_letter=True, section="posyandu"
        ),
        AreaCode(132, "desa_code", N_("Desa"), required=True, section="posyandu"),
        Ref(133, "puskesmas", N_("Puskesmas"), to="puskesmas", section="posyandu"),
        Text(134, "dusun", N_("Dusun"), section="posyandu"),
        Flag(135, "active", N_("In use"), default=1, section="posyandu"),
    ),
    sections=(Section("posyandu", N_("Posyandu")),),
)
