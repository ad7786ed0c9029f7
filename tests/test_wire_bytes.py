"""What an exchange costs on the wire, against the goals of PROTOCOL.md 7: bytes and requests, which no slow machine changes."""

from tests.bench.bench_wire import exchanges

NEW_LAPTOP_BYTES = 20_000
"""Half of the goal. That it asked about every child whom it was just told of cost 22 kB more, and still was within it."""


def test_an_exchange_costs_no_more_than_the_protocol_promises() -> None:
    day, nothing, many, rest, new = exchanges()
    assert (day.cost.requests, nothing.cost.requests, many.cost.requests) == (1, 1, 1)
    assert day.cost.both <= 40 * day.rows
    assert nothing.cost.both <= 450
    assert max(many.cost.both / many.rows, rest.cost.both / rest.rows) <= 25
    assert new.cost.both <= NEW_LAPTOP_BYTES
