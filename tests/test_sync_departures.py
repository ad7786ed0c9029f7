"""A child who moves is delivered to her new posyandu, confirmed there, and then removed from the old one's laptop."""

import random

import pytest

from sync import courier, departures, ids, log, postbox
from sync.errors import Malformed
from sync.messages import Request
from tests.sync_app import CITRA, NAME, NOTE, POSYANDU, notebook
from tests.sync_relay import forward, hand_over, know_each_other, with_relays
from tests.sync_world import Place, World, image_of, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


@pytest.fixture
def mawar(world) -> Place:
    return world.laptop("mawar")


def history(place, child) -> list[object]:
    return [kept.edit.values for kept in log.of_entities(place.store, [child])]


def moved(world, melati, posyandu: str = "mawar") -> str:
    """Aminah's child of Melati, corrected at the puskesmas, moves; Melati has heard of it."""
    child = melati.writer.child("Aminah")
    melati.exchange()
    world.office.save({NAME: "Siti Aminah"}, child, author=CITRA)
    world.office.save({POSYANDU: posyandu}, child, author=CITRA)
    melati.exchange()
    return child


def fill_a_message(writer, posyandu: str) -> None:
    """Write more about a posyandu than one message holds."""
    for number in range(8):
        note = random.Random(number).randbytes(12_000).hex()
        writer.save({NOTE: note}, writer.child(f"{posyandu} {number}", posyandu))


def test_the_old_laptop_keeps_a_child_until_the_new_one_has_her(world, melati, mawar):
    moved(world, melati)
    before = names(melati)
    mawar.exchange()  # she is delivered
    melati.exchange()
    delivered = names(melati)
    mawar.exchange()  # Mawar's cursor says that it has read her
    melati.exchange()
    assert [before, delivered, names(melati), names(mawar)] == [
        ["Siti Aminah"],
        ["Siti Aminah"],
        [],
        ["Siti Aminah"],
    ]


def test_a_child_stays_while_the_receipt_that_delivers_her_is_on_its_way_however_many_pages_it_has(
    world, melati, mawar
):
    moved(world, melati)
    fill_a_message(world.office, "mawar")
    receipts = postbox.receive(world.province, courier.export(mawar.laptop)).receipts
    melati.exchange()
    on_its_way = names(melati)
    courier.take(mawar.laptop, b"".join(receipts))
    postbox.receive(world.province, courier.export(mawar.laptop))  # it says that it has read her
    melati.exchange()
    assert (on_its_way, names(melati), "Siti Aminah" in names(mawar)) == (["Siti Aminah"], [], True)


def test_a_child_stays_until_a_laptop_that_has_just_got_her_new_area_has_read_it(world, melati, mawar):
    other = world.laptop("kenanga")
    moved(world, melati)
    other.exchange()  # it has read past the moving, in its own area
    world.scopes[other.lane] = frozenset(["kenanga", "mawar"])
    other.road.lose_answer = lambda number: True
    with pytest.raises(Exception, match="lost on the way back"):
        other.exchange()
    melati.exchange()
    undelivered = names(melati)
    other.road.lose_answer = lambda number: False
    other.exchange()
    other.exchange()
    melati.exchange()
    assert (undelivered, names(melati), names(other)) == (["Siti Aminah"], [], ["Siti Aminah"])


def test_what_others_wrote_leaves_the_log_and_the_own_lane_stays_whole(world, melati, mawar):
    child = moved(world, melati)
    for place in (mawar, mawar, melati):
        place.exchange()
    kept = history(melati, child)
    assert [len(kept), kept[0][NAME]] == [1, "Aminah"]
    assert departures.forgotten(melati.store, [child]) == {child}


def test_where_the_new_posyandu_has_no_laptop_the_child_leaves_at_once(world, melati):
    moved(world, melati, "kenanga")
    assert names(melati) == []


def test_nothing_is_forgotten_while_this_laptop_has_something_to_send(world, melati, mawar):
    moved(world, melati)
    for place in (mawar, mawar):
        place.exchange()
    melati.writer.child("Baiq")
    melati.road.lose_answer = lambda number: True
    with pytest.raises(Exception, match="lost on the way back"):
        melati.exchange()
    unsent = names(melati)
    melati.road.lose_answer = lambda number: False
    melati.exchange()
    assert (sorted(unsent), names(melati)) == (["Baiq", "Siti Aminah"], ["Baiq"])


def test_a_child_who_comes_back_comes_back_whole(world, melati, mawar):
    child = moved(world, melati)
    melati.writer.save({NOTE: "of the old days"}, child)
    for place in (melati, mawar, mawar, melati):
        place.exchange()
    gone = names(melati)
    mawar.writer.save({NAME: "Siti"}, child, author=CITRA)
    mawar.exchange()
    world.office.save({POSYANDU: "melati"}, child, author=CITRA)
    for place in (melati, melati, mawar):
        place.exchange()
    assert gone == []
    assert notebook(melati.store) == notebook(world.province.store)
    assert sorted(map(repr, history(melati, child))) == sorted(map(repr, history(world.province, child)))
    assert names(mawar) == []


def test_a_new_laptop_of_the_old_posyandu_never_hears_of_her(world, melati, mawar):
    child = moved(world, melati)
    second = world.laptop("melati")
    second.exchange()
    assert history(second, child) == []


def test_a_laptop_that_served_both_keeps_her(world, melati):
    both = world.laptop("melati", "kenanga")
    both.exchange()
    moved(world, melati, "kenanga")
    for place in (both, both, melati):
        place.exchange()
    assert [names(both), names(melati)] == [["Siti Aminah"], []]


def test_areas_taken_away_from_a_laptop_are_forgotten_and_its_own_stay(world, melati):
    both = world.laptop("melati", "mawar")
    for place, posyandu in ((melati, "melati"), (world.laptop("mawar"), "mawar")):
        for number in range(3):
            place.writer.child(f"{posyandu} {number}", posyandu)
        place.exchange()
    both.exchange()
    all_six = len(names(both))
    world.scopes[both.lane] = frozenset(["melati"])
    both.exchange()
    assert (all_six, sorted(names(both))) == (6, ["melati 0", "melati 1", "melati 2"])


def test_a_pc_forgets_a_child_known_from_a_bundle_only_who_was_never_of_its_areas():
    world = with_relays()
    pc = world.laptop("puskesmas", "melati")
    pc.exchange()
    both = world.laptop("melati", "mawar")
    know_each_other(world, both, pc)
    for posyandu in ("melati", "mawar"):
        both.writer.child(f"a child of {posyandu}", posyandu)
    hand_over(both, pc)
    early = sorted(names(pc))
    forward(world, pc)
    pc.exchange()
    pc.exchange()
    held = pc.store.value("select count(*) from edits"), pc.store.value("select count(*) from early")
    assert (early, names(pc), held) == (
        ["a child of mawar", "a child of melati"],
        ["a child of melati"],
        (1, 0),
    )


def test_a_new_laptop_that_is_told_of_many_children_asks_about_none_of_them(world):
    for number in range(3):
        world.office.child(f"child {number}", "mawar")
    new = world.laptop("melati", "mawar")
    assert (new.exchange().requests, len(names(new))) == (1, 3)


@pytest.mark.parametrize("said", [[[1], 2], [["melati"], ""], [[1]], ["", [], 7], None])
def test_an_answer_to_what_this_laptop_never_asked_makes_it_ask_nothing_more(said):
    assert not departures.asks_more({}, {"left": said})
    assert departures.asks_more({"left": ["ab", ["x"]]}, {"left": said})


def asked_about(store, said) -> list[str]:
    """Return about which records a laptop asks that says this of what may have left."""
    request = Request(1, 0, "", "", "", 0, "", "44" * 8, 60, {"left": said})
    return departures.asked_about(store, 1, request)


def test_whoever_names_an_area_is_told_nothing_of_what_is_in_it(world, mawar):
    child = mawar.writer.child("Baiq", "mawar")
    mawar.exchange()
    store, mine = world.province.store, frozenset(["melati"])
    by_area, by_name = (
        departures.left_behind(store, asked_about(store, said), mine)
        for said in ([["mawar"], ""], ["", [ids.short(child)]])
    )
    assert (by_area, by_name) == ([], [child])


@pytest.mark.parametrize("said", [[], ["", 7], "x", 7, ["", ["x"]]])
def test_a_question_that_names_nothing_is_refused(world, said):
    with pytest.raises(Malformed):
        asked_about(world.province.store, said)


def test_more_records_than_one_answer_names_are_forgotten_in_several(world, monkeypatch):
    monkeypatch.setattr(departures, "ASKED_AT_ONCE", 2)
    both, mawar = world.laptop("melati", "mawar"), world.laptop("mawar")
    for number in range(5):
        mawar.writer.child(f"mawar {number}", "mawar")
    mawar.exchange()
    both.exchange()
    world.scopes[both.lane] = frozenset(["melati"])
    both.exchange()
    assert names(both) == []


def test_the_daily_count_of_what_was_told_agrees_after_a_child_has_left(world, melati, mawar):
    moved(world, melati)
    for place in (mawar, mawar, melati):
        place.exchange()
    melati.clock.wait(2 * 86400)
    requests = melati.exchange().requests
    assert (requests, melati.store.value("select giving from sync_upstream")) == (1, 0)


def test_the_daily_count_finds_what_was_not_told_also_while_a_child_is_on_her_way(world, melati):
    moved(world, melati)  # no laptop of Mawar has fetched her yet
    other = melati.writer.child("Baiq")
    melati.exchange()
    world.office.save({NOTE: "read past"}, other, author=CITRA)
    melati.store.database.execute(
        "update sync_upstream set cursor_n = cursor_n + 1"
    )  # as after a restore unseen
    melati.clock.wait(2 * 86400)
    melati.exchange()
    assert [row["note"] for row in notebook(melati.store) if row["name"] == "Baiq"] == ["read past"]


def test_a_province_put_back_names_what_it_has_lost_of_what_a_laptop_would_delete(world, melati, mawar):
    before = image_of(world.province.store)
    child = moved(world, melati)
    told = [ids.short(kept.edit.uid) for kept in log.of_entities(melati.store, [child])]
    held = departures.lost(world.province.store, told)
    world.restore(before)
    assert (held, departures.lost(world.province.store, told)) == ({"lost": []}, {"lost": told})


@pytest.mark.parametrize("by_stick", [False, True])
def test_a_child_is_shown_again_when_the_province_that_was_put_back_has_forgotten_that_she_moved(
    world, melati, by_stick
):
    before = image_of(world.province.store)
    fill_a_message(melati.writer, "melati")
    moved(world, melati, "kenanga")
    for _ in range(2):
        melati.exchange()
    gone = names(melati)
    world.restore(before)
    for _ in range(6):
        if by_stick:
            receipts = postbox.receive(world.province, courier.export(melati.laptop)).receipts
            courier.take(melati.laptop, b"".join(receipts))
        else:
            melati.exchange()
    assert ("Siti Aminah" in gone, "Aminah" in names(melati), len(names(melati))) == (False, True, 9)
    assert notebook(melati.store) == notebook(world.province.store)


def test_of_a_long_list_too_everything_is_named_that_the_province_does_not_hold(world):
    told = [ids.short(f"{number:032x}") for number in range(1200)]
    assert departures.lost(world.province.store, told) == {"lost": told}


def gone_while_she_was_changed(world: World, melati: Place, mawar: Place, values: dict[int, str]) -> None:
    """Melati's kader changes a child after Mawar has her and before Melati hears that she is to be forgotten."""
    child = moved(world, melati)
    for place in (mawar, mawar):
        place.exchange()
    melati.writer.save(values, child)
    for place in (melati, melati, mawar, mawar, melati):
        place.exchange()


def test_a_child_who_was_fetched_back_before_her_leaving_was_heard_stays(world, melati, mawar):
    gone_while_she_was_changed(world, melati, mawar, {POSYANDU: "melati"})
    assert [names(melati), names(mawar)] == [["Siti Aminah"], []]


def test_a_child_who_was_corrected_before_her_leaving_was_heard_leaves_all_the_same(world, melati, mawar):
    gone_while_she_was_changed(world, melati, mawar, {NOTE: "of Melati"})
    assert [names(melati), names(mawar)] == [[], ["Siti Aminah"]]
    assert notebook(mawar.store) == notebook(world.province.store)


def test_a_child_who_was_changed_between_hearing_and_forgetting_is_asked_about_again(world, melati, mawar):
    child = moved(world, melati)
    for place in (mawar, mawar):
        place.exchange()
    with melati.store.write():
        departures.note(melati.store, [child], 0 + melati.store.value("select ack from sync_upstream"))
    melati.writer.save({POSYANDU: "melati"}, child)
    for place in (melati, melati, mawar):
        place.exchange()
    assert names(melati) == ["Siti Aminah"]


def test_a_child_who_was_to_be_forgotten_stays_when_her_new_area_becomes_this_laptops_too(world, melati):
    child = melati.writer.child("Aminah")
    melati.writer.save({POSYANDU: "kenanga"}, child)
    melati.road.lose_answer = lambda number: True
    with pytest.raises(Exception, match="lost on the way back"):
        melati.exchange()
    melati.road.lose_answer = lambda number: False
    with melati.store.write():
        departures.note(melati.store, [child], 2)  # as while something else waited to be sent
    world.scopes[melati.lane] = frozenset(["melati", "kenanga"])
    melati.exchange()
    assert notebook(melati.store) == notebook(world.province.store)
    assert departures.forgotten(melati.store, [child]) == set()
