"""How well the children of some posyandu were measured: the questions to the store behind growth/quality.

Nothing is kept: each figure is counted anew from the visits, which takes some hundredths of a second for a puskesmas
and month. For a whole kabupaten `overview` lets the database add up.
"""

from siposyandu.quality.measurements import by_measurer, counts, measurements
from siposyandu.quality.overview import overview
from siposyandu.quality.registers import registers

__all__ = ["by_measurer", "counts", "measurements", "overview", "registers"]
