"""How a referral ended: did the family go, what was found there, what the posyandu is to do now.

It answers one visit of balita.py in which the child was referred. "Not yet" is an answer too, and leaves it open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from forms.fields import HEALTH_WORKER, Choice, Date, Option, Ref, Text
from forms.form import Finding, Form, Known, Rule, Section
from forms.sentences import N_, Sentence

WENT, NOT_YET, DID_NOT_GO = "went", "not_yet", "did_not_go"
CAME_TO = (
    Option(WENT, N_("yes, they went")),
    Option(NOT_YET, N_("not yet, they still want to go")),
    Option(DID_NOT_GO, N_("no, they will not go")),
)

FIELDS = (
    Ref(240, "person", N_("Child"), to="person", required=True, section="return"),
    Ref(241, "posyandu", N_("Referred from posyandu"), to="posyandu", required=True, section="return"),
    Ref(242, "visit", N_("Visit of the referral"), to="balita", required=True, section="return"),
    Choice(243, "came_to", N_("Did they go?"), options=CAME_TO, required=True, section="return"),
    Date(244, "went_date", N_("Day on which they went"), section="return"),
    Date(245, "returned_date", N_("Day on which you heard it"), required=True, section="return"),
    Text(
        246, "found", N_("What was found there"), longest=300, lines=True, section="facility", seen_by=HEALTH_WORKER,
        hint=N_("From the lower part of the letter. Only health workers read it later."),
    ),
    Text(247, "treatment", N_("Treatment given"), longest=300, lines=True, section="facility", seen_by=HEALTH_WORKER),
    Text(
        248, "follow_up", N_("What the posyandu is to do"), longest=300, lines=True, section="facility",
        hint=N_("For example: weigh every week, PMT for a month, back to the puskesmas on the 20th."),
    ),
    Text(249, "correction_reason", N_("Why it is corrected"), longest=200, section="correction"),
)  # fmt: skip


def _days_in_order(known: Known, today: date) -> Iterable[Finding]:
    """They cannot have gone before they were sent, nor have told it before they went."""
    went, told, sent = (
        str(known.get(name) or "") for name in ("went_date", "returned_date", "referred_date")
    )
    if went and went < sent:
        yield Finding("went_date", Sentence(N_("This day is before the referral. Check the date.")))
    if told and told < sent:
        yield Finding("returned_date", Sentence(N_("This day is before the referral. Check the date.")))
    if went and told and told < went:
        yield Finding("returned_date", Sentence(N_("This day is before they went. Check the date.")))


def _went_or_not(known: Known, today: date) -> Iterable[Finding]:
    """Who did not go was not examined."""
    if known.get("came_to") not in (None, WENT) and any(
        known.get(name) for name in ("went_date", "found", "treatment")
    ):
        said = Sentence(N_("They did not go, yet something is written of what was done there. Is it right?"))
        yield Finding("came_to", said, ask=True)


FORM = Form(
    number=9,
    name="referral_return",
    title=N_("Back from a referral"),
    fields=FIELDS,
    sections=(
        Section("return", N_("How it went")),
        Section("facility", N_("From the pustu, puskesmas or hospital")),
        Section("correction", N_("Correction")),
    ),
    rules=(
        Rule(("went_date", "returned_date", "referred_date"), _days_in_order),
        Rule(("came_to", "went_date", "found", "treatment"), _went_or_not),
    ),
)
