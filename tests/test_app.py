"""The application as a whole: its headers, its doors, and what it says when something fails."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import Village, app_of, sign_in


def test_every_page_forbids_scripts_frames_and_guessing_from_elsewhere(client: FlaskClient) -> None:
    headers = client.get("/masuk").headers
    assert {
        name: headers[name] for name in ("X-Content-Type-Options", "Referrer-Policy", "Cache-Control")
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_the_session_cookie_cannot_be_read_by_scripts_nor_sent_from_other_sites(village: Village) -> None:
    client = app_of(village).test_client()
    answer = sign_in(client, village.aminah).get("/bahasa/en")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    "page", ["/hari-ini", "/cari", "/skdn", "/wilayah", "/laptop", "/anak/baru", "/kelola"]
)
def test_nobody_sees_a_page_without_signing_in(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    assert (answer.status_code, answer.headers["Location"].startswith("/masuk")) == (302, True)


def test_a_form_without_its_token_is_refused_kindly(village: Village) -> None:
    app = app_of(village)
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post(f"/masuk/{village.aminah.id}", data={"pin": "1"})
    assert answer.status_code == 400
    assert 'lang="id"' in answer.text


def test_a_damaged_database_still_gives_a_page_that_says_what_to_do(village: Village) -> None:
    app = app_of(village)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    client = app.test_client()
    with village.instance.store_for_job() as store, store.write():
        store.run("drop table login_session")
        store.run("drop table worker")
    answer = client.get("/masuk")
    assert answer.status_code == 500
    assert "<h1" in answer.text


def test_an_unknown_address_is_a_page_not_a_stack_trace(client: FlaskClient) -> None:
    answer = client.get("/tidak-ada")
    assert answer.status_code == 404
    assert "<h1" in answer.text
