"""Names as they are written here are found, on every database alike: measured on a set that is published with it.

`tests/data/names.csv`: invented people, each with ways in which another book, or a hurried kader, writes her name, her
title or her mother's. The table was made while looking at the rows that are `known`; the others were written before it was
tried on them, and nothing was changed after. What is beyond the table stays in the set and counts against it.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from siposyandu import child_code, names, people
from siposyandu.store import Store

HOME = "melati"
with (Path(__file__).parent / "data" / "names.csv").open(encoding="utf-8") as file:
    SET = list(csv.DictReader(file))


@dataclass(frozen=True)
class Measured:
    """How often the one who was meant was found, found first, and how many others were found with them."""

    asked: int
    found: int
    first: int
    others: int

    @property
    def recall(self) -> float:
        return round(self.found / self.asked, 3)

    @property
    def precision(self) -> float:
        return round(self.found / (self.found + self.others), 3)


@pytest.fixture
def register(store: Store) -> Store:
    """The people of the set, in one posyandu."""
    rows = [(f"{number:032x}", row["name"], row["mother_name"], HOME) for number, row in enumerate(SET)]
    with store.write():
        store.many("insert into person (id, name, mother_name, posyandu) values ($1, $2, $3, $4)", rows)
    return store


def found(store: Store, said: str) -> list[str]:
    return [row["name"] for row in people.find(store, said, frozenset({HOME}))]


def measured(store: Store, known: str) -> Measured:
    asked = [(row["name"], said) for row in SET if row["known"] == known for said in row["asked"].split(";")]
    answers = [(wanted, found(store, said)) for wanted, said in asked]
    right = sum(wanted in names for wanted, names in answers)
    first = sum(names[:1] == [wanted] for wanted, names in answers)
    return Measured(len(asked), right, first, sum(len(names) for _, names in answers) - right)


def test_people_are_found_as_other_books_write_them(register: Store) -> None:
    known, unseen = measured(register, "yes"), measured(register, "no")
    assert (known, known.recall, known.precision) == (Measured(188, 182, 180, 33), 0.968, 0.847)
    assert (unseen, unseen.recall, unseen.precision) == (Measured(74, 61, 61, 2), 0.824, 0.968)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("bayi nyonya sahdiah", ["By. Ny. Sahdiah"]),
        ("dewi anjany", ["Lale Dewi Anjani"]),
        ("lalu wira", ["L. Wirajaya Kusuma", "Raden Wirangsa"]),
        ("aqila nuraini", ["Aqila Dwi"]),
        ("nuraini", ["Baiq Nuraini", "Aqila Dwi"]),
        ("Nikmatullah", ["Ni'matullah"]),
        ("fatimah az zahra", ["Fatimah Azzahra"]),
        ("m zuhri", ["Lalu Muhammad Zohri"]),
        ("kucing", []),
    ],
)
def test_the_best_fit_comes_first(register: Store, said: str, expected: list[str]) -> None:
    assert found(register, said) == expected


def test_the_list_of_the_day_is_sifted_alike() -> None:
    words = names.searchable("Baiq Nur'aini", "Hj. Chadijah", "Montong Sari")
    said = ("bq nuraini", "noer aini", "khadijah", "hadijah montong", "ong", "lalu nur", "rohani", "")
    assert [names.fits(words, each) for each in said] == [True, True, True, True, True, True, False, True]


def test_two_ways_to_write_one_name_are_one_child() -> None:
    pairs = (("Siti Nur Aini", "ST. NURAINI"), ("L. Muh. Rizqi", "Muhammad Rizki"), ("Hasan", "Hasanah"))
    assert [names.whole(one) == names.whole(other) for one, other in pairs] == [True, True, False]


def test_a_child_is_found_by_her_code_alone(register: Store) -> None:
    code = child_code.code_of(f"{4:032x}")
    said = (code, code.lower().replace("-", ""), f" {code} ")
    assert [found(register, each) for each in said] == [["L. Wirajaya Kusuma"]] * 3
    assert people.by_code(register, code, frozenset({"mawar"})) == []


def test_every_slip_of_one_sign_and_every_exchange_is_noticed() -> None:
    code = child_code.code_of("00112233445566778899aabbccddeeff").replace("-", "")
    slips = {code[:at] + sign + code[at + 1 :] for at in range(len(code)) for sign in child_code.SIGNS}
    slips |= {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(child_code.LENGTH)}
    assert {slip for slip in slips if child_code.end_of_id(slip)} == {code}


def test_a_name_that_hundreds_bear_elsewhere_is_found_at_home(register: Store) -> None:
    elsewhere = [(f"{number:032x}", "Aisah", "mawar") for number in range(1000, 1300)]
    with register.write():
        register.many("insert into person (id, name, posyandu) values ($1, $2, $3)", elsewhere)
    assert found(register, "aisah") == ["Siti Aisyah"]
    assert people.find(register, "aisah", frozenset()) == []
