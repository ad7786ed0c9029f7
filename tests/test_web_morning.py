"""The morning's page: a closed laptop shows nothing else, whatever is asked of it, and says what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from siposyandu import web
from siposyandu.app import create_app
from siposyandu.config import Config
from siposyandu.instance import Instance
from tests.conftest import NOW, PIN, Village, pages_of, sign_in
from tests.locked import OTHER, PASSPHRASE, Locked, found
from tests.window import words

PHONE = {"REMOTE_ADDR": "10.42.0.7"}


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Locked]:
    """Melati's laptop, closed."""
    made = found(tmp_path / "melati")
    yield made
    made.instance.lock()


def browser_at(instance: Instance) -> FlaskClient:
    return pages_of(instance).test_client()


@pytest.fixture
def client(laptop: Locked) -> FlaskClient:
    """A browser at the closed laptop."""
    return browser_at(laptop.instance)


def opened(client: FlaskClient) -> FlaskClient:
    assert client.post("/buka", data={"passphrase": PASSPHRASE}).status_code == 302
    return client


def test_every_address_leads_to_the_one_page(client: FlaskClient) -> None:
    rules = [rule for rule in client.application.url_map.iter_rules() if rule.endpoint != "static"]
    elsewhere = []
    for rule in rules:
        address = rule.rule.replace("<", "").replace(">", "")
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.open(address, method=method)
            own = rule.endpoint.split(".")[0] in (
                "morning",
                "first_passphrase",
                "recovery",
                "put_back",
                "frame",
                "booklet",
            )
            led = answer.status_code == 503 if address.startswith("/v1/") else answer.location is not None
            if not own and not (led and (answer.location or "/buka").startswith("/buka")):
                elsewhere.append((method, address, answer.status_code, answer.location))
    assert (elsewhere, len(rules) > 40, len(web.ALL) > 20) == ([], True, True)


def test_the_page_says_what_to_do_in_a_kaders_words(client: FlaskClient) -> None:
    page = client.get("/buka").text
    for text in ("Open the laptop", "Forgotten the passphrase?", "Show what is typed"):
        assert words(text) in page
    assert "Melati" not in page
    assert "Aminah" not in page


def test_an_address_that_does_not_exist_leads_there_too(client: FlaskClient) -> None:
    assert client.get("/tidak/ada?x=1&y=2").location == "/buka?next=/tidak/ada?x%3D1%26y%3D2"


def test_a_machine_is_told_by_name(client: FlaskClient) -> None:
    for answer in (client.get("/v1/figures?area=52&month=2026-08"), client.post("/v1/score", json={})):
        assert (answer.status_code, answer.json["refused"] if answer.json else None) == (503, "locked")


def test_after_the_passphrase_the_wanted_page_follows(client: FlaskClient, laptop: Locked) -> None:
    answer = client.post("/buka", data={"passphrase": PASSPHRASE, "next": "/masuk?next=/skdn"})
    assert (answer.status_code, answer.location) == (302, "/masuk?next=/skdn")
    assert "Aminah" in client.get("/masuk").text
    assert client.get("/buka").location == "/"


def test_it_never_leads_to_another_computer(client: FlaskClient) -> None:
    assert client.post("/buka", data={"passphrase": PASSPHRASE, "next": "//elsewhere.id"}).location == "/"


def test_a_wrong_passphrase_is_refused_and_after_five_one_waits(client: FlaskClient, laptop: Locked) -> None:
    first = client.post("/buka", data={"passphrase": OTHER})
    assert (
        first.status_code,
        words("That is not this laptop's passphrase. Try again, word by word.") in first.text,
    ) == (400, True)
    for _ in range(4):
        client.post("/buka", data={"passphrase": OTHER})
    early = client.post("/buka", data={"passphrase": PASSPHRASE})
    wait = words(
        "Too many wrong tries. Wait {minutes} minutes, then try again. The right passphrase must wait too."
    )
    assert (early.status_code, wait.format(minutes=1) in early.text) == (400, True)
    assert wait.format(minutes=1) in client.get("/buka").text
    laptop.steady.seconds += 30
    opened(client)


def test_what_was_typed_wrong_does_not_come_back_with_the_page(client: FlaskClient) -> None:
    assert OTHER not in client.post("/buka", data={"passphrase": OTHER}).text


def test_a_phone_is_told_to_wait_and_cannot_type_the_passphrase(client: FlaskClient, laptop: Locked) -> None:
    page = client.get("/buka", environ_overrides=PHONE)
    tried = client.post("/buka", data={"passphrase": PASSPHRASE}, environ_overrides=PHONE)
    told = words("The laptop is still closed. Open it at the laptop itself, then look here again.")
    assert (told in page.text, 'type="password"' in page.text) == (True, False)
    assert (tried.status_code, laptop.instance.is_open) == (403, False)


def test_a_kader_closes_the_laptop_and_leaves(client: FlaskClient, laptop: Locked) -> None:
    sign_in(opened(client), laptop.village.aminah)
    assert client.get("/hari-ini").status_code == 200
    assert client.post("/tutup").location == "/buka"
    assert (laptop.instance.is_open, client.get("/hari-ini").location) == (False, "/buka?next=/hari-ini")
    opened(client)
    assert client.get("/hari-ini").location.startswith("/masuk")


def test_it_is_closed_at_the_door_too_but_from_no_phone(client: FlaskClient, laptop: Locked) -> None:
    sign_in(opened(client), laptop.village.aminah)
    assert client.post("/tutup", environ_overrides=PHONE).status_code == 403
    client.post("/keluar")
    assert words("Close the laptop") in client.get("/masuk").text
    assert words("Close the laptop") not in client.get("/masuk", environ_overrides=PHONE).text
    assert client.post("/tutup", environ_overrides=PHONE).status_code == 403
    assert laptop.instance.is_open
    assert client.post("/tutup").location == "/buka"


def test_a_pin_opens_nothing_while_the_laptop_is_closed(client: FlaskClient, laptop: Locked) -> None:
    answer = client.post(f"/masuk/{laptop.village.aminah.id}", data={"pin": PIN})
    assert (answer.location, laptop.instance.is_open) == (
        f"/buka?next=/masuk/{laptop.village.aminah.id}",
        False,
    )


def test_a_cookie_of_before_closing_is_signed_by_the_same_key_in_the_morning(
    client: FlaskClient, laptop: Locked
) -> None:
    sign_in(opened(client), laptop.village.aminah)
    laptop.instance.lock()
    again = browser_at(laptop.instance)
    opened(again)
    cookie = client.get_cookie(f"siposyandu_{laptop.instance.config.port}")
    assert cookie is not None
    again.set_cookie(cookie.key, cookie.value)
    assert again.get("/hari-ini").status_code == 200


def test_both_papers_open_the_laptop_and_change_the_passphrase(client: FlaskClient, laptop: Locked) -> None:
    typed = {"first": laptop.papers[0].text.lower().replace("-", " "), "second": laptop.papers[1].text}
    answer = client.post("/buka/lupa", data={**typed, "passphrase": OTHER, "passphrase_again": OTHER})
    assert (answer.status_code, answer.location, laptop.instance.is_open) == (302, "/laptop/kertas", True)
    laptop.instance.lock()
    assert client.post("/buka", data={"passphrase": OTHER}).status_code == 302


def test_a_slip_on_a_paper_is_named_by_its_group_and_the_rest_stays_typed(
    client: FlaskClient, laptop: Locked
) -> None:
    first, second = (paper.text for paper in laptop.papers)
    wrong = first[:13] + ("7" if first[13] != "7" else "8") + first[14:]
    typed = {"first": wrong, "second": second, "passphrase": OTHER, "passphrase_again": OTHER}
    page = client.post("/buka/lupa", data=typed)
    said = words("Group {number} is not right. Compare it letter by letter with the paper.").format(number=3)
    assert (page.status_code, said in page.text, second in page.text, OTHER in page.text) == (
        400,
        True,
        True,
        False,
    )
    assert not laptop.instance.is_open


def test_one_paper_alone_opens_nothing(client: FlaskClient, laptop: Locked) -> None:
    paper = laptop.papers[0].text
    page = client.post(
        "/buka/lupa", data={"first": paper, "second": paper, "passphrase": OTHER, "passphrase_again": OTHER}
    )
    said = words("These are not the two papers of one laptop. Paper 1 and paper 2 are needed.")
    assert (page.status_code, said in page.text, laptop.instance.is_open) == (400, True, False)


def test_a_worker_changes_the_passphrase_knowing_the_old_one(client: FlaskClient, laptop: Locked) -> None:
    sign_in(opened(client), laptop.village.aminah)
    new = {"passphrase": OTHER, "passphrase_again": OTHER}
    refused = client.post("/laptop/kata-sandi", data={"now": "bukan ini sandi lama", **new})
    weak = client.post(
        "/laptop/kata-sandi", data={"now": PASSPHRASE, "passphrase": "a", "passphrase_again": "a"}
    )
    taken = client.post("/laptop/kata-sandi", data={"now": PASSPHRASE, **new})
    assert (refused.status_code, weak.status_code, taken.location) == (400, 400, "/laptop")
    laptop.instance.lock()
    assert client.post("/buka", data={"passphrase": PASSPHRASE}).status_code == 400
    assert client.post("/buka", data={"passphrase": OTHER}).status_code == 302


def test_new_papers_are_shown_once_to_who_knows_the_passphrase(client: FlaskClient, laptop: Locked) -> None:
    opened(client)
    refused = client.post("/laptop/kertas", data={"now": OTHER})
    shown = client.post("/laptop/kertas", data={"now": PASSPHRASE})
    assert (refused.status_code, shown.status_code, shown.text.count("<svg")) == (400, 200, 2)
    assert shown.headers["Cache-Control"] == "no-store"
    laptop.instance.lock()
    first, second = (paper.text for paper in laptop.papers)
    old = {"first": first, "second": second, "passphrase": OTHER, "passphrase_again": OTHER}
    assert client.post("/buka/lupa", data=old).status_code == 400


def test_a_plain_laptop_says_that_it_is_not_locked_and_has_no_lock_pages(village: Village) -> None:
    plain = sign_in(browser_at(village.instance), village.aminah)
    assert words("This laptop is not locked") in plain.get("/laptop").text
    assert plain.get("/laptop/kata-sandi").status_code == 404
    assert plain.post("/tutup").status_code == 404
    assert village.instance.is_open


# A new laptop.


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Instance]:
    """A laptop of which nothing is known yet."""
    place = Instance(
        Config(tmp_path / "new", area="", upstream="http://127.0.0.1:9", encrypted=True), clock=lambda: NOW
    )
    yield place
    place.lock()


def test_a_new_laptop_first_asks_for_its_passphrase_then_shows_its_papers_then_joins(new: Instance) -> None:
    client = browser_at(new)
    assert client.get("/").location == "/buka?next=/"
    assert client.get("/buka").location == "/laptop/kata-sandi/pertama"
    weak = {"passphrase": "pendek", "passphrase_again": "pendek"}
    assert client.post("/laptop/kata-sandi/pertama", data=weak).status_code == 400
    different = {"passphrase": PASSPHRASE, "passphrase_again": OTHER}
    assert client.post("/laptop/kata-sandi/pertama", data=different).status_code == 400
    nothing_yet = [path.name for path in new.config.folder.rglob("*")]
    shown = client.post(
        "/laptop/kata-sandi/pertama", data={"passphrase": PASSPHRASE, "passphrase_again": PASSPHRASE}
    )
    assert (nothing_yet, shown.status_code, shown.text.count("<svg"), "/laptop/pasang" in shown.text) == (
        [],
        200,
        2,
        True,
    )
    assert client.get("/laptop/kata-sandi/pertama").location == "/"
    assert words("Address of the province") in client.get("/laptop/pasang").text
    new.lock()
    assert client.post("/buka", data={"passphrase": PASSPHRASE}).status_code == 302


def test_two_suggestions_are_not_the_same(new: Instance) -> None:
    client = browser_at(new)
    assert client.get("/laptop/kata-sandi/pertama").text != client.get("/laptop/kata-sandi/pertama").text


def test_a_page_that_was_open_since_before_the_start_asks_once_more(laptop: Locked) -> None:
    app = create_app(laptop.instance)
    app.config.update(TESTING=True)
    answer = app.test_client().post("/buka", data={"passphrase": PASSPHRASE, "csrf_token": "of before"})
    assert (answer.status_code, words("Please type it once more.") in answer.text) == (400, True)
    assert not laptop.instance.is_open
