"""Styles, scripts and pictures: fetched once by each browser, and never believed when they have changed."""

import re

import pytest
from flask.testing import FlaskClient

from siposyandu.web import page_files


def kept(client: FlaskClient, address: str) -> str | None:
    """How long a browser may keep what an address gives."""
    with client.get(address) as answer:
        return answer.headers.get("Cache-Control") if answer.status_code == 200 else None


def addresses(client: FlaskClient) -> list[str]:
    """The files that the page of names is made of."""
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/masuk").text)


def test_every_file_of_a_page_is_kept_by_the_browser_for_good(client: FlaskClient) -> None:
    found = addresses(client)
    assert len(found) > 3
    assert {kept(client, address) for address in found} == {"public, max-age=31536000, immutable"}


def test_a_file_asked_for_without_its_fingerprint_is_asked_for_anew_each_time(client: FlaskClient) -> None:
    assert kept(client, "/static/siposyandu.css") == "no-cache"


def test_an_address_that_leads_to_no_file_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/nothing.css?v=1")
    assert (answer.status_code, "max-age" in answer.headers.get("Cache-Control", "")) == (404, False)


def test_a_changed_file_has_another_address(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    before = addresses(client)
    monkeypatch.setattr(page_files, "_fingerprint", lambda path: "0123456789")
    after = addresses(client)
    assert (set(before) & set(after), len(after)) == (set(), len(before))
