"""The door: who may knock at which machine, what a wrong PIN gets, and that a session ends."""

import re

import pytest
from flask.testing import FlaskClient

from siposyandu import credentials
from siposyandu.app import create_app
from siposyandu.web.frame import local_path
from tests.conftest import PASSWORD, PIN, Village, sign_in


def names_at_the_door(page: str) -> list[str]:
    return re.findall(r"<b>(.+?)</b>", page)


def test_the_door_of_a_laptop_names_the_workers_of_its_posyandu_and_nobody_else(
    client: FlaskClient, village: Village
) -> None:
    assert names_at_the_door(client.get("/masuk").text) == ["Aminah", "Baiq", "Citra"]


def test_the_right_pin_opens_the_posyandu_day(client: FlaskClient, village: Village) -> None:
    answer = client.post(f"/masuk/{village.aminah.id}", data={"pin": PIN}, follow_redirects=True)

    assert answer.request.path == "/hari-ini"


def test_a_wrong_pin_gets_a_kind_sentence_and_another_try(client: FlaskClient, village: Village) -> None:
    client.get("/bahasa/en")
    answer = client.post(f"/masuk/{village.aminah.id}", data={"pin": "000000"})

    assert answer.status_code == 400
    assert "That is not the PIN. Try once more, slowly." in answer.text
    assert "000000" not in answer.text


def test_after_five_wrong_pins_even_the_right_one_has_to_wait(client: FlaskClient, village: Village) -> None:
    client.get("/bahasa/en")
    for _ in range(credentials.TRIES):
        client.post(f"/masuk/{village.aminah.id}", data={"pin": "000000"})
    answer = client.post(f"/masuk/{village.aminah.id}", data={"pin": PIN})

    assert answer.status_code == 400
    assert "Too many wrong tries. Wait fifteen minutes, then try again." in answer.text


def test_dedi_cannot_open_the_laptop_of_melati(client: FlaskClient, village: Village) -> None:
    with_pin = client.post(f"/masuk/{village.dedi.id}", data={"pin": PIN})
    with_username = client.post("/masuk", data={"username": "dedi", "password": PIN})

    assert (with_pin.status_code, with_username.status_code) == (404, 400)


def test_a_worker_without_a_pin_on_this_laptop_is_asked_to_set_one(
    client: FlaskClient, village: Village
) -> None:
    with village.instance.store_for_job() as store, store.write():
        store.run("delete from credential where worker = $1", village.baiq.id)

    assert client.get(f"/masuk/{village.baiq.id}").location == f"/masuk/{village.baiq.id}/pin?next=/"


def test_leaving_ends_the_session(client: FlaskClient, village: Village) -> None:
    sign_in(client, village.aminah)
    client.post("/keluar")

    assert client.get("/hari-ini").location.startswith("/masuk?next=")


def test_a_visitor_comes_back_to_the_page_she_wanted(client: FlaskClient, village: Village) -> None:
    wanted = client.get("/skdn?bulan=2026-07").location
    assert wanted == "/masuk?next=/skdn?bulan%3D2026-07"
    answer = client.post(f"/masuk/{village.aminah.id}", data={"pin": PIN, "next": "/skdn?bulan=2026-07"})

    assert answer.location == "/skdn?bulan=2026-07"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.org/", "//example.org", "/\\example.org", "\\\\example.org", "javascript:1", "", None],
)
def test_nobody_is_sent_to_another_site_after_signing_in(elsewhere: str | None) -> None:
    assert local_path(elsewhere) == "/"


def test_the_language_chosen_at_the_door_stays_after_signing_in_and_leaving(
    client: FlaskClient, village: Village
) -> None:
    client.get("/bahasa/en")
    sign_in(client, village.aminah)
    inside = client.get("/hari-ini").text
    client.post("/keluar")
    outside = client.get("/masuk").text

    assert ('lang="en"' in inside, 'lang="en"' in outside) == (True, True)


def test_the_province_asks_for_a_user_name_and_a_password(
    province_client: FlaskClient, province: Village
) -> None:
    answer = province_client.post("/masuk", data={"username": " Eka ", "password": PASSWORD})

    assert (answer.status_code, answer.location) == (302, "/")
    assert province_client.get("/").location == "/wilayah"


def test_a_wrong_password_and_an_unknown_user_name_get_the_same_sentence(
    province_client: FlaskClient, province: Village
) -> None:
    province_client.get("/bahasa/en")
    wrong = province_client.post("/masuk", data={"username": "eka", "password": "guess"})
    unknown = province_client.post("/masuk", data={"username": "zed", "password": "guess"})

    sentence = "The user name or the password is not right. Try once more."
    assert [(answer.status_code, sentence in answer.text) for answer in (wrong, unknown)] == [(400, True)] * 2


def test_each_worker_finds_the_ways_she_needs(client: FlaskClient, village: Village) -> None:
    sign_in(client, village.aminah)
    links = re.findall(r'<a href="(/[a-z-]+)" data-key', client.get("/laptop").text)

    assert links == ["/hari-ini", "/cari", "/skdn", "/laptop"]


def test_a_form_without_its_token_says_that_nothing_is_lost(village: Village) -> None:
    browser = create_app(village.instance).test_client()
    browser.get("/bahasa/en")
    answer = browser.post(f"/masuk/{village.aminah.id}", data={"pin": PIN})

    assert (answer.status_code, "Nothing is lost." in answer.text) == (400, True)


def test_a_page_that_does_not_exist_says_so_with_a_way_out(client: FlaskClient) -> None:
    client.get("/bahasa/en")
    answer = client.get("/tidak-ada")

    assert (answer.status_code, "There is no such page here" in answer.text) == (404, True)
