"""Placeholders for a list of values in a question to the store."""

from collections.abc import Sequence


def marks(values: Sequence[str], after: int = 0) -> str:
    """Return placeholders for values, the first numbered `after` + 1.

    >>> marks(["a", "b"], 2)
    '$3, $4'
    """
    return ", ".join(f"${position}" for position in range(after + 1, after + len(values) + 1))
