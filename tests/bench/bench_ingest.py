"""How fast the province takes in signed batches of 60 visits, and how fast bare SQL writes the same rows.

Run `python tests/bench/bench_ingest.py [posyandu] [months]`. Each batch is one exchange: signature and chain checked, edits,
heads, records, growth, counts and feed written, evidence kept, committed durably, answered. The yardstick writes the rows
that a batch really wrote (yardstick.py) in one durable transaction; both go on by turns, month by month, in the same run.
Processor time is the program's own, PostgreSQL's not counted. The goals are issue 4 and PROTOCOL.md 7, G7 and G8.
"""

import http.client
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

from siposyandu import as_province

sys.path.insert(0, str(Path(__file__).parents[2]))

from siposyandu.instance import Instance
from siposyandu.store import SqliteStore, Store
from sync.province import receive
from tests.bench.busy_province import CHILDREN, Busy, busy_province
from tests.bench.served import Server, gunicorn, waitress
from tests.bench.yardstick import differing, mark, replay, written
from tests.postgresql import running

POSYANDU, MONTHS = 50, 4
LAPTOPS_AT_ONCE = 4


class Cost(NamedTuple):
    """What some batches cost: seconds by the clock and of the processor."""

    wall_s: float
    cpu_s: float


def main() -> None:
    """Print the figures, one a line."""
    posts, months = (int(word) for word in (*sys.argv[1:], POSYANDU, MONTHS)[:2])
    with busy_province(posts, months) as busy:
        measure("a SQLite file", busy, waitress)
    with running(as_it_comes=True) as server, busy_province(posts, months, server) as busy:
        measure("PostgreSQL", busy, gunicorn)


def measure(where: str, busy: Busy, server: Server) -> None:
    """Print the figures of one kind of database."""
    batches = sum(map(len, busy.months))
    say(f"{where}: {batches} batches of {CHILDREN} visits, load {os.getloadavg()[0]:.1f}")
    over_http(busy, server, direct(busy))


def direct(busy: Busy) -> float:
    """Print what `receive` and bare SQL cost, by turns; return the rows a second of bare SQL."""
    with (
        busy.copy() as ours,
        busy.copy() as theirs,
        ours.store_for_job() as store,
        theirs.store_for_job() as bare,
    ):
        for each in (store, bare):
            if isinstance(each, SqliteStore):
                each.take_in_much()  # as the province's door for laptops does
        turns = [_by_turns(ours, store, bare, month) for month in busy.months]
        unlike = differing(store, bare)
        assert not unlike, f"the yardstick wrote other rows: {unlike}"
    own, bare_costs = ([turn[side] for turn in turns] for side in (0, 1))
    bare_rate = report("bare SQL, the same rows", busy, _sum(bare_costs))
    report("`receive`, a function call", busy, _sum(own), bare_rate)
    return bare_rate


def _by_turns(ours: Instance, store: Store, bare: Store, month: Sequence[bytes]) -> tuple[Cost, Cost]:
    """Take a month in by `receive`, then write the same rows by bare SQL; return what each cost."""
    province, costs, statements = as_province.ports(ours, store), [], []
    for message in month:
        before = mark(store)
        begun = perf_counter(), process_time()
        reply = receive(province, message)
        costs.append(_since(begun))
        assert not reply.refused, reply.refused
        statements.append(written(store, before))
    begun = perf_counter(), process_time()
    for batch in statements:
        replay(bare, batch)
    return _sum(costs), _since(begun)


def over_http(busy: Busy, server: Server, bare_rate: float) -> None:
    """Print what the whole road costs: some laptops at once, each on a connection that stays open."""
    with busy.copy() as place, server(place.config.folder) as served:
        warm, *months = busy.months
        _send_month(served.port, warm)
        served.come_to_rest()
        begun = perf_counter(), served.cpu_s
        for month in months:
            _send_month(served.port, month)
        cost = Cost(perf_counter() - begun[0], served.cpu_s - begun[1])
        report(f"HTTP, {served.name}", replace(busy, months=tuple(months)), cost, bare_rate)


def _send_month(port: int, month: Sequence[bytes]) -> None:
    with ThreadPoolExecutor(LAPTOPS_AT_ONCE) as pool:
        list(pool.map(lambda part: _send(port, month[part::LAPTOPS_AT_ONCE]), range(LAPTOPS_AT_ONCE)))


def _send(port: int, messages: Sequence[bytes]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for message in messages:
        connection.request("POST", "/v1/s", message)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, f"refused with {answer.status}"
    connection.close()


def report(name: str, busy: Busy, cost: Cost, bare_rate: float = 0) -> float:
    """Print one line; return the rows a second."""
    rows = sum(map(len, busy.months)) * CHILDREN
    rate, cpu_ms = rows / cost.wall_s, 1000 * cost.cpu_s / rows
    part = f", {rate / bare_rate:5.1%} of bare SQL" if bare_rate else ""
    say(f"{name:44} {rate:7.0f} rows/s, {cpu_ms:.3f} ms CPU a row{part}")
    return rate


def _since(begun: tuple[float, float]) -> Cost:
    return Cost(perf_counter() - begun[0], process_time() - begun[1])


def _sum(costs: Sequence[Cost]) -> Cost:
    return Cost(sum(cost.wall_s for cost in costs), sum(cost.cpu_s for cost in costs))


def say(line: str) -> None:
    """Print one line."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
