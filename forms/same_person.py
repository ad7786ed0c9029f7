"""Two cards of one child: which card goes, which stays, and why. Withdrawn, it parts them again."""

from forms.fields import Choice, Option, Ref, Text
from forms.form import Form, Section
from forms.sentences import N_

REASONS = (
    Option("twice", N_("registered twice by mistake")),
    Option("moved", N_("came from another posyandu and was registered anew")),
    Option("named", N_("registered as By. Ny., then with her name")),
    Option("other", N_("another reason")),
)

FORM = Form(
    number=10,
    name="same_person",
    title=N_("Two cards of one child"),
    fields=(
        Ref(250, "person_goes", N_("Card that goes"), to="person", required=True, section="cards"),
        Ref(251, "person_stays", N_("Card that stays"), to="person", required=True, section="cards"),
        Ref(252, "posyandu", N_("Joined at posyandu"), to="posyandu", required=True, section="cards"),
        Choice(253, "reason", N_("Why they are joined"), options=REASONS, required=True, section="why"),
        Text(254, "note", N_("Note"), longest=200, section="why"),
        Text(255, "values_edit", N_("Edit that took values over"), longest=64, section="why"),
    ),
    sections=(Section("cards", N_("The two cards")), Section("why", N_("Why"))),
)
