"""The doctor says in plain words what is well and what is not, changes nothing, and her exit code says the worst."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from siposyandu import backups, config, doctor
from siposyandu.instance import KEYS_FILE
from sync.rings import KeyFile
from tests import locked
from tests.conftest import NOW, Village
from tests.locked import PASSPHRASE, Locked, everything_in
from tests.test_web_damaged import scratch


def asked(folder: Path, tmp_path: Path, *, passphrase: str = "") -> tuple[int, dict[str, str]]:
    """Call the doctor; return her exit code, and of each part its state."""
    file = tmp_path / "passphrase"
    file.write_text(passphrase)
    environment = {"SIPOSYANDU_PASSPHRASE_FILE": str(file)} if passphrase else {}
    done = subprocess.run(
        [sys.executable, "-m", "siposyandu", "doctor", "--json", "--folder", str(folder)],
        capture_output=True, text=True, env=environment, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    said = json.loads(done.stdout) if done.stdout else {"findings": []}
    return done.returncode, {each["part"]: each["state"] for each in said["findings"]}


def looked_at(village: Village, days: int = 0) -> dict[str, str]:
    """What she finds inside a plain place, so many days later."""
    place = village.instance.config
    keys = KeyFile(place.keys_folder / KEYS_FILE)
    found = doctor.inside(place, None, keys, NOW + timedelta(days=days))
    return {finding.part: finding.state for finding in found}


@pytest.fixture
def laptop(tmp_path: Path) -> Locked:
    """Melati's encrypted laptop, a copy made and proved, closed again."""
    made = locked.found(tmp_path / "melati")
    made.instance.config = replace(made.instance.config, flash_disks="")
    made.instance.unlock(PASSPHRASE)
    backups.make_now(made.instance)
    backups.prove_now(made.instance)
    made.instance.lock()
    return made


def test_a_laptop_that_has_not_joined_is_told_so_and_all_else_is_well(laptop: Locked, tmp_path: Path) -> None:
    before = everything_in(laptop.folder, lambda path: path.suffix not in (".db-shm", ".db-wal"))
    code, found = asked(laptop.folder, tmp_path, passphrase=PASSPHRASE)
    not_well = {part for part, state in found.items() if state != "well"}
    assert {"vault", "database", "keys", "clock", "waiting", "copies", "proof"} <= set(found)
    assert not_well - {"disk", "copies", "proof"} == {
        "sending"
    }  # the copy of NOW is old by the clock of this machine
    assert code == 1
    assert everything_in(laptop.folder, lambda path: path.suffix not in (".db-shm", ".db-wal")) == before


def test_a_damaged_database_is_the_worst_and_does_not_stop_her(laptop: Locked, tmp_path: Path) -> None:
    scratch(laptop.instance.config.database_path)
    code, found = asked(laptop.folder, tmp_path, passphrase=PASSPHRASE)
    assert (code, found["database"], found["version"]) == (2, "broken", "well")


def test_without_the_passphrase_she_looks_at_nothing_inside(laptop: Locked, tmp_path: Path) -> None:
    code, found = asked(laptop.folder, tmp_path)
    assert (code, set(found), found["database"]) == (1, {"version", "vault", "disk", "database"}, "look")


def test_keys_that_are_missing_or_open_to_others_are_told_of(village: Village) -> None:
    keys = village.instance.config.keys_folder / KEYS_FILE
    keys.chmod(0o644)
    open_to_others = looked_at(village)["keys"]
    keys.unlink()
    assert (open_to_others, looked_at(village)["keys"], keys.exists()) == ("look", "broken", False)


def test_a_wrong_clock_a_failed_try_and_an_old_copy_are_to_be_seen_to(village: Village) -> None:
    with village.instance.store_for_job() as store, store.write():
        store.run("insert into sync_upstream (id, certificate) values (1, '00') on conflict do nothing")
        store.run(
            "update sync_upstream set clock_offset_s = 90000, last_error = 'revoked', certificate = '00'"
        )
    found = looked_at(village, days=60)
    assert {part: found[part] for part in ("clock", "sending", "copies", "proof")} == dict.fromkeys(
        ("clock", "sending", "copies", "proof"), "look"
    )


def test_the_province_is_told_what_waits_for_a_person(province: Village) -> None:
    config.save(province.instance.config)
    found = looked_at(province)
    assert {"reviews", "quarantine", "held"} <= set(found)
