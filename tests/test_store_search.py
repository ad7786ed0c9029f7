"""Finding a person by words: the same people for the same words on every database, in the same order."""

import pytest

from siposyandu.store import Store

PEOPLE = (
    ("Siti Aminah", "Baiq Rini", "5202024101900001"),
    ("AMINAH", "Siti", None),
    ("Nur'aini", "Ma’ruf Élok", None),
    ("Nur Hidayati-Aini", "Aisyah", None),
    ("Łukasz Ødegård Đani", "Zoë", None),
    ("L. Muh. Rizki, S.Pd.", "1.5 kg", None),
    ("  ", None, None),
    ("Ahmad/Amir a@b.id", "http://amina.id", None),
    ("Ñoño Şükran привет", "日本", None),
    ("a\u0301mbar", "x" * 300, None),
    ("Baiq Aminatun", "Aminah", None),
)


@pytest.fixture
def people(store: Store) -> Store:
    with store.write():
        store.many(
            "insert into person (id, name, mother_name, nik) values ($1, $2, $3, $4)",
            [(f"{number:02}", *person) for number, person in enumerate(PEOPLE)],
        )
    return store


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["amina"], ["01", "10", "00", "07"]),
        (["siti", "amin"], ["00", "01"]),
        (["aini", "nur"], ["03", "02"]),
        (["Nur'aini"], ["03", "02"]),
        (["ma'ruf", "elok"], ["02"]),
        (["MARUF"], ["02"]),
        (["5202024101900001"], ["00"]),
        (["52020241"], ["00"]),
        (["ødeg"], ["04"]),
        (["odeg"], []),
        (["łuk"], ["04"]),
        (["s.pd"], ["05"]),
        (["1.5"], ["05"]),
        (["a@b.id"], ["07"]),
        (["sukran", "nono"], ["08"]),
        (["привет"], ["08"]),
        (["日"], ["08"]),
        (["ámb"], ["09"]),
        (["x" * 200], ["09"]),
        (["'", '"', "-", "*"], []),
        (["aminah", "tidak"], []),
        ([], []),
    ],
    ids=lambda words: " ".join(words)[:20],
)
def test_every_word_begins_some_word(people: Store, words: list[str], found: list[str]) -> None:
    assert [row["id"] for row in people.search("person", words, 20)] == found


def test_no_more_are_found_than_wanted(people: Store) -> None:
    assert [row["id"] for row in people.search("person", ["amina"], 2)] == ["01", "10"]


def test_a_name_that_was_changed_is_found_by_the_new_one_only(people: Store) -> None:
    with people.write():
        people.run("update person set name = $1 where id = $2", "Hasanah", "01")
        people.run("delete from person where id = $1", "10")
    assert [
        [row["id"] for row in people.search("person", words, 20)] for words in (["hasan"], ["amina"])
    ] == [["01"], ["00", "07"]]
