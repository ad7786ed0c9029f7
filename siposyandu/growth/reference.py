"""WHO's tables of L, M and S: read once from the file beside this module, at the first score.

The file `tables/who.lms` is zlib-compressed. Inside: one line of JSON, which lists the tables in order
(name, sex, first row, number of rows), then for each table its columns L, M and S, as little-endian
32-bit integers. Rows are consecutive: days of age, tenths of a centimetre of length, or (WHO 2007, names that
end in _5_10 or _5_19) months of age.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from siposyandu.growth.errors import BadTable
from siposyandu.growth.lms import Lms

TABLE_FILE = Path(__file__).parent / "tables" / "who.lms"
POWER_UNITS = MEDIAN_UNITS = 10_000
VARIATION_UNITS = 100_000
"""WHO prints L and M with four decimals and S with five: whole numbers of these units are exact."""


class Table(NamedTuple):
    """One index of one sex."""

    first: int
    rows: int
    power: "array[int]"
    median: "array[int]"
    variation: "array[int]"

    def row(self, number: int) -> Lms | None:
        """Return L, M and S of one day (or tenth of a centimetre), None outside the table."""
        at = number - self.first
        if not 0 <= at < self.rows:
            return None
        return Lms(
            self.power[at] / POWER_UNITS, self.median[at] / MEDIAN_UNITS, self.variation[at] / VARIATION_UNITS
        )


@cache
def tables(path: Path = TABLE_FILE) -> Mapping[tuple[str, str], Table]:
    """Return all tables by name and sex, such as ("wfa", "m"). BadTable when the file is damaged."""
    try:
        head, _, body = zlib.decompress(path.read_bytes()).partition(b"\n")
        numbers = _integers(body)
        return _cut(json.loads(head), numbers)
    except (OSError, zlib.error, ValueError) as fault:
        raise BadTable(file=path.name, why=getattr(fault, "strerror", None) or str(fault)) from fault


def _integers(body: bytes) -> "array[int]":
    numbers = array("i")
    numbers.frombytes(body)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _cut(listed: list[tuple[str, str, int, int]], numbers: "array[int]") -> dict[tuple[str, str], Table]:
    found, at = {}, 0
    for name, sex, first, count in listed:
        columns = [numbers[at + i * count : at + (i + 1) * count] for i in range(3)]
        found[name, sex] = Table(first, count, *columns)
        at += 3 * count
    if at != len(numbers):
        raise ValueError(f"{len(numbers)} numbers where {at} were announced")
    return found
