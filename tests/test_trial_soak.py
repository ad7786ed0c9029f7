"""Three laptops write and send without end to a province, and every two seconds one of the four is killed and started again.

Real processes, SIGKILL at no chosen moment. In the end everybody exchanges and the books are compared, as a set: every child
that a laptop was told is saved is at the province once, a save that was never answered is there whole or not at all, and
nobody has a child that no one wrote. Every run of the tests soaks for seconds; `make trials` for minutes.
"""

import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic

from siposyandu import as_laptop, as_province, config, records
from siposyandu.instance import Instance
from sync.errors import TryAgain
from sync.status import status
from tests.conftest import found
from tests.places import Place
from tests.soaking import Ledger
from tests.trials import WHOLE, report

LAPTOPS = 3
SOAK_S = 300 if WHOLE else 8
BETWEEN_TWO_KILLS_S = (1.0, 3.0)
SEED = 20_261_127


@dataclass
class Soaked:
    """A laptop that is killed and started again."""

    folder: Path
    name: str
    address: str
    code: str
    process: subprocess.Popen[str] | None = None
    kills: int = 0
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.folder.with_suffix(".ledger"))

    def start(self) -> None:
        """Switch it on."""
        words = [str(self.folder), self.address, self.code, self.name, str(self.ledger.path)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.soaking", *words], stdout=subprocess.PIPE, text=True
        )

    def joined(self) -> None:
        """Wait until it has joined the province."""
        assert self.process is not None
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "joined\n"

    def kill(self) -> None:
        """Take its power away."""
        process, self.process = self.process, None
        if process is not None:
            self.kills += 1
            with process:
                assert process.poll() is None, f"{self.name} ended by itself"
                process.kill()

    @property
    def instance(self) -> Instance:
        """The laptop, opened from here."""
        return Instance(config.load(self.folder))


def test_nothing_is_lost_or_doubled_however_often_anybody_is_killed(database: str, tmp_path: Path) -> None:
    village, chance = found(tmp_path / "province", upstream="", database=database), Random(SEED)
    province = Place(tmp_path / "province", area="52")
    config.save(replace(config.load(province.folder), database=database))
    province.start()
    laptops = [soaked(tmp_path, province, village.melati, number) for number in range(LAPTOPS)]
    for laptop in laptops:
        laptop.start()
        laptop.joined()
    province_kills = soak(province, laptops, chance)
    for laptop in laptops:
        laptop.kill()
    for laptop in laptops * 2:  # the first one is told the last one's too
        drained(laptop)
    province.stop()
    kills = province_kills + sum(laptop.kills for laptop in laptops)
    kind = "PostgreSQL" if "://" in database else "SQLite"
    report(
        f"soak, province on {kind}: {SOAK_S} s, {kills} kills ({province_kills} of the province):"
        f" {compared(province, laptops)}"
    )


def soaked(folder: Path, province: Place, posyandu: str, number: int) -> Soaked:
    """Return a new laptop with its code."""
    instance = province.instance
    with instance.store_for_job() as store:
        code = as_province.new_enrolment_code(instance, store, posyandu)
    return Soaked(folder / f"laptop-{number}", f"Laptop {number}", province.address, code)


def soak(province: Place, laptops: list[Soaked], chance: Random) -> int:
    """Kill somebody every two seconds and start her again; return how often it was the province."""
    end, province_kills = monotonic() + SOAK_S, 0
    while monotonic() < end:
        Event().wait(chance.uniform(*BETWEEN_TWO_KILLS_S))
        victim = chance.choice([None, *laptops])
        if victim is None:
            province.kill()
            province.start()
            province_kills += 1
        else:
            victim.kill()
            victim.start()
    return province_kills


def drained(laptop: Soaked) -> None:
    """Exchange until everything is through."""
    for _ in range(20):
        with suppress(TryAgain):
            if as_laptop.exchange(laptop.instance).requests == 1:
                return
    raise AssertionError(f"{laptop.name} does not get through")


def compared(province: Place, laptops: list[Soaked]) -> str:
    """Compare the books with the province's, the set in full; return what was found."""
    there = Counter(names(province.instance))
    attempted = answered = 0
    for laptop in laptops:
        saved = {number for save in laptop.ledger.numbers("saved") for number in save}
        for save in laptop.ledger.numbers("try"):
            arrived = [there.pop(f"{laptop.name} {number}", 0) for number in save]
            assert set(arrived) == {1} if save[0] in saved else set(arrived) in ({0}, {1}), (
                laptop.name,
                save,
            )
            attempted += len(save)
        answered += len(saved)
    assert there == Counter(), "children that nobody wrote"
    for laptop in laptops:
        assert names(laptop.instance) == names(province.instance)
    assert_sound(province.instance, acknowledged=False)
    for laptop in laptops:
        assert_sound(laptop.instance, acknowledged=True)
    return (
        f"{attempted} children attempted, {answered} answered, {len(names(province.instance))} at the province and on"
        " every laptop; lost 0, doubled 0, half 0"
    )


def names(instance: Instance) -> list[str]:
    """The names of all children of a place, each with one visit."""
    with instance.store_for_job() as store:
        question = """select person.name from person join balita on balita.person = person.id
            group by person.id, person.name having count(*) = 1 order by person.name"""
        found = [str(row["name"]) for row in store.rows(question)]
        assert (
            len(found)
            == store.value("select count(*) from person")
            == store.value("select count(*) from balita")
        )
        return found


def assert_sound(instance: Instance, *, acknowledged: bool) -> None:
    """A database after many kills: sound, its rows what its log says, nothing to look at, everything acknowledged."""
    with instance.store_for_job() as store:
        assert store.dialect != "sqlite" or store.value("pragma integrity_check") == "ok"
        assert store.rows("select * from reviews") == []
        assert records.recount(store, lambda done, of: None) == []
        told = status(store)
        assert not acknowledged or told.acknowledged == told.recorded
