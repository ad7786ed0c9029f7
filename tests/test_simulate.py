"""The simulator: seeded seasons hold, replay exactly, and a long run goes on where it was stopped."""

import gc
import json
import logging
import os
import subprocess
import sys
from collections import Counter

import pytest
from click.testing import CliRunner

from siposyandu.cli.simulating import MEMORY, simulate_command
from sync import heads as sync_heads
from sync.simulate import bundles, laptops, misfortunes, people, runs
from sync.simulate import season as seasons
from sync.simulate.laptops import YEARS_S
from sync.simulate.relaying import carriers
from sync.simulate.season import Season


@pytest.fixture(autouse=True)
def heard_again():
    """A run of many seeds silences what the code says of each refusal, for as long as its process lives: here, for a test.

    And the databases of its seasons go with it: tests look for garbage seldom, and eight hundred seasons are two gigabytes.
    """
    yield
    logging.disable(logging.NOTSET)
    gc.collect()


@pytest.mark.parametrize("first", range(100_001, 100_801, 20))
def test_seasons_of_every_trouble_leave_every_invariant_whole(first):
    assert runs.tallied(first, first + 19, MEMORY, "").violations == []


def test_a_seed_replays_exactly_whatever_the_order_of_hashes():
    command = [sys.executable, "-m", "siposyandu", "simulate", "--seeds", "4711", "--trace"]
    told = [
        subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert len(told[0].splitlines()) > 100


@pytest.mark.parametrize("seed", range(8))
def test_clocks_that_leap_by_years_change_nothing_that_was_decided(seed, monkeypatch):
    honest, wild = (decided(seed, times, monkeypatch) for times in (0, 1))
    assert honest == wild


def decided(seed, times, monkeypatch):
    """Heads of every record, acknowledgements and cursors after a season in which only clocks go wrong.

    In one area and with nothing that an application cannot stand: which of two equal words wins is decided by their uids,
    into which the time is hashed too, and must not decide here where a child is and who is told of her.
    """

    def leap(season):
        season.anybody().clock.offset_s = times * season.chance.randrange(-YEARS_S, YEARS_S)

    monkeypatch.setattr(laptops, "POISON", "nothing that harms")
    monkeypatch.setattr(laptops, "MOVED_TO", ("melati",))
    monkeypatch.setattr(people, "AREAS", ("melati",))
    monkeypatch.setattr(seasons, "AREAS", ("melati", "melati"))
    monkeypatch.setattr(misfortunes, "drawn", lambda chance: [(20, leap)])
    # Where a bundle is damaged is drawn by its length, and that is not always the same when other times are written in it.
    monkeypatch.setattr(bundles, "TROUBLES", ("", "", "bundle lost", "bundle twice"))
    season = Season(seed, MEMORY)
    season.weather.calm()
    season.run()
    typed, store = season.oracle.typed, season.world.province.store
    heads = {
        typed[entity].number: {
            field: sorted(typed[uid].number for uid in uids)
            for field, uids in sync_heads.current(store, entity).items()
        }
        for entity in season.oracle.of_entity
    }
    standing = [seat.store.one("select ack, cursor_n from sync_upstream") for seat in season.seats]
    return season.oracle.violations, heads, [(row["ack"], row["cursor_n"]) for row in standing]


def test_some_seasons_have_a_pc_that_carries_a_laptop_that_lies_and_long_texts():
    found = Counter()
    for seed in range(1, 21):
        season = runs.season(seed, MEMORY)
        found["read by a PC"] += any(
            pc.store.value("select count(*) from lanes") > 1 for pc in carriers(season)
        )
        found["heard through a PC"] += season.world.province.store.value("select count(*) from carried") > 0
        found["lies"] += season.oracle.faults["lie"]
        found["long texts"] += any(len(edit.text) > 5000 for edit in season.oracle.typed.values())
    assert {kind: often > 0 for kind, often in found.items()} == dict.fromkeys(found, True)


def test_a_run_goes_on_where_it_was_stopped(tmp_path):
    out = tmp_path / "result.jsonl"
    first = [(tally.first, tally.last) for tally in runs.run((1, 3), MEMORY, out, 1)]
    with out.open("a") as file:
        file.write('{"first": 4, "last": 5, "cut short by')
    again = [(tally.first, tally.last) for tally in runs.run((1, 5), MEMORY, out, 1)]
    assert (first, again) == ([(1, 3)], [(4, 5)])


def test_the_same_seeds_are_run_anew_with_other_code(tmp_path):
    out = tmp_path / "result.jsonl"
    list(runs.run((1, 2), MEMORY, out, 1))
    line = json.loads(out.read_text())
    out.write_text(json.dumps(line | {"code": "an older one"}) + "\n")
    assert [(tally.first, tally.last) for tally in runs.run((1, 2), MEMORY, out, 1)] == [(1, 2)]


def test_the_command_says_what_was_run_and_that_nothing_was_violated():
    result = CliRunner().invoke(simulate_command, ["--seeds", "1..2"])
    assert result.exit_code == 0
    assert "2 seeds: " in result.output
    assert "0 seeds with a violation" in result.output
