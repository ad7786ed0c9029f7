"""Who is signed in stays so when the laptop's clock is set right, and what she saves is saved; an old cookie opens nothing."""

import time
from datetime import timedelta
from typing import Any

import pytest
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from siposyandu import credentials
from siposyandu.instance import Instance
from tests.children import register
from tests.conftest import NOW, Village, on_the_day, pages_of, sign_in

TODAY = "2026-08-03"
A_MOMENT_S, TEN_MINUTES_S, YEARS_S = 1, 600, 16 * 365 * 24 * 3600


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, the day confirmed."""
    return on_the_day(client, village.aminah, TODAY)


def signed_in_before(client: FlaskClient, seconds: int) -> FlaskClient:
    """Let a browser's cookie be one that was signed so many seconds ago by today's clock; fewer than none: later than now."""

    class Then(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time()) - seconds

    app = client.application
    name, cookies = app.config["SESSION_COOKIE_NAME"], app.session_interface
    assert isinstance(cookies, SecureCookieSessionInterface)
    serializer, cookie = cookies.get_signing_serializer(app), client.get_cookie(name)
    assert isinstance(serializer, URLSafeTimedSerializer)
    assert cookie is not None
    said: Any = serializer.loads(cookie.value)
    serializer.signer = Then
    client.set_cookie(name, str(serializer.dumps(said)))
    return client


def weights(village: Village) -> list[int]:
    with village.instance.store_for_job() as store:
        return [row["weight_g"] for row in store.rows("select weight_g from balita")]


@pytest.mark.parametrize("seconds", [A_MOMENT_S, -TEN_MINUTES_S, -YEARS_S, YEARS_S])
def test_what_is_saved_after_the_clock_was_set_is_saved(
    aminah: FlaskClient, village: Village, seconds: int
) -> None:
    child = register(village, "Baiq Nabila")
    page = f"/kunjungan/balita/{child}"
    typed = {"weight_kg": "8,9", "length_height_cm": "75", "measured": "lying", "visit_date": "3-8-2026"}
    signed_in_before(aminah, seconds).post(page, data={**typed, "draft": page})
    assert weights(village) == [8900]


@pytest.mark.parametrize("seconds", [A_MOMENT_S, -TEN_MINUTES_S, YEARS_S])
def test_a_cookie_of_a_session_that_was_left_or_whose_pin_was_changed_opens_nothing_however_old(
    client: FlaskClient, village: Village, seconds: int
) -> None:
    name = client.application.config["SESSION_COOKIE_NAME"]
    stolen, other = (
        signed_in_before(sign_in(client, village.aminah), seconds).get_cookie(name),
        village.baiq,
    )
    client.post("/keluar")
    stolen_too = signed_in_before(sign_in(client, other), seconds).get_cookie(name)
    with village.instance.store_for_job() as store:
        credentials.set_pin(store, other.id, "385026", NOW)
    seen = []
    for cookie in (stolen, stolen_too):
        assert cookie is not None
        client.set_cookie(name, cookie.value)
        seen.append(client.get("/hari-ini").location)
    assert seen == ["/masuk?next=/hari-ini"] * 2


def test_a_cookie_that_this_place_did_not_sign_says_nothing(aminah: FlaskClient) -> None:
    name = aminah.application.config["SESSION_COOKIE_NAME"]
    cookie = aminah.get_cookie(name)
    assert cookie is not None
    aminah.set_cookie(name, cookie.value[:-4] + "AAAA")
    assert aminah.get("/hari-ini").location == "/masuk?next=/hari-ini"


def test_a_clock_set_back_at_night_lets_nobody_in_who_was_away_for_hours(village: Village) -> None:
    passed_s = [0.0]
    place = Instance(village.instance.config, clock=lambda: NOW, steady=lambda: passed_s[0])
    aminah = sign_in(pages_of(place).test_client(), village.aminah)
    seen = []
    for hours in (7, 7, 8):
        passed_s[0] += hours * 3600
        seen.append(aminah.get("/laptop").status_code)
    again = sign_in(aminah, village.aminah).get("/laptop").status_code
    assert (seen, again) == ([200, 200, 302], 200)


def test_who_goes_on_after_the_clock_was_set_back_stays_signed_in_by_the_new_time(
    client: FlaskClient, village: Village
) -> None:
    aminah, seen = sign_in(client, village.aminah), []
    for hours in (-7, -14, -21):
        village.instance.now = lambda hours=hours: NOW + timedelta(hours=hours)
        seen.append(aminah.get("/laptop").status_code)
    assert seen == [200] * 3
