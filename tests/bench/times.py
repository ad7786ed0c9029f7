"""Times of many runs as a line of a table: the middle one, the one that 95 of 100 do not exceed, the slowest."""

from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")
HEADING = f"{'':<34}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'runs':>7}"


def timed_ms(act: Callable[[], T]) -> tuple[float, T]:
    """Return how many milliseconds something took, and what it gave."""
    begun = perf_counter()
    given = act()
    return (perf_counter() - begun) * 1000, given


def line(name: str, times_ms: Iterable[float]) -> str:
    """Write a line of the table.

    >>> line("a page", [4.0, 1.0, 2.0])
    'a page                                  2.0      4.0      4.0      3'
    """
    ordered = sorted(times_ms)
    shown = (at(ordered, 0.5), at(ordered, 0.95), ordered[-1])
    return f"{name:<34}" + "".join(f"{value:>9.1f}" for value in shown) + f"{len(ordered):>7}"


def at(ordered: Sequence[float], part: float) -> float:
    """Return the value that this part of the ordered values does not exceed."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
