"""The door for other programs: score children, read the figures of an area. JSON in, JSON out.

Bad input is answered with 422 and, for each field, its path and what is wrong with it; nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, request
from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate
from werkzeug.wrappers import Response

from siposyandu import indicators
from siposyandu.errors import NotFound
from siposyandu.growth import standards
from siposyandu.growth.errors import GrowthError
from siposyandu.indicators import scope
from siposyandu.periods import Month
from siposyandu.web import sessions

pages = Blueprint("machines", __name__)

CHILDREN_AT_ONCE = 1000
LARGEST_BODY_BYTES = 1024 * 1024
# Nobody measures a tenth of a millimetre, a ton, or a century; beyond, arithmetic overflows instead of answering.
SMALLEST_MEASURE, LARGEST_MEASURE, LARGEST_AGE_DAYS = 0.1, 1000, 36_525
Answer = tuple[Response, int]


def _positive() -> fields.Float:
    return fields.Float(allow_none=True, validate=validate.Range(min=SMALLEST_MEASURE, max=LARGEST_MEASURE))


class ChildSchema(Schema):
    """One child at one visit; units are in the names, age in whole days."""

    class Meta:
        """A field that is not known is refused, not ignored."""

        unknown = RAISE

    sex = fields.String(required=True, validate=validate.OneOf(["m", "f"]))
    age_days = fields.Integer(
        required=True, allow_none=True, strict=True, validate=validate.Range(min=0, max=LARGEST_AGE_DAYS)
    )
    weight_kg = _positive()
    length_height_cm = _positive()
    measured = fields.String(allow_none=True, validate=validate.OneOf(["lying", "standing"]))
    head_circumference_cm = _positive()
    muac_cm = _positive()
    triceps_mm = _positive()
    subscapular_mm = _positive()
    oedema = fields.Boolean()


class ScoreSchema(Schema):
    """Children to be scored in one call."""

    class Meta:
        """A field that is not known is refused, not ignored."""

        unknown = RAISE

    children = fields.List(fields.Nested(ChildSchema), required=True, validate=validate.Length(min=1))

    @pre_load
    def count(self, said: Any, **_: Any) -> Any:
        """Refuse too many before looking at each: this door is open to everybody."""
        children = said.get("children") if isinstance(said, Mapping) else None
        if isinstance(children, list) and len(children) > CHILDREN_AT_ONCE:
            raise ValidationError([f"at most {CHILDREN_AT_ONCE} at once"], "children")
        return said


class FiguresSchema(Schema):
    """Which figures are asked for."""

    class Meta:
        """A field that is not known is refused, not ignored."""

        unknown = RAISE

    area = fields.String(required=True)
    month = fields.String(required=True, validate=validate.Regexp(r"^(19|20)\d\d-(0[1-9]|1[0-2])$"))


@pages.post("/v1/score")
def score() -> Answer:
    """Score children by WHO 0 to 60 months; nothing of them is kept."""
    asked = _checked(ScoreSchema(), _body())
    results = [_scored(position, child) for position, child in enumerate(asked["children"])]
    return jsonify({"standard": standards.VERSION, "children": results}), 200


def _body() -> Any:
    request.max_content_length = LARGEST_BODY_BYTES
    try:
        return request.get_json(silent=True)
    except RecursionError:  # "[[[[...": the reader of JSON gives up on depth alone
        return None


def _scored(position: int, child: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return standards.score(**child)._asdict()
    except GrowthError as refused:
        raise ValidationError({"children": {position: [str(refused)]}}) from refused


@pages.get("/v1/figures")
def figures() -> Answer:
    """Return every indicator of an area and month: numerator, denominator, percent, interval, coverage."""
    worker = sessions.current_worker()
    if worker is None:
        return jsonify({"errors": {"": ["sign in first"]}}), 401
    asked = _checked(FiguresSchema(), request.args.to_dict())
    store = sessions.store()
    own = scope.own_area(store, worker.area, sessions.instance().config.area)
    if not scope.lies_in(store, own, asked["area"]):
        raise NotFound(f"{asked['area']} does not lie in {own}")
    looked_at, month = scope.looked_at(own, asked["area"]), Month.parse(asked["month"])
    found = {
        indicator.CODE: asdict(indicators.compute(store, indicator, looked_at, month))
        for indicator in indicators.ALL
    }
    return jsonify({"area": asked["area"], "month": str(month), "figures": found}), 200


def _checked(schema: Schema, said: Any) -> dict[str, Any]:
    if said is None:
        raise ValidationError({"": ["the body is not JSON"]})
    loaded: dict[str, Any] = schema.load(said)
    return loaded


@pages.errorhandler(ValidationError)
def refused(fault: ValidationError) -> Answer:
    """Answer bad input with the path of each field and its sentences."""
    return jsonify({"errors": dict(_paths(fault.messages))}), 422


@pages.errorhandler(NotFound)
def not_here(fault: NotFound) -> Answer:
    """Answer for an area that does not exist or is not hers to see: the same words for both."""
    return jsonify({"errors": {"area": ["there is no such area here"]}}), 404


def _paths(messages: Any, path: str = "") -> list[tuple[str, list[str]]]:
    """Flatten nested messages: {"children": {0: {"sex": [...]}}} becomes ("children.0.sex", [...])."""
    if isinstance(messages, Mapping):
        parts = [(f"{path}.{name}" if path else str(name), inner) for name, inner in messages.items()]
        return [found for name, inner in parts for found in _paths(inner, name)]
    return [(path, [str(message) for message in messages])]
