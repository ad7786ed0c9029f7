"""Long lists of values in a question to the database: cut in parts, each with its placeholders."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")
# Few sizes mean few different SQL texts, so that the database's cache of prepared statements keeps working.
_SIZES = (1, 8, 64, 512)


def chunks(values: Sequence[T]) -> Iterator[list[T]]:
    """Yield the values in parts of 1, 8, 64 or 512; a short part is filled up by repeating its last value.

    >>> list(chunks([1, 2, 3]))
    [[1, 2, 3, 3, 3, 3, 3, 3]]
    """
    for start in range(0, len(values), _SIZES[-1]):
        part = list(values[start : start + _SIZES[-1]])
        size = _SIZES[bisect_left(_SIZES, len(part))]
        yield part + part[-1:] * (size - len(part))


def holes(part: Sequence[object], after: int = 0) -> str:
    """Return placeholders for the values of a part, the first one numbered `after` + 1.

    >>> holes(["a", "b"])
    '$1, $2'
    """
    return _holes(len(part), after)


@lru_cache(maxsize=64)
def _holes(count: int, after: int) -> str:
    return ", ".join(f"${number}" for number in range(after + 1, after + count + 1))
