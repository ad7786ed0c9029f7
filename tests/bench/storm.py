"""Many laptops at once, on fast and slow links: each sends one message over HTTP as it is, waits, and tries again like a laptop.

One process, no threads: asyncio. A slow link writes a few bytes, pauses, writes the next. What a laptop would try again is
tried again here (no connection, no whole answer, HTTP 5xx or 429) and counted by kind; anything else is an error for good.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from sync.transport import ANSWER_S, CONNECT_S

SLOW_BYTES, SLOW_PAUSE_S = 40, 0.2
"""200 bytes a second: a batch of 60 visits takes ten seconds."""
TRIES, AGAIN_AFTER_S, LONGEST_S = 12, 30, 300
BUSY = {429, *range(500, 600)}


@dataclass(frozen=True)
class Sending:
    """A laptop that wants to send one message, after so many seconds, over a fast or a slow link."""

    message: bytes
    slow: bool = False
    after_s: float = 0


@dataclass
class Seen:
    """What the laptops saw: seconds until acknowledged on fast and slow links, failures by kind that were tried again."""

    fast_s: list[float] = field(default_factory=list)
    slow_s: list[float] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)
    for_good: Counter[str] = field(default_factory=Counter)


class _Failed(Exception):
    """A failure that a laptop tries again."""


def all_at_once(port: int, sendings: Sequence[Sending], seed: int = 1) -> Seen:
    """Let every laptop send; returns what they saw when the last one is done."""
    return asyncio.run(_all(port, sendings, Random(seed)))


async def _all(port: int, sendings: Sequence[Sending], chance: Random) -> Seen:
    seen = Seen()
    await asyncio.gather(*(_laptop(port, sending, seen, chance) for sending in sendings))
    return seen


async def _laptop(port: int, sending: Sending, seen: Seen, chance: Random) -> None:
    await asyncio.sleep(sending.after_s)
    begun = perf_counter()
    for again in range(TRIES):
        try:
            status = await _post(port, sending)
        except _Failed as failure:
            seen.again[str(failure)] += 1
            await asyncio.sleep(min(AGAIN_AFTER_S * 2**again, LONGEST_S) * chance.uniform(0.5, 1))
            continue
        if status == 200:
            (seen.slow_s if sending.slow else seen.fast_s).append(perf_counter() - begun)
        else:
            seen.for_good[f"HTTP {status}"] += 1
        return
    seen.for_good[f"{TRIES} tries"] += 1


async def _post(port: int, sending: Sending) -> int:
    try:
        async with asyncio.timeout(CONNECT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except (OSError, TimeoutError) as fault:
        raise _Failed(f"no connection: {type(fault).__name__}") from fault
    try:
        async with asyncio.timeout(ANSWER_S):
            return await _exchange(reader, writer, sending)
    except (OSError, TimeoutError, EOFError, ValueError) as fault:
        raise _Failed(f"no whole answer: {type(fault).__name__}") from fault
    finally:
        writer.close()


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sending: Sending) -> int:
    head = f"POST /v1/s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(sending.message)}\r\n\r\n"
    await _write(writer, head.encode() + sending.message, slow=sending.slow)
    said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status, length = int(said.split()[1]), int(said.split("content-length:")[1].split()[0])
    if status in BUSY:
        raise _Failed(f"HTTP {status}")
    await reader.readexactly(length)
    return status


async def _write(writer: asyncio.StreamWriter, data: bytes, *, slow: bool) -> None:
    step = SLOW_BYTES if slow else len(data)
    for start in range(0, len(data), step):
        writer.write(data[start : start + step])
        await writer.drain()
        if slow:
            await asyncio.sleep(SLOW_PAUSE_S)
