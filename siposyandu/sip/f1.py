"""F1: the babies born in a year and those who died; mothers have no form in this program yet."""

from siposyandu.i18n import N_
from siposyandu.periods import Month
from siposyandu.sip import births
from siposyandu.sip.format import COUNT, DATE, TEXT, YEAR, Cells, Column, by_hand
from siposyandu.store import Store

CODE = "f1"
TITLE = N_("SIP F1: births and deaths of babies and mothers")
SOURCE = "SIP format 1 (domain.md 3)"
PERIOD = YEAR
COLUMNS = (
    Column("number", N_("No."), kind=COUNT, room=6),
    Column("mother_name", N_("Mother"), kind=TEXT, room=24),
    Column("father_name", N_("Father"), kind=TEXT, room=24),
    Column("name", N_("Baby's name"), kind=TEXT, room=30),
    Column("birth_date", N_("Born"), kind=DATE, room=13),
    Column("baby_died", N_("Baby died"), kind=DATE, room=13),
    *by_hand(("mother_died", N_("Mother died")), room=13),
    *by_hand(("note", N_("Remarks")), room=26),
)
NOTES = (
    N_(
        "Born: whose first posyandu this is. A baby that came from elsewhere and was first registered here is among them."
    ),
    N_("Pregnant women and mothers' deaths are not in this program yet: write them by hand."),
)


def rows(store: Store, posyandu_id: str, month: Month) -> list[Cells]:
    """Return a row for each baby born in the year, or who died in it."""
    died = {
        row["id"]: row for row in births.deaths(store, posyandu_id, month.year) if births.died_as_baby(row)
    }
    listed = {row["id"]: row for row in births.births(store, posyandu_id, month.year)} | died
    by_birth = sorted(listed.values(), key=lambda row: (row["birth_date"], row["name"] or "", row["id"]))
    return [
        (
            number,
            child["mother_name"],
            child["father_name"],
            child["name"],
            child["birth_date"],
            child["status_date"] if child["id"] in died else None,
            None,
            None,
        )
        for number, child in enumerate(by_birth, 1)
    ]
