"""Every bug planted in the sync code is caught by the seeds recorded as catching it."""

import json
import logging

import pytest

from siposyandu.cli.simulating import MEMORY
from sync.simulate import runs
from tests import planted
from tests.planted.__main__ import RECORDED

FOUND = json.loads(RECORDED.read_text("utf-8"))


@pytest.fixture(autouse=True)
def quiet():
    """A planted bug makes the code say much of what it refuses."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_at_least_25_bugs_are_planted_and_each_was_caught():
    assert sorted(FOUND) == planted.every()
    assert len(FOUND) >= 25
    assert [bug for bug, found in FOUND.items() if not found["recorded"]] == []


@pytest.mark.parametrize("bug", planted.every())
def test_a_seed_recorded_as_catching_a_planted_bug_catches_it(bug):
    with planted.with_bug(bug):
        caught = next(
            (seed for seed in FOUND[bug]["recorded"] if runs.season(seed, MEMORY).oracle.violations), None
        )
    assert caught is not None


def test_no_patch_stays_after_its_test():
    planted.every()
    with planted.with_bug("lets_the_last_arrival_win"):
        pass
    assert runs.season(FOUND["lets_the_last_arrival_win"]["recorded"][0], MEMORY).oracle.violations == []
