"""Colleagues set their PINs on a laptop without a signal."""

from flask.testing import FlaskClient

import forms
from siposyandu import credentials, records
from tests.conftest import PIN, Village, sign_in

NEW_PIN = {"pin": "730512", "pin_again": "730512"}


def hire(village: Village, name: str) -> str:
    values = {"name": name, "role": "kader", "area": village.melati, "active": 1}
    with village.instance.store_for_job() as store:
        return records.save(store, village.pen(), forms.BY_NAME["worker"], values)


def test_a_kader_opens_the_door_for_a_new_colleague(client: FlaskClient, village: Village) -> None:
    fatma = hire(village, "Fatma")
    answer = sign_in(client, village.aminah).post(f"/laptop/pin/{fatma}", data=NEW_PIN)
    with village.instance.store_for_job() as store:
        opened = credentials.check(store, fatma, "730512", "here", village.instance.now())
    assert (answer.status_code, opened) == (302, True)


def test_a_kader_cannot_change_the_pin_of_a_colleague_who_has_one_but_the_bidan_can(
    client: FlaskClient, village: Village
) -> None:
    fatma = hire(village, "Fatma")
    with village.instance.store_for_job() as store:
        credentials.set_pin(store, fatma, PIN, village.instance.now())
    by_kader = sign_in(client, village.aminah).post(f"/laptop/pin/{fatma}", data=NEW_PIN).status_code
    by_bidan = sign_in(client, village.baiq).post(f"/laptop/pin/{fatma}", data=NEW_PIN).status_code
    assert (by_kader, by_bidan) == (403, 302)


def test_a_kader_vouches_for_nobody_above_her_and_for_nobody_elsewhere(
    client: FlaskClient, village: Village
) -> None:
    sign_in(client, village.aminah)
    tried = [
        client.post(f"/laptop/pin/{who.id}", data=NEW_PIN).status_code for who in (village.baiq, village.dedi)
    ]
    assert tried == [403, 404]


def test_two_different_pins_are_asked_again(client: FlaskClient, village: Village) -> None:
    fatma = hire(village, "Fatma")
    answer = sign_in(client, village.aminah).post(
        f"/laptop/pin/{fatma}", data=NEW_PIN | {"pin_again": "730513"}
    )
    assert answer.status_code == 400
