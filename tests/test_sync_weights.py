"""What a word weighs: nobody speaks above the role she has, above the laptop she writes on, or in another's name."""

import pytest

import forms
from siposyandu import access, records
from siposyandu.records import Pen
from sync import body, departures, fold, heads, intake, joining, lanes, log, notices, relog
from sync.body import Edit
from sync.log import Line
from sync.ports import Author
from tests.conftest import NOW, Village
from tests.sync_app import AMINAH, BAIQ, CITRA, NAME, NOON, POSYANDU
from tests.sync_sticks import export, receive, take
from tests.sync_world import Place, World, image_of

pytestmark = pytest.mark.usefixtures("sync_database")

FORGER = Author(AMINAH.user, 2)  # Aminah is kader, whatever her laptop says


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


def weighed(store, child) -> list[tuple[object, int]]:
    """Return what the heads of a child's name say and weigh, the one that is shown first."""
    (conflict,) = fold.conflicts(store, child)
    return [(head.value, head.authority) for head in conflict.heads]


def two_names(world: World, one: Place, other: Place, first: Author, second: Author) -> str:
    """Let two people name one child at once, and everybody hear of it."""
    child = one.writer.child("Anak")
    for place in (one, other):
        place.exchange()
    one.writer.save({NAME: "oleh satu"}, child, author=first)
    other.writer.save({NAME: "oleh dua"}, child, author=second)
    for place in (one, other, one):
        place.exchange()
    return child


def test_a_rank_that_the_author_does_not_hold_is_lowered_to_her_own_everywhere(world, melati):
    mawar = world.laptop("melati")
    child = two_names(world, melati, mawar, FORGER, BAIQ)
    for store in (melati.store, mawar.store, world.province.store):
        assert weighed(store, child) == [("oleh dua", 2), ("oleh satu", 1)]
    assert [(told.kind, told.detail) for told in notices.waiting(world.province.store)] == [
        ("rank", AMINAH.user)
    ]


def test_an_author_whom_nobody_knows_weighs_nothing_until_her_record_comes(world, melati):
    mawar = world.laptop("melati")
    rank = world.ranks.pop(BAIQ.user)
    child = two_names(world, melati, mawar, AMINAH, BAIQ)
    unknown = [weighed(store, child) for store in (melati.store, mawar.store, world.province.store)]
    world.ranks[BAIQ.user] = rank
    melati.writer.child("Dedi")
    for place in (melati, mawar):
        place.exchange()
    known = [weighed(store, child) for store in (melati.store, mawar.store, world.province.store)]
    assert unknown == [[("oleh satu", 1), ("oleh dua", 0)]] * 3
    assert known == [[("oleh dua", 2), ("oleh satu", 1)]] * 3


def test_a_word_about_a_child_who_was_away_when_the_province_was_put_back_weighs_what_it_does_there(
    world, melati
):
    silent, stranger = world.laptop("melati"), Author("d4" * 16, 1)
    silent.writer.child("Lain")
    for place in (silent, melati):
        place.exchange()
    image = image_of(world.province.store)
    child = silent.writer.child("Anak")
    for place in (silent, melati):
        place.exchange()
    melati.writer.save({NAME: "Aminah"}, child, author=stranger)
    (word,) = heads.current(melati.store, child)[NAME]
    melati.exchange()
    world.office.save({POSYANDU: "mawar"}, child)
    take(melati, *receive(world, export(melati)).receipts)
    away = departures.forgotten(melati.store, [child])
    world.restore(image)
    world.ranks[stranger.user] = 1
    for _ in range(12):  # more than one message holds: the child comes back after all was read anew
        melati.writer.child("Baru", note=world.chance.token_bytes(9000).hex())
    for _ in range(3):
        melati.exchange()
    words = [log.by_uid(store, [word])[word].authority for store in (world.province.store, melati.store)]
    assert (away, words) == ({child}, [1, 1])


def test_a_rank_lost_between_two_contacts_still_counts_for_what_was_written_before(world, melati):
    asked = []
    object.__setattr__(world.province, "rank_of", lambda store, user, since: asked.append((user, since)) or 2)
    melati.writer.child("Aminah", note="satu")
    melati.exchange()
    first = world.clock.now()
    world.clock.wait(86400)
    melati.writer.child("Baiq")
    melati.exchange()
    assert asked == [(AMINAH.user, None), (AMINAH.user, first)]


def test_a_correction_of_the_province_given_back_by_a_laptop_weighs_what_that_laptop_may_carry(world, melati):
    mawar = world.laptop("melati")
    child = melati.writer.child("Anak")
    for place in (melati, mawar):
        place.exchange()
    backup = image_of(world.province.store)
    world.office.save({NAME: "oleh kantor"}, child, author=CITRA)
    melati.writer.save({NAME: "oleh kader"}, child)
    for place in (melati, mawar):
        place.exchange()
    world.restore(backup)
    for place in (mawar, melati, mawar):
        place.exchange()
    for store in (melati.store, mawar.store, world.province.store):
        assert weighed(store, child) == [("oleh kantor", 2), ("oleh kader", 1)]


def test_the_best_word_counts_of_several_laptops_that_bring_an_edit(world, melati):
    strong = world.new_laptop("melati")
    joining.enrol(strong.laptop, world.code("melati", ceiling=3))
    nurse = Author(CITRA.user, 3)
    child = melati.writer.child("Anak")
    for place in (melati, strong):
        place.exchange()
    backup = image_of(world.province.store)
    strong.writer.save({NAME: "oleh perawat"}, child, author=nurse)
    melati.writer.save({NAME: "oleh bidan"}, child, author=BAIQ)
    for place in (strong, melati, strong):
        place.exchange()
    world.restore(backup)
    melati.exchange()
    given_back = dict(weighed(melati.store, child))
    for place in (strong, melati):
        place.exchange()
    assert given_back == {"oleh perawat": 2, "oleh bidan": 2}
    for store in (melati.store, strong.store, world.province.store):
        assert weighed(store, child) == [("oleh perawat", 3), ("oleh bidan", 2)]


def given_back_by_a_pc(world: World, author: Author) -> tuple[Place, str]:
    """Let a laptop that may carry 1 name a child, a PC that may carry 3 hear of it, and the province lose it again."""
    weak, pc = world.new_laptop("melati"), world.new_laptop("puskesmas", "melati")
    world.certified(weak, ceiling=1)
    world.certified(pc, ceiling=3)
    child = weak.writer.child("Anak")
    for place in (weak, pc):
        place.exchange()
    backup = image_of(world.province.store)
    weak.writer.save({NAME: "oleh satu"}, child, author=author)
    for place in (weak, pc):
        place.exchange()
    world.restore(backup)
    pc.exchange()
    return pc, child


def weight_of_name(store, child) -> int:
    """Return what the newest word about a child's name weighs."""
    return log.of_entities(store, [child])[-1].authority


def test_an_edit_given_back_by_a_stronger_laptop_weighs_what_its_own_may_carry(world):
    pc, child = given_back_by_a_pc(world, Author(CITRA.user, 3))
    assert [weight_of_name(store, child) for store in (world.province.store, pc.store)] == [1, 1]


def test_an_edit_given_back_whose_author_was_not_known_yet_weighs_no_more_either(world):
    rank = world.ranks.pop(CITRA.user)
    pc, child = given_back_by_a_pc(world, Author(CITRA.user, 3))
    world.ranks[CITRA.user] = rank
    pc.writer.child("Dedi")
    for _ in range(2):
        pc.exchange()
    assert [weight_of_name(store, child) for store in (world.province.store, pc.store)] == [1, 1]


def test_an_edit_that_the_province_holds_weighs_no_more_when_a_stronger_laptop_brings_it_again(world):
    pc, child = given_back_by_a_pc(world, Author(CITRA.user, 3))
    third = world.new_laptop("melati")
    world.certified(third, ceiling=2)
    uid = log.of_entities(pc.store, [child])[-1].edit.uid
    third.exchange()
    with third.store.write():
        relog.carry(third.store, lanes.get(third.store, third.lane), [uid])
    third.exchange()
    assert weight_of_name(world.province.store, child) == 1


def test_an_edit_of_a_laptop_that_a_province_put_back_does_not_know_weighs_less_once_it_is_heard(world):
    backup = image_of(world.province.store)
    weak, pc = world.new_laptop("melati"), world.new_laptop("puskesmas", "melati")
    world.certified(weak, ceiling=1)
    world.certified(pc, ceiling=3)
    child = weak.writer.save({0: 1, NAME: "Anak", 13: "melati"}, author=Author(CITRA.user, 3))
    for place in (weak, pc):
        place.exchange()
    world.restore(backup)
    pc.exchange()
    unheard = weight_of_name(world.province.store, child)
    for place in (weak, pc):
        place.exchange()
    heard = [weight_of_name(store, child) for store in (world.province.store, pc.store, weak.store)]
    assert (unheard, heard) == (3, [1, 1, 1])


def test_an_edit_that_claims_to_come_from_the_province_weighs_no_more_for_it(world, melati):
    child = melati.writer.child("Anak")
    melati.exchange()
    forged = Edit("", world.office.lane, 99, "set", child, 1, CITRA.user, 4, NOON, {NAME: "palsu"}, {})
    edit, text, _ = body.named(forged)
    with melati.store.write():
        intake.take(melati.store, [Line(edit, text)], NOON, melati.laptop.apply, lambda new, known: [])
        relog.carry(melati.store, lanes.get(melati.store, melati.lane), [edit.uid])
    melati.exchange()
    assert weighed(world.province.store, child) == [("palsu", 2), ("Anak", 1)]
    assert weighed(melati.store, child) == [("palsu", 2), ("Anak", 1)]


def test_the_rank_of_a_worker_is_the_highest_she_held_since_the_laptop_was_last_heard(province: Village):
    form = forms.BY_NAME["worker"]
    with province.instance.store_for_job() as store:
        office = Pen(province.instance.lane, province.eka, NOW)
        before = access.rank_held(store, province.baiq.id, None)
        records.save(store, office, form, {"role": "kader"}, province.baiq.id)
        held = [access.rank_held(store, province.baiq.id, since) for since in (None, "2020-01-01T00:00:00Z")]
        now = access.rank_held(store, province.baiq.id, "2099-01-01T00:00:00Z")
        records.save(store, office, form, {"active": 0}, province.baiq.id)
        gone = access.rank_held(store, province.baiq.id, "2099-01-01T00:00:00Z")
        nobody = access.rank_held(store, "0" * 32, None)
    assert (before, held, now, gone, nobody) == (2, [2, 2], 1, 0, None)
