"""The peer of the wire bench: PouchDB 9 with pouchdb-server 4.2.0 from npm, in a folder outside the repository."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.places import until

PACKAGES = ("pouchdb@9.0.0", "pouchdb-server@4.2.0")
HOUSE = Path(tempfile.gettempdir()) / "siposyandu-bench-pouchdb-9.0.0-server-4.2.0"
PROGRAM = Path(__file__).with_suffix(".cjs")


@dataclass(frozen=True, slots=True)
class Replicated:
    """What a replication took: seconds, tries until it went through, documents that the laptop then holds."""

    seconds: float
    tries: int
    docs: int


def missing() -> str:
    """Say what this machine lacks to run the peer; "" when nothing."""
    if not (shutil.which("npm") and shutil.which("node")):
        return "npm or node is not on this machine"
    try:
        installed()
    except subprocess.CalledProcessError as fault:
        return f"npm could not install it: {fault.stderr.decode(errors='replace')[-200:]}"
    return ""


def installed() -> Path:
    """Install the peer once; return the folder of its packages."""
    ready = HOUSE / "ready"
    if not ready.exists():
        HOUSE.mkdir(exist_ok=True)
        (HOUSE / "package.json").write_text('{"private": true}')
        command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *PACKAGES]
        subprocess.run(command, cwd=HOUSE, check=True, capture_output=True)
        ready.touch()
    return HOUSE / "node_modules"


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """Run the peer's server on a free port of loopback; yields the port."""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = installed() / "pouchdb-server" / "bin" / "pouchdb-server"
    command = ["node", str(program), "--port", str(port), "--dir", str(folder), "--no-stdout-logs"]
    with (folder / "said").open("wb") as said, subprocess.Popen(command, cwd=folder, stdout=said) as process:
        try:
            until(lambda: answers(port), "the peer's server")
            yield port
        finally:
            process.terminate()


def answers(port: int) -> bool:
    """Whether the server can be reached."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=5):
            return True
    except OSError:
        return False


def new_database(port: int, name: str) -> None:
    """Make a database at the server."""
    with urlopen(Request(f"http://127.0.0.1:{port}/{name}", method="PUT"), timeout=20):
        pass


def replicate(action: str, url: str, folder: Path, docs: Sequence[Mapping[str, Any]] = ()) -> Replicated:
    """Write documents at a laptop, then replicate ("push", "pull" or "sync") and time it."""
    command = ["node", str(PROGRAM), action, url, str(folder)]
    if docs:
        written = folder.with_suffix(".json")
        written.write_text(json.dumps(docs))
        command.append(str(written))
    environment = {**os.environ, "NODE_PATH": str(installed())}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return Replicated(**json.loads(done.stdout))
