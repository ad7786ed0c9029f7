"""Stormy seasons in seeded worlds: whatever happens, every edit is everywhere it belongs, once, and all agree."""

import pytest

from tests.sync_storm import EVERYDAY, Storm


@pytest.mark.parametrize("seed", range(12))
def test_after_a_season_of_cut_off_laptops_everything_holds(seed):
    assert Storm(seed, EVERYDAY).run().verdict() == []


@pytest.mark.parametrize("seed", range(100, 124))
def test_after_a_season_of_copies_restores_and_cut_power_everything_holds(seed):
    assert Storm(seed).run().verdict() == []
