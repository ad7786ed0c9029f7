"""The door for other programs."""

from flask.testing import FlaskClient

from tests.conftest import Village, sign_in

CHILD = {"sex": "m", "age_days": 367, "weight_kg": 9.1, "length_height_cm": 73.5, "measured": "lying"}


def test_a_program_gets_the_scores_that_the_kader_sees(client: FlaskClient) -> None:
    answer = client.post("/v1/score", json={"children": [CHILD]})
    scored = answer.get_json()["children"][0]
    assert (answer.status_code, scored["haz"], scored["whz"], scored["waz"], scored["hcz"]) == (
        200, -0.97, -0.12, -0.55, None,
    )  # fmt: skip


def test_bad_input_is_answered_with_the_path_of_each_field(client: FlaskClient) -> None:
    bad = {"children": [CHILD, {"sex": "x", "age_days": -1, "weight_kg": 0, "colour": "red"}]}
    answer = client.post("/v1/score", json=bad)
    assert (answer.status_code, sorted(answer.get_json()["errors"])) == (
        422,
        ["children.1.age_days", "children.1.colour", "children.1.sex", "children.1.weight_kg"],
    )


def test_what_is_no_json_is_refused_by_name(client: FlaskClient) -> None:
    answer = client.post("/v1/score", data="{", content_type="application/json")
    assert (answer.status_code, answer.get_json()) == (422, {"errors": {"": ["the body is not JSON"]}})


def test_figures_are_for_those_who_signed_in_and_only_of_their_own_area(
    client: FlaskClient, village: Village
) -> None:
    asked = {"area": village.melati, "month": "2026-08"}
    stranger = client.get("/v1/figures", query_string=asked)
    sign_in(client, village.aminah)
    own = client.get("/v1/figures", query_string=asked)
    other = client.get("/v1/figures", query_string=asked | {"area": village.kenanga})
    wrong = client.get("/v1/figures", query_string=asked | {"month": "2026-13"})
    assert [answer.status_code for answer in (stranger, own, other, wrong)] == [401, 200, 404, 422]
    assert own.get_json()["figures"]["stunting"]["denominator"] == 0
