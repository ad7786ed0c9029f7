"""The page of a record that one let stand again and another withdrew once more says both, and why it stands meanwhile."""

from pathlib import Path

import pytest

from siposyandu import records
from tests.neighbours import Neighbours
from tests.test_web_differences import child_of, meet, open_ones, seen_in, words


@pytest.fixture
def world(tmp_path: Path, database: str) -> Neighbours:
    return Neighbours.begin(tmp_path, database)


def test_both_words_are_shown_and_the_choice_settles_them(world):
    one, two = world.laptop("one"), world.laptop("two")
    visit = one.weigh(one.village.aminah, child_of(one), "2026-08-03", 8000)
    with one.store() as store:
        records.retract(store, one.pen(one.village.aminah), visit, "salah anak")
    meet(one, two)
    with one.store() as store:
        records.retract(store, one.pen(one.village.aminah), visit, "dua kali")
    with two.store() as store:
        records.restore(store, two.pen(two.village.baiq), visit, "")
    meet(one, two)
    citra, path = world.browser(world.village.citra), f"/perbedaan/{visit}/batal"
    page = citra.get(path).text
    shown = [
        part in words(page)
        for part in ("The record stands", "withdrawn: dua kali", "goes before", "shown as withdrawn")
    ]
    sent = {"seen": seen_in(page), "choice": "stays", "reason": "ditanya ke kader"}
    status = citra.post(path, data=sent).status_code
    meet(one, two)
    assert (shown, status, open_ones("citra", world, one, two)) == ([True, True, True, False], 302, [0, 0, 0])
