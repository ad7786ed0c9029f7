"""One visit of a child under six: the ILP card of bayi, balita and apras, and what e-PPGBM asks.

Sources: domain.md 2.5 C and 4.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from forms.anthropometry import head, length, muac, skinfold, weight
from forms.dates import completed_months
from forms.fields import HEALTH_WORKER, Choice, Choices, Date, Flag, Option, Ref, Text
from forms.form import Finding, Form, Known, Rule, Section
from forms.person import LAST_CARD_MONTH
from forms.sentences import N_, Sentence

POSITIONS = (Option("lying", N_("lying")), Option("standing", N_("standing")))
OEDEMA = (
    Option("no", N_("none")),
    Option("1", N_("+1 feet")),
    Option("2", N_("+2 legs")),
    Option("3", N_("+3 whole body")),
)
CHECKLIST = (Option("complete", N_("complete")), Option("incomplete", N_("not complete")))
GAIN = (Option("N", N_("N, gained enough")), Option("T", N_("T, did not gain enough")))
# Why a visit's day is not believed until somebody confirms or repairs it (siposyandu/office/dates.py).
DOUBTS = (
    Option("clock", N_("written by a wrong clock")),
    Option("future", N_("after it came to the province")),
    Option("birth", N_("before the birth")),
)
REFERRALS = (
    Option("none", N_("not referred")),
    Option("pustu", N_("Pustu")),
    Option("puskesmas", N_("Puskesmas")),
    Option("hospital", N_("hospital")),
)
# The schedule of KMK 2015/2023 (domain.md 12).
VACCINES = tuple(
    Option(code, label)
    for code, label in (
        ("hb0", N_("Hepatitis B 0")),
        ("bcg", N_("BCG")),
        ("opv1", N_("Polio drops 1")),
        ("opv2", N_("Polio drops 2")),
        ("opv3", N_("Polio drops 3")),
        ("opv4", N_("Polio drops 4")),
        ("dpt1", N_("DPT-HB-Hib 1")),
        ("dpt2", N_("DPT-HB-Hib 2")),
        ("dpt3", N_("DPT-HB-Hib 3")),
        ("dpt4", N_("DPT-HB-Hib 4")),
        ("ipv1", N_("Polio injection 1")),
        ("ipv2", N_("Polio injection 2")),
        ("rv1", N_("Rotavirus 1")),
        ("rv2", N_("Rotavirus 2")),
        ("rv3", N_("Rotavirus 3")),
        ("pcv1", N_("PCV 1")),
        ("pcv2", N_("PCV 2")),
        ("pcv3", N_("PCV 3")),
        ("mr1", N_("Measles-rubella 1")),
        ("mr2", N_("Measles-rubella 2")),
        ("je", N_("Japanese encephalitis")),
    )
)
ILLNESSES = (
    Option("cough", N_("cough or cold")),
    Option("fever", N_("fever")),
    Option("diarrhoea", N_("diarrhoea")),
    Option("vomiting", N_("vomiting")),
    Option("rash", N_("rash")),
    Option("ear", N_("ear trouble")),
    Option("worms", N_("worms")),
    Option("poor_appetite", N_("poor appetite")),
    Option("other", N_("other")),
)

BREASTFED = tuple(f"breastfed_month_{month}" for month in range(7))
VITAMIN_A_FROM_MONTH = 6
DEWORMING_FROM_MONTH = 12


VISIT = (
    Ref(1, "person", N_("Child"), to="person", required=True, section="visit"),
    Ref(2, "posyandu", N_("Weighed at posyandu"), to="posyandu", required=True, section="visit"),
    Date(3, "visit_date", N_("Day of the visit"), required=True, section="visit"),
)
MEASURES = (
    weight(4, "weight_kg", N_("Weight"), "measure"),
    length(5, "length_height_cm", N_("Length/height"), "measure"),
    Choice(
        6, "measured", N_("Measured"), options=POSITIONS, section="measure",
        hint=N_("Lying down until two years, then standing."),
    ),
    head(7, "head_circumference_cm", N_("Head circumference"), "measure"),
    muac(8, "muac_cm", N_("Upper arm (LiLA)"), "measure"),
    Choice(
        9, "oedema", N_("Swelling of both feet"), options=OEDEMA, section="measure",
        hint=N_("Press both feet for three seconds: does a dent stay?"),
    ),
    skinfold(10, "triceps_mm", N_("Triceps skinfold"), "measure"),
    skinfold(11, "subscapular_mm", N_("Subscapular skinfold"), "measure"),
    weight(12, "weight_again_kg", N_("Weight, second time"), "again"),
    length(13, "length_height_again_cm", N_("Length/height, second time"), "again"),
)  # fmt: skip
QUESTIONS = (
    Choice(
        14, "development_checklist", N_("Development checklist in the KIA book"), options=CHECKLIST, section="checks",
    ),
    Flag(15, "tb_cough", N_("Cough that does not go away"), section="tb", seen_by=HEALTH_WORKER),
    Flag(16, "tb_fever", N_("Fever for two weeks or more"), section="tb", seen_by=HEALTH_WORKER),
    Flag(
        17, "tb_weight", N_("Weight not rising or falling for two months"), section="tb", seen_by=HEALTH_WORKER,
    ),
    Flag(18, "tb_contact", N_("Lives close to somebody with TB"), section="tb", seen_by=HEALTH_WORKER),
    Flag(
        19, "exclusive_breastfeeding", N_("Breast milk only"), section="feeding",
        hint=N_("Until six months: nothing but breast milk since yesterday."),
    ),
    Flag(20, "complementary_feeding", N_("Food beside milk (MP-ASI) as it should be"), section="feeding"),
    Flag(30, "breastfed_month_0", N_("Only breast milk in month 0"), section="feeding"),
    Flag(31, "breastfed_month_1", N_("Only breast milk in month 1"), section="feeding"),
    Flag(32, "breastfed_month_2", N_("Only breast milk in month 2"), section="feeding"),
    Flag(33, "breastfed_month_3", N_("Only breast milk in month 3"), section="feeding"),
    Flag(34, "breastfed_month_4", N_("Only breast milk in month 4"), section="feeding"),
    Flag(35, "breastfed_month_5", N_("Only breast milk in month 5"), section="feeding"),
    Flag(36, "breastfed_month_6", N_("Only breast milk in month 6"), section="feeding"),
)  # fmt: skip
SERVICES = (
    Flag(21, "immunisation_complete", N_("Immunisation complete for the age"), section="service"),
    Choices(22, "immunisations", N_("Immunised today"), options=VACCINES, section="service"),
    Flag(
        23, "vitamin_a", N_("Vitamin A capsule"), section="service", hint=N_("February and August, from 6 months."),
    ),
    Flag(24, "deworming", N_("Worm medicine"), section="service", hint=N_("From 12 months.")),
    Flag(25, "local_food", N_("Local food supplement (PMT)"), section="service"),
    Text(26, "local_food_portion", N_("Portion of the supplement"), section="service"),
    Text(27, "counselling", N_("Counselling"), longest=300, lines=True, section="closing"),
    Choices(28, "illness", N_("Signs of illness"), options=ILLNESSES, section="closing"),
    Choice(29, "referral", N_("Referred to"), options=REFERRALS, section="closing"),
    Flag(37, "mother_class", N_("Mother follows the class (kelas ibu balita)"), section="service"),
    Flag(38, "mbg", N_("Receives free nutritious meals (MBG)"), section="service"),
    Choice(
        39, "gain_override", N_("Weight gain by the growth line"), options=GAIN, section="nurse", entered_by=HEALTH_WORKER,
    ),
    Text(
        40, "gain_override_reason", N_("Reason of the health worker"), longest=200, section="nurse", entered_by=HEALTH_WORKER,
    ),
    Text(41, "correction_reason", N_("Why it is corrected"), longest=200, section="correction"),
    Choice(145, "date_doubt", N_("Doubtful date"), options=DOUBTS, section="correction"),
    Text(42, "note", N_("Note"), longest=500, lines=True, section="closing"),
)  # fmt: skip


def _after_birth(known: Known, today: date) -> Iterable[Finding]:
    """A visit before the birth is a mistake; one after the card's last month is a question."""
    birth, day = known.get("birth_date"), known.get("visit_date")
    if not birth or not day:
        return
    months = completed_months(date.fromisoformat(str(birth)), date.fromisoformat(str(day)))
    if str(day) < str(birth):
        yield Finding("visit_date", Sentence(N_("This day is before the child was born. Check the date.")))
    elif months > LAST_CARD_MONTH:
        template = N_("This child is {months} months old: the card is for children under six years. Go on?")
        yield Finding("visit_date", Sentence(template, months=months), ask=True)


def _given_at_the_right_age(known: Known, today: date) -> Iterable[Finding]:
    """Vitamin A from 6 months, worm medicine from 12; a month of breastfeeding that has not come yet."""
    months = FORM.age_months(known)
    if months is None:
        return
    for name, first in (("vitamin_a", VITAMIN_A_FROM_MONTH), ("deworming", DEWORMING_FROM_MONTH)):
        if known.get(name) and months < first:
            template = N_(
                "{label} is given from {first} months; this child is {months} months old. Is it right?"
            )
            said = Sentence(template, label=Sentence(FORM.by_name[name].label), first=first, months=months)
            yield Finding(name, said, ask=True)
    for month in range(months + 1, 7):
        if known.get(f"breastfed_month_{month}") is not None:
            said = Sentence(
                N_("This child is {months} months old: this month has not come yet."), months=months
            )
            yield Finding(f"breastfed_month_{month}", said, ask=True)


def _length_needs_position(known: Known, today: date) -> Iterable[Finding]:
    """Lying is 0.7 cm longer than standing: the position decides (growth.md 2)."""
    if known.get("length_height_mm") is not None and not known.get("measured"):
        yield Finding("measured", Sentence(N_("Lying or standing? Choose one.")), ask=True)


def _override_needs_reason(known: Known, today: date) -> Iterable[Finding]:
    """Who overrules N or T says why."""
    if known.get("gain_override") and not known.get("gain_override_reason"):
        yield Finding("gain_override_reason", Sentence(N_("Write why N or T is changed.")))


FORM = Form(
    number=3,
    name="balita",
    title=N_("Weighing and measuring"),
    fields=VISIT + MEASURES + QUESTIONS + SERVICES,
    age_on="visit_date",
    sections=(
        Section("visit", N_("Visit")),
        Section("measure", N_("Weighing and measuring")),
        Section("again", N_("Measured a second time")),
        Section("checks", N_("Development")),
        Section("tb", N_("Signs of TB")),
        Section("feeding", N_("Breast milk and food")),
        Section("service", N_("Services today")),
        Section("closing", N_("Advice and referral")),
        Section("nurse", N_("Health worker")),
        Section("correction", N_("Correction")),
    ),
    rules=(
        Rule(("visit_date", "birth_date"), _after_birth),
        Rule(("vitamin_a", "deworming", *BREASTFED), _given_at_the_right_age),
        Rule(("length_height_mm", "measured"), _length_needs_position),
        Rule(("gain_override", "gain_override_reason"), _override_needs_reason),
    ),
)  # fmt: skip
