"""A home visit to a child under six: why, who was met, what was found in a few ticks, what was agreed.

Sources: domain.md 2.1 (KMK 2015/2023: what the recap of home visits counts, and the way SAJI). The danger signs are those
of the KIA book in short; the printed checklists of 0-6 and 6-71 months were not at hand, so their words are not confirmed.
A child weighed at home gets an ordinary visit (balita.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from forms.fields import HEALTH_WORKER, Choice, Choices, Date, Option, Ref, Text
from forms.form import Finding, Form, Known, Rule, Section
from forms.sentences import N_, Sentence

REASONS = (
    Option("did_not_come", N_("did not come to the posyandu")),
    Option("two_t", N_("2T: weight not risen twice")),
    Option("bgm", N_("BGM: below the red line")),
    Option("severe", N_("severely malnourished")),
    Option("referral", N_("was referred: how did it go")),
    Option("new_birth", N_("a new baby")),
    Option("other", N_("another reason")),
)
YES, NOBODY, MOVED, REFUSED = "yes", "nobody_home", "moved", "refused"
MET = (
    Option(YES, N_("met")),
    Option(NOBODY, N_("nobody at home")),
    Option(MOVED, N_("has moved")),
    Option(REFUSED, N_("does not want a visit")),
)
BABY_SIGNS = (
    Option("no_suckling", N_("does not want to suckle")),
    Option("weak", N_("weak, hard to wake")),
    Option("convulsions", N_("fits")),
    Option("breathing", N_("breathes fast or hard")),
    Option("hot_or_cold", N_("hot or cold to the touch")),
    Option("yellow_or_blue", N_("yellow or bluish skin")),
    Option("navel", N_("red or wet navel")),
    Option("vomiting", N_("vomits everything")),
    Option("diarrhoea", N_("diarrhoea")),
)
CHILD_SIGNS = (
    Option("no_drinking", N_("cannot drink or suckle")),
    Option("weak", N_("weak, hard to wake")),
    Option("convulsions", N_("fits")),
    Option("breathing", N_("breathes fast or hard")),
    Option("vomiting", N_("vomits everything")),
    Option("fever", N_("fever")),
    Option("diarrhoea", N_("diarrhoea")),
    Option("rash", N_("rash")),
    Option("swelling", N_("both feet swollen")),
)
TB_SIGNS = (
    Option("cough", N_("cough that does not go away")),
    Option("fever", N_("fever for two weeks or more")),
    Option("weight", N_("weight not rising or falling for two months")),
    Option("contact", N_("lives close to somebody with TB")),
)
PROBLEMS = (
    Option("no_access", N_("cannot get to posyandu or puskesmas")),
    Option("immunisation", N_("vaccines left out")),
    Option("medicine", N_("medicine not taken")),
    Option("pmt", N_("PMT not eaten")),
    Option("vitamin_a", N_("no vitamin A")),
    Option("breastfeeding", N_("breastfeeding does not go well")),
    Option("feeding", N_("food too little or not varied")),
)
AGREEMENTS = (
    Option("come", N_("comes to the next posyandu")),
    Option("health_worker", N_("goes to the pustu or puskesmas")),
    Option("take", N_("takes the medicine, PMT or vitamin")),
    Option("feed", N_("changes feeding as advised")),
    Option("visit_again", N_("we visit once more")),
)
CHILD_FROM_MONTH = 6

FIELDS = (
    Ref(220, "person", N_("Child"), to="person", required=True, section="visit"),
    Ref(221, "posyandu", N_("Visited from posyandu"), to="posyandu", required=True, section="visit"),
    Date(222, "visit_date", N_("Day of the home visit"), required=True, section="visit"),
    Choice(223, "reason", N_("Why you visit"), options=REASONS, required=True, section="visit"),
    Choice(224, "met", N_("Whom you found"), options=MET, required=True, section="visit"),
    Choices(225, "baby_signs", N_("Danger signs"), options=BABY_SIGNS, section="found"),
    Choices(226, "danger_signs", N_("Danger signs"), options=CHILD_SIGNS, section="found"),
    Choices(227, "tb_signs", N_("Signs of TB"), options=TB_SIGNS, section="found", seen_by=HEALTH_WORKER),
    Choices(228, "problems", N_("What is difficult"), options=PROBLEMS, section="found"),
    Choices(229, "agreed", N_("Agreed with the family"), options=AGREEMENTS, section="agreed"),
    Text(230, "advice", N_("What you advised"), longest=300, lines=True, section="agreed"),
    Text(231, "note", N_("Note"), longest=500, lines=True, section="agreed"),
    Text(232, "correction_reason", N_("Why it is corrected"), longest=200, section="correction"),
)
FOUND = ("baby_signs", "danger_signs", "tb_signs", "problems")


def _after_birth(known: Known, today: date) -> Iterable[Finding]:
    if known.get("birth_date") and str(known.get("visit_date") or "9") < str(known["birth_date"]):
        yield Finding("visit_date", Sentence(N_("This day is before the child was born. Check the date.")))


def _somebody_was_met(known: Known, today: date) -> Iterable[Finding]:
    """Signs are seen in a child, not at a closed door."""
    if known.get("met") not in (None, YES) and any(known.get(name) for name in FOUND):
        said = Sentence(N_("Nobody was met, yet something was found. Is it right?"))
        yield Finding("met", said, ask=True)


FORM = Form(
    number=8,
    name="home_visit",
    title=N_("Home visit"),
    fields=FIELDS,
    age_on="visit_date",
    sections=(
        Section("visit", N_("The visit")),
        Section("found", N_("What was found")),
        Section("agreed", N_("Advice and agreement")),
        Section("correction", N_("Correction")),
    ),
    rules=(
        Rule(("visit_date", "birth_date"), _after_birth),
        Rule(("met", *FOUND), _somebody_was_met),
    ),
)
