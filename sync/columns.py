"""Columns: one field of many edits written as one short list, because ids and field names cost more than values.

`pack` turns a column (whole numbers, text, null, references, or ABSENT where an edit does not set the field) into
JSON that says by its first number how to read it:

    [0, v]                      every value is v
    [1, [v, ...]]               as they are; a reference is [lane index, seq]
    [2, base, step, p, ...]     numbers: base + step * x, x in base 64, one text of digits for each plane, low first
    [3, first, base, step, p, ...]   differences from the value before: the first value, then as [2]
    [4, column]                 dates, as days          [5, column]   instants, as seconds since 1970
    [6, [v, ...], column]       a table of values and the place of each in it
    [7, column, column]         references: lane indexes, seqs
    [8, marks, column]          marks: 0 a value, 1 null, 2 absent; then the values alone

Within a column stand only numbers (0 to 3), and as the values of [8] anything but another [8]: a few bytes cannot say columns
in columns by the hundred.

Deflate then finds the runs. Of several ways that fit, the shortest is taken; the reader does not care which.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import gcd
from typing import Any, NamedTuple

from sync.errors import Malformed

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_DIGIT = {character: number for number, character in enumerate(DIGITS)}
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - every instant here is UTC and written with a Z
_EPOCH_DAY = _EPOCH.toordinal()
_PLANES = 10  # 60 bits: more than any value that may travel
_BEYOND = 64**_PLANES
_NUMBERS, _WHOLE = 4, 8  # below: the ways to write numbers; those to write a column without gaps


class Ref(NamedTuple):
    """An edit named by its place: index in the batch's table of lanes, and seq."""

    lane: int
    seq: int


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
_GAPS = (_Absent, type(None))
Cell = Any  # int | str | None | Ref | ABSENT


def pack(cells: Sequence[Cell]) -> list[Any]:
    """Return a column as JSON for `unpack`."""
    if not cells:
        return [0, 0]
    kinds = set(map(type, cells))
    if len(kinds) == 1 and cells.count(cells[0]) == len(cells):
        return [8, [0, 2], [0, 0]] if cells[0] is ABSENT else [0, cells[0]]
    if not kinds.isdisjoint(_GAPS):
        return _pack_gaps(cells)
    if kinds == {int}:
        return _pack_numbers(cells)
    if kinds == {Ref}:
        return [7, pack([cell.lane for cell in cells]), pack([cell.seq for cell in cells])]
    return _pack_text(cells) if kinds == {str} else [1, list(cells)]


def unpack(coded: Any, count: int, ways: int = _WHOLE + 1) -> list[Cell]:
    """Return the `count` cells of a column, written in one of the first `ways`.

    Raises Malformed (or ValueError and the like, for the caller to name).
    """
    found = _READERS[_small(coded[0], ways)](coded, count)
    if len(found) != count:
        raise Malformed("a column of another length than its edits")
    return found


def may_name(coded: Any) -> bool:
    """Return whether a column can hold references at all: most cannot, and need not be searched for them."""
    if coded[0] == 8:
        return may_name(coded[2])
    return coded[0] in (1, 7) or (coded[0] == 0 and isinstance(coded[1], list))


def _pack_gaps(cells: Sequence[Cell]) -> list[Any]:
    marks = [1 if cell is None else 2 if cell is ABSENT else 0 for cell in cells]
    return [8, pack(marks), pack([cell for cell, mark in zip(cells, marks, strict=True) if mark == 0])]


def _pack_numbers(cells: Sequence[int]) -> list[Any]:
    differences = [after - before for before, after in pairwise(cells)]
    return min([2, *_planes(cells)], [3, cells[0], *_planes(differences)], key=_letters)


def _letters(planes: list[Any]) -> int:
    """Return how many letters numbers and their planes of digits take as JSON."""
    return sum(len(part) + 2 if isinstance(part, str) else len(str(part)) for part in planes) + len(planes)


def _pack_text(cells: Sequence[str]) -> list[Any]:
    for code, read in ((4, _day), (5, _second)):
        numbers = [read(cell) for cell in cells]
        if None not in numbers:
            return [code, pack(numbers)]
    table = list(dict.fromkeys(cells))
    plain = [1, list(cells)]
    if len(table) * 2 > len(cells):
        return plain
    place = {cell: index for index, cell in enumerate(table)}
    return _shortest([6, table, pack([place[cell] for cell in cells])], plain)


def _shortest(*ways: list[Any]) -> list[Any]:
    return min(ways, key=lambda way: len(json.dumps(way, separators=(",", ":"))))


def _planes(numbers: Sequence[int]) -> list[Any]:
    base = min(numbers)
    rest = [number - base for number in numbers]
    step = gcd(*rest) or 1
    if step > 1:
        rest = [number // step for number in rest]
    planes = []
    while any(rest):
        planes.append("".join([DIGITS[number & 63] for number in rest]))
        rest = [number >> 6 for number in rest]
    return [base, step, *planes]


def _day(text: str) -> int | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found.toordinal() - _EPOCH_DAY if found.isoformat() == text else None


def _second(text: str) -> int | None:
    try:
        found = datetime.fromisoformat(text[:-1]).replace(tzinfo=None)
    except ValueError:
        return None
    seconds = (found - _EPOCH) // timedelta(seconds=1)
    return seconds if _instant(seconds) == text else None


def _instant(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).isoformat() + "Z"


def _small(number: Any, below: int) -> int:
    if type(number) is not int or not 0 <= number < below:
        raise Malformed(f"{number!r} where a number from 0 to {below - 1} belongs")
    return number


def _constant(coded: list[Any], count: int) -> list[Cell]:
    return [_cell(coded[1])] * count


def _plain(coded: list[Any], _: int) -> list[Cell]:
    return [_cell(cell) for cell in coded[1]]


def _cell(cell: Any) -> Cell:
    return Ref(*cell) if isinstance(cell, list) else cell


def _numbers(coded: list[Any], count: int) -> list[Cell]:
    _, base, step, *planes = coded
    if len(planes) > _PLANES or any(len(plane) != count for plane in planes):
        raise Malformed("digits of numbers that do not fit their edits")
    _check_number(base)
    _check_number(step)
    found = [0] * count
    for plane in reversed(planes):
        found = [number << 6 | _DIGIT[digit] for number, digit in zip(found, plane, strict=True)]
    return [base + step * number for number in found]


def _check_number(number: Any) -> None:
    """Refuse what is no number ("a" * 2**60), or has digits by the thousand, of which a column would make a thousand numbers."""
    if type(number) is not int or not -_BEYOND < number < _BEYOND:
        raise Malformed("numbers that begin or step with something else")


def _differences(coded: list[Any], count: int) -> list[Cell]:
    _, first, *rest = coded
    _check_number(first)
    found = [first]
    for difference in _numbers([2, *rest], count - 1):
        found.append(found[-1] + difference)
    return found


def _dates(coded: list[Any], count: int) -> list[Cell]:
    return [date.fromordinal(_EPOCH_DAY + day).isoformat() for day in unpack(coded[1], count, _NUMBERS)]


def _instants(coded: list[Any], count: int) -> list[Cell]:
    return [_instant(seconds) for seconds in unpack(coded[1], count, _NUMBERS)]


def _table(coded: list[Any], count: int) -> list[Cell]:
    table = coded[1]
    return [table[_small(place, len(table))] for place in unpack(coded[2], count, _NUMBERS)]


def _references(coded: list[Any], count: int) -> list[Cell]:
    lanes, seqs = (unpack(column, count, _NUMBERS) for column in coded[1:3])
    return [Ref(lane, seq) for lane, seq in zip(lanes, seqs, strict=True)]


def _gaps(coded: list[Any], count: int) -> list[Cell]:
    marks = unpack(coded[1], count, _NUMBERS)
    values = iter(unpack(coded[2], marks.count(0), _WHOLE))
    return [next(values) if mark == 0 else (None, ABSENT)[_small(mark - 1, 2)] for mark in marks]


_READERS: tuple[Callable[[list[Any], int], list[Cell]], ...] = (
    _constant, _plain, _numbers, _differences, _dates, _instants, _table, _references, _gaps,
)  # fmt: skip
