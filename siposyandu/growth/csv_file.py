"""A children's CSV file as people really have it: from a spreadsheet, with `;`, decimal comma, byte order mark.

What is found is kept, so that the new file opens in the same program: delimiter, line ends, decimal comma.
"""

import csv
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, NamedTuple

from siposyandu.growth.cells import AGE_COLUMNS, IN_DAYS, IN_MONTHS, MEASURES, OTHER_NAMES
from siposyandu.growth.errors import UnreadableFile, UnwritableFile
from siposyandu.i18n import N_

DELIMITERS = ",;\t|"
LOOKED_AT_BYTES = 65536
LOOKED_AT_ROWS = 200
"""How far the file is looked into, before it is read, for its line ends and its decimal comma."""
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK = b"\xef\xbb\xbf"
_SPREADSHEET_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_COMMA_NUMBER = re.compile(r"[0-9]+,[0-9]+")
_SEPARATOR_LINE = re.compile(r'"?sep=.', re.IGNORECASE)  # Excel writes such a first line


class CsvFile(NamedTuple):
    """An open file: its header as written, its rows (blank lines left out), and how it is written."""

    header: list[str]
    rows: Iterator[list[str]]
    places: dict[str, int]
    absent: tuple[str, ...]
    delimiter: str
    line_end: str
    encoding: str
    decimal_comma: bool

    def known(self, row: Sequence[str]) -> dict[str, str]:
        """Return the cells of the standard columns that this row has, by name."""
        return {name: row[at] for name, at in self.places.items() if at < len(row)}


@contextmanager
def opened_csv(path: Path, columns: Sequence[str]) -> Iterator[CsvFile]:
    """Open a file that has some of these columns. UnreadableFile says what is wrong with it."""
    try:
        with path.open("rb") as raw:
            start = raw.read(LOOKED_AT_BYTES)
        with path.open(encoding=_reading(start, path), errors="surrogateescape", newline="") as opened:
            yield _csv_file(path, opened, start, columns)
    except (OSError, UnicodeError) as fault:
        raise UnreadableFile(file=path.name, why=getattr(fault, "strerror", None) or str(fault)) from fault


def refuse_other_ages(source: CsvFile, age: str, path: Path) -> None:
    """Raise UnreadableFile where ages are asked in days but stand in months only, or the other way round."""
    there = [name for name in AGE_COLUMNS if name in source.places]
    if age == IN_DAYS and there == ["age_months"]:
        raise _unreadable(path, N_("The file {file} has ages in months only: add --age months."))
    if age == IN_MONTHS and "age_months" not in there:
        raise _unreadable(path, N_("The file {file} has no column {name}."), name="age_months")


@contextmanager
def replacing(path: Path, encoding: str) -> Iterator[IO[str]]:
    """Open a new file beside `path` and put it in its place when all is written, else remove it.

    Raises UnwritableFile; a file that was there is then untouched.
    """
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding=encoding, errors="surrogateescape", newline="") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    except OSError as fault:
        raise UnwritableFile(file=path.name, why=fault.strerror or str(fault)) from fault
    finally:
        part.unlink(missing_ok=True)


def _csv_file(path: Path, opened: IO[str], start: bytes, columns: Sequence[str]) -> CsvFile:
    begins_at = _skip_separator_line(opened)
    delimiter = _delimiter(opened.readline(), columns)
    opened.seek(begins_at)
    rows = _rows(csv.reader(opened, delimiter=delimiter), path)
    header = next(rows, [])
    places = _places(header, columns, path)
    first_rows = list(islice(rows, LOOKED_AT_ROWS))
    return CsvFile(
        header=header,
        rows=chain(first_rows, rows),
        places=places,
        absent=tuple(name for name in columns if name not in places and name not in OTHER_NAMES),
        delimiter=delimiter,
        line_end="\r\n" if b"\r\n" in start or b"\r\x00\n" in start else "\n",
        encoding="utf-8-sig" if start.startswith((_UTF_8_MARK, *_UTF_16_MARKS)) else "utf-8",
        decimal_comma=any(_has_decimal_comma(row, places) for row in first_rows),
    )


def _reading(start: bytes, path: Path) -> str:
    """Choose the encoding. Bytes that are no UTF-8 pass through unchanged (surrogateescape)."""
    if not start.removeprefix(_UTF_8_MARK).strip():
        raise _unreadable(path, N_("The file {file} is empty."))
    if start.startswith(_UTF_16_MARKS):
        return "utf-16"
    if start.startswith(_SPREADSHEET_MARKS) or b"\0" in start:
        raise _unreadable(
            path, N_("The file {file} is no CSV file: open it in the spreadsheet and save it as CSV.")
        )
    return "utf-8-sig"


def _skip_separator_line(opened: IO[str]) -> int:
    """Return where the header begins, and go there."""
    begins_at = opened.tell() if _SEPARATOR_LINE.match(opened.readline()) else 0
    opened.seek(begins_at)
    return begins_at


def _delimiter(header_line: str, columns: Sequence[str]) -> str:
    """Return the delimiter that makes the most standard column names out of the header."""
    return max(DELIMITERS, key=lambda delimiter: len(_standard(_split(header_line, delimiter), columns)))


def _split(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _standard(header: Sequence[str], columns: Sequence[str]) -> list[str]:
    return [name for cell in header if (name := cell.strip().lower()) in columns]


def _places(header: Sequence[str], columns: Sequence[str], path: Path) -> dict[str, int]:
    """Return where each standard column stands. UnreadableFile when one stands twice or none is there."""
    found = _standard(header, columns)
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise _unreadable(path, N_("The file {file} has the column {name} twice."), name=twice[0])
    if not found:
        raise _unreadable(
            path, N_("The file {file} has none of the columns {names}."), names=", ".join(columns)
        )
    names = [cell.strip().lower() for cell in header]
    instead = {name: OTHER_NAMES[name] for name in found if OTHER_NAMES.get(name, name) not in found}
    return {instead.get(name, name): names.index(name) for name in found}


def _rows(reader: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    try:
        yield from filter(None, reader)
    except csv.Error as fault:
        sentence = N_("The file {file} cannot be read at line {line}: perhaps a quote is missing.")
        raise _unreadable(path, sentence, line=getattr(reader, "line_num", 0)) from fault


def _has_decimal_comma(row: Sequence[str], places: dict[str, int]) -> bool:
    cells = (row[places[name]].strip() for name in MEASURES if name in places and places[name] < len(row))
    return any(_COMMA_NUMBER.fullmatch(cell) for cell in cells)


def _unreadable(path: Path, sentence: str, **params: object) -> UnreadableFile:
    return UnreadableFile(sentence, file=path.name, **params)
