"""The state of sending is told as it is: received means acknowledged, and trouble comes with what to do."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from siposyandu import as_province, i18n
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.letter import Letter
from siposyandu.web import sending
from siposyandu.web.laptop import waiting
from sync.status import Status, status
from tests.children import register, weigh
from tests.conftest import NOW, PIN, Village, app_of, pages_of, sign_in


def state(**values: object) -> Status:
    """All of 84 records received this morning, unless told otherwise."""
    usual = {
        "recorded": 84,
        "acknowledged": 84,
        "acknowledged_at": "2026-08-03T00:05:00Z",
        "last_try_at": "2026-08-03T00:05:00Z",
        "last_error": None,
        "next_try_at": "2026-08-03T00:15:00Z",
        "enrolled": True,
        "clock_offset_s": 0,
    }
    return Status(**{**usual, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (state(), "sent", "84 of 84 received by the province · 08:05"),
        (state(acknowledged=72), "waiting", "12 waiting to be sent, safe on this laptop"),
        (
            state(acknowledged=72, last_error="unreachable"),
            "waiting",
            "12 waiting for a signal, safe on this laptop",
        ),
        (
            state(acknowledged=72, last_error="signature"),
            "stuck",
            "12 not accepted by the province, safe on this laptop: look here",
        ),
        (state(recorded=0, acknowledged=0, acknowledged_at=None), "waiting", "nothing to send yet"),
        (
            state(enrolled=False),
            "waiting",
            "not joined to the province yet; everything is safe on this laptop",
        ),
    ],
)
def test_the_line_in_the_foot_counts_what_the_province_has_answered_for(
    status: Status, kind: str, words: str
) -> None:
    i18n.speak("en")
    line = sending.told(status, NOW)

    assert (line.state, i18n.say(line.line)) == (kind, words)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (None, None),
        ("unreachable", sending.UNREACHABLE),
        ("busy", sending.BUSY),
        ("revoked", sending.REVOKED),
        ("signature", sending.REFUSED),
    ],
)
def test_each_trouble_comes_with_what_to_do(code: str | None, trouble: sending.Trouble | None) -> None:
    assert sending.trouble(state(last_error=code)) == trouble


def test_an_instant_is_told_as_people_say_it() -> None:
    now = datetime(2026, 8, 3, 15, 30, tzinfo=UTC)
    i18n.speak("id")
    told = [sending.moment(each, now) for each in ("2026-08-03T06:05:00Z", "2026-08-03T16:30:00Z", None)]

    assert told == ["14.05", "4 Agustus 00.30", ""]


@pytest.mark.parametrize(
    ("offset_seconds", "words"),
    [
        (None, None),
        (60, None),
        (-60 * 60, "It is 60 minutes behind. Set it by a phone."),
        (366 * 86400, "It is 366 days ahead. Set it by a phone."),
    ],
)
def test_a_wrong_clock_is_said_in_minutes_or_days(offset_seconds: int | None, words: str | None) -> None:
    said = sending.clock(offset_seconds)
    assert (said and str(said)) == words


def test_what_waits_is_named_newest_first(client: FlaskClient, village: Village) -> None:
    child = register(village, "Aisyah")
    weigh(village, child, "2026-08-03", 9100)

    with village.instance.store_for_job() as store:
        found = [(row["name"], row["visit_date"]) for row in waiting(store)]
    assert found[:2] == [("Aisyah", "2026-08-03"), ("Aisyah", None)]


def test_what_was_received_no_longer_waits(client: FlaskClient, village: Village) -> None:
    register(village, "Aisyah")
    with village.instance.store_for_job() as store:
        with store.write():
            store.run(
                """insert into sync_upstream (id, ack) values (1, $1)
                on conflict (id) do update set ack = excluded.ack""",
                status(store).recorded,
            )
        assert waiting(store) == []


def test_send_now_asks_and_answers_at_once(client: FlaskClient, village: Village) -> None:
    asked: list[str] = []
    village.instance.ask_to_send = lambda: asked.append("asked")
    answer = sign_in(client, village.aminah).post("/laptop/kirim")

    assert (asked, answer.location) == (["asked"], "/laptop")


def test_the_page_says_how_many_wait_and_that_they_are_safe(client: FlaskClient, village: Village) -> None:
    sign_in(client, village.aminah).get("/bahasa/en")
    with village.instance.store_for_job() as store:
        recorded = status(store).recorded
    page = client.get("/laptop").text

    assert f"of {recorded} records received by the province" in page
    assert f"{recorded} waiting" in page
    assert "They are safe on this laptop." in page


def test_the_province_has_no_sending_page(province_client: FlaskClient, province: Village) -> None:
    sign_in(province_client, province.eka)

    answers = [province_client.get("/laptop").status_code, province_client.post("/laptop/kirim").status_code]
    assert answers == [404, 404]


@pytest.fixture
def new_laptop(tmp_path: Path) -> FlaskClient:
    """A laptop that has not joined: no workers, no records, and an address where nobody answers."""
    place = Instance(Config(folder=tmp_path, area="", upstream="http://127.0.0.1:9"), clock=lambda: NOW)
    browser = pages_of(place).test_client()
    browser.get("/bahasa/en")
    return browser


def test_a_new_laptop_shows_the_set_up_page_before_any_name(new_laptop: FlaskClient) -> None:
    assert new_laptop.get("/masuk").location == "/laptop/pasang"
    assert "One-time code" in new_laptop.get("/laptop/pasang").text


def test_an_address_that_does_not_answer_is_said_and_what_was_typed_stays(new_laptop: FlaskClient) -> None:
    typed = {"address": "http://127.0.0.1:9", "code": "7KQF-M3T9X-WP2AB"}
    answer = new_laptop.post("/laptop/pasang", data=typed)

    assert answer.status_code == 400
    assert "This address does not answer." in answer.text
    assert all(f'value="{given}"' in answer.text for given in typed.values())


def test_an_empty_set_up_page_names_both_fields(new_laptop: FlaskClient) -> None:
    page = new_laptop.post("/laptop/pasang", data={}).text

    assert page.count('class="error"') == 2


def test_a_laptop_with_workers_has_no_set_up_page(client: FlaskClient, village: Village) -> None:
    assert client.get("/laptop/pasang").location == "/masuk"


def test_the_province_joins_nobody(province_client: FlaskClient) -> None:
    assert province_client.get("/laptop/pasang").status_code == 404


@pytest.fixture
def province_address(province: Village) -> Iterator[str]:
    """The province's server on a port of this machine."""
    server = make_server("127.0.0.1", 0, app_of(province), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_laptop_that_joins_shows_its_workers_who_set_their_pin_with_the_same_code(
    new_laptop: FlaskClient, province: Village, province_address: str
) -> None:
    with province.instance.store_for_job() as store:
        code = as_province.new_enrolment_code(province.instance, store, province.melati)

    new_laptop.post("/laptop/pasang", data={"address": province_address, "code": code.lower()})
    names = re.findall(r"<b>(.+?)</b>", new_laptop.get("/masuk").text)
    wrong = new_laptop.post(
        f"/masuk/{province.aminah.id}/pin", data={"code": "0", "pin": PIN, "pin_again": PIN}
    )
    typo = new_laptop.post(
        f"/masuk/{province.aminah.id}/pin", data={"code": code, "pin": PIN, "pin_again": "1"}
    )
    right = new_laptop.post(
        f"/masuk/{province.aminah.id}/pin", data={"code": code, "pin": PIN, "pin_again": PIN}
    )

    assert names == ["Aminah", "Baiq", "Citra"]
    assert "That is not this laptop&#39;s set-up code." in wrong.text
    assert "The two PINs are not the same." in typo.text
    assert (right.status_code, new_laptop.get("/hari-ini").status_code) == (302, 200)


def test_a_scanned_letter_joins_by_itself_and_sets_the_pin_too(
    new_laptop: FlaskClient, province: Village, province_address: str
) -> None:
    office = app_of(province).test_client()
    sign_in(office, province.eka)
    page = office.post(f"/kelola/posyandu/{province.melati}/kode")
    code = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{5}-[0-9A-Z]{5}(?=<)", page.text)[0]
    scanned = Letter(province_address, code, as_province.fingerprint(province.instance)).line
    joined = new_laptop.post("/laptop/pasang", data={"address": "", "code": scanned})
    pin = {"code": scanned, "pin": PIN, "pin_again": PIN}

    assert (page.text.count('class="qr"'), as_province.fingerprint(province.instance) in page.text) == (
        1,
        True,
    )
    assert (
        joined.status_code,
        new_laptop.post(f"/masuk/{province.aminah.id}/pin", data=pin).status_code,
    ) == (302, 302)


def test_a_letter_of_another_province_joins_nothing(
    new_laptop: FlaskClient, province: Village, province_address: str
) -> None:
    with province.instance.store_for_job() as store:
        code = as_province.new_enrolment_code(province.instance, store, province.melati)
    scanned = Letter(province_address, code, "00000-00000-00000-00000").line
    answer = new_laptop.post("/laptop/pasang", data={"address": "", "code": scanned})

    with province.instance.store_for_job() as store:
        told = store.rows("select tries, used_by from enrolment_codes")
    assert (answer.status_code, "another province than the letter" in answer.text) == (400, True)
    assert "One-time code" in new_laptop.get("/laptop/pasang").text
    assert told == [{"tries": 0, "used_by": None}]  # the code was not even said


def test_a_wrong_one_time_code_is_said_at_its_field(new_laptop: FlaskClient, province_address: str) -> None:
    answer = new_laptop.post("/laptop/pasang", data={"address": province_address, "code": "7KQF-M3T9X-WP2AB"})

    assert (answer.status_code, "The code is not right, was used, or is older" in answer.text) == (400, True)
