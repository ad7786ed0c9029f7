"""The power goes: whatever the moment, no save that was answered is lost and none is kept by half."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from tests.kader import Child, Kader, assert_nothing_lost
from tests.mornings import kader_with_children

SEED = 20_260_803
ANSWERED_BETWEEN_TWO_CUTS = 2
SAVE_TAKES_MS = 60
Moment = Callable[[], bool] | None


@pytest.fixture
def aminah(tmp_path: Path) -> Kader:
    """Aminah, signed in at a laptop with thirty children on its list, switched off."""
    return kader_with_children(tmp_path / "melati")


def moments(kader: Kader, chance: Random) -> list[Moment]:
    """Choose when the power goes: at a save's first byte on the disk, as soon as others can read it, or somewhere between."""
    between: list[Moment] = [later(chance.uniform(0, SAVE_TAKES_MS)) for _ in range(3)]
    return [None, None, one_visit_more(kader), one_visit_more(kader), *between]


def one_visit_more(kader: Kader) -> Callable[[], bool]:
    """Return what tells whether a visit was kept that no answer has told of yet."""
    store = kader.laptop.instance.open_store()

    def kept() -> bool:
        if store.value("select count(*) from balita") <= len(kader.visits):
            return False
        store.close()
        return True

    return kept


def later(milliseconds: float) -> Callable[[], bool]:
    """Return what tells whether so much time has passed since it was first asked."""
    begun: list[float] = []

    def passed() -> bool:
        begun.append(monotonic())
        return (begun[-1] - begun[0]) * 1000 >= milliseconds

    return passed


def test_no_answered_save_is_lost_whenever_the_power_goes(aminah: Kader) -> None:
    waiting = [Child(name, "m", 0, "9,5", "78,5") for name in aminah.persons]
    aminah.come_back()
    aminah.sign_in()
    try:
        for moment in moments(aminah, Random(SEED)):
            for _ in range(ANSWERED_BETWEEN_TWO_CUTS):
                aminah.weigh(waiting.pop())
            doomed = waiting.pop()
            aminah.laptop.kill_while(lambda child=doomed: aminah.weigh(child), moment)
            unanswered = assert_nothing_lost(aminah.laptop, aminah.visits.values())
            aminah.come_back()
            if unanswered:
                aminah.visits[doomed.name] = unanswered.pop()
            assert aminah.has_come(doomed) == (doomed.name in aminah.visits)
            if doomed.name not in aminah.visits:
                aminah.weigh(doomed)
    finally:
        aminah.laptop.stop()
        aminah.visitor.close()
