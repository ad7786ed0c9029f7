"""Wrong passphrases slow the next try, also after the program was started again and whatever the clock says.

How many were wrong in a row is kept in a file beside the vault, written before each try. The wait is counted in seconds
that have really passed since the last try or, for tries before this start, since the start: setting the clock does nothing.
On a full disk they are counted in memory alone: a laptop must be opened before anything on it can be deleted.
It guards the page; whoever holds the disk itself is stopped by the cost of each guess (see safe.py).
"""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil

from siposyandu.errors import MustWait
from sync.rings import Shelf

log = logging.getLogger(__name__)

FILE_NAME = "tries.json"
FREE = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 30, 900


class Tries:
    """The wrong tries at one place's door."""

    def __init__(self, shelf: Shelf, steady: Callable[[], float]) -> None:
        self._shelf, self._steady, self._in_memory = shelf, steady, 0
        self._since = steady()
        self._one_at_a_time = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Make one try; it counts as wrong until this block ends without an error of hers. MustWait when it is too early.

        Tries are made one after another: each takes 32 MB of memory (see safe.py).
        """
        with self._one_at_a_time:
            left = self.wait_s()
            if left:
                raise MustWait(left)
            before = self._wrong()
            self._write(before + 1)
            try:
                yield
            except OSError:  # the disk failed, not whoever typed
                self._write(before)
                raise
            finally:
                self._since = self._steady()
            self._write(0)

    def forgive(self) -> None:
        """Forget the wrong tries: the door was opened in another way."""
        with self._one_at_a_time:
            self._write(0)

    def wait_s(self) -> int:
        """Return how many seconds must pass before the next try."""
        over = self._wrong() - FREE
        if over < 0:
            return 0
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(over, 10))
        return int(max(0, ceil(self._since + wait - self._steady())))

    def _wrong(self) -> int:
        try:
            kept = int(json.loads(self._shelf.read() or "{}").get("wrong", 0))
        except (ValueError, AttributeError):
            kept = FREE  # a file that was tampered with or torn: slow, never shut for ever
        return max(0, kept, self._in_memory)

    def _write(self, wrong: int) -> None:
        self._in_memory = wrong
        try:
            self._shelf.write(json.dumps({"wrong": wrong}))
        except OSError as full:
            log.warning("wrong passphrases are counted in memory alone: %s", full)
