"""Laptops of three earlier versions, of this one and of the next, and one province: all say the same in the end.

The earlier versions are not imitated: their own source is taken from this repository's history and run.
"""

import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync import messages, upstream
from sync.client import HttpTransport
from tests.sync_app import BAIQ, NAME, NOTE, WEIGHT_G, notebook
from tests.sync_http import served
from tests.sync_world import Place, World

ROOT = Path(__file__).parents[1]
# Where each earlier wire version ended (sync/PROTOCOL.md, versions).
EARLIER = {1: "5da3d2d", 2: "0c79f24", 3: "00cccb3"}
LATER_FIELD, LATER_KIND = 977, "assess"


class OldLaptop:
    """A laptop that runs another version's own code, in its own process."""

    def __init__(self, source: Path, folder: Path, address: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.address = folder, address
        self._start(source)

    def _start(self, source: Path) -> None:
        command = [sys.executable, str(ROOT / "tests/old_laptop.py"), str(self.folder), self.address]
        self.process = subprocess.Popen(
            command, cwd=source, env={"PYTHONPATH": str(source), "PATH": "/usr/bin:/bin"}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def __getattr__(self, word: str) -> Callable[..., Any]:
        def say(*said: Any) -> Any:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.write(json.dumps([word, *said]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read()[-3000:] if self.process.stderr else ""
            return json.loads(line)

        return say

    def upgrade(self, source: Path) -> None:
        """Install another version over the same database and keys."""
        self.close()
        self._start(source)

    def close(self) -> None:
        """Switch off."""
        _, said = self.process.communicate()
        assert self.process.returncode == 0, said


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The source of each earlier version, out of the history."""
    found = {}
    for version, commit in EARLIER.items():
        packed = subprocess.run(
            ["git", "archive", commit, "sync", "siposyandu", "forms", "tests"], cwd=ROOT, capture_output=True
        )
        if packed.returncode:
            pytest.skip(f"this copy has no history: {commit} is not in it")
        found[version] = tmp_path_factory.mktemp(f"version{version}")
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(found[version], filter="data")
    return found


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def address(world: World, tmp_path: Path) -> Iterator[str]:
    """The province of this version, over HTTP."""
    with served(world, tmp_path) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def old(world: World, address: str, sources: dict[int, Path], tmp_path: Path) -> Iterator[list[OldLaptop]]:
    """One enrolled laptop of each earlier version, all of Melati."""
    laptops = [
        OldLaptop(source, tmp_path / f"laptop{version}", address) for version, source in sources.items()
    ]
    for laptop in laptops:
        laptop.enrol(world.code())
    yield laptops
    for laptop in laptops:
        laptop.close()


def over_http(place: Place, address: str) -> Place:
    return replace(place, laptop=replace(place.laptop, transport=HttpTransport(address)))


def season(old: list[OldLaptop], new: Place) -> str:
    """Everybody registers a child and corrects that of another, some at the same time; returns the child of all."""
    shared = new.writer.child("Aminah")
    for laptop in (new, *old):
        laptop.exchange()
    for number, laptop in enumerate(old):
        laptop.child(f"Baiq {number}")
        laptop.save(shared, WEIGHT_G, 7000 + number)  # at the same time as the others: a conflict of four
    new.writer.save({NAME: "Aminah binti Saknah"}, shared, author=BAIQ)
    new.writer.save({WEIGHT_G: 8000}, shared)
    return shared


def settled(old: list[OldLaptop], new: Place) -> None:
    for _ in range(2):
        for laptop in (new, *old):
            laptop.exchange()


def test_laptops_of_all_versions_and_the_province_say_the_same(
    world: World, old: list[OldLaptop], address: str
) -> None:
    new = over_http(world.laptop("melati"), address)
    season(old, new)
    settled(old, new)
    said = [laptop.rows() for laptop in old]
    assert said == [notebook(world.province.store)] * 3
    assert [notebook(new.store), len(said[0])] == [said[0], 4]


def test_what_only_the_next_version_knows_passes_through_every_earlier_one_untouched(
    world: World, old: list[OldLaptop], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "SCHEMA", messages.SCHEMA + 1)
    new = over_http(world.laptop("melati"), address)
    child = new.writer.save({0: 1, NAME: "Aminah", 13: "melati", LATER_FIELD: "a later thing"})
    new.writer.save({LATER_FIELD: 4711}, child, kind=LATER_KIND)
    new.exchange()
    for laptop in old:
        laptop.exchange()
        laptop.save(child, NOTE, "seen")  # a version that does not know the field cannot erase it
        laptop.exchange()
    settled(old, new)
    assert [laptop.field(LATER_FIELD) for laptop in old] == [["a later thing", 4711]] * 3
    assert [laptop.rows() for laptop in old] == [notebook(new.store)] * 3
    assert new.store.value("select count(*) from edits") == world.province.store.value(
        "select count(*) from edits"
    )


def test_remarks_and_answers_of_a_later_version_do_not_stop_an_earlier_one(
    world: World, old: list[OldLaptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = messages.seal_answer

    def later(answer: Any, *rest: Any) -> bytes:
        return seal(replace(answer, more=answer.more | {"later": [1, {"a": None}], "next_key": "x"}), *rest)

    monkeypatch.setattr(messages, "seal_answer", later)
    for laptop in old:
        laptop.child("Citra")
        assert laptop.exchange()[0] == 1


def test_a_laptop_that_was_upgraded_goes_on_in_its_lane_and_reads_once_more_what_it_passed_over(
    world: World, old: list[OldLaptop], address: str
) -> None:
    new = over_http(world.laptop("melati"), address)
    season(old, new)
    settled(old, new)
    for laptop in old:
        laptop.upgrade(ROOT)
    told_again = [laptop.exchange()[1] for laptop in old]
    for laptop in old:
        laptop.child("Dedi")
    settled(old, new)
    assert told_again == [0, 0, 0]
    assert [laptop.rows() for laptop in old] == [notebook(new.store)] * 3
    lanes_known = world.province.store.value("select count(*) from devices")
    assert lanes_known == len(old) + 1  # nobody had to begin a new lane


def test_an_upgraded_laptop_reads_from_the_beginning_once_only(tmp_path: Path) -> None:
    place = World().laptop("melati")
    place.writer.child("Aminah")
    place.exchange()
    with place.store.write():
        place.store.run("update sync_upstream set schema_version = 1, cursor_n = 1")
    cursors = []
    for _ in range(2):
        upstream.read_anew_if_newer(place.store)
        cursors.append(upstream.state(place.store).cursor)
        with place.store.write():
            place.store.run("update sync_upstream set cursor_n = 1")
    assert cursors == [0, 1]


def test_a_newer_program_that_was_away_for_a_while_reads_from_the_beginning_again() -> None:
    place = World().laptop("melati")
    place.writer.child("Aminah")
    place.exchange()
    with place.store.write():
        place.store.run("update sync_upstream set schema_version = $1", messages.SCHEMA + 1)
    before = upstream.state(place.store).cursor
    upstream.read_anew_if_newer(place.store)
    row = place.store.one("select cursor_n, schema_version from sync_upstream")
    assert row == {"cursor_n": before, "schema_version": messages.SCHEMA}
