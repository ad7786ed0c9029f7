"""Laptops at the office: how each does, shutting one out, replacing one, and the news that waits until it is seen."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from sync import devices, notices
from sync.errors import Refused
from tests.neighbours import Hour, Neighbours
from tests.test_web_differences import child_of, meet, words


@pytest.fixture
def world(tmp_path: Path, database: str) -> Neighbours:
    return Neighbours.begin(tmp_path, database)


def lanes(world: Neighbours) -> dict[str, devices.Device]:
    with world.store() as store:
        return {device.lane: device for device in devices.everyone(store)}


def test_the_list_says_how_each_laptop_does(world):
    one = world.laptop("one", Hour(world.clock.time - timedelta(days=400)))
    child_of(one)
    one.exchange()
    child_of(one)
    one.exchange()
    world.clock.wait(days=40)
    page = words(world.browser(world.village.citra).get("/kelola/laptop").text)
    assert "Posyandu Melati" in page
    assert one.instance.lane[:4].upper() in page
    assert [said in page for said in ("2 of 2", "not heard for over a month", "clock wrong")] == [True] * 3
    world.clock.wait(days=-40)
    own = words(world.browser(world.village.citra).get(f"/kelola/laptop/{one.instance.lane}").text)
    assert "It is 400 days behind" in own


def test_only_keepers_of_its_area_see_and_shut_out_a_laptop(world):
    one = world.laptop("one")
    elsewhere = world.hire("Citra Dua", "tenaga_gizi", world.village.kenanga)
    path = f"/kelola/laptop/{one.instance.lane}"
    codes = {
        who.name: (
            world.browser(who).get(path).status_code,
            world.browser(who).post(f"{path}/cabut", data={"reason": "iseng"}).status_code,
            world.browser(who).post(f"{path}/ganti").status_code,
        )
        for who in (elsewhere, world.village.baiq, world.village.dedi)
    }
    assert codes == dict.fromkeys(("Citra Dua", "Baiq", "Dedi"), (403, 403, 403))
    assert [device.revoked_at or device.closed_at for device in lanes(world).values()] == [None]


def test_a_laptop_is_shut_out_with_a_reason_from_its_next_contact_on(world):
    one, two = world.laptop("one"), world.laptop("two")
    first = child_of(one)
    one.exchange()
    citra, path = world.browser(world.village.citra), f"/kelola/laptop/{one.instance.lane}"
    codes = [
        citra.post(f"{path}/cabut", data={"reason": why}).status_code for why in (" ", "dicuri di pasar")
    ]
    second = child_of(one)
    with pytest.raises(Refused, match="revoked"):
        one.exchange()
    two.exchange()
    with world.store() as store:
        kept = [row["id"] for row in store.rows("select id from person")]
        waits = store.value("select count(*) from quarantine")
    assert (codes, kept, waits) == ([400, 302], [first], 1)
    page = words(citra.get(path).text)
    assert "Citra" in page
    assert "“dicuri di pasar”" in page
    assert second not in kept


def test_a_laptop_that_went_on_in_a_new_lane_is_one_laptop_with_a_past(world, tmp_path):
    one = world.laptop("one")
    child_of(one)
    before = one.instance.lane
    image = (tmp_path / "one" / "siposyandu.db").read_bytes()
    child_of(one)
    meet(one)
    _put_back(one, tmp_path / "one", image)
    meet(one)
    after = one.instance.lane
    citra = world.browser(world.village.citra)
    listed = citra.get("/kelola/laptop").text
    assert (f"/kelola/laptop/{before}" in listed, f"/kelola/laptop/{after}" in listed) == (False, True)
    page = words(citra.get(f"/kelola/laptop/{after}").text)
    assert page.index(after[:4].upper()) < page.index(before[:4].upper())
    citra.post(f"/kelola/laptop/{after}/cabut", data={"reason": "hilang"})
    assert [bool(device.revoked_at) for device in lanes(world).values()] == [True, True]


def _put_back(laptop, folder, image):
    """Put an older copy of the database back, as an operator would."""
    from siposyandu.instance import Instance

    for name in ("siposyandu.db-wal", "siposyandu.db-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "siposyandu.db").write_bytes(image)
    laptop.instance = Instance(laptop.instance.config, laptop.clock)


def test_a_laptop_is_replaced_in_one_step(world):
    one = world.laptop("one")
    citra, path = world.browser(world.village.citra), f"/kelola/laptop/{one.instance.lane}"
    letter = citra.post(f"{path}/ganti").text
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{5}-[0-9A-Z]{5}", letter)
    assert "let it send once more" in letter
    assert [bool(device.closed_at) for device in lanes(world).values()] == [True]
    assert "replaced by another laptop, Citra" in words(citra.get(path).text)


def test_news_waits_until_a_keeper_has_seen_it(world, tmp_path):
    one = world.laptop("one")
    with world.store() as store, store.write():
        notices.post(store, "succeeded", one.instance.lane, "fork", "2026-08-03T01:00:00Z")
        notices.post(store, "rank", one.instance.lane, world.village.aminah.id, "2026-08-03T01:00:00Z")
        notices.post(store, "restored", world.village.instance.lane, "", "2026-08-03T01:00:00Z")
    citra, eka = world.browser(world.village.citra), world.browser(world.village.eka)
    titles = [
        "The laptop goes on as a new one",
        "Somebody wrote with a rank she does not hold",
        "to an older day",
    ]
    seen = [[title in words(client.get("/kabar-laptop").text) for title in titles] for client in (citra, eka)]
    assert seen == [[True, True, False], [True, True, True]]
    number = re.findall(r'action="/kabar-laptop/(\d+)"', citra.get("/kabar-laptop").text)[0]
    citra.post(f"/kabar-laptop/{number}")
    later = [titles[0] in words(client.get("/kabar-laptop").text) for client in (citra, eka)]
    assert (later, world.browser(world.village.baiq).get("/kabar-laptop").status_code) == (
        [False, False],
        403,
    )
    assert citra.post("/kabar-laptop/3").status_code == 404  # that one is the province's own
