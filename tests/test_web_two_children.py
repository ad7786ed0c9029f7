"""Cards that look like one child's and are two children's: said once, nobody is asked again, on no device; and taken back."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records
from siposyandu.office import twins
from tests.children import register
from tests.conftest import NOW, Village, sign_in
from tests.neighbours import Neighbours

LIST = "/kembar"
NIK = "5202025005250001"
TWO_CHILDREN = forms.BY_NAME["two_children"]


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English."""
    sign_in(client, village.aminah).get("/bahasa/en")
    return client


def section(client: FlaskClient, title: str) -> str:
    """The words of one section of the list; "" where there is none."""
    found = re.findall(rf"<h2>{title}</h2>(.*?)</section>", client.get(LIST).text, re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", "".join(found)).split())


def counted(village: Village) -> int:
    with village.instance.store_for_job() as store:
        return twins.count(store, village.aminah, NOW.date())


def alike(village: Village, *names: str) -> list[str]:
    """Children of one birth day and mother, in the order of their ids."""
    return sorted(register(village, name) for name in names)


def test_a_pair_that_is_two_children_leaves_the_list_and_comes_back_when_it_is_taken_back(
    aminah: FlaskClient, village: Village
) -> None:
    one, other = alike(village, "Baiq Rania", "Bq. Rania")
    before = (counted(village), section(aminah, "Children who look alike"))
    answer = aminah.post(f"/kembar/{other}/{one}/bukan")
    said = (
        counted(village),
        section(aminah, "Children who look alike"),
        section(aminah, "Not the same child"),
    )
    aminah.post(f"/kembar/{one}/{other}/tanya")
    after = (counted(village), section(aminah, "Children who look alike"))
    assert (before[0], "Compare and join Not the same child" in before[1], answer.location) == (1, True, LIST)
    assert said[:2] == (0, "")
    assert re.search(r"Rania · .*Rania said by Aminah on 3 August 2026 Ask again", said[2])
    assert after == before


def test_pressed_twice_it_is_said_once(aminah: FlaskClient, village: Village) -> None:
    one, other = alike(village, "Baiq Rania", "Bq. Rania")
    for pair in ((one, other), (other, one)):
        aminah.post(f"/kembar/{pair[0]}/{pair[1]}/bukan")
    with village.instance.store_for_job() as store:
        assert store.value("select count(*) from two_children") == 1


def test_one_nik_on_two_children_stays_until_it_is_corrected(aminah: FlaskClient, village: Village) -> None:
    one, other = (register(village, name, nik=NIK) for name in ("Rania", "Zahra"))
    aminah.post(f"/kembar/{one}/{other}/bukan")
    before = section(aminah, "One NIK on two cards")
    with village.instance.store_for_job() as store:
        records.save(store, village.pen(), forms.BY_NAME["person"], {"nik": None}, other)
    assert ("two children: the NIK of one is wrong" in before, section(aminah, "One NIK on two cards")) == (
        True,
        "",
    )


def test_of_three_alike_the_pair_that_is_not_decided_is_asked_about(
    aminah: FlaskClient, village: Village
) -> None:
    ids = alike(village, *["Baiq Rania"] * 3)
    asked = []
    for _ in range(4):
        [*offered] = re.findall(r'href="(/kembar/\w+/\w+)"', aminah.get(LIST).text)
        asked.append([tuple(each.split("/")[2:]) for each in offered])
        for each in offered:
            aminah.post(f"{each}/bukan")
    assert asked == [[(ids[0], ids[1])], [(ids[0], ids[2])], [(ids[1], ids[2])], []]


def test_the_choice_of_a_card_to_join_leaves_out_who_is_another_child(
    aminah: FlaskClient, village: Village
) -> None:
    one, other = alike(village, "Baiq Rania", "Bq. Rania")
    aminah.post(f"/kembar/{one}/{other}/bukan")
    page = aminah.get(f"/anak/{one}/kembar").text
    by_name = aminah.get(f"/anak/{one}/kembar?q=Rania").text
    assert (f"/kembar/{one}/{other}" in page, f"/kembar/{one}/{other}" in by_name) == (False, True)


def test_who_joins_them_after_all_decides_so(aminah: FlaskClient, village: Village) -> None:
    one, other = alike(village, "Baiq Rania", "Bq. Rania")
    aminah.post(f"/kembar/{one}/{other}/bukan")
    aminah.post(f"/kembar/{one}/{other}", data={"tetap": one, "reason": "twice"})
    assert (section(aminah, "Not the same child"), counted(village)) == ("", 0)


def test_dedi_says_nothing_of_children_elsewhere(province_client: FlaskClient, province: Village) -> None:
    one, other = alike(province, "Baiq Rania", "Bq. Rania")
    sign_in(province_client, province.dedi)
    acts = [province_client.post(f"/kembar/{one}/{other}/{act}").status_code for act in ("bukan", "tanya")]
    with province.instance.store_for_job() as store:
        assert (acts, store.value("select count(*) from two_children")) == ([403, 403], 0)


def test_it_hides_the_pair_on_every_device_and_comes_back_everywhere(tmp_path: Path, database: str) -> None:
    world = Neighbours.begin(tmp_path, database)
    first, second = world.laptop("first"), world.laptop("second")
    rania = {"sex": "f", "birth_date": "2025-05-10", "mother_name": "Saknah", "status": "active"}
    one, other = (
        first.save(world.village.aminah, "person", posyandu=world.village.melati, name=name, **rania)
        for name in ("Baiq Rania", "Bq. Rania")
    )
    asked = [everywhere(world, first, second)]
    first.browser(world.village.aminah).post(f"/kembar/{one}/{other}/bukan")
    second.browser(world.village.aminah).post(f"/kembar/{other}/{one}/bukan")
    asked.append(everywhere(world, first, second))
    second.browser(world.village.aminah).post(f"/kembar/{one}/{other}/tanya")
    asked.append(everywhere(world, first, second))
    assert asked == [[1] * 3, [0] * 3, [1] * 3]


def everywhere(world: Neighbours, *laptops: object) -> list[int]:
    """How many pairs are asked about at the province and at each laptop, after all have exchanged twice."""
    for laptop in (*laptops, *laptops):
        laptop.exchange()  # type: ignore[attr-defined]
    found = []
    for place in (world, *laptops):
        with place.store() as store:  # type: ignore[attr-defined]
            found.append(twins.count(store, world.village.aminah, NOW.date()))
    return found


def test_the_word_is_told_where_both_children_are_and_follows_who_moves(province: Village) -> None:
    here, there = (
        register(province, "Rania", posyandu=place) for place in (province.melati, province.kenanga)
    )
    said = {"person_one": here, "person_other": there, "posyandu": province.melati}
    told = "select area as key from placement where entity = $1 and left_n is null order by area"
    with province.instance.store_for_job() as store:
        word = records.save(store, province.pen(), TWO_CHILDREN, said)
        before = [row["key"] for row in store.rows(told, word)]
        records.save(store, province.pen(), forms.BY_NAME["person"], {"posyandu": province.melati}, there)
        after = [row["key"] for row in store.rows(told, word)]
    assert (before, after) == (sorted([province.melati, province.kenanga]), [province.melati])


def test_two_cards_of_one_nik_and_one_name_stand_once_and_count_once(
    aminah: FlaskClient, village: Village
) -> None:
    for _ in range(2):
        register(village, "Rania", nik=NIK)
    sections = [section(aminah, title) for title in ("One NIK on two cards", "Children who look alike")]
    assert ([bool(each) for each in sections], counted(village)) == ([True, False], 1)
