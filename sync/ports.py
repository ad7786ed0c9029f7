"""What sync is handed by its user: a store, a way to send, a clock, chance, two functions of the application."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sync.body import Edit

SqlValue = int | str | bytes | None


class Store(Protocol):
    """A database: SQL is lower case with `$1, $2` placeholders; it changes only inside `write()`.

    A change that the machine cannot make, for want of room on the disk, raises an OSError.
    """

    def rows(self, sql: str, *values: SqlValue) -> list[dict[str, Any]]:
        """Return all rows of a question, each as column -> value."""

    def one(self, sql: str, *values: SqlValue) -> dict[str, Any] | None:
        """Return the first row, or None."""

    def value(self, sql: str, *values: SqlValue) -> Any:
        """Return the first column of the first row, or None."""

    def run(self, sql: str, *values: SqlValue) -> int:
        """Change rows inside `write()`; return how many."""

    def many(self, sql: str, rows: Iterable[Sequence[SqlValue]]) -> None:
        """Run one change for each row of values, inside `write()`."""

    def write(self) -> AbstractContextManager[Any]:
        """Open the one transaction in which rows may change; durable at its end; a nested one is a savepoint."""


class Transport(Protocol):
    """A way to the province: HTTP on a laptop, a function call in a test, a virtual network when simulated."""

    def post(self, path: str, body: bytes) -> bytes:
        """Send bytes, return the answer's bytes. Raises errors.TryAgain when there was no whole answer."""


class Clock(Protocol):
    """The time as this machine believes it."""

    def now(self) -> str:
        """Return UTC as 'YYYY-MM-DDTHH:MM:SSZ'."""


class Random(Protocol):
    """Chance, injected so that a test or a simulated world can be replayed."""

    def random(self) -> float:
        """Return a number from 0 up to, not including, 1."""

    def token_bytes(self, count: int) -> bytes:
        """Return `count` bytes nobody can guess."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who made an edit: the entity id of the user, and the rank held at that moment (frozen in the edit).

    Ranks: kader 1, bidan desa 2, puskesmas 3, data officer 4; 0 is nobody in particular (the program itself).
    """

    user: str
    rank: int


# apply(store, edits): write the records that these edits changed; called inside sync's own transaction. Also called with edits
# that were withdrawn: of such a record perhaps nothing is left in the log.
Apply = Callable[[Store, Sequence["Edit"]], None]
# forget(store, entities): remove what may be known of persons from these records, which left the areas of this laptop;
# called inside sync's own transaction. Their edits are deleted by sync.
Forget = Callable[[Store, Sequence[str]], None]
# scope(store, lane): the keys of the areas that the device of this lane receives.
Scope = Callable[[Store, str], frozenset[str]]
# rank_of(store, user, since): the highest rank that a person held at any moment since an instant of the province's clock
# (None: ever); None when nobody knows the person.
RankOf = Callable[[Store, str, str | None], int | None]


@dataclass(frozen=True, slots=True)
class Application:
    """What the province asks of the application it serves: to make records of edits, who held which rank, and which
    areas a laptop receives."""

    apply: Apply
    rank_of: RankOf
    scope: Scope
