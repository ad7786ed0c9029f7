"""TLS 1.3 as a province has it: a certificate with ECDSA P-256 under an intermediate authority, and a front that ends it."""

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

NAMES = ("subjectAltName=DNS:localhost,IP:127.0.0.1", "basicConstraints=critical,CA:FALSE")
AUTHORITY = ("basicConstraints=critical,CA:TRUE",)


def chain(folder: Path) -> tuple[Path, Path, Path]:
    """Make a root, an intermediate and a server's certificate; return root, server's chain of two, server's key."""
    folder.mkdir(exist_ok=True)
    _certificate(folder, "root", "", AUTHORITY)
    _certificate(folder, "between", "root", AUTHORITY)
    _certificate(folder, "server", "between", NAMES)
    both = folder / "chain.pem"
    both.write_text((folder / "server.pem").read_text() + (folder / "between.pem").read_text())
    return folder / "root.pem", both, folder / "server.key"


def _certificate(folder: Path, name: str, signed_by: str, extensions: Iterable[str]) -> None:
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", f"/CN={name} of the trials", "-keyout", f"{name}.key", "-out", f"{name}.pem",
    ]  # fmt: skip
    for extension in extensions:
        command += ["-addext", extension]
    if signed_by:
        command += ["-CA", f"{signed_by}.pem", "-CAkey", f"{signed_by}.key"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@contextmanager
def front(target_port: int, folder: Path) -> Iterator[tuple[int, Path]]:
    """Serve TLS 1.3 before a port of loopback; yields its own port and the root that a laptop must trust."""
    root, certificates, key = chain(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificates, key)
    running = _Front(target_port, context)
    try:
        yield running.port, root
    finally:
        running.stop()


class _Front:
    def __init__(self, target_port: int, context: ssl.SSLContext) -> None:
        self._target_port, self._context = target_port, context
        self._ready = threading.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._context)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopped.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry_both(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry_both(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        ways = [asyncio.create_task(_carry(*way)) for way in ((reader, far_writer), (far_reader, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in ways:
                task.cancel()
            for end in (writer, far_writer):
                end.transport.abort()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    except OSError:
        return
