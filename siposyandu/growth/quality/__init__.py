"""How well children were measured: what the numbers themselves say about reading, position, copying and care.

Everything here is pure and takes any group of measurements: of a kader, a posyandu, a tool, a month. Counts add up
(`Counts + Counts`), so that a puskesmas is the sum of its posyandu. Each figure has a smallest number of children below
which it says "too few" instead of a value. No figure proves a fault: each says where to go and look.

Sources: WHO and UNICEF, Recommendations for data collection, analysis and reporting on anthropometric indicators (2019);
SMART plausibility checks with the formulas of nipnTK; IKDA (Riyanto, Lazuardi and Purwaningrum, 2023).
"""

from siposyandu.growth.quality.counts import Counts, count
from siposyandu.growth.quality.digits import Digits
from siposyandu.growth.quality.reading import Reading, Share
from siposyandu.growth.quality.remarks import Remark, remarks
from siposyandu.growth.quality.visits import Measured

__all__ = ["Counts", "Digits", "Measured", "Reading", "Remark", "Share", "count", "remarks"]
