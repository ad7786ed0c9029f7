"""A road on this machine, between a laptop and a province: slow, counted, cut after a chosen byte, breaking now and then.

Our own laptops and the peer of the benches go over the same one. What it charges: half a round trip each way, the time
that bytes take at so many bits a second (shared by all connections, each way by itself), 40 bytes of TCP and IP for every
segment that carries data, and the round trips that opening a connection takes. Without loss, slow start, or the radio's
own waking up.
"""

import asyncio
import json
import re
import sys
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

UP, DOWN = "up", "down"
SEGMENT_BYTES = 1460
AHEAD_S = 0.2  # how far a sender may run ahead of the line, as a modem's buffer lets it
REQUEST = re.compile(rb"(?:GET|POST|PUT|DELETE|HEAD|OPTIONS) /")
HERE = "127.0.0.1"

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Link:
    """What a road is like; zeros are a road without limits."""

    rtt_s: float = 0.0
    up_bit_s: int = 0
    down_bit_s: int = 0
    round_trips_to_open: int = 0
    header_bytes: int = 40
    breaks_every_s: float = 0.0


LOOPBACK = Link()


@dataclass(slots=True)
class _Way:
    """One direction of the link: when it is free, what is left until it is cut, and what went over it."""

    bit_s: int
    carried: int = 0
    left: int | None = None
    free_at: float = 0.0

    def until_the_cut(self, part: bytes) -> int | None:
        """Return how much of this part still arrives when it is here that the way is cut; None when it is not."""
        left, self.left = self.left, None
        if left is None or left <= len(part):
            return left
        self.left = left - len(part)
        return None

    def sent_at(self, size: int, header_bytes: int, not_before: float) -> float:
        """Take so many bytes onto the line; return when the last of them has left."""
        if self.bit_s:
            segments = -(-size // SEGMENT_BYTES)
            begun = max(self.free_at, not_before)
            self.free_at = begun + (size + segments * header_bytes) * 8 / self.bit_s
        return max(self.free_at, not_before)


@dataclass(slots=True, eq=False)
class _Connection:
    near: Pair
    far: Pair
    opened_at: float
    last_due: dict[str, float] = field(default_factory=dict)

    def close(self) -> None:
        """Close both ends."""
        for _, writer in (self.near, self.far):
            writer.close()

    def abort(self) -> None:
        """Close both ends; what is still on its way is lost."""
        for _, writer in (self.near, self.far):
            writer.transport.abort()


class Proxy:
    """The road to one port of one machine."""

    def __init__(
        self, port: int, link: Link = LOOPBACK, *, target: str = HERE, host: str = HERE, own_port: int = 0
    ) -> None:
        self.link = link
        self.connections = self.requests = self.breaks = 0
        self.port = own_port
        self._host, self._target = host, (target, port)
        self._ways = {UP: _Way(link.up_bit_s), DOWN: _Way(link.down_bit_s)}
        self._open: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def url(self) -> str:
        """Where to send so that it goes over this road."""
        return f"http://{self._host}:{self.port}"

    @property
    def up(self) -> int:
        """Bytes that a laptop has sent over it, of HTTP or TLS with all headers, without TCP's."""
        return self._ways[UP].carried

    @property
    def down(self) -> int:
        """Bytes that a laptop has received over it."""
        return self._ways[DOWN].carried

    def reset(self) -> None:
        """Count from nothing again."""
        self.connections = self.requests = 0
        for way in self._ways.values():
            way.carried = 0

    def cut_after(self, way: str, size: int) -> None:
        """Cut the connection that carries this byte of a way, counted from now on; the bytes before it arrive."""
        self._ways[way].left = size

    def heal(self) -> None:
        """Cut nothing any more."""
        for way in self._ways.values():
            way.left = None

    def start(self) -> Self:
        """Begin to carry."""
        self._thread.start()
        self._ready.wait()
        return self

    def stop(self) -> None:
        """Stop to carry; open connections end."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def _serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._accept, self._host, self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        if self.link.breaks_every_s:
            self._task(self._break_now_and_then())
        await self._stopped.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._task(self._connect((reader, writer), self._loop.time()))

    async def _connect(self, near: Pair, opened_at: float) -> None:
        try:
            far = await asyncio.open_connection(*self._target)
        except OSError:
            near[1].transport.abort()
            return
        connection = _Connection(near, far, opened_at)
        self._open.add(connection)
        ways = [self._task(self._carry(connection, way)) for way in (UP, DOWN)]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open.discard(connection)
            for task in ways:
                task.cancel()
            connection.close()
            with suppress(OSError):
                await asyncio.gather(*(end[1].wait_closed() for end in (near, far)), return_exceptions=True)

    async def _carry(self, connection: _Connection, way: str) -> None:
        """Carry one way of a connection until it ends or is cut."""
        reader = (connection.near if way == UP else connection.far)[0]
        with suppress(OSError):
            while part := await reader.read(SEGMENT_BYTES if self._ways[way].bit_s else 65536):
                self.requests += way == UP and REQUEST.match(part) is not None
                rest = self._ways[way].until_the_cut(part)
                await self._forward(connection, way, part if rest is None else part[:rest])
                if rest is not None:
                    break
            await asyncio.sleep(connection.last_due.get(way, 0.0) - self._loop.time())

    async def _forward(self, connection: _Connection, way: str, part: bytes) -> None:
        line, link, now = self._ways[way], self.link, self._loop.time()
        line.carried += len(part)
        opened = connection.opened_at + link.round_trips_to_open * link.rtt_s
        due = line.sent_at(len(part), link.header_bytes, max(now, opened)) + link.rtt_s / 2
        writer = (connection.far if way == UP else connection.near)[1]
        if due <= now:
            writer.write(part)
            await writer.drain()
            return
        # Strictly later than the part before: the loop does not promise an order for equal times.
        due = connection.last_due[way] = max(due, connection.last_due.get(way, 0.0) + 1e-6)
        self._loop.call_at(due, _write, writer, part)
        await asyncio.sleep(line.free_at - AHEAD_S - now)

    async def _break_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(self.link.breaks_every_s)
            self.breaks += 1
            for connection in list(self._open):
                connection.abort()


def _write(writer: asyncio.StreamWriter, part: bytes) -> None:
    if not writer.is_closing():
        writer.write(part)


def say(line: str) -> None:
    """Say a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Carry in a process of its own: own port, port behind, link; say what was counted for each line of input."""
    own_port, port, link = int(sys.argv[1]), int(sys.argv[2]), Link(**json.loads(sys.argv[3]))
    with Proxy(port, link, host="0.0.0.0", own_port=own_port) as proxy:
        say("ready")
        for _ in sys.stdin:
            names = ("up", "down", "requests", "connections", "breaks")
            say(json.dumps({name: getattr(proxy, name) for name in names}))


if __name__ == "__main__":
    main()
