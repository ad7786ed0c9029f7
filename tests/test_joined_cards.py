"""Two cards of one child, joined and parted: counted once meanwhile, in any order, and afterwards as if nothing had been."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import forms
from siposyandu import joined_cards, people, records
from siposyandu.access import Worker
from siposyandu.periods import Month
from siposyandu.records import Pen
from siposyandu.store import SqliteStore, Store
from sync import intake
from tests.children import register, weigh
from tests.conftest import Village
from tests.neighbours import Neighbours
from tests.test_any_order import LAPTOP, MELATI, NOON, NOW, Author, Undo, check, doing, stores
from tests.test_web_differences import child_of, meet

__all__ = ["stores"]

TABLES = (
    "person",
    "balita",
    "balita_growth",
    "membership",
    "tally",
    "joined_card",
    "home_visit",
    "referral_return",
)


def everything(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All rows that follow from the log, apart from the row numbers of the search index."""
    found = {name: store.rows(f"select * from {name}") for name in TABLES}
    for row in found["person"]:
        del row["search_row"]
    return {name: sorted(rows, key=str) for name, rows in found.items()}


@dataclass
class Joiner(Author):
    """Somebody who joins and parts cards too."""

    joined: list[str] = field(default_factory=list)

    def join(self, goes: int, stays: int) -> None:
        """Join two of the three cards."""
        if goes != stays:
            said = {"person_goes": self.children[goes], "person_stays": self.children[stays]}
            self.joined.append(self.save("same_person", {**said, "posyandu": MELATI, "reason": "twice"}))

    def part(self, which: int) -> None:
        """Part cards that were joined, or were parted already."""
        if self.joined:
            pen = Pen(LAPTOP, Worker("cc" * 16, "Aminah", "kader", MELATI), NOW)
            records.retract(self.store, pen, self.joined[which % len(self.joined)], "bukan")

    def withdraw_card(self, which: int) -> None:
        """Withdraw a child's own card."""
        pen = Pen(LAPTOP, Worker("cc" * 16, "Aminah", "kader", MELATI), NOW)
        records.retract(self.store, pen, self.children[which], "salah")

    def step(self, chance: Random) -> None:
        """Do one thing, every third one about cards."""
        drawn = chance.randrange(9)
        if drawn < 2:
            self.join(chance.randrange(3), chance.randrange(3))
        elif drawn == 2:
            self.part(chance.randrange(10))
        elif drawn == 3 and chance.random() < 0.2:
            self.withdraw_card(chance.randrange(3))
        else:
            self.act(*doing(chance))


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.integers(0, 2**32))
def test_in_whatever_order_it_arrives_a_child_on_several_cards_is_counted_once(
    stores: tuple[SqliteStore, SqliteStore], seed: int
) -> None:
    laptop, province = stores
    chance = Random(seed)
    with pytest.raises(Undo), laptop.write(), province.write():
        author = Joiner(laptop)
        author.begin()
        for _ in range(chance.randrange(5, 25)):
            author.step(chance)
            check(laptop)
        lines, size = author.lines(), chance.randrange(1, 15)
        chance.shuffle(lines)
        for start in range(0, len(lines), size):
            intake.take(province, lines[start : start + size], NOON, records.apply, lambda new, known: [])
            check(province)
        # Which months were counted at all, and which of a card's moves is the later one, depends on what came first
        # (here even the edits of one lane are shuffled); what follows from it is compared by `check`.
        apart: dict[str, list[dict[str, Any]]] = {"tally": [], "membership": []}
        assert everything(province) | apart == everything(laptop) | apart
        raise Undo


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.integers(0, 2**32))
def test_joined_and_parted_again_everything_is_as_it_was(
    stores: tuple[SqliteStore, SqliteStore], seed: int
) -> None:
    laptop, _ = stores
    chance = Random(seed)
    with pytest.raises(Undo), laptop.write():
        author = Joiner(laptop)
        author.begin()
        for _ in range(chance.randrange(5, 30)):
            author.act(*doing(chance))
        before = everything(laptop)
        for _ in range(chance.randrange(1, 5)):
            author.join(chance.randrange(3), chance.randrange(3))
        check(laptop)
        for number in chance.sample(range(len(author.joined)), len(author.joined)):
            author.part(number)
        check(laptop)
        after = everything(laptop)
        counted = {(row["posyandu"], row["month"]) for row in before["tally"]}
        after["tally"] = [row for row in after["tally"] if (row["posyandu"], row["month"]) in counted]
        assert after == before
        raise Undo


def test_where_only_one_of_the_two_cards_is_known_the_child_stays_on_the_list(
    stores: tuple[SqliteStore, SqliteStore],
) -> None:
    laptop, elsewhere = stores
    with pytest.raises(Undo), laptop.write(), elsewhere.write():
        author = Joiner(laptop)
        author.begin()
        author.join(0, 1)
        lines = author.lines()
        later = [line for line in lines if line.edit.entity == author.children[1]]
        listed = []
        for some in ([line for line in lines if line not in later], later):
            intake.take(elsewhere, some, NOON, records.apply, lambda new, known: [])
            listed.append([row["name"] for row in people.sasaran(elsewhere, MELATI, Month(2025, 11))])
        assert listed == [["Anak 0", "Anak 2"], ["Anak 1", "Anak 2"]]
        raise Undo


LINKS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8)


@given(LINKS, st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 1)), st.randoms())
def test_which_card_stays_is_settled_by_what_was_said_not_by_its_order(
    links: list[tuple[str, str]], withdrawn: dict[str, int], chance: Any
) -> None:
    found = joined_cards.staying(links, withdrawn)
    mixed = list(links)
    chance.shuffle(mixed)
    assert joined_cards.staying([*mixed, *links], withdrawn) == found
    assert all(found[stays] == stays for stays in found.values())
    assert all(found[one] == found[other] for one, other in links if one in found and other in found)


def same_person(village: Village, goes: str, stays: str) -> str:
    said = {"person_goes": goes, "person_stays": stays, "posyandu": village.melati, "reason": "twice"}
    with village.instance.store_for_job() as store:
        return records.save(store, village.pen(), forms.BY_NAME["same_person"], said)


def test_a_child_on_two_cards_is_one_sasaran_with_all_her_visits_and_two_again_when_parted(
    village: Village,
) -> None:
    one = register(village, "Baiq Rania", nik="5202025005250001")
    other = register(village, "By. Ny. Saknah")
    for person, day, weight_g in (
        (one, "2026-05-04", 8000),
        (other, "2026-06-08", 8300),
        (one, "2026-07-06", 8600),
    ):
        weigh(village, person, day, weight_g)
    with village.instance.store_for_job() as store:
        before = everything(store)
    link = same_person(village, other, one)
    with village.instance.store_for_job() as store:
        letters = [(row["visit_date"], row["gain"]) for row in people.visits(store, one)]
        expected = [row["name"] for row in people.sasaran(store, village.melati, Month(2026, 7))]
        counted = store.one("select sum(s) as s, sum(d) as d, sum(n) as n from tally where month = '2026-06'")
        assert (letters, expected, counted) == (
            [("2026-05-04", "B"), ("2026-06-08", "N"), ("2026-07-06", "N")],
            ["Baiq Rania"],
            {"s": 1, "d": 1, "n": 1},
        )
        assert records.recount(store, lambda done, of: None) == []
        records.retract(store, village.pen(), link, "anak lain")
        assert everything(store) == before
        assert records.recount(store, lambda done, of: None) == []


def test_a_child_who_came_from_another_posyandu_was_that_ones_before_and_is_counted_in_one_place(
    village: Village,
) -> None:
    there = register(village, "Lalu Arya", sex="m", posyandu=village.kenanga, registered_date="2025-06-02")
    here = register(village, "L. Arya", sex="m", registered_date="2026-03-02")
    weigh(village, there, "2026-02-09", 8000, posyandu=village.kenanga)
    weigh(village, here, "2026-04-06", 8400)
    same_person(village, there, here)
    with village.instance.store_for_job() as store:
        stays = store.rows(
            "select person, posyandu, from_date, until_date from membership order by from_date"
        )
        counted = store.rows(
            "select posyandu, month, sum(s) as s, sum(d) as d from tally where month in ('2026-02', '2026-04')"
            " group by posyandu, month having sum(s) > 0 order by month"
        )
    assert stays == [
        {"person": here, "posyandu": village.kenanga, "from_date": "2025-06-02", "until_date": "2026-03-02"},
        {"person": here, "posyandu": village.melati, "from_date": "2026-03-02", "until_date": None},
    ]
    assert counted == [
        {"posyandu": village.kenanga, "month": "2026-02", "s": 1, "d": 1},
        {"posyandu": village.melati, "month": "2026-04", "s": 1, "d": 1},
    ]


def test_both_cards_and_all_visits_are_told_to_both_posyandu_and_not_any_more_when_parted(
    province: Village,
) -> None:
    there = register(province, "Lalu Arya", sex="m", posyandu=province.kenanga)
    here = register(province, "L. Arya", sex="m")
    visit = weigh(province, there, "2026-02-09", 8000, posyandu=province.kenanga)
    told = "select area as key from placement where entity = $1 and left_n is null order by area"
    link = same_person(province, there, here)
    with province.instance.store_for_job() as store:
        both = sorted((province.melati, province.kenanga))
        assert {
            each: [row["key"] for row in store.rows(told, each)] for each in (there, here, visit, link)
        } == dict.fromkeys((there, here, visit, link), both)
        records.retract(store, province.pen(), link, "anak lain")
        assert [[row["key"] for row in store.rows(told, each)] for each in (there, here, visit)] == [
            [province.kenanga], [province.melati], [province.kenanga]]  # fmt: skip


def test_two_laptops_that_join_in_opposite_directions_show_the_same_child(tmp_path: Path) -> None:
    world = Neighbours.begin(tmp_path)
    one, two = world.laptop("one"), world.laptop("two")
    cards = [child_of(one), child_of(one)]
    one.weigh(one.village.aminah, cards[0], "2026-07-06", 7600)
    meet(one, two)
    for laptop, (goes, stays) in ((one, cards), (two, cards[::-1])):
        said = {"person_goes": goes, "person_stays": stays, "posyandu": one.village.melati, "reason": "twice"}
        laptop.save(laptop.village.aminah, "same_person", **said)
    two.weigh(two.village.aminah, cards[1], "2026-08-03", 8000)
    meet(one, two)
    shown = []
    for place in (one, two, world):
        with place.store() as store:
            everyone = [row["id"] for row in people.sasaran(store, one.village.melati, Month(2026, 8))]
            shown.append((everyone, [visit["weight_g"] for visit in people.visits(store, min(cards))]))
            assert records.recount(store, lambda done, of: None) == []
    assert shown == [([min(cards)], [7600, 8000])] * 3
