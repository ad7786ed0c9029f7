"""The posyandu day: which day, where, who was present, and at its end what is worth remembering.

Two people may open the same day on two laptops; then there are two records and one day (siposyandu/opened_days.py).
"""

from forms.fields import Date, Flag, Ref, Refs, Text
from forms.form import Form, Section
from forms.measures import Whole
from forms.sentences import N_

NAMES_LONGEST, WORDS_LONGEST = 300, 1000

FORM = Form(
    number=7,
    name="session",
    title=N_("Posyandu day"),
    fields=(
        Ref(200, "posyandu", N_("Posyandu"), to="posyandu", required=True, section="opening"),
        Date(201, "session_date", N_("Day"), required=True, section="opening"),
        Text(202, "place", N_("Place"), section="opening"),
        Refs(203, "workers_present", N_("Who is present"), to="worker", section="opening"),
        Text(
            204,
            "others_present",
            N_("Other kader"),
            longest=NAMES_LONGEST,
            hint=N_("Names with commas between."),
            section="opening",
        ),
        Text(
            205,
            "health_workers_present",
            N_("Other health workers"),
            longest=NAMES_LONGEST,
            hint=N_("Names with commas between."),
            section="opening",
        ),
        Text(206, "pmt_menu", N_("PMT menu"), longest=200, section="closing"),
        Whole(
            207,
            "visitors",
            N_("All visitors"),
            low=0,
            high=5000,
            hint=N_("With pregnant women, mothers and the elderly, if they were counted."),
            section="closing",
        ),
        Text(208, "problems", N_("What happened"), longest=WORDS_LONGEST, lines=True, section="closing"),
        Text(209, "agreed", N_("What was agreed"), longest=WORDS_LONGEST, lines=True, section="closing"),
        Flag(210, "closed", N_("Closed"), section="closing"),
    ),
    sections=(Section("opening", N_("Opening the day")), Section("closing", N_("Closing the day"))),
)
