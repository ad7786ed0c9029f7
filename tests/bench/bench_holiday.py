"""The morning after a holiday: 500 laptops send at the same moment, 60 visits each, 200 of them over very slow links.

Run `python tests/bench/bench_holiday.py [laptops]`. The province's program runs as `siposyandu serve` does, on a SQLite file, and
where nginx is installed as gunicorn behind nginx (deploy/README.md), on PostgreSQL. Afterwards every edit must be in the
province's log. Then 100 exchanges a second, sent whether or not earlier ones were answered. Goals: issue 4.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from siposyandu.instance import Instance
from tests.bench.busy_province import CHILDREN, Busy, holiday
from tests.bench.served import Server, gunicorn_behind_nginx, has_nginx, waitress
from tests.bench.storm import Seen, Sending, all_at_once
from tests.bench.times import at
from tests.postgresql import running

LAPTOPS, SLOW_PART = 500, 0.4
EXCHANGES_A_SECOND = 100


def main() -> None:
    """Print the figures, one a line."""
    laptops = int(sys.argv[1]) if len(sys.argv) > 1 else LAPTOPS
    with holiday(laptops) as busy:
        measure(busy, waitress)
    if has_nginx():
        with running(as_it_comes=True) as server, holiday(laptops, server) as busy:
            measure(busy, gunicorn_behind_nginx)


def measure(busy: Busy, server: Server) -> None:
    """Print the figures of one kind of server."""
    say(f"{sum(map(len, busy.months))} laptops, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    morning(busy, server)
    steady(busy, server)


def morning(busy: Busy, server: Server) -> None:
    """Print how it goes when all send at once."""
    (messages,) = busy.months
    slow = int(len(messages) * SLOW_PART)
    with busy.copy() as place, server(place.config.folder) as served:
        before = _edits(place)
        sendings = [Sending(message, slow=number < slow) for number, message in enumerate(messages)]
        seen = all_at_once(served.port, sendings)
        say(f"{served.name}: {_edits(place) - before} of {len(messages) * CHILDREN} records arrived")
        _report("fast links", seen.fast_s)
        _report("slow links", seen.slow_s)
        _report_failures(seen)
        say(
            f"  memory at most {served.most_memory_mb:.0f} MB, {served.cpu_s:.1f} s of processor since its start"
        )


def steady(busy: Busy, server: Server) -> None:
    """Print how long answers take at 100 exchanges a second, each a batch of 60."""
    (messages,) = busy.months
    with busy.copy() as place, server(place.config.folder) as served:
        all_at_once(served.port, [Sending(message) for message in messages[:20]])  # warm
        rest = messages[20:]
        seen = all_at_once(
            served.port, [Sending(message, after_s=n / EXCHANGES_A_SECOND) for n, message in enumerate(rest)]
        )
        _report(f"{EXCHANGES_A_SECOND} batches of {CHILDREN} a second", seen.fast_s)
        _report_failures(seen)
        seen = all_at_once(
            served.port,
            [Sending(message, after_s=n / EXCHANGES_A_SECOND) for n, message in enumerate(messages)],
        )
        _report(f"{EXCHANGES_A_SECOND} repeated exchanges a second", seen.fast_s)
        _report_failures(seen)


def _edits(place: Instance) -> int:
    with place.store_for_job() as store:
        return int(store.value("select count(*) from edits"))


def _report(what: str, seconds: Sequence[float]) -> None:
    ordered = sorted(seconds)
    if ordered:
        shown = ", ".join(f"p{part * 100:g} {at(ordered, part) * 1000:.0f}" for part in (0.5, 0.95, 0.99))
        say(f"  {what}: {len(ordered)} acknowledged, ms: {shown}, most {ordered[-1] * 1000:.0f}")


def _report_failures(seen: Seen) -> None:
    for what, counted in (("tried again", seen.again), ("failed for good", seen.for_good)):
        if counted:
            say(f"  {what}: " + ", ".join(f"{kind} {count}" for kind, count in sorted(counted.items())))


def say(line: str) -> None:
    """Print one line."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
