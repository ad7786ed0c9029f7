"""A child registered twice: both cards side by side, joined with a reason, found by either name, and parted again."""

import re

import pytest
from flask.testing import FlaskClient

from siposyandu import child_code, people
from siposyandu.periods import Month
from tests.children import register, weigh
from tests.conftest import Village, at_keyboard, sign_in
from tests.test_joined_cards import everything


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, the day confirmed."""
    return at_keyboard(client, village.aminah)


@pytest.fixture
def twice(village: Village) -> tuple[str, str]:
    """Baiq Rania with her NIK, and the card of the newborn that she was."""
    stays = register(village, "Baiq Rania", nik="5202025005250001")
    goes = register(village, "By. Ny. Saknah", father_name="Lalu Wirya")
    for person, day, weight_g in (
        (goes, "2026-05-04", 8000),
        (stays, "2026-06-08", 8300),
        (goes, "2026-06-08", 8400),
    ):
        weigh(village, person, day, weight_g)
    return goes, stays


def words(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page).split())


def rows_of(village: Village) -> dict[str, object]:
    with village.instance.store_for_job() as store:
        return everything(store)


def test_a_child_is_joined_found_by_either_name_and_parted_as_if_nothing_had_been(
    aminah: FlaskClient, village: Village, twice: tuple[str, str]
) -> None:
    goes, stays = twice
    before = rows_of(village)

    offered = aminah.get(f"/anak/{stays}/kembar").text
    assert f'href="/kembar/{stays}/{goes}"' in offered
    page = aminah.get(f"/kembar/{stays}/{goes}").text
    assert f'action="/kembar/{goes}/{stays}"' in page
    assert ("Lalu Wirya" in page, words(page).count("twice this day")) == (True, 2)

    refused = aminah.post(f"/kembar/{goes}/{stays}", data={"tetap": stays, "note": "buku lama"})
    assert (
        refused.status_code,
        "Choose why they are joined." in refused.text,
        "buku lama" in refused.text,
    ) == (400, True, True)
    chosen = {"tetap": stays, "reason": "named", "take.father_name": "goes", "take.name": "stays"}
    answer = aminah.post(f"/kembar/{goes}/{stays}", data=chosen)
    assert answer.headers["Location"] == f"/anak/{stays}"

    hers = words(aminah.get(f"/anak/{stays}").text)
    assert all(
        each in hers
        for each in ("By. Ny. Saknah : joined by Aminah", "Lalu Wirya", "4 May 2026", "8 June 2026")
    ), hers
    found = aminah.get("/cari?q=saknah").text
    assert (f"/anak/{stays}" in found, f"/anak/{goes}" in found) == (True, False)
    assert aminah.get(f"/cari?q={child_code.code_of(goes)}").headers["Location"] == f"/anak/{stays}"
    with village.instance.store_for_job() as store:
        assert [row["name"] for row in people.sasaran(store, village.melati, Month(2026, 6))] == [
            "Baiq Rania"
        ]

    gone = aminah.get(f"/anak/{goes}").text
    link = re.search(r'name="link" value="([0-9a-f]+)"', gone)
    assert link is not None
    assert "This card was joined with another one" in gone
    silent = aminah.post(f"/anak/{goes}/pisahkan", data={"link": link[1], "why": " "})
    assert (silent.status_code, "Write in a few words why." in silent.text) == (400, True)
    assert (
        aminah.post(f"/anak/{goes}/pisahkan", data={"link": link[1], "why": "anak lain"}).status_code == 302
    )
    assert rows_of(village) == before


def test_a_weighing_typed_for_the_card_that_went_is_kept_with_the_one_that_stays(
    aminah: FlaskClient, village: Village, twice: tuple[str, str]
) -> None:
    goes, stays = twice
    aminah.post(f"/kembar/{goes}/{stays}", data={"tetap": stays, "reason": "twice"})
    answer = aminah.post(f"/kunjungan/balita/{goes}", data={"weight_kg": "8,9"})
    assert (answer.status_code, answer.headers["Location"]) == (307, f"/kunjungan/balita/{stays}")


def test_a_correction_made_meanwhile_stays_when_the_cards_are_parted(
    aminah: FlaskClient, village: Village, twice: tuple[str, str]
) -> None:
    goes, stays = twice
    aminah.post(
        f"/kembar/{goes}/{stays}", data={"tetap": stays, "reason": "twice", "take.father_name": "goes"}
    )
    gone = aminah.get(f"/anak/{goes}").text
    card = aminah.get(f"/anak/{stays}/ubah").text
    seen = re.search(r'name="seen" value="(\d+)"', card)
    typed = {
        "father_name": "Lalu Hamdani",
        "nik": "5202025005250001",
        "name": "Baiq Rania",
        "mother_name": "Saknah",
    }
    typed |= {"sex": "f", "birth_date": "10-5-2025", "seen": seen[1] if seen else ""}
    aminah.post(f"/anak/{stays}/ubah", data=typed)
    link = re.search(r'name="link" value="([0-9a-f]+)"', gone)
    aminah.post(f"/anak/{goes}/pisahkan", data={"link": link[1] if link else "", "why": "anak lain"})
    with village.instance.store_for_job() as store:
        fathers = {row["id"]: row["father_name"] for row in store.rows("select id, father_name from person")}
    assert fathers == {goes: "Lalu Wirya", stays: "Lalu Hamdani"}


def test_cards_of_two_posyandu_are_joined_by_who_answers_for_both(
    province_client: FlaskClient, province: Village
) -> None:
    there = register(province, "Lalu Arya", sex="m", posyandu=province.kenanga)
    here = register(province, "L. Arya", sex="m")
    sign_in(province_client, province.citra)
    assert province_client.get(f"/kembar/{there}/{here}").status_code == 403
    assert province_client.post(f"/kembar/{there}/{here}", data={"reason": "twice"}).status_code == 403
