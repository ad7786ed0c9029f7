"""F2 for balita: the register of those who were one year old or older in January."""

from siposyandu.i18n import N_
from siposyandu.periods import Month
from siposyandu.sip import register
from siposyandu.sip.format import YEAR, Cells
from siposyandu.store import Store

CODE = "f2-balita"
TITLE = N_("SIP F2: register of balita, 1 to 4 years")
SOURCE = register.SOURCE
PERIOD = YEAR
COLUMNS = register.COLUMNS
NOTES = register.NOTES


def rows(store: Store, posyandu_id: str, month: Month) -> list[Cells]:
    """Return a row for each child of the register in the year, by name."""
    return register.rows(store, posyandu_id, month.year, babies=False)
