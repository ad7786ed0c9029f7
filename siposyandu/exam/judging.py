"""Cases in which one of a few answers is chosen. What is right is asked of growth/: the same rules as on the real pages."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from forms import Sentence
from siposyandu.exam.case import Card, Case, Choosing, Feet, Table
from siposyandu.growth import advice, classify
from siposyandu.growth.advice import Situation
from siposyandu.growth.classify import Category, Status
from siposyandu.growth.guard.measured import position_for
from siposyandu.growth.kbm import minimum_gains
from siposyandu.growth.kms import Weighing, below_red_line, completed_months, gain_statuses
from siposyandu.growth.standards import value_at
from siposyandu.i18n import N_

MONTH_DAYS = 30
POSITIONS = (("lying", Sentence(N_("lying"))), ("standing", Sentence(N_("standing"))))
LETTERS = (
    ("N", Sentence(N_("N: gained"))),
    ("T", Sentence(N_("T: not gained"))),
    ("O", Sentence(N_("O: cannot be said"))),
)
RED_LINE = (
    ("below", Sentence(N_("Below the red line (BGM)"))),
    ("above", Sentence(N_("Not below the red line"))),
)
DEEDS = (
    ("today", Sentence(N_("Come along to the puskesmas or hospital today"))),
    ("week", Sentence(N_("To the puskesmas this week"))),
    ("bidan", Sentence(N_("Ask the bidan to check the child"))),
    ("month", Sentence(N_("Praise, and come again next month"))),
)
DEED_OF = {
    "hospital": "today", "severe": "today", "wasted": "week", "two_t": "week", "not_gaining": "bidan", "gaining": "month",
}  # fmt: skip
SWELLING = (
    ("none", Sentence(N_("No swelling: go on measuring"))),
    ("one", Sentence(N_("One foot only: no sign of gizi buruk, let the bidan look"))),
    ("both", Sentence(N_("Both feet: gizi buruk, to the puskesmas today"))),
)
LETTER_CODES = "ABCD"


def position(chance: Random, today: date) -> Case:
    """Draw an age round two years: is the child measured lying or standing?"""
    days = chance.choice((chance.randint(150, 500), chance.randint(690, 728), chance.randint(735, 780)))
    born = today - timedelta(days=days)
    return Case(
        "position", N_("Lying or standing"),
        Sentence(N_("How is this child measured?")),
        Table(((Sentence(N_("Birth date")), Sentence("{day}", day=born)),
               (Sentence(N_("Day of the posyandu")), Sentence("{day}", day=today)))),
        Choosing(POSITIONS, position_for(days)),
        Sentence(N_("Before its second birthday a child is measured lying, from then on standing; it is {months} months old."),
                 months=completed_months(born, today)),
    )  # fmt: skip


def gain(chance: Random, today: date) -> Case:
    """Draw two weighings: gained enough, too little, or a month was missed."""
    sex, months_apart = chance.choice("mf"), chance.choice((1, 1, 1, 2))
    born = today - timedelta(days=chance.randint(100, 1000))
    before = _in_month_before(today, months_apart)
    weight_g = _weight_g(sex, (before - born).days, chance.uniform(-1.2, 0.8))
    minimum_g = minimum_gains().at(sex, completed_months(born, today), today) or 200
    rise_g = minimum_g + chance.choice((-100, -50, 0, 50, 150)) if months_apart == 1 else 300
    status = gain_statuses(born, sex, [Weighing(before, weight_g), Weighing(today, weight_g + rise_g)])[-1]
    return Case(
        "gain", N_("N or T"),
        Sentence(N_("Which letter does the KMS get?")),
        Table(((Sentence("{day}", day=before), _kg(weight_g)), (Sentence("{day}", day=today), _kg(weight_g + rise_g)),
               (Sentence(N_("Minimum gain (KBM) at this age")), Sentence("{grams} g", grams=minimum_g)))),
        Choosing(LETTERS, status.letter),
        _why_gain(status.letter, rise_g, minimum_g),
    )  # fmt: skip


def _in_month_before(day: date, months: int) -> date:
    """Return a day in so many calendar months before."""
    for _ in range(months):
        day = day.replace(day=1) - timedelta(days=1)
    return day.replace(day=min(day.day, 12))


def _why_gain(letter: str, rise_g: int, minimum_g: int) -> Sentence:
    said = {
        "N": N_("N: it rose {rise} g, and {minimum} g are enough."),
        "T": N_("T: it rose only {rise} g, and at least {minimum} g are needed."),
        "O": N_("O: in the month before nobody weighed it, so nothing can be compared."),
    }
    return Sentence(said[letter], rise=rise_g, minimum=minimum_g) if letter != "O" else Sentence(said["O"])


def red_line(chance: Random, today: date) -> Case:
    """Draw a KMS whose last weighing lies well below or above the red line."""
    sex, months, low = chance.choice("mf"), chance.randint(8, 22), chance.random() < 0.5
    born = today - timedelta(days=months * MONTH_DAYS + 8)
    last_z = chance.uniform(-3.9, -3.4) if low else chance.uniform(-2.6, -2.1)
    days = [today - timedelta(days=MONTH_DAYS * back) for back in (4, 3, 2, 1, 0)]
    levels = [last_z + (0.9 if low else 0.3) * back / 4 for back in (4, 3, 2, 1, 0)]
    weights = [_weight_g(sex, (day - born).days, z) for day, z in zip(days, levels, strict=True)]
    below = bool(below_red_line(last_z))
    why = (
        N_("The last point lies below the red line: BGM, to the puskesmas this week.")
        if below
        else N_("The last point lies above the red line, close as it is: not BGM.")
    )
    return Case(
        "red_line", N_("The red line"),
        Sentence(N_("Look at the last point of this KMS: where does it lie?")),
        Card(sex, born, tuple(zip(days, weights, strict=True))),
        Choosing(RED_LINE, "below" if below else "above"),
        Sentence(why),
    )  # fmt: skip


def deed(chance: Random, today: date) -> Case:
    """Draw what was found of a child: which advice follows?"""
    arm_cm = {"severe": Decimal("11.2"), "wasted": Decimal("12.1")}
    code = chance.choice(("severe", "wasted", "two_t", "not_gaining", "gaining"))
    arm = arm_cm.get(code, Decimal("13.8"))
    months = chance.randint(9, 40)
    thin = {"severe": classify.MUAC_SEVERE, "wasted": classify.MUAC_MODERATE}.get(code, classify.MUAC_NORMAL)
    letter = "N" if code == "gaining" else "T"
    situation = Situation(months, _status(thin, arm, months), letter, code == "two_t", weight_kg=9.0)
    found = advice.advice(situation)
    return Case(
        "deed", N_("Advice and referral"),
        Sentence(N_("What do you say to the mother?")),
        Table(((Sentence(N_("Age (months)")), Sentence("{months}", months=months)),
               (Sentence(N_("Weight")), _letter_words(letter, code == "two_t")),
               (Sentence(N_("Upper arm (LiLA)")), Sentence("{arm} cm", arm=arm)))),
        Choosing(DEEDS, DEED_OF[found.code]),
        Sentence(N_("The laptop would say: {sentence}"), sentence=Sentence(found.template, food=Sentence(found.params["food"]))),
    )  # fmt: skip


def _status(thin: Category, arm: Decimal, months: int) -> Status:
    signs = classify.severe_signs(None, float(arm), months, False)
    return Status(None, None, None, None, None, thin, signs)


def _letter_words(letter: str, twice: bool) -> Sentence:
    if twice:
        return Sentence(N_("T, also last month: 2T"))
    return Sentence(N_("N: gained")) if letter == "N" else Sentence(N_("T: not gained"))


def doubtful(chance: Random, today: date) -> Case:
    """Draw four girls' weights of last month and today: which one must be weighed again?"""
    weighed = [_steady(chance) for _ in LETTER_CODES]
    wrong = chance.randrange(len(weighed))
    _, before, now = weighed[wrong] = _slipped(chance, *weighed[wrong])
    return Case(
        "doubtful", N_("A doubtful weight"),
        Sentence(N_("Last month and today: which child is weighed again?")),
        Table([(Sentence("{child}", child=code), _row(*each)) for code, each in zip(LETTER_CODES, weighed, strict=True)]),
        Choosing(tuple((code, Sentence("{child}", child=code)) for code in LETTER_CODES), LETTER_CODES[wrong]),
        Sentence(
            N_("Child {child}: from {before} to {now} kg in one month is hardly possible, so it is weighed again before saving."),
            child=LETTER_CODES[wrong], before=_in_kg(before), now=_in_kg(now),
        ),
    )  # fmt: skip


def _steady(chance: Random) -> tuple[int, int, int]:
    """Draw an age in months and two weights a month apart as they mostly are."""
    months = chance.randint(9, 40)
    before_g = _weight_g("f", (months - 1) * MONTH_DAYS, chance.uniform(-1, 1))
    return months, before_g, before_g + chance.choice((100, 200, 300))


def _slipped(chance: Random, months: int, before_g: int, now_g: int) -> tuple[int, int, int]:
    """Return the same with a slip of the eye or of the pen: more than two kilograms too much or too little."""
    return months, before_g, now_g + chance.choice((-1, 1)) * chance.randrange(2200, 2900, 100)


def _row(months: int, before_g: int, now_g: int) -> Sentence:
    said = N_("{months} months: {before} kg → {now} kg")
    return Sentence(said, months=months, before=_in_kg(before_g), now=_in_kg(now_g))


def feet(chance: Random, today: date) -> Case:
    """Draw two feet after a thumb was pressed on them for three seconds."""
    code, shown = chance.choice(
        (
            ("none", Feet(False, False)),
            ("one", Feet(True, False)),
            ("both", Feet(True, True)),
            ("both", Feet(True, True)),
        )
    )
    said = {
        "none": N_("No dent stays, so there is no swelling of that kind."),
        "one": N_("The dent stays in one foot only; the sign of gizi buruk is a dent in both feet."),
        "both": N_("The dent stays in both feet: gizi buruk, whatever the scale says."),
    }
    return Case(
        "feet", N_("Swollen feet"),
        Sentence(N_("A thumb was pressed on both feet for three seconds: what do you do?")),
        shown,
        Choosing(SWELLING, code),
        Sentence(said[code]),
    )  # fmt: skip


def _weight_g(sex: str, age_days: int, z: float) -> int:
    found = value_at("wfa", sex, age_days, z)
    assert found is not None, age_days
    return round(found * 10) * 100


def _kg(weight_g: int) -> Sentence:
    return Sentence("{kg} kg", kg=_in_kg(weight_g))


def _in_kg(weight_g: int) -> Decimal:
    """As a scale shows it: 12.0, not 12."""
    return (Decimal(weight_g) / 1000).quantize(Decimal("0.1"))
