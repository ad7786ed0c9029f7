"""`siposyandu backup` beside the running program: each makes a copy of its own number, and a good copy is proved by both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from siposyandu import backups
from siposyandu.instance import Instance
from tests.conftest import NOW, Village
from tests.test_copies import laptop, register, stick
from tests.test_vault_two_at_once import is_held

__all__ = ["laptop", "stick"]


def at_once(here: Instance, act: Callable[[Instance], object]) -> list[object]:
    """Let the running program and a second one do something in the same moment; what came of it."""
    start = Barrier(2)

    def acted(place: Instance) -> object:
        start.wait()
        return act(place)

    with ThreadPoolExecutor(2) as programs:
        return list(programs.map(acted, (here, Instance(here.config, clock=lambda: NOW))))


def test_two_copies_made_at_once_have_two_numbers_and_are_whole(laptop: Village) -> None:
    here = laptop.instance
    for number in range(100):
        register(laptop, f"Anak {number}")
    made = sorted(str(file) for file in at_once(here, lambda place: backups.make_now(place).file))
    whole = [copy.path.name for copy in backups.at_hand(here, lambda copy: True)]
    assert [name.split("-")[3] for name in made] == ["000001", "000002"]
    assert whole == made[1:]  # of two made so soon after each other the newer is kept


def test_two_who_prove_a_good_copy_at_once_both_find_it_good(laptop: Village) -> None:
    here = laptop.instance
    register(laptop, "Rinjani")
    backups.make_now(here)
    proved = at_once(here, backups.prove_now)
    with here.store_for_job() as store:
        faults = [row["fault"] for row in store.rows("select fault from copy_proof")]
    assert (proved, faults) == ([True, True], ["", ""])


def test_whoever_makes_or_proves_a_copy_lets_the_other_programs_wait(laptop: Village) -> None:
    turns, waiting = laptop.instance.config.folder / backups.TURNS_NAME, list[bool]()

    def clock() -> datetime:
        waiting.append(is_held(turns))
        return NOW

    place = Instance(laptop.instance.config, clock=clock)
    waiting.clear()
    backups.make_now(place)
    made = waiting.copy()
    waiting.clear()
    backups.prove_now(place)
    assert (set(made), set(waiting), is_held(turns)) == ({True}, {True}, False)
