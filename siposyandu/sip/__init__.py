"""SIP: the registers and reports that every posyandu keeps on paper, filled from the records, one file for each.

ALL lists them in the order of the page. To add one: write its file, add it here, and tests/test_sip_rules.py says what
is still missing.
"""

from collections.abc import Mapping

from siposyandu.sip import f1, f1_gizi, f2_balita, f2_bayi, f5, f6
from siposyandu.sip.format import Cell, Cells, Column, Format

__all__ = ["ALL", "BY_CODE", "Cell", "Cells", "Column", "Format"]

ALL: tuple[Format, ...] = (f1_gizi, f1, f2_bayi, f2_balita, f5, f6)
BY_CODE: Mapping[str, Format] = {each.CODE: each for each in ALL}
