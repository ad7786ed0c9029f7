"""Phones on the laptop's hotspot: nothing opens before the code was typed, and the code cannot be guessed or gone round."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from siposyandu import phones
from siposyandu.addresses import BY_HOTSPOT
from siposyandu.errors import Locked
from siposyandu.listening import CONNECTIONS, Listener
from siposyandu.periods import local_date
from tests import locked
from tests.conftest import NOW, PIN, Village, app_of, sign_in

HOST = "localhost"  # what Flask's own browser names
TODAY = local_date(NOW)


def phone(app: Flask, address: str = "192.168.137.20") -> FlaskClient:
    """A phone's browser."""
    made = app.test_client()
    made.environ_base.update({BY_HOTSPOT: HOST, "REMOTE_ADDR": address})
    made.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 14)"
    return made


def code_of(village: Village) -> str:
    with village.instance.store_for_job() as store:
        phones.open_door(store, "192.168.137.1", TODAY, TODAY)
        door = phones.opened(store, TODAY)
        assert door is not None
        return door.code


def joined(app: Flask, village: Village, address: str = "192.168.137.20") -> FlaskClient:
    made = phone(app, address)
    assert made.post("/gabung", data={"code": code_of(village)}).status_code == 302
    return made


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.fixture
def app(village: Village) -> Flask:
    return app_of(village)


def test_a_phone_without_the_code_opens_no_page_at_all(app: Flask, village: Village) -> None:
    code_of(village)
    visitor = phone(app)
    open_to_all = {"/gabung", "/static/<path:filename>", "/bahasa/<code>"}
    opened = {}
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", village.melati, rule.rule.replace("<int:number>", "1"))
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = visitor.open(path, method=method)
            shut = answer.status_code == 404 or (answer.location or "").startswith("/gabung?next=")
            if rule.rule not in open_to_all and not shut:
                opened[f"{method} {rule.rule}"] = answer.status_code
    assert opened == {}


def test_the_door_for_machines_is_not_on_the_hotspot(app: Flask, village: Village) -> None:
    answers = [joined(app, village).post(path).status_code for path in ("/v1/s", "/v1/x")]
    assert answers == [404, 404]


def test_who_scans_the_code_comes_to_the_names_and_works_after_her_pin(app: Flask, village: Village) -> None:
    visitor = phone(app)
    scanned = visitor.get(f"/gabung?kode={code_of(village)}&next=/hari-ini")
    door = visitor.get("/masuk")
    sign_in(visitor, village.aminah)
    assert (scanned.location, "Aminah" in door.text) == ("/hari-ini", True)
    assert visitor.get("/hari-ini").status_code == 200


def test_after_five_wrong_codes_even_the_right_one_must_wait(app: Flask, village: Village) -> None:
    code = code_of(village)
    visitor, neighbour = phone(app), phone(app, "192.168.137.21")
    tries = [visitor.post("/gabung", data={"code": wrong(code)}).status_code for _ in range(5)]
    late = visitor.post("/gabung", data={"code": code}).status_code
    assert (tries, late) == ([400] * 5, 429)
    assert neighbour.post("/gabung", data={"code": code}).status_code == 302  # another phone need not wait


def test_ten_phones_together_may_not_guess_more_than_fifty_times(app: Flask, village: Village) -> None:
    code = code_of(village)
    for number in range(10):
        guesser = phone(app, f"192.168.137.{number + 30}")
        for _ in range(5):
            guesser.post("/gabung", data={"code": wrong(code)})
    assert phone(app, "192.168.137.99").post("/gabung", data={"code": code}).status_code == 429


def test_a_name_that_was_made_to_point_to_the_laptop_opens_nothing(app: Flask, village: Village) -> None:
    code = code_of(village)
    names = ("http://evil.example", "http://evil.example:8520", "http://127.0.0.1:8520")
    answers = [phone(app).get(f"/gabung?kode={code}", base_url=name).status_code for name in names]
    assert answers == [400] * 3


def test_a_phone_that_was_shut_out_needs_a_new_code_and_the_others_stay(app: Flask, village: Village) -> None:
    old = code_of(village)
    one, two = joined(app, village), joined(app, village, "192.168.137.21")
    with village.instance.store_for_job() as store:
        phones.shut_out(store, phones.joined(store)[0]["phone_no"])
    answers = [one.get("/masuk").status_code, two.get("/masuk").status_code]
    again = one.post("/gabung", data={"code": old}).status_code
    assert (answers, again, code_of(village) != old) == ([303, 200], 400, True)


def test_on_the_next_day_code_and_phones_of_the_day_before_are_worth_nothing(village: Village) -> None:
    tomorrow = TODAY + timedelta(days=1)
    code, visitor = code_of(village), phones.Visitor("", "192.168.137.20")
    with village.instance.store_for_job() as store:
        secret = phones.join(store, code, visitor, NOW)
        assert secret is not None
        knew = [phones.known(store, secret, day) is not None for day in (TODAY, tomorrow)]
        joins = phones.join(store, code, visitor, NOW + timedelta(days=1))
    assert (knew, joins) == ([True, False], None)


def test_a_passphrase_and_the_door_itself_are_for_the_laptop_alone(app: Flask, village: Village) -> None:
    app.extensions["listener"] = Listener(app, 0)
    visitor = sign_in(joined(app, village), village.aminah)
    here = sign_in(app.test_client(), village.aminah)
    from_loopback = phone(app, "127.0.0.1")  # somebody at the laptop who opened its address in the network
    from_loopback.get(f"/gabung?kode={code_of(village)}")
    sign_in(from_loopback, village.aminah)
    seen = [each.get("/hotspot").status_code for each in (visitor, from_loopback, here)]
    assert seen == [403, 403, 200]


def test_what_a_stolen_phones_cookies_say_opens_nothing_after_it_was_shut_out(
    app: Flask, village: Village
) -> None:
    stolen = sign_in(joined(app, village), village.aminah)
    before = stolen.get("/cari").status_code
    with village.instance.store_for_job() as store:
        phones.shut_out(store, phones.joined(store)[0]["phone_no"])
    stolen.post("/gabung", data={"code": code_of(village)})  # the new code stands on the laptop's screen
    after = stolen.get("/cari")
    assert (before, after.status_code, after.location) == (200, 302, "/masuk?next=/cari")
    assert sign_in(stolen, village.aminah).get("/cari").status_code == 200


def test_a_session_of_the_laptop_is_none_on_a_phone(app: Flask, village: Village) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    here, visitor = sign_in(app.test_client(), village.aminah), joined(app, village)
    cookie = here.get_cookie(name)
    assert cookie is not None
    visitor.set_cookie(name, cookie.value)
    assert (here.get("/cari").status_code, visitor.get("/cari").location) == (200, "/masuk?next=/cari")


def test_who_guesses_a_pin_on_a_phone_locks_nobody_out_at_the_laptop(app: Flask, village: Village) -> None:
    visitor, at_her_pin = joined(app, village), f"/masuk/{village.aminah.id}"
    answers = [visitor.post(at_her_pin, data={"pin": pin}) for pin in (*["111112"] * 5, PIN)]
    assert ([each.status_code for each in answers], "lima belas menit" in answers[-1].text) == (
        [400] * 6,
        True,
    )
    assert sign_in(app.test_client(), village.aminah).get("/cari").status_code == 200


def test_a_name_that_was_made_to_point_to_the_laptop_itself_opens_nothing(app: Flask) -> None:
    names = (
        "evil.example",
        "evil.example:8520",
        "127.0.0.1.evil.example",
        "127.0.0.1",
        "localhost:8520",
        "[::1]:80",
    )
    answers = [app.test_client().get("/masuk", base_url=f"http://{name}").status_code for name in names]
    assert answers == [400, 400, 400, 200, 200, 200]


def test_a_closed_laptop_tells_a_phone_so_and_nothing_else(app: Flask, village: Village) -> None:
    visitor = joined(app, village)
    village.instance._opened = None  # as after `lock` on a laptop with a passphrase
    try:
        answers = [visitor.get(path).location for path in ("/masuk", "/buka/lupa", "/laptop/pulih")]
        with pytest.raises(Locked):
            _ = village.instance.lane
    finally:
        village.instance._begin()
    assert answers == ["/buka"] * 3


@pytest.fixture
def listening(app: Flask) -> Iterator[Listener]:
    with closing(socket.create_server(("127.0.0.2", 0))) as free:
        port = free.getsockname()[1]
    made = Listener(app, port)
    yield made
    made.shut()


def test_phones_are_heard_while_the_door_is_open_and_not_after(listening: Listener) -> None:
    address = f"http://127.0.0.2:{listening.port}/masuk"
    asking = requests.Session()
    asking.trust_env = False
    listening.open("127.0.0.2")
    first = asking.get(address, timeout=10).url
    listening.shut()
    with pytest.raises(requests.ConnectionError):
        asking.get(address, timeout=10)
    listening.open_when_possible("127.0.0.2")
    while True:
        try:
            again = asking.get(address, timeout=10).url
            break
        except requests.ConnectionError:
            continue
    assert [url.partition("?")[0] for url in (first, again)] == [address.replace("/masuk", "/gabung")] * 2


def test_a_phone_that_opens_hundreds_of_connections_keeps_no_other_out(listening: Listener) -> None:
    listening.open("127.0.0.2")
    at = ("127.0.0.2", listening.port)
    with ExitStack() as held:
        for _ in range(CONNECTIONS):  # begins to ask, slowly, and never ends
            greedy = held.enter_context(socket.create_connection(at, source_address=("127.0.0.3", 0)))
            with suppress(OSError):
                greedy.sendall(b"GET / HTTP/1.1\r\n")
        neighbour = held.enter_context(socket.create_connection(at, 10, ("127.0.0.4", 0)))
        neighbour.sendall(b"GET /gabung HTTP/1.1\r\nHost: 127.0.0.2:%d\r\n\r\n" % listening.port)
        answer = neighbour.recv(12)
    assert answer == b"HTTP/1.1 200"


def test_a_body_that_would_fill_the_disk_is_refused_before_it_comes(listening: Listener) -> None:
    listening.open("127.0.0.2")
    with socket.create_connection(("127.0.0.2", listening.port), 10) as phone_without_code:
        phone_without_code.sendall(b"POST /gabung HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n")
        answer = phone_without_code.recv(12)
    assert answer == b"HTTP/1.1 413"


def test_an_address_that_this_machine_does_not_have_is_refused(listening: Listener) -> None:
    with pytest.raises(OSError, match="assign"):
        listening.open("192.0.2.77")
    assert listening.address == ""


def test_only_a_phone_of_a_kader_at_work_keeps_the_laptop_open(tmp_path: Path) -> None:
    laptop = locked.found(tmp_path / "melati")
    place, almost = laptop.instance, laptop.instance.config.lock_hours * 3600 - 60
    place.unlock(locked.PASSPHRASE)
    app = app_of(laptop.village)
    kader, idle, stranger = (joined(app, laptop.village), joined(app, laptop.village), phone(app))
    sign_in(kader, laptop.village.aminah)
    laptop.steady.seconds += almost
    kader.get("/hari-ini")
    laptop.steady.seconds += almost
    answers = [
        each.get(path).status_code
        for each in (idle, stranger, app.test_client())
        for path in ("/masuk", "/hari-ini")
    ]
    still_open = place.is_open
    laptop.steady.seconds += 60
    late = kader.get("/hari-ini")
    assert (still_open, answers, place.is_open) == (True, [200, 302, 303, 303, 200, 302], False)
    assert late.location == "/buka?next=/hari-ini"
