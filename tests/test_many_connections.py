"""Laptops on slow links keep their connections for minutes; meanwhile others are answered at once."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from tests.places import Place

SLOW = 300
HALF_A_MESSAGE = b"POST /v1/s HTTP/1.1\r\nHost: province\r\nContent-Length: 1500\r\n\r\n" + b"x" * 700


@contextmanager
def slow_laptops(address: str, count: int) -> Iterator[None]:
    """Keep connections open on which only half a message has come."""
    host, _, port = address.removeprefix("http://").partition(":")
    with ExitStack() as stack:
        for _ in range(count):
            laptop = stack.enter_context(socket.create_connection((host, int(port)), timeout=20))
            laptop.sendall(HALF_A_MESSAGE)
        yield


def test_three_hundred_slow_laptops_keep_nobody_waiting(tmp_path: Path) -> None:
    province = Place(tmp_path / "province", area="52")
    with province, slow_laptops(province.address, SLOW):
        answer = requests.get(f"{province.address}/v1/time?nonce=ab", timeout=20)
    assert (answer.status_code, answer.json()["nonce"]) == (200, "ab")
