"""A process is killed at every single write to its disk: in a save, in an exchange on the laptop, in an arrival at the province.

Real processes, real SIGKILL: the dying process kills itself before, in the middle of, or after its n-th call that changes
anything under its folder (database, write-ahead file, keys; tests/power_cut.c). Then the place is opened as after any power
cut: the database is sound and holds what it held before or after, never a mixture; what was answered is there; and doing it
again ends where doing it undisturbed ends. Every run of the tests does some of the calls; `make trials` does all.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from siposyandu import as_laptop, records
from sync.errors import Unreachable
from tests.evening import SENT, Evening, evening, founded, switched_on
from tests.power_cut import AFTER, BEFORE, HALF, HOW, Call, Doomed, calls, doomed
from tests.trials import report, some
from tests.unsynced import Disk

CUTS_EACH_RUN = 12
Cut = tuple[int, int]


@pytest.fixture(scope="module")
def that_evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    with evening(tmp_path_factory.mktemp("kill")) as made:
        yield made


@pytest.fixture(scope="module")
def program(that_evening: Evening, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doomed]:
    with doomed(tmp_path_factory.mktemp("doomed"), that_evening.folder) as running:
        yield running


def cuts(found: list[Call]) -> list[Cut]:
    """Every place where the power can go: before, in the middle of, and after each call."""
    assert {"write", "sync"} <= {call.name for call in found}
    middles = {number for number, call in enumerate(found, 1) if call.has_a_middle}
    return [
        (number, how)
        for number in range(1, len(found) + 1)
        for how in (BEFORE, HALF, AFTER)
        if how != HALF or number in middles
    ]


def sound(folder: Path) -> None:
    """Open a place as after any power cut: its database is sound, and its rows are what its log says."""
    with switched_on(folder).store_for_job() as store:
        assert store.value("pragma integrity_check") == "ok"
        assert records.recount(store, lambda done, of: None) == []


def held_that_evening(that_evening: Evening, folder: Path) -> dict[str, Any]:
    """What a place held; it is put back afterwards, for looking at a database may tidy up its files."""
    that_evening.again()
    held = that_evening.held(folder)
    that_evening.again()
    return held


def visit(that_evening: Evening) -> dict[str, Any]:
    """A weighing of the evening: of a child that was told with the others."""
    with switched_on(that_evening.laptop).store_for_job() as store:
        child = store.value("select id from person order by name limit 1")
    return {
        "person": child, "posyandu": that_evening.village.melati, "visit_date": "2026-08-03",
        "weight_g": 9100, "length_height_mm": 755, "measured": "lying", "oedema": "no",
    }  # fmt: skip


def test_a_save_killed_at_any_write_is_there_whole_or_not_at_all(
    that_evening: Evening, program: Doomed
) -> None:
    that_evening.again()
    values = visit(that_evening)
    before = held_that_evening(that_evening, that_evening.laptop)
    assert program.do("save", that_evening.laptop, visit=values).answered
    found, after = list(calls(program.log)), that_evening.held(that_evening.laptop)
    chosen = some(cuts(found), CUTS_EACH_RUN)
    kept = 0
    for at, how in chosen:
        that_evening.again()
        ending = program.do("save", that_evening.laptop, at, how, visit=values)
        assert not ending.lived
        sound(that_evening.laptop)
        held = that_evening.held(that_evening.laptop)
        assert held == after if ending.answered else held in (before, after), (HOW[how], at, found[at - 1])
        if held == before:
            program.do("save", that_evening.laptop, visit=values)
            assert that_evening.held(that_evening.laptop) == after
        kept += held == after
    report(
        f"kill: a save makes {len(found)} calls; killed at {len(chosen)} of {len(cuts(found))} places:"
        f" {kept} times kept whole, {len(chosen) - kept} times not at all, 0 answered saves lost, 0 by half"
    )


def test_an_exchange_killed_at_any_write_of_the_laptop_loses_and_doubles_nothing(
    that_evening: Evening, program: Doomed
) -> None:
    laptop, url = that_evening.laptop, that_evening.proxy.url
    before = held_that_evening(that_evening, laptop)
    assert program.do("exchange", laptop, url=url).answered
    found, expected = list(calls(program.log)), that_evening.both()
    chosen = some(cuts(found), CUTS_EACH_RUN)

    def cut(at: int, how: int) -> bool:
        ending = program.do("exchange", laptop, at, how, url=url)
        assert not ending.lived
        assert that_evening.held(laptop) in ([expected[1]] if ending.answered else [before, expected[1]])
        return True

    assert_all_end_alike(that_evening, chosen, cut, expected)
    report(
        f"kill: an exchange makes {len(found)} calls on the laptop; killed at {len(chosen)} of {len(cuts(found))}"
        " places: 0 lost, 0 doubled, both databases as undisturbed after the next exchange"
    )


def test_an_arrival_killed_at_any_write_of_the_province_loses_and_doubles_nothing(
    that_evening: Evening, program: Doomed
) -> None:
    folder = that_evening.province
    before = held_that_evening(that_evening, folder)
    assert at_the_province(that_evening, program) == (SENT, True)
    found, expected = list(calls(program.log)), that_evening.both()
    chosen = some(cuts(found), CUTS_EACH_RUN)

    def cut(at: int, how: int) -> bool:
        outcome, lived = at_the_province(that_evening, program, at, how)
        # Its threads do not always tidy up in the same order: it may be done before that call, but then it has answered.
        assert outcome == SENT or not lived
        assert that_evening.held(folder) in ([expected[0]] if outcome else [before, expected[0]])
        return not lived

    killed = assert_all_end_alike(that_evening, chosen, cut, expected)
    report(
        f"kill: an arrival makes {len(found)} calls at the province; killed at {killed} of {len(cuts(found))}"
        " places: 0 acknowledged rows lost, 0 doubled, both databases as undisturbed after the next exchange"
    )


def at_the_province(
    that_evening: Evening, program: Doomed, at: int = 0, how: int = BEFORE
) -> tuple[Any, bool]:
    """Exchange with a province that loses its power; returns what the laptop got, and whether the province lived."""
    program.begin("province", that_evening.province, at, how)
    port = program.port()
    if port is None:
        return None, False
    outcome = None
    try:
        outcome = that_evening.exchange(f"http://127.0.0.1:{port}")
    except Unreachable:
        pass
    else:
        program.tell("stop")
    return outcome, program.ending().lived


def assert_all_end_alike(
    that_evening: Evening, chosen: list[Cut], cut: Callable[[int, int], bool], expected: Any
) -> int:
    """After each cut both places are sound, and the next exchange ends where an undisturbed one ends; returns the kills."""
    killed = 0
    for at, how in chosen:
        that_evening.again()
        killed += cut(at, how)
        for folder in (that_evening.laptop, that_evening.province):
            sound(folder)
        that_evening.exchange()
        assert that_evening.both() == expected, (HOW[how], at)
    return killed


def test_a_laptop_killed_at_any_write_while_it_joins_joins_with_the_same_code_and_is_one_laptop(
    that_evening: Evening, program: Doomed
) -> None:
    folder, url, code = that_evening.new_laptop, that_evening.proxy.url, that_evening.code
    that_evening.again()
    assert program.do("join", folder, url=url, code=code).answered
    found = list(calls(program.log))
    expected = joined(that_evening)
    chosen = some(cuts(found), CUTS_EACH_RUN)
    for at, how in chosen:
        that_evening.again()
        assert not program.do("join", folder, at, how, url=url, code=code).lived
        as_laptop.enrol(founded(folder, url), url, code, "doomed")
        sound(folder)
        assert joined(that_evening) == expected, (HOW[how], at)
    report(
        f"kill: to join makes {len(found)} calls on the new laptop; killed at {len(chosen)} of {len(cuts(found))} places:"
        " each time it joined with the same code, as one laptop, and was told everything"
    )


def joined(that_evening: Evening) -> tuple[int, Any, bool]:
    """How many laptops the province knows, what the new one was told, and whether its kader can choose a PIN."""
    with switched_on(that_evening.province).store_for_job() as store:
        laptops = store.value("select count(*) from devices")
    place = switched_on(that_evening.new_laptop)
    with place.store_for_job() as store:
        told = store.rows("select id, name from person order by id")
        return laptops, told, as_laptop.setup_code_matches(place, store, that_evening.code)


def test_what_was_answered_is_there_even_if_all_that_was_not_synced_is_gone(
    that_evening: Evening, program: Doomed
) -> None:
    that_evening.again()
    values, url = visit(that_evening), that_evening.proxy.url
    laptop, province = that_evening.laptop, that_evening.province

    def arrival() -> int:
        program.begin("province", province)
        port = program.port()
        that_evening.exchange(f"http://127.0.0.1:{port}")
        answered = program.switch.counted
        program.tell("stop")
        program.ending()
        return answered

    deeds: list[tuple[str, Path, Callable[[], int]]] = [
        ("a save", laptop, lambda: program.do("save", laptop, visit=values).answered),
        ("an exchange on the laptop", laptop, lambda: program.do("exchange", laptop, url=url).answered),
        ("an arrival at the province", province, arrival),
    ]
    for name, folder, deed in deeds:
        tried, possible = cut_the_power(that_evening, program, folder, deed)
        report(
            f"power: {name} was cut off from power at {tried} of {possible} moments, all or some of what was not synced"
            " being lost or torn: each time sound and whole or not there, 0 answered lost"
        )


def cut_the_power(
    that_evening: Evening, program: Doomed, folder: Path, deed: Callable[[], int]
) -> tuple[int, int]:
    """Do a deed once, then look at what each power cut during it would have left; returns cuts tried and possible."""
    before = held_that_evening(that_evening, folder)
    answered = deed()
    found, after = list(calls(program.log)), that_evening.held(folder)
    possible = [
        (at, chance) for at in range(len(found) + 1) for chance in (None, Random(at), Random(f"{at} again"))
    ]
    chosen = some(range(len(possible)), CUTS_EACH_RUN)
    for number in chosen:
        at, chance = possible[number]
        left = left_by_a_cut(that_evening, folder, found[:at], chance)
        assert left == after if at >= answered else left in (before, after), (at, number)
    return len(chosen), len(possible)


def left_by_a_cut(
    that_evening: Evening, folder: Path, done: list[Call], chance: Random | None
) -> dict[str, Any]:
    """What a place holds that had done this when the power went."""
    disk = Disk(folder.with_name(f"{folder.name} that evening"), folder)
    disk.replay(done)
    disk.cut(chance)
    sound(folder)
    return that_evening.held(folder)


def test_a_save_that_is_answered_before_it_is_synced_would_be_found_out(
    that_evening: Evening, program: Doomed
) -> None:
    that_evening.again()
    laptop, values = that_evening.laptop, visit(that_evening)
    before = held_that_evening(that_evening, laptop)
    answered = program.do("save", laptop, visit=values, synced=False).answered
    found, after = list(calls(program.log)), that_evening.held(laptop)
    assert left_by_a_cut(that_evening, laptop, found[:answered], None) == before != after
