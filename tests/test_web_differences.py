"""Where two people said different things: both are shown, why one stands, who may choose, and that the choice travels."""

import re
from pathlib import Path

import pytest

from siposyandu.office import differences
from tests.neighbours import Laptop, Neighbours

CHILD = {
    "name": "Lalu Arya", "sex": "m", "birth_date": "2025-05-10", "registered_date": "2025-06-02",
    "mother_name": "Saknah", "status": "active",
}  # fmt: skip


@pytest.fixture
def world(tmp_path: Path, database: str) -> Neighbours:
    return Neighbours.begin(tmp_path, database)


@pytest.fixture
def one(world: Neighbours) -> Laptop:
    return world.laptop("one")


@pytest.fixture
def two(world: Neighbours) -> Laptop:
    return world.laptop("two")


def meet(*laptops: Laptop) -> None:
    """Let laptops exchange until all know everything."""
    for laptop in (*laptops, *laptops):
        laptop.exchange()


def child_of(one: Laptop) -> str:
    return one.save(one.village.aminah, "person", posyandu=one.village.melati, **CHILD)


def weighed_twice(one: Laptop, two: Laptop, second: str = "baiq") -> str:
    """A visit whose weight Aminah corrects on one laptop and somebody else on the other; returns its id."""
    visit = one.weigh(one.village.aminah, child_of(one), "2026-08-03", 8000)
    meet(one, two)
    one.save(one.village.aminah, "balita", visit, weight_g=8200, correction_reason="salah lihat")
    two.save(getattr(two.village, second), "balita", visit, weight_g=8600, correction_reason="timbang lagi")
    meet(one, two)
    return visit


def weights(visit: str, *places: Laptop | Neighbours) -> list[int]:
    found = []
    for place in places:
        with place.store() as store:
            found.append(store.value("select weight_g from balita where id = $1", visit))
    return found


def open_ones(who: str, *places: Laptop | Neighbours) -> list[int]:
    found = []
    for place in places:
        with place.store() as store:
            found.append(differences.count(store, getattr(place.village, who)))
    return found


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def seen_in(html: str) -> str:
    return re.findall(r'name="seen" value="([^"]*)"', html)[0]


def choices_in(html: str) -> list[str]:
    return re.findall(r'name="choice" value="([^"]*)"', html)


def test_both_values_are_shown_with_their_authors_and_why_one_stands(world, one, two):
    visit = weighed_twice(one, two)
    page = world.browser(world.village.citra).get(f"/perbedaan/{visit}/weight_g").text
    said = words(page.split('class="sayings"')[1])
    assert [
        part in said for part in ("8,6 kg", "8,2 kg", "Baiq", "Aminah", "timbang lagi", "salah lihat")
    ] == [True] * 6
    assert said.index("8,6 kg") < said.index("shown at present") < said.index("8,2 kg")
    assert "because village midwife goes before kader" in said


def test_a_difference_is_listed_for_her_area_and_for_nobody_elsewhere(world, one, two):
    visit = weighed_twice(one, two)
    other = world.hire("Citra Dua", "tenaga_gizi", world.village.kenanga)
    listed = {
        who.name: visit in world.browser(who).get("/perbedaan").text
        for who in (world.village.citra, world.village.eka, other)
    }
    assert listed == {"Citra": True, "Eka": True, "Citra Dua": False}
    assert world.browser(other).get(f"/perbedaan/{visit}/weight_g").status_code == 403


def test_dedi_sees_nothing(world, one, two):
    visit = weighed_twice(one, two)
    dedi = world.browser(world.village.dedi)
    assert (visit in dedi.get("/perbedaan").text, dedi.get(f"/perbedaan/{visit}/weight_g").status_code) == (
        False, 403,
    )  # fmt: skip
    answer = dedi.post(f"/perbedaan/{visit}/weight_g", data={"choice": "typed", "weight_kg": "9"})
    assert (answer.status_code, weights(visit, world)) == (403, [8600])


def test_the_province_sees_measures_but_not_who_the_child_is(world, one, two):
    visit = weighed_twice(one, two)
    child = one.save(one.village.aminah, "person", posyandu=one.village.melati, **{**CHILD, "name": "Nurul"})
    meet(one, two)
    one.save(one.village.aminah, "person", child, name="Nurul Aini")
    two.save(two.village.aminah, "person", child, name="Nurul Huda")
    meet(one, two)
    eka = world.browser(world.village.eka)
    pages = [
        eka.get(path).text
        for path in ("/perbedaan", f"/perbedaan/{visit}/weight_g", f"/perbedaan/{child}/name")
    ]
    assert [name in page for page in pages for name in ("Lalu Arya", "Nurul", "Huda")] == [False] * 9
    assert ("8,6 kg" in pages[1], "only seen at the puskesmas" in pages[2]) == (True, True)
    assert choices_in(pages[2]) == []


def test_a_choice_travels_to_every_laptop_and_closes_there(world, one, two):
    visit = weighed_twice(one, two)
    assert open_ones("citra", world, one, two) == [1, 1, 1]
    citra = world.browser(world.village.citra)
    page = citra.get(f"/perbedaan/{visit}/weight_g").text
    answer = citra.post(
        f"/perbedaan/{visit}/weight_g",
        data={"seen": seen_in(page), "choice": choices_in(page)[1], "reason": ""},
    )
    assert answer.status_code == 302, answer.text
    meet(one, two)
    assert (weights(visit, world, one, two), open_ones("citra", world, one, two)) == ([8200] * 3, [0, 0, 0])


def test_the_value_that_is_shown_already_can_be_chosen_too(world, one, two):
    visit = weighed_twice(one, two)
    citra = world.browser(world.village.citra)
    page = citra.get(f"/perbedaan/{visit}/weight_g").text
    citra.post(f"/perbedaan/{visit}/weight_g", data={"seen": seen_in(page), "choice": choices_in(page)[0]})
    meet(one, two)
    assert (weights(visit, world, one, two), open_ones("citra", world, one, two)) == ([8600] * 3, [0, 0, 0])


def test_another_value_is_typed_with_a_reason_and_checked(world, one, two):
    visit = weighed_twice(one, two)
    citra = world.browser(world.village.citra)
    path = f"/perbedaan/{visit}/weight_g"
    sent = {"seen": seen_in(citra.get(path).text), "choice": "typed"}
    refused = [
        citra.post(path, data={**sent, **typed}).status_code
        for typed in ({"weight_kg": "8,4"}, {"weight_kg": "84", "reason": "di buku KIA"}, {"reason": "lupa"})
    ]
    taken = citra.post(path, data={**sent, "weight_kg": "8,4", "reason": "di buku KIA"})
    assert (refused, taken.status_code) == ([400] * 3, 302)
    meet(one, two)
    assert weights(visit, world, one, two) == [8400] * 3
    with one.store() as store:
        assert store.value("select correction_reason from balita where id = $1", visit) == "di buku KIA"


def test_a_data_officer_always_says_why(world, one, two):
    visit = weighed_twice(one, two)
    eka = world.browser(world.village.eka)
    page = eka.get(f"/perbedaan/{visit}/weight_g").text
    sent = {"seen": seen_in(page), "choice": choices_in(page)[0]}
    answers = [
        eka.post(f"/perbedaan/{visit}/weight_g", data={**sent, "reason": why}).status_code
        for why in ("", "dicek dengan puskesmas")
    ]
    assert answers == [400, 302]


def test_the_second_of_two_who_decide_at_once_sees_what_the_first_decided(world, one, two):
    visit = weighed_twice(one, two)
    path = f"/perbedaan/{visit}/weight_g"
    citra, eka = world.browser(world.village.citra), world.browser(world.village.eka)
    seen = [client.get(path).text for client in (citra, eka)]
    citra.post(path, data={"seen": seen_in(seen[0]), "choice": choices_in(seen[0])[1]})
    second = eka.post(
        path, data={"seen": seen_in(seen[1]), "choice": choices_in(seen[1])[0], "reason": "menurut saya"}
    )
    assert second.status_code == 409
    assert "Citra (nutrition officer) wrote: 8,2 kg" in words(second.text)
    assert weights(visit, world) == [8200]


def test_two_who_decide_on_two_machines_are_a_difference_again(world, one, two):
    visit = weighed_twice(one, two)
    for client, number in ((world.browser(world.village.citra), 1), (two.browser(two.village.baiq), 0)):
        page = client.get(f"/perbedaan/{visit}/weight_g").text
        sent = {"seen": seen_in(page), "choice": choices_in(page)[number], "reason": "dicek"}
        assert client.post(f"/perbedaan/{visit}/weight_g", data=sent).status_code == 302
    meet(one, two)
    assert (weights(visit, world, one, two), open_ones("citra", world, one, two)) == ([8200] * 3, [1, 1, 1])


def test_a_kader_decides_between_kader_but_not_over_the_bidan(one, two):
    visit = weighed_twice(one, two, second="baiq")
    aminah = one.browser(one.village.aminah)
    page = aminah.get(f"/perbedaan/{visit}/weight_g").text
    above = [said.edit.uid for said in _difference(one, visit).sayings]
    answer = aminah.post(f"/perbedaan/{visit}/weight_g", data={"seen": seen_in(page), "choice": above[1]})
    assert (choices_in(page), answer.status_code, weights(visit, one)) == ([], 403, [8600])


def test_a_kader_settles_what_two_kader_said(world, one, two):
    visit = weighed_twice(one, two, second="aminah")
    aminah = one.browser(one.village.aminah)
    page = aminah.get(f"/perbedaan/{visit}/weight_g").text
    assert "both are of the same rank" in words(page)
    answer = aminah.post(
        f"/perbedaan/{visit}/weight_g", data={"seen": seen_in(page), "choice": choices_in(page)[1]}
    )
    meet(one, two)
    assert (answer.status_code, open_ones("aminah", world, one, two)) == (302, [0, 0, 0])


@pytest.mark.parametrize(("choice", "stands"), [("stands", 1), ("stays", 0)])
def test_a_withdrawn_record_that_was_changed_stands_or_stays_withdrawn(world, one, two, choice, stands):
    from siposyandu import records

    visit = one.weigh(one.village.aminah, child_of(one), "2026-08-03", 8000)
    meet(one, two)
    with one.store() as store:
        records.retract(store, one.pen(one.village.aminah), visit, "salah anak")
    two.save(two.village.baiq, "balita", visit, weight_g=8600, correction_reason="timbang lagi")
    meet(one, two)
    citra, path = world.browser(world.village.citra), f"/perbedaan/{visit}/batal"
    assert f"{visit}/batal" in citra.get("/perbedaan").text
    page = citra.get(path).text
    assert [part in words(page) for part in ("withdrawn: salah anak", "8,6 kg", "Baiq")] == [True] * 3
    sent = {"seen": seen_in(page), "choice": choice, "reason": "ditanya ke kader"}
    assert citra.post(path, data=sent).status_code == 302
    meet(one, two)
    state = []
    for place in (world, one, two):
        with place.store() as store:
            state.append(store.value("select 1 - retracted from balita where id = $1", visit))
    assert (state, open_ones("citra", world, one, two)) == ([stands] * 3, [0, 0, 0])


def test_two_reasons_alone_are_no_difference(world, one, two):
    visit = one.weigh(one.village.aminah, child_of(one), "2026-08-03", 8000)
    meet(one, two)
    for laptop, reason in ((one, "salah lihat"), (two, "timbang lagi")):
        laptop.save(laptop.village.aminah, "balita", visit, weight_g=8200, correction_reason=reason)
    meet(one, two)
    assert open_ones("citra", world, one, two) == [0, 0, 0]


def test_a_look_from_outside_the_posyandu_is_written_down(world, one, two):
    visit = weighed_twice(one, two)
    world.browser(world.village.citra).get(f"/perbedaan/{visit}/weight_g")
    with world.store() as store:
        assert [(row["worker"], row["page"]) for row in store.rows("select * from person_view")] == [
            (world.village.citra.id, "differences.show")
        ]


def _difference(laptop: Laptop, visit: str) -> differences.Difference:
    import forms

    with laptop.store() as store:
        found = differences.find(store, forms.BY_NAME["balita"], visit, "weight_g")
    assert found is not None
    return found


def test_a_kaders_head_says_so_only_when_something_of_hers_waits(one, two):
    aminah = one.browser(one.village.aminah)
    before = "/perlu-dilihat" in aminah.get("/laptop").text
    visit = weighed_twice(one, two, second="aminah")
    after = aminah.get("/laptop").text
    assert (before, '<span class="count-badge">1' in after) == (False, True)
    assert visit in aminah.get("/perbedaan").text


@pytest.mark.parametrize("said", ["provinsi", "tenaga_gizi"])
def test_nobody_makes_a_kader_an_officer_by_choosing_between_two_values(world, one, two, said):
    kader, citra = world.village.aminah, world.village.citra
    meet(one, two)
    one.save(kader, "worker", kader.id, role="bidan_desa")
    two.save(kader, "worker", kader.id, role=said)
    meet(one, two)
    with world.store() as store:
        form = differences.form_of(differences.home(store, citra, kader.id))
        found = differences.find(store, form, kader.id, "role")
    uids = {saying.value: saying.edit.uid for saying in found.sayings}
    browser, codes = world.browser(citra), []
    for choice in (said, "bidan_desa"):
        chosen = {"choice": uids[choice], "reason": "x", "seen": ",".join(found.seen)}
        codes.append(browser.post(f"/perbedaan/{kader.id}/role", data=chosen).status_code)
    with world.store() as store:
        role = store.value("select role from worker where id = $1", kader.id)
    assert (codes, role) == ([403, 302], "bidan_desa")
