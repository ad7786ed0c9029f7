"""Nothing waits unseen: what cannot be read, what came before its parent or too early, and what is there twice."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import forms
from siposyandu import records
from siposyandu.as_province import LAPTOP_RANK_CEILING
from siposyandu.errors import Broken
from siposyandu.migrations import migrate
from siposyandu.office import early, twins
from siposyandu.periods import Month
from siposyandu.store import SqliteStore, open_store
from sync import intake, lanes, log, reviews
from sync.log import Line
from tests.conftest import NOW, Village
from tests.neighbours import Laptop, Neighbours
from tests.test_web_differences import CHILD, child_of, meet, words

AT = "2026-08-03T01:00:00Z"


@pytest.fixture
def world(tmp_path: Path, database: str) -> Neighbours:
    return Neighbours.begin(tmp_path, database)


@pytest.fixture
def one(world: Neighbours) -> Laptop:
    return world.laptop("one")


def written(place: Laptop | Neighbours) -> list[Line]:
    """What a place wrote itself, as it arrives elsewhere."""
    with place.store() as store:
        edits = log.stretch(store, lanes.own(store), 1, 1000)
        texts = {row["uid"]: row["body"] for row in store.rows("select uid, body from edits")}
    return [Line(edit, texts[edit.uid]) for edit in edits]


def arrive(store: SqliteStore, *lines: Line, rank: int = LAPTOP_RANK_CEILING) -> None:
    """Let edits of a laptop come to a store, in this order; or, by their lane's rank, of the province."""
    with store.write():
        lanes.add(store, {lines[0].edit.lane: rank})
        intake.take(store, lines, AT, records.apply, lambda _new, _known: [])


@contextmanager
def elsewhere(*places: Line) -> Iterator[SqliteStore]:
    """The province put back to a day when it knew only this of what it had written itself; it writes in a new lane since."""
    store = open_store(":memory:")
    migrate(store)
    lanes.open_own(store, "ab" * 16, "sentinel", role="province")
    if places:
        arrive(store, *places, rank=lanes.HIGHEST_RANK)
    yield store
    store.close()


def counted(store: SqliteStore) -> list[dict]:
    tally = store.rows("select * from tally order by posyandu, month, age_group, sex")
    return [*tally, *store.rows("select * from balita_growth order by id")]


def waits(store: SqliteStore, village: Village) -> list[tuple[str, int]]:
    return sorted((each.kind, each.records) for each in early.orphans(store, village.eka))


def test_a_visit_that_comes_before_its_child_is_shown_and_then_counted_whatever_the_order(world, one):
    child = child_of(one)
    first = one.weigh(one.village.aminah, child, "2026-07-06", 7600)
    one.weigh(one.village.aminah, child, "2026-08-03", 8000)
    one.save(one.village.aminah, "balita", first, weight_g=7700, correction_reason="salah lihat")
    places, lines, found = written(world), written(one), []
    for order in itertools.permutations(lines):
        with elsewhere(*places) as store:
            for position, line in enumerate(order):
                arrive(store, line)
                here = [each in order[: position + 1] for each in lines]
                assert waits(store, world.village) == expected(*here), [lines.index(each) for each in order]
            found.append(counted(store))
    assert all(each == found[0] for each in found)
    assert [row["n"] for row in found[0] if row.get("d")] == [0, 1]


def expected(child: bool, first: bool, second: bool, correction: bool) -> list[tuple[str, int]]:
    """What waits while only some of the four edits are here: a child, her two visits, a correction of the first."""
    changes = [(early.CHANGES, 1)] if correction and not first else []
    visits = [(early.VISITS, first + second)] if first + second and not child else []
    return changes + visits


def test_a_child_that_comes_before_her_posyandu_is_shown_until_it_comes(world, one):
    child_of(one)
    places, lines = written(world), written(one)
    with elsewhere() as store:
        arrive(store, *lines)
        before = waits(store, world.village)
        arrive(store, *places, rank=lanes.HIGHEST_RANK)
        assert (before, waits(store, world.village)) == ([(early.PERSONS, 1)], [])


def test_what_waits_is_shown_with_its_laptop_and_only_in_its_area(world, one):
    child = child_of(one)
    one.weigh(one.village.aminah, child, "2026-08-03", 8000)
    one.exchange()
    with world.store() as store, store.write():
        store.run("delete from person where id = $1", child)  # as if she had not come
    other = world.hire("Citra Dua", "tenaga_gizi", world.village.kenanga)
    pages = [words(world.browser(who).get("/menunggu").text) for who in (world.village.citra, other)]
    assert ["1 visits wait for their child" in page for page in pages] == [True, False]
    assert f"Posyandu Melati ({one.instance.lane[:4].upper()}) · since 3 August 2026" in pages[0]


def test_a_batch_that_comes_too_early_says_which_numbers_are_missing(world, one):
    for _ in range(5):
        child_of(one)
    with world.store() as store, store.write():
        number = store.value("select lane_no from lanes where lane = $1", one.instance.lane)
        for first, last in ((3, 3), (5, 5)):
            store.run(
                """insert into held (lane_no, first_seq, last_seq, received_at, envelope)
                values ($1, $2, $3, $4, $5)""",
                number, first, last, AT, b"",
            )  # fmt: skip
    page = words(world.browser(world.village.citra).get("/menunggu").text)
    assert "missing: 1–2, 4" in page
    assert "2 records" in page


def test_what_cannot_be_read_waits_and_is_read_again_when_somebody_asks(world, one):
    child = child_of(one)
    one.exchange()
    with world.store() as store, store.write():
        kept = log.of_entities(store, [child])[0]
        store.run("delete from person where id = $1", child)
        reviews.flag(store, [kept.edit], "KeyError: 'new_field'", AT)
    citra, elsewhere_ = (
        world.browser(world.village.citra),
        world.hire("Citra Dua", "tenaga_gizi", world.village.kenanga),
    )
    assert "KeyError: &#39;new_field&#39;" in citra.get("/menunggu").text
    assert "KeyError" not in world.browser(elsewhere_).get("/menunggu").text
    assert world.browser(elsewhere_).post(f"/menunggu/{child}/lagi").status_code == 404
    citra.post(f"/menunggu/{child}/lagi")
    with world.store() as store:
        assert (reviews.waiting(store), store.value("select name from person")) == ([], CHILD["name"])


def test_what_still_cannot_be_read_stays_until_it_is_put_aside_with_a_reason(world, one):
    child = child_of(one)
    one.exchange()

    def fail(_store: object, _edits: object) -> None:
        raise Broken("this version is too old")

    with world.store() as store:
        kept = log.of_entities(store, [child])[0]
        with store.write():
            reviews.flag(store, [kept.edit], "KeyError: 'new_field'", AT)
        assert not reviews.again(store, child, fail, AT)
        assert [each.problem for each in reviews.waiting(store)] == ["Broken: this version is too old"]
    citra = world.browser(world.village.citra)
    (seen,) = re.findall(r'name="seen" value="(\d+)"', citra.get("/menunggu").text)
    codes = [
        citra.post(f"/menunggu/{child}/selesai", data={"reason": why, "seen": seen}).status_code
        for why in ("", "dicek")
    ]
    with world.store() as store:
        assert (codes, reviews.waiting(store)) == ([400, 302], [])


def test_what_came_after_the_page_was_drawn_is_not_put_aside_with_it(world, one):
    child = child_of(one)
    one.exchange()
    citra = world.browser(world.village.citra)
    flagged_now(world, child, 0)
    (seen,) = re.findall(r'name="seen" value="(\d+)"', citra.get("/menunggu").text)
    one.save(one.village.aminah, "person", child, name="Siti Aminah")
    one.exchange()
    late = flagged_now(world, child, 1)
    citra.post(f"/menunggu/{child}/selesai", data={"reason": "dicek", "seen": seen})
    with world.store() as store:
        assert [each.uid for each in reviews.waiting(store)] == [late]


def flagged_now(world: Neighbours, child: str, number: int) -> str:
    """Let an edit of a child wait to be looked at; return its uid."""
    with world.store() as store, store.write():
        edit = log.of_entities(store, [child])[number].edit
        reviews.flag(store, [edit], "KeyError: 'new_field'", AT)
    return edit.uid


def test_two_weighings_of_a_day_are_both_shown_and_one_counts(world, one):
    two = world.laptop("two")
    child = child_of(one)
    meet(one, two)
    for laptop, weight_g in ((one, 8000), (two, 8300)):
        laptop.weigh(laptop.village.aminah, child, "2026-08-03", weight_g)
    meet(one, two)
    with world.store() as store:
        (found,) = twins.same_day(store, world.village.citra, NOW.date())
        d = store.value("select sum(d) from tally where month = $1", str(Month(2026, 8)))
    assert (sorted(row["weight_g"] for row in found.rows), [row["counts"] for row in found.rows], d) == (
        [8000, 8300], [0, 1], 1,
    )  # fmt: skip
    page = words(world.browser(world.village.citra).get("/kembar").text)
    assert [part in page for part in ("8.0 kg", "8.3 kg", "Lalu Arya, 3 August 2026")] == [True] * 3
    assert "Lalu Arya" not in world.browser(world.village.eka).get("/kembar").text


def test_what_is_there_twice_is_counted_on_a_laptop_and_only_looked_up_at_the_province(world, one):
    child = child_of(one)
    for weight_g in (8000, 8300):
        one.weigh(one.village.aminah, child, "2026-08-03", weight_g)
    child_of(one)
    one.exchange()
    pages = [place.browser(world.village.baiq).get("/perlu-dilihat").text for place in (one, world)]
    lines = [words(page.partition('href="/kembar">')[2].partition("</li>")[0]) for page in pages]
    said = "Twice A child weighed twice on a day, or registered twice."
    assert [line.strip() for line in lines] == [f"{said} 2", f"{said} looked up when opened"]


def test_a_nik_on_two_cards_and_a_child_registered_twice_are_shown_without_strangers_names(world, one):
    nik = "5202021005250001"
    first = one.save(one.village.aminah, "person", posyandu=one.village.melati, nik=nik, **CHILD)
    one.exchange()
    with world.store() as store:
        pen = world.village.pen(world.village.eka)
        for values in ({"name": "Rizki", "nik": nik}, {"mother_name": "SAKNAH", "name": "lalu arya"}):
            records.save(
                store, pen, forms.BY_NAME["person"], {**CHILD, "posyandu": world.village.kenanga, **values}
            )
    page = world.browser(world.village.citra).get("/kembar").text
    assert [part in page for part in ("…0001", f"/anak/{first}", "Rizki", "a child of Posyandu Kenanga")] == [
        True, True, False, True,
    ]  # fmt: skip
    assert page.count("a child of Posyandu Kenanga") == 2
