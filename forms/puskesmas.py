"""The puskesmas: it serves a list of desa, which need not be a kecamatan. An administrator keeps it."""

from forms.fields import PlaceName, Text
from forms.form import Form, Section
from forms.identities import AreaCode, AreaCodes
from forms.sentences import N_

FORM = Form(
    number=4,
    name="puskesmas",
    title=N_("Puskesmas"),
    fields=(
        Text(120, "code", N_("Code"), longest=20, required=True, section="puskesmas"),
        PlaceName(
            121, "name", N_("Name"), word="puskesmas", required=True, needs_letter=True, section="puskesmas"
        ),
        AreaCode(122, "kecamatan_code", N_("Kecamatan"), length=6, required=True, section="puskesmas"),
        AreaCodes(
            123,
            "desa_codes",
            N_("Desa served"),
            section="puskesmas",
            hint=N_("Codes of 10 digits, commas between."),
        ),
    ),
    sections=(Section("puskesmas", N_("Puskesmas")),),
)
