"""Two cards that look like one child's and are two children's: nobody is asked about them again. Withdrawn, it is asked again."""

from forms.fields import Ref
from forms.form import Form, Section
from forms.sentences import N_

FORM = Form(
    number=11,
    name="two_children",
    title=N_("Not the same child"),
    fields=(
        Ref(260, "person_one", N_("One child"), to="person", required=True, section="cards"),
        Ref(261, "person_other", N_("The other child"), to="person", required=True, section="cards"),
        Ref(262, "posyandu", N_("Said at posyandu"), to="posyandu", required=True, section="cards"),
    ),
    sections=(Section("cards", N_("The two cards")),),
)
