"""The storm's result file: folded into few lines, it still says the same, and a later run goes on behind it."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from deploy import storm
from sync.simulate import runs
from sync.simulate.runs import Tally

STRETCHES = [
    Tally(51, 100, "new", 20, 10, {"cut": 1, "lost": 4}, [(70, "I1 lost")]),
    Tally(1, 50, "new", 10, 5, {"cut": 2}),
    Tally(201, 250, "new", 1, 1, {}),
    Tally(101, 150, "old", 7, 7, {}),
]
FOLDED = [
    Tally(1, 100, "new", 30, 15, {"cut": 3, "lost": 4}, [(70, "I1 lost")]),
    Tally(201, 250, "new", 1, 1, {}),
    Tally(101, 150, "old", 7, 7, {}),
]


def test_stretches_that_follow_on_each_other_become_one_line():
    assert storm.folded(STRETCHES) == FOLDED
    assert storm.folded(FOLDED) == FOLDED


def test_a_seed_counted_twice_is_refused():
    with pytest.raises(ValueError, match="seeds 40 to 50 of new were counted twice"):
        storm.folded([*STRETCHES, Tally(40, 60, "new")])


def test_a_run_goes_on_behind_what_is_folded(tmp_path: Path):
    file = tmp_path / "storm.jsonl"
    file.write_text("".join(json.dumps(asdict(each)) + "\n" for each in FOLDED), "utf-8")
    done = runs.kept(file)
    assert list(runs.stretches(1, 300, done, "new")) == [(101, 150), (151, 200), (251, 300)]


def test_the_results_say_what_the_file_says():
    shown = storm.tables(storm.folded(runs.kept(storm.FILE)), runs.code())
    assert shown in storm.RESULTS.read_text("utf-8")


def test_the_results_say_what_was_measured_with_each_planted_bug():
    bugs = storm.table_of_bugs(json.loads(storm.BUGS.read_text("utf-8")))
    assert bugs in storm.RESULTS.read_text("utf-8")
