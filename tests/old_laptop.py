"""A laptop of any version, driven by lines on its standard input: run where that version's packages lie.

Its own process: `python tests/old_laptop.py FOLDER ADDRESS` with PYTHONPATH at the root of the version's source. Each line is
a JSON list, a word and its arguments; each is answered by a line of JSON. It uses only what every version has had.
"""

import inspect
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from siposyandu.store import open_store
from sync import client, joining, lanes, migrations, opening
from sync.client import HttpTransport, Laptop
from sync.rings import KeyFile, Ring
from tests import sync_app
from tests.sync_app import Writer, apply, new_store
from tests.sync_world import Chance, Hands


class Driven:
    """The laptop and its one user."""

    def __init__(self, folder: Path, address: str) -> None:
        path = folder / "laptop.db"
        made = not path.exists()
        self.store = new_store(path) if made else open_store(path)
        _upgrade(self.store, made=made)
        clock, chance = Hands(), Chance(int(sha256(folder.name.encode()).hexdigest(), 16))
        ring = Ring(KeyFile(folder / "keys.json"), chance.token_bytes)
        opening.open_laptop(self.store, ring, clock.now())
        parts = {"store": self.store, "ring": ring, "transport": HttpTransport(address), "clock": clock,
                 "random": chance, "apply": apply, "app": "0.1.0"}  # fmt: skip
        if "forget" in inspect.signature(Laptop).parameters:
            from sync.simulate.notebook import forget

            parts["forget"] = forget
        self.laptop = Laptop(**parts)
        self.writer = Writer(self.store, lanes.own(self.store))

    def enrol(self, code: str) -> str:
        """Join the province."""
        return joining.enrol(self.laptop, code)

    def child(self, name: str) -> str:
        """Register a child."""
        return self.writer.child(name)

    def save(self, entity: str, field: int, value: object) -> str:
        """Correct one field."""
        return self.writer.save({field: value}, entity)

    def exchange(self) -> list[int]:
        """Send and fetch."""
        done = client.exchange(self.laptop)
        return [done.acknowledged, done.received]

    def rows(self) -> list[object]:
        """Return what is shown."""
        return sync_app.notebook(self.store)

    def field(self, number: int) -> list[object]:
        """Return every value that any edit in the log gives a field, whether this version knows it or not."""
        bodies = [json.loads(row["body"]) for row in self.store.rows("select body from edits order by n")]
        return [value for body in bodies for field, value in body[5] if field == number]


def _upgrade(store: Any, *, made: bool) -> None:
    """Take the steps of this version that an earlier one has not taken."""
    with store.write():
        store.run("create table if not exists steps (name text primary key)")
        taken = {row["name"] for row in store.rows("select name from steps")}
        for name, statements in migrations.ALL:
            if name not in taken:
                for statement in () if made else statements:
                    store.run(statement)
                store.run("insert into steps (name) values ($1)", name)


def main() -> None:
    """Answer lines until there are no more."""
    driven = Driven(Path(sys.argv[1]), sys.argv[2])
    for line in sys.stdin:
        word, *said = json.loads(line)
        sys.stdout.write(json.dumps(getattr(driven, word)(*said)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
