"""Copies of a laptop's database: whole or not at all, closed to strangers, rotated, and proved by a restore."""

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import forms
from siposyandu import backups, records
from siposyandu.copies import content, locks, proving, rotation, sealed, shelves
from siposyandu.copies.rotation import Kept
from siposyandu.copies.shelves import Shelf
from siposyandu.errors import Broken, NotAllowed, NotKept
from siposyandu.instance import Instance
from siposyandu.store import open_store
from tests.conftest import NOW, Village

KEY = bytes(range(32))
PUBLIC, PAPER = locks.new_paper(KEY)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A flash disk that is in."""
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def laptop(village: Village, stick: Path) -> Village:
    """Melati's laptop, its copies locked to a recovery key, with a flash disk that is in."""
    village.instance.config = replace(village.instance.config, copy_key=PUBLIC, flash_disks=str(stick))
    return village


def register(village: Village, name: str, *, at: datetime = NOW) -> str:
    """Aminah writes a child's card."""
    card = {"posyandu": village.melati, "name": name, "sex": "f", "birth_date": "2025-01-01"}
    with village.instance.store_for_job() as store:
        return records.save(store, replace(village.pen(), at=at), forms.BY_NAME["person"], card)


def copies_on(instance: Instance, stick: Path) -> tuple[list[Path], list[Path]]:
    """The copies in the laptop's own folder and on the flash disk, newest first."""
    own = shelves.copies(backups.own_shelf(instance))
    there = shelves.copies(Shelf("flash", "stick", stick / shelves.ON_A_DISK, elsewhere=True))
    return [copy.path for copy in own], [copy.path for copy in there]


def test_a_copy_restored_elsewhere_holds_every_row_and_finds_every_name(
    laptop: Village, tmp_path: Path
) -> None:
    register(laptop, "Rinjani")
    report = backups.make_now(laptop.instance)
    path = tmp_path / "new.db"
    file = laptop.instance.config.folder / "copies" / report.file
    copied = proving.fill(path, KEY, file, content_key(report.file, laptop)).tables
    with laptop.instance.store_for_job() as store:
        mine = {table: said for table, said in content.digest(store).items() if not table.startswith("copy_")}
    restored = open_store(path, KEY)
    try:
        assert {table: copied[table] for table in mine} == mine
        assert restored.search("person", ["rinj"], 5)[0]["name"] == "Rinjani"
        assert records.recount(restored, lambda done, of: None) == []
        assert restored.value("select seq from sqlite_sequence where name = 'edits'") == copied["edits"][0]
    finally:
        restored.close()


def content_key(file: str, laptop: Village) -> bytes:
    head = sealed.read_head(laptop.instance.config.folder / "copies" / file)
    return locks.open_by_paper(head.lock, PAPER)


def test_a_copy_says_whose_it_is_and_hides_what_it_holds(laptop: Village, stick: Path) -> None:
    register(laptop, "Rinjani")
    report = backups.make_now(laptop.instance)
    path = stick / shelves.ON_A_DISK / report.file
    head = sealed.check(path)
    with laptop.instance.store_for_job() as store:
        last = store.value("select last_seq from lanes where lane = $1", laptop.instance.lane)
        count = store.value("select count(*) from edits")
    assert (head.place, head.lane, head.last_seq, head.edits, head.made_at) == (
        "Posyandu Melati", laptop.instance.lane, last, count, "2026-08-03T01:00:00Z"
    )  # fmt: skip
    assert b"Rinjani" not in path.read_bytes()


def test_any_bit_that_is_changed_or_cut_away_is_noticed(laptop: Village, tmp_path: Path) -> None:
    register(laptop, "Rinjani")
    report = backups.make_now(laptop.instance)
    whole = (laptop.instance.config.folder / "copies" / report.file).read_bytes()
    chance, taken = Random(4), []
    for _ in range(200):
        spot = chance.randrange(len(whole))
        flipped = whole[:spot] + bytes([whole[spot] ^ 1 << chance.randrange(8)]) + whole[spot + 1 :]
        for changed in (flipped, whole[:spot]):
            (tmp_path / "changed.sipc").write_bytes(changed)
            try:
                sealed.check(tmp_path / "changed.sipc")
            except Broken:
                continue
            taken.append(spot)
    assert taken == []


def test_a_body_that_was_changed_with_its_fingerprint_is_not_opened(laptop: Village, tmp_path: Path) -> None:
    report = backups.make_now(laptop.instance)
    key = content_key(report.file, laptop)
    whole = bytearray((laptop.instance.config.folder / "copies" / report.file).read_bytes())
    whole[-200] ^= 1
    forged = tmp_path / "forged.sipc"
    forged.write_bytes(whole)
    forged.write_bytes(bytes(whole[:-32]) + sealed.fingerprint(forged))
    assert sealed.check(forged).place == "Posyandu Melati"
    with pytest.raises(Broken):
        list(sealed.lines(forged, key))
    with pytest.raises(NotAllowed):
        locks.open_by_paper(sealed.read_head(forged).lock, locks.new_paper(bytes(32))[1])


def test_a_place_without_a_lock_makes_no_copy_and_says_what_to_run(village: Village) -> None:
    with pytest.raises(locks.NoLock) as refused:
        backups.make_now(village.instance)
    assert refused.value.hint == "run: siposyandu backup --new-key"
    assert list((village.instance.config.folder / "copies").glob("*")) == []


class FullDisk:
    """A file on a disk that takes so many bytes and no more."""

    def __init__(self, file: BinaryIO, room: int) -> None:
        self._file, self._room = file, room

    def write(self, part: bytes) -> int:
        self._room -= len(part)
        if self._room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._file.write(part)


def test_a_full_disk_leaves_the_last_good_copy_as_it_was(laptop: Village) -> None:
    first = backups.make_now(laptop.instance)
    shelf = backups.own_shelf(laptop.instance)
    before = {path.name: path.read_bytes() for path in shelf.folder.iterdir()}

    def write(file: BinaryIO) -> bytes:
        head = sealed.read_head(shelf.folder / first.file)
        return sealed.write(FullDisk(file, 5000), head, KEY, [os.urandom(5000)] * 40)  # type: ignore[arg-type]

    with pytest.raises(NotKept):
        shelves.put(shelf, "second.sipc", write)
    assert {path.name: path.read_bytes() for path in shelf.folder.iterdir()} == before


def test_what_cannot_be_read_back_as_it_was_written_is_not_kept(laptop: Village) -> None:
    shelf = backups.own_shelf(laptop.instance)

    def write(file: BinaryIO) -> bytes:
        file.write(b"not what was said")
        return bytes(32)

    with pytest.raises(NotKept):
        shelves.put(shelf, "bad.sipc", write)
    assert list(shelf.folder.iterdir()) == []


def test_a_flash_disk_that_cannot_be_written_is_noted_and_the_laptops_own_copy_stays(
    laptop: Village, stick: Path
) -> None:
    (stick / shelves.ON_A_DISK).write_text("a file where the folder should be")
    report = backups.run_due(laptop.instance)
    assert report is not None
    assert [shelf.kind for shelf in report.took] == ["laptop"]
    with laptop.instance.store_for_job() as store:
        kept = {row["kind"]: bool(row["fault"]) for row in backups.state(laptop.instance, store).rows}
    assert kept == {"laptop": False, "flash": True}


def test_a_flash_disk_gets_a_copy_when_it_is_put_in_and_again_when_something_was_written(
    laptop: Village, stick: Path
) -> None:
    instance = laptop.instance
    made: list[bool] = []

    def look(hours: float) -> None:
        instance.now = lambda: NOW + timedelta(hours=hours)
        made.append(backups.run_due(instance) is not None)

    look(0)
    look(2)  # nothing new
    register(laptop, "Rinjani")
    look(2.5)
    look(2.6)  # nothing new
    register(laptop, "Tambora")
    look(3)  # too soon
    look(4)
    assert made == [True, False, True, False, False, True]
    assert [len(found) for found in copies_on(instance, stick)] == [1, 1]  # one a day is kept


def test_only_a_disk_of_its_own_is_taken_for_a_flash_disk(tmp_path: Path) -> None:
    for name in ("KINGSTON", "not-mounted"):
        (tmp_path / "media" / name).mkdir(parents=True)
    database = tmp_path / "siposyandu.db"
    database.touch()
    found = shelves.others(database, "", f"{tmp_path}/media/*", lambda path: path.endswith("KINGSTON"))
    assert [(shelf.name, shelf.elsewhere) for shelf in found] == [("KINGSTON", True)]


def test_records_are_at_risk_until_they_are_in_a_copy_elsewhere(laptop: Village, stick: Path) -> None:
    instance, counts = laptop.instance, []

    def at_risk() -> None:
        with instance.store_for_job() as store:
            counts.append(backups.at_risk(store))

    with instance.store_for_job() as store:
        written = store.value("select last_seq from lanes where lane = $1", instance.lane)
    instance.config = replace(instance.config, flash_disks="")
    backups.make_now(instance)
    at_risk()  # a copy on the laptop itself goes with the thief
    instance.config = replace(instance.config, flash_disks=str(stick))
    backups.make_now(instance)
    at_risk()
    register(laptop, "Rinjani")
    at_risk()
    assert counts == [written, 0, 1]


def test_the_newest_copy_is_proved_by_a_restore_and_a_damaged_one_is_found(
    laptop: Village, stick: Path
) -> None:
    instance = laptop.instance
    register(laptop, "Rinjani")
    backups.make_now(instance)
    assert backups.prove_due(instance) is True
    assert backups.prove_due(instance) is None  # once a month
    for path in (*copies_on(instance, stick)[0], *copies_on(instance, stick)[1]):
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert backups.prove_now(instance) is False
    with instance.store_for_job() as store:
        state = backups.state(instance, store)
    assert state.proof is not None
    assert state.last_try is not None
    assert (state.proof.fault, "damaged" in state.last_try.fault) == ("", True)
    assert list(instance.config.folder.glob("proof*")) == []


def test_a_proof_that_is_long_ago_is_warned_of(laptop: Village) -> None:
    instance, warned = laptop.instance, []
    backups.make_now(instance)
    backups.prove_now(instance)
    for days in (1, 40, 50):
        instance.now = lambda days=days: NOW + timedelta(days=days)
        with instance.store_for_job() as store:
            warned.append(backups.state(instance, store).proof_is_old)
    assert warned == [False, False, True]


def daily(days: int) -> Iterator[Kept]:
    """Copies of so many days, one a day."""
    for day in range(days):
        yield Kept(day, datetime(2024, 1, 1, 1, tzinfo=UTC) + timedelta(days=day))


def test_after_two_years_seven_days_four_weeks_and_twelve_months_are_kept() -> None:
    start, kept = date(2024, 1, 1), rotation.keep(daily(731))  # until Wednesday 31 December 2025
    days = [date(2025, 12, day) for day in range(25, 32)]
    sundays = [date(2025, 12, day) for day in (14, 21, 28)]
    month_ends = [date(2025, month, 1) - timedelta(days=1) for month in range(2, 13)]
    assert sorted({start + timedelta(days=number) for number in kept}) == sorted(
        {*days, *sundays, *month_ends}
    )


instants = st.integers(0, 90 * 365 * 24).map(
    lambda hours: datetime(2009, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # other work may share the machine
@given(st.lists(instants, min_size=1, max_size=60))
def test_whatever_the_clock_says_the_newest_is_kept_and_never_more_than_twenty_three(
    made: list[datetime],
) -> None:
    copies = [Kept(number, at) for number, at in enumerate(made)]
    kept = rotation.keep(copies)
    assert len(made) - 1 in kept
    assert len(kept) <= 23
    again: Callable[[], set[int]] = lambda: rotation.keep(copy for copy in copies if copy.number in kept)  # noqa: E731
    assert again() == kept
