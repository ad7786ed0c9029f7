"""Bugs planted in the sync code by the test process, to prove that the simulator would see them.

Each bug is a function that changes the code under test through `patch`, and says which rule it breaks. Nothing in the
shipped code can switch a check off. `python -m tests.planted` measures in how many of how many seeds each is caught and
records a few of these seeds in tests/data/planted.json; test_planted.py replays them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Patch = Callable[[object, str, Any], None]
Bug = Callable[[Patch], None]

ALL: dict[str, Bug] = {}
UNPROVEN: dict[str, Bug] = {}
"""Not caught in the few hundred seeds that were run with them so far: rare, or another safeguard hides them."""


def planted(bug: Bug) -> Bug:
    """Add a bug to the list."""
    ALL[bug.__name__] = bug
    return bug


def unproven(bug: Bug) -> Bug:
    """Add a bug to the list of those that no seed is known to catch."""
    UNPROVEN[bug.__name__] = bug
    return bug


def every() -> list[str]:
    """Return the names of all bugs."""
    from tests.planted import lanes, merges, moves, relays, restores, roads  # noqa: F401 - they add their bugs to the list

    return sorted(ALL)


@contextmanager
def with_bug(name: str) -> Iterator[None]:
    """Run with one bug in the code."""
    every()
    changed: list[tuple[object, str, Any]] = []

    def patch(where: object, attribute: str, value: Any) -> None:
        changed.append((where, attribute, where.__dict__[attribute]))
        setattr(where, attribute, value)

    try:
        (ALL | UNPROVEN)[name](patch)
        yield
    finally:
        for where, attribute, value in reversed(changed):
            setattr(where, attribute, value)
