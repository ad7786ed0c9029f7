"""What an attacker tries: other areas, other roles, forged edits, bombs of paper. Each try leaves everything as it was."""

import stat
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from siposyandu import credentials
from sync.errors import Malformed
from sync.unpacking import unpack_push
from tests.conftest import NOW, PIN, Village, sign_in

LANE = "0a" * 16
NOBODY = [1, [0, None], [0, 0]]
CHILD = {"sex": "m", "age_days": 367, "weight_kg": 9.1, "length_height_cm": 73.5, "measured": "lying"}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("weight_kg", "1e308"),
        ("weight_kg", "NaN"),
        ("weight_kg", "Infinity"),
        ("length_height_cm", "1e300"),
        ("length_height_cm", "1e-200"),
        ("age_days", "9" * 30),
    ],
)
def test_a_number_that_no_arithmetic_bears_is_refused_at_its_field(
    client: FlaskClient, field: str, said: str
) -> None:
    fields = ", ".join(f'"{name}": {said if name == field else repr(value)}' for name, value in CHILD.items())
    body = f'{{"children": [{{{fields}}}]}}'.replace("'", '"')
    answer = client.post("/v1/score", data=body, content_type="application/json")
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [f"children.0.{field}"])


def test_a_million_children_are_refused_without_looking_at_each(client: FlaskClient) -> None:
    answer = client.post(
        "/v1/score", data='{"children":[' + "{}," * 300_000 + "{}]}", content_type="application/json"
    )
    assert (answer.status_code, answer.get_json()) == (
        422,
        {"errors": {"children": ["at most 1000 at once"]}},
    )


@pytest.mark.parametrize(("body", "status"), [("[" * 100_000, 422), (" " * 2_000_000, 413)])
def test_a_body_too_deep_or_too_large_is_refused(client: FlaskClient, body: str, status: int) -> None:
    assert client.post("/v1/score", data=body, content_type="application/json").status_code == status


def block(count: int, fields: list[Any]) -> list[Any]:
    """Creates without an author, each with these fields."""
    return ["create", 1, count, fields, [0, 0], [0, "2026-08-03T01:00:00Z"]]


BOMBS = {
    "a text of 100 kB, a thousand times": [block(1000, [[5, [0, "x" * 100_000]]])],
    "a text that is multiplied": [block(1000, [[5, [2, "", "aaaa", *["/" * 1000] * 9]]])],
    "a list that is multiplied": [block(1000, [[5, [2, [], [1], *["/" * 1000] * 9]]])],
    "twenty thousand fields": [block(1000, [[field, [0, 3]] for field in range(20_000)])],
    "three thousand blocks of a thousand": [block(1000, [[0, [0, 3]]])] * 3000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_batch_that_would_fill_the_memory_is_refused_before_it_does(name: str) -> None:
    with pytest.raises(Malformed):
        unpack_push([1000, [], [], NOBODY, [0, 0], BOMBS[name]], LANE, 1, lambda places: {})


def test_nobody_else_on_the_machine_may_read_the_database_or_the_keys(village: Village) -> None:
    folder = village.instance.config.folder
    rights = {
        path.name: stat.filemode(path.stat().st_mode)
        for path in (*folder.glob("*.db*"), *folder.rglob("*.json"))
    }
    assert rights == {"siposyandu.db": "-rw-------", "device.json": "-rw-------"}


def test_wrong_tries_made_while_the_clock_was_a_year_ahead_lock_nobody_out(village: Village) -> None:
    ahead = NOW + timedelta(days=365)
    with village.instance.store_for_job() as store:
        for _ in range(credentials.TRIES):
            credentials.check(store, village.aminah.id, "000001", "here", ahead)
        assert credentials.check(store, village.aminah.id, PIN, "here", NOW)


@pytest.mark.parametrize("month", ["1900-01", "1899-12", "9999-12", "0001-01", "2999-12"])
def test_a_month_at_the_end_of_time_is_a_page_or_no_page_but_no_failure(
    province_client: FlaskClient, province: Village, month: str
) -> None:
    citra = sign_in(province_client, province.citra)
    pages = [f"/skdn?bulan={month}", f"/wilayah/{province.melati}?bulan={month}"]
    assert {citra.get(page).status_code for page in pages} <= {200, 404}
