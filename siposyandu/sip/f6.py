"""F6: month by month of a year, what the posyandu did: for mothers by hand, for balita S, K, D, N, BGM and what was given."""

from siposyandu.i18n import N_
from siposyandu.periods import Month
from siposyandu.sip import counts
from siposyandu.sip.counts import BABIES, OLDER
from siposyandu.sip.format import MONTH_NAME, YEAR, Cells, Column, by_hand, year_of
from siposyandu.sip.register import DOSES
from siposyandu.store import Store

CODE = "f6"
TITLE = N_("SIP F6: what the posyandu did")
SOURCE = "SIP format 6 (domain.md 3)"
PERIOD = YEAR

_PREGNANT, _CONTRACEPTION, _TETANUS = (
    N_("Pregnant women"),
    N_("Contraception (KB)"),
    N_("TT, pregnant women and WUS"),
)
_BALITA, _CAPSULE, _DOSE, _DIARRHOEA = (
    N_("Balita"),
    N_("Vitamin A"),
    N_("Immunisation, children"),
    N_("Diarrhoea"),
)
LETTERS = (("s", "S"), ("k", "K"), ("d", "D"), ("n", "N"), ("bgm", "BGM"))
BY_HAND = (
    *by_hand(
        ("pregnant", N_("number")), ("examined", N_("examined")), ("iron_1", "Fe I"), ("iron_3", "Fe III"), group=_PREGNANT,
    ),
    *by_hand(("nursing", N_("Nursing")), room=13),
    *by_hand(("nifas_vitamin_a", N_("Vit. A nifas"))),
    *by_hand(("condom", N_("condom")), ("pill", N_("pill")), ("injection", N_("injection")), group=_CONTRACEPTION),
    *by_hand(("tt1", "I"), ("tt2", "II"), ("tt3", "III"), ("tt4", "IV"), ("tt5", "V"), group=_TETANUS, room=8),
    *by_hand(("mothers_note", N_("Remarks on mothers")), room=30),
)  # fmt: skip
COLUMNS = (
    Column("month", N_("Month"), kind=MONTH_NAME, room=18),
    *BY_HAND,
    *(Column(code, letters, _BALITA, side=2, room=8) for code, letters in LETTERS),
    Column("vitamin_a_babies", N_("6–11 mo"), _CAPSULE, side=2, room=9),
    Column("vitamin_a_older", N_("12–59 mo"), _CAPSULE, side=2, room=9),
    Column("local_food", "PMT", side=2, room=9),
    *(Column(code, label, _DOSE, side=2, room=10) for code, label in DOSES),
    Column("diarrhoea", N_("number"), _DIARRHOEA, side=2, room=11),
    *by_hand(("ors", "Oralit"), group=_DIARRHOEA, side=2, room=11),
    *by_hand(("note", N_("Remarks")), side=2, room=22),
)
NOTES = (
    N_("S, K, D, N and BGM are those of the SKDN page. A month in which nobody was weighed here stays empty."),
    N_("Capsules, PMT, doses and diarrhoea: children, once a month, as written at their visits; empty where nobody was asked."),
)  # fmt: skip


def rows(store: Store, posyandu_id: str, month: Month) -> list[Cells]:
    """Return a row for each month of the year."""
    return [
        _row(each, counts.of_month(store, posyandu_id, each), counts.visits(store, posyandu_id, each))
        for each in year_of(month)
    ]


def _row(month: Month, counted: counts.Counts, visits: list[counts.Row]) -> Cells:
    babies, older = ([visit for visit in visits if visit["age_group"] in ages] for ages in (BABIES, OLDER))
    return (
        str(month),
        *(None for _ in BY_HAND),
        *(counted.of(code) for code, _ in LETTERS),
        counts.had(babies, "vitamin_a"),
        counts.had(older, "vitamin_a"),
        counts.had(visits, "local_food"),
        *(counts.had(visits, "immunisations", counts.named(code)) for code, _ in DOSES),
        counts.had(visits, "illness", counts.named("diarrhoea")),
        None,
        None,
    )
