"""Score a file of children against the WHO standards, row by row: `siposyandu score IN.csv OUT.csv`.

Every column and row of the file is kept, in order. Added at the end: length_used_cm, bmi, eight z-scores, a flag
for each (1 is hardly possible), `standard`, which names the reference and how it was read, and `error`, which says in
words why a row could not be read. A file of any length is read in constant memory, and the new file stands in its
place only when it is whole.
"""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from siposyandu.growth.cells import COLUMNS, IN_DAYS, read_child
from siposyandu.growth.csv_file import CsvFile, opened_csv, refuse_other_ages, replacing
from siposyandu.growth.errors import BadMeasurement
from siposyandu.growth.joined import BY_AGE, score
from siposyandu.growth.standards import Scores
from siposyandu.i18n import N_, gettext, say

NUMBERS = Scores._fields[: Scores._fields.index("ssz_flag") + 1]
ADDED = (*NUMBERS, "standard")
ERROR = "error"
PROGRESS_EVERY_ROWS = 1000
_NOTHING = [""] * len(ADDED)


class Reading(NamedTuple):
    """How a file is to be read: `age` is one of cells.AGES, `reference` one of joined.REFERENCES."""

    age: str = IN_DAYS
    reference: str = BY_AGE


BY_DAYS = Reading()


class ScoreReport(NamedTuple):
    """What became of the file: rows read, rows with an error, standard columns that it does not have."""

    rows: int
    errors: int
    absent_columns: tuple[str, ...]


def score_file(
    in_path: Path,
    out_path: Path,
    progress: Callable[[int], None] = lambda rows: None,
    reading: Reading = BY_DAYS,
) -> ScoreReport:
    """Score each row of a CSV file into another (which may be the same path).

    `progress` hears the number of rows done, every thousand rows and at the end; `reading` says how ages stand and
    which reference scores. A row that cannot be read does not stop the rest. Raises UnreadableFile or
    UnwritableFile; `out_path` is then as it was.
    """
    with opened_csv(in_path, COLUMNS) as source, replacing(out_path, source.encoding) as target:
        refuse_other_ages(source, reading.age, in_path)
        writer = csv.writer(target, delimiter=source.delimiter, lineterminator=source.line_end)
        writer.writerow([*source.header, *_added_names(source.header)])
        rows, errors = 0, 0
        for row in source.rows:
            written, failed = _scored_row(source, row, reading)
            writer.writerow(written)
            rows, errors = rows + 1, errors + failed
            if rows % PROGRESS_EVERY_ROWS == 0:
                progress(rows)
    progress(rows)
    return ScoreReport(rows, errors, source.absent)


def _scored_row(source: CsvFile, row: Sequence[str], reading: Reading) -> tuple[list[str], bool]:
    """Return the row as it is written, and whether it has an error; cells beyond the header go to its end."""
    width = len(source.header)
    kept, beyond = [*row[:width], *[""] * (width - len(row))], list(row[width:])
    if any(beyond):
        error = gettext(N_("More cells than columns: is a decimal comma not in quotes?"))
        return [*kept, *_NOTHING, error, *beyond], True
    try:
        found = score(**read_child(source.known(row), reading.age), reference=reading.reference)
    except BadMeasurement as fault:
        return [*kept, *_NOTHING, say(fault)], True
    return [*kept, *_written(found, source.decimal_comma), ""], False


def _written(scores: Scores, decimal_comma: bool) -> list[str]:
    """Write the added cells: length and BMI unrounded, z with two decimals, flags 0 or 1, the standard's name."""
    length, bmi, *rest = scores[: len(NUMBERS)]
    z, flags = rest[:8], rest[8:]
    numbers = ["" if number is None else f"{number:.15g}" for number in (length, bmi)]
    numbers += ["" if number is None else f"{number:.2f}" for number in z]
    if decimal_comma:
        numbers = [number.replace(".", ",") for number in numbers]
    return [*numbers, *("" if flag is None else "1" if flag else "0" for flag in flags), scores.standard]


def _added_names(header: Sequence[str]) -> list[str]:
    """Name the new columns; where the file already has such a name, "_scored" tells ours from theirs."""
    taken = {name.strip().lower() for name in header}
    return [f"{name}_scored" if name in taken else name for name in (*ADDED, ERROR)]
