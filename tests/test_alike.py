"""Cards that look like one child: names as they are written here, twins kept apart, and how many doubles are found."""

from time import process_time

import pytest

from siposyandu.alike import finding
from siposyandu.alike.scoring import card, compare
from siposyandu.alike.written_names import alike, written
from tests import twice_world

CARD = {"id": "a", "name": "Lalu Muhammad Rizki", "sex": "m", "birth_date": "2025-03-04", "mother_name": "Sahnim",
        "dusun": "Otak Desa", "nik": "5203120403259001"}  # fmt: skip


def worth_asking(**other: object) -> bool:
    return compare(card(CARD), card({**CARD, "id": "b", **other})).worth_asking


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("L. Muh. Rizqi", "Lalu Muhammad Rizki", "same"),
        ("Bq. Nur Aini", "Baiq Nuraini", "same"),
        ("Dae Maryam", "Mariam", "same"),
        ("Alfarizi", "M. Alfarizi", "part"),
        ("M. Alfarizi", "M. Alfarizzi Akbar", "part"),
        ("Syakila Nazwa", "Syakila Nasywa", "close"),
        ("By. Ny. Sahnim", "Lalu Rizki", "unsaid"),
        ("By. Ny. Sahnim 1", "By. Ny. Sahnim 2", "different"),
        ("Inaq Rizki", "Sahnim", "unsaid"),
        ("Muhammad", "Muhammad Rizki", "unsaid"),
        ("Khairul Reza", "Saiful Reza", "different"),
        ("Hasan", "Husain", "different"),
        ("Lalu Arya", "Lalu Arsa", "different"),
    ],
)
def test_names_are_alike_as_they_are_written_here(one: str, other: str, how: str) -> None:
    assert alike(written(one), written(other)) == how


def test_one_child_written_in_another_way_is_worth_a_question() -> None:
    assert all((
        worth_asking(name="Muh. Rizki", nik=None),
        worth_asking(name="By. Ny. Sahnim", nik=None),
        worth_asking(birth_date="2025-04-03", nik=None),
        worth_asking(birth_date="2024-03-04", nik=None),
        worth_asking(mother_name=None, nik=None),
        worth_asking(mother_name="Inaq Rizki", nik=None, dusun=None),
        worth_asking(nik="5203120403259007"),
        worth_asking(sex="f", nik=None),
    ))  # fmt: skip


def test_twins_brothers_and_namesakes_are_not_one_child() -> None:
    assert not any((
        worth_asking(name="Lalu Muhammad Hasan", nik="5203120403259002"),
        worth_asking(name="Lalu Muhammad Hasan", nik=None),
        worth_asking(name="Lalu Muhammad Rizka", nik="5203120403259002"),
        worth_asking(name="Baiq Rania", sex="f", birth_date="2022-10-20"),
        worth_asking(mother_name="Rohani", nik="5203120403259311", dusun="Dasan Baru"),
    ))  # fmt: skip


def test_a_new_card_is_compared_with_those_that_are_here() -> None:
    here = [
        CARD,
        {**CARD, "id": "c", "name": "Baiq Dinda", "sex": "f", "birth_date": "2023-01-01", "nik": None},
    ]
    new = {"name": "Muh. Rizqi", "sex": "m", "birth_date": "2025-03-04", "mother_name": "Sahnim"}
    assert [pair.other["id"] for pair in finding.like(new, here)] == ["a"]


@pytest.mark.parametrize(
    ("seeds", "families"), [(twice_world.HELD_OUT, 160), (range(7100, 7101), 2450)], ids=["posyandu", "area"]
)
def test_doubles_of_registers_never_seen_before_are_found_and_little_else(
    seeds: range, families: int
) -> None:
    found = twice_world.measured(seeds, families)
    assert found.precision >= 0.98, found
    assert found.recall >= 0.95, found


def test_a_large_posyandu_is_looked_through_while_a_page_is_opened() -> None:
    rows = twice_world.drawn(5, 240).rows
    begun = process_time()
    finding.pairs(rows)
    assert (len(rows) > 300, process_time() - begun < 0.5) == (True, True)
