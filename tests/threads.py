"""Several things at once, as several laptops do them; what one of them raises is raised here."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor


def in_threads(tasks: Sequence[Callable[[], object]]) -> list[object]:
    """Run all tasks at once, each in a thread of its own, let go together; return what they returned, in order."""
    gate = threading.Barrier(len(tasks))

    def begin(task: Callable[[], object]) -> object:
        gate.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(begin, tasks))
