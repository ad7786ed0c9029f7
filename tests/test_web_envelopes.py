"""Quarantine: what a shut-out laptop sent is kept, read in words, taken in when it is honest, or put aside with a reason."""

import re
from pathlib import Path

import pytest

from sync import devices
from sync.errors import Refused
from tests.neighbours import Laptop, Neighbours
from tests.test_web_differences import child_of, meet, words

AT = "2026-08-03T01:00:00Z"


@pytest.fixture
def world(tmp_path: Path, database: str) -> Neighbours:
    return Neighbours.begin(tmp_path, database)


def shut_out(world: Neighbours, laptop: Laptop) -> None:
    with world.store() as store:
        devices.revoke(store, laptop.instance.lane, AT)


def refused(laptop: Laptop) -> None:
    with pytest.raises(Refused, match="revoked"):
        laptop.exchange()


def lost_with_records(world: Neighbours) -> tuple[Laptop, str, str]:
    """A laptop that is shut out while a child and her weighing are only on it; it has tried to send them."""
    one = world.laptop("one")
    shut_out(world, one)
    child = child_of(one)
    visit = one.weigh(one.village.aminah, child, "2026-08-03", 8000)
    refused(one)
    return one, child, visit


def numbers(html: str) -> list[str]:
    return re.findall(r'href="/karantina/(\d+)"', html)


def people(world: Neighbours) -> list[str]:
    with world.store() as store:
        return [row["id"] for row in store.rows("select id from person order by id")]


def test_what_a_shut_out_laptop_sent_is_read_in_words(world):
    lost_with_records(world)
    citra = world.browser(world.village.citra)
    listed = citra.get("/karantina").text
    assert "2 records" in words(listed)
    page = words(citra.get(f"/karantina/{numbers(listed)[0]}").text)
    assert [
        part in page for part in ("Name: Lalu Arya", "Weight: 8 kg", "Aminah, kader", "3 August 2026")
    ] == [True] * 4
    assert people(world) == []


def test_the_province_reads_measures_there_and_no_names(world):
    lost_with_records(world)
    eka = world.browser(world.village.eka)
    page = words(eka.get(f"/karantina/{numbers(eka.get('/karantina').text)[0]}").text)
    assert ("Lalu Arya" in page, "Saknah" in page, "Weight: 8 kg" in page) == (False, False, True)


def test_only_who_keeps_the_laptops_area_sees_and_releases(world):
    lost_with_records(world)
    elsewhere = world.hire("Citra Dua", "tenaga_gizi", world.village.kenanga)
    number = numbers(world.browser(world.village.citra).get("/karantina").text)[0]
    codes = [
        (
            client.get(f"/karantina/{number}").status_code,
            client.post(f"/karantina/{number}/terima").status_code,
        )
        for client in map(world.browser, (elsewhere, world.village.baiq, world.village.dedi))
    ]
    assert (codes, people(world)) == ([(404, 404), (403, 403), (403, 403)], [])


def test_an_honest_envelope_is_taken_in_and_counts_everywhere(world):
    one, child, visit = lost_with_records(world)
    two = world.laptop("two")
    citra = world.browser(world.village.citra)
    number = numbers(citra.get("/karantina").text)[0]
    assert citra.post(f"/karantina/{number}/terima").status_code == 302
    meet(two)
    with two.store() as store:
        found = [row["id"] for row in store.rows("select id from balita")]
    with world.store() as store:
        counted = store.value("select sum(d) from tally where month = '2026-08'")
        heard = devices.find(store, one.instance.lane)
    assert (people(world), found, counted) == ([child], [visit], 1)
    assert heard is not None
    assert heard.revoked_at == AT  # it is still not believed
    assert (numbers(citra.get("/karantina").text), citra.post(f"/karantina/{number}/terima").status_code) == (
        [],
        404,
    )


def test_envelopes_of_one_laptop_are_released_in_any_order_and_once(world):
    one, child, _ = lost_with_records(world)
    second = child_of(one)
    refused(one)
    citra = world.browser(world.village.citra)
    earlier, later = sorted(map(int, numbers(citra.get("/karantina").text)))
    citra.post(f"/karantina/{later}/terima")
    assert (people(world), numbers(citra.get("/karantina").text)) == (sorted([child, second]), [])
    assert citra.post(f"/karantina/{earlier}/terima").status_code == 404


def test_a_question_without_records_fills_no_quarantine(world):
    one = world.laptop("one")
    shut_out(world, one)
    refused(one)
    assert numbers(world.browser(world.village.citra).get("/karantina").text) == []


def test_an_envelope_that_cannot_follow_says_so_and_changes_nothing(world):
    lost_with_records(world)
    with world.store() as store, store.write():
        store.run(
            "update lanes set last_seq = 5 where lane in (select lane from lanes join devices using (lane_no))"
        )
    citra = world.browser(world.village.citra)
    number = numbers(citra.get("/karantina").text)[0]
    answer = citra.post(f"/karantina/{number}/terima")
    assert (answer.status_code, "It cannot be taken in yet" in words(answer.text), people(world)) == (
        409,
        True,
        [],
    )


def test_what_should_not_count_is_put_aside_with_a_reason_and_kept(world):
    one, *_ = lost_with_records(world)
    citra = world.browser(world.village.citra)
    number = numbers(citra.get("/karantina").text)[0]
    codes = [
        citra.post(f"/karantina/{number}/sisihkan", data={"reason": why}).status_code
        for why in ("", "bukan kader")
    ]
    with world.store() as store:
        kept = store.value("select count(*) from quarantine")
    assert (codes, numbers(citra.get("/karantina").text), kept, people(world)) == ([400, 302], [], 1, [])
    assert "bukan kader" in words(citra.get(f"/kelola/laptop/{one.instance.lane}").text)


def test_a_correction_under_quarantine_names_its_child_to_the_puskesmas_alone(world):
    one = world.laptop("one")
    visit = one.weigh(one.village.aminah, child_of(one), "2026-08-03", 8000)
    meet(one)
    shut_out(world, one)
    one.save(one.village.aminah, "balita", visit, weight_g=8200)
    refused(one)
    citra, eka = (world.browser(who) for who in (world.village.citra, world.village.eka))
    address = f"/karantina/{numbers(citra.get('/karantina').text)[0]}"
    named = [("Lalu Arya, visit of 3 August 2026" in words(who.get(address).text)) for who in (citra, eka)]
    assert named == [True, False]
