"""The road is cut after every byte of a day's exchange, on the way there and on the way back: nothing lost, nothing doubled.

The whole program on both sides, over HTTP on loopback. Before each cut both places are as they were that evening; the
laptop tries, is cut off, and tries again. Afterwards both databases are, row by row, what an exchange without a cut makes
of them. Every run of the tests cuts in the headers and at bytes spread evenly; `make trials` cuts at all.
"""

from collections.abc import Iterator

import pytest

from sync.errors import Unreachable
from tests.bench.days import CHILDREN
from tests.evening import SENT, TOLD, Evening, evening
from tests.proxy import DOWN, UP
from tests.trials import report, some

CUTS_EACH_RUN = 40
HEADERS_BYTES = 90


@pytest.fixture(scope="module")
def that_evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    with evening(tmp_path_factory.mktemp("cut")) as made:
        yield made


def in_the_headers(size: int) -> list[int]:
    """Every third byte of the headers, where a cut looks like an end, and the last bytes."""
    return [*range(0, min(size, HEADERS_BYTES), 3), size - 1, size]


def test_an_exchange_cut_after_any_byte_loses_and_doubles_nothing(that_evening: Evening) -> None:
    that_evening.again()
    that_evening.proxy.reset()
    assert that_evening.exchange() == SENT
    expected = that_evening.both()
    sizes = {UP: that_evening.proxy.up, DOWN: that_evening.proxy.down}
    every = [(way, offset) for way, size in sizes.items() for offset in range(size + 1)]
    wanted = [(way, offset) for way, size in sizes.items() for offset in in_the_headers(size)]
    cuts = some(every, CUTS_EACH_RUN, wanted)
    for way, offset in cuts:
        cut_off(that_evening, way, offset, whole=offset == sizes[way])
        assert that_evening.both() == expected, (way, offset)
    report(
        f"cut: {CHILDREN} rows up ({sizes[UP]} B) and {TOLD} told ({sizes[DOWN]} B), cut after {len(cuts)} of the"
        f" {len(every)} offsets of both ways: 0 lost, 0 doubled, all acknowledged at the second try"
    )


def cut_off(that_evening: Evening, way: str, offset: int, *, whole: bool) -> None:
    """Be cut off after so many bytes, then try again."""
    that_evening.again()
    done = that_evening.answered.count
    that_evening.proxy.cut_after(way, offset)
    if way == DOWN and whole:
        assert that_evening.exchange() == SENT
    else:
        with pytest.raises(Unreachable):
            that_evening.exchange()
        that_evening.answered.wait_for(done + (way == DOWN or whole))
    that_evening.proxy.heal()
    that_evening.exchange()
