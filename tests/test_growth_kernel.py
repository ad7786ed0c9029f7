"""The province's kernel says exactly what the one-child arithmetic says, on a grid of every day, tenth and tail."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pytest

from siposyandu.growth import kernel, standards
from siposyandu.growth.length import DAYS_PER_MONTH, LENGTH_LIMITS_CM, length_lms, length_table
from siposyandu.growth.lms import restricted_zscore, zscore
from siposyandu.growth.reference import tables

Visit = tuple[str | None, float | None, float | None, float | None, str | None, bool]
CLOSE = 1e-9
ROUNDED = ("waz", "haz", "whz", "baz", "waz_flag", "haz_flag", "whz_flag", "baz_flag")
POSITIONS = ("lying", "standing", None)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    opened = kernel.open_connection()
    yield opened
    opened.close()


def scored(connection: duckdb.DuckDBPyConnection, visits: Iterable[Visit]) -> list[dict[str, Any]]:
    # As text: of a value in a list DuckDB asks pandas, which is not here, twice; that was nine tenths of these tests.
    columns = [json.dumps(column) for column in zip(*visits, strict=True)]
    text, double, boolean = (
        "unnest(from_json({}, '[\"" + kind + "\"]'))" for kind in ("varchar", "double", "boolean")
    )
    connection.execute(
        f"""create or replace temp table visits as select row_number() over () as place, * from (
            select {text.format("$1")} as sex, {double.format("$2")} as age_days, {double.format("$3")} as weight_kg,
                {double.format("$4")} as length_height_cm, {text.format("$5")} as measured, {boolean.format("$6")} as oedema)""",
        columns,
    )
    found = connection.execute(kernel.score_sql("visits"))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def differences(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Every value in which the kernel and the one-child arithmetic differ; order of rows does not matter."""
    found = []
    for row in rows:
        given = {name: row[name] for name in kernel.COLUMNS}
        one = standards.score(**given)
        found += [
            (given, name, row[name], getattr(one, name))
            for name in ROUNDED
            if row[name] != getattr(one, name)
        ]
        found += [
            (given, name, row[name], getattr(one, name))
            for name in ("length_used_cm", "bmi")
            if not _close(row[name], getattr(one, name))
        ]
    return found


def _close(one: float | None, two: float | None) -> bool:
    return one == two or (one is not None and two is not None and abs(one - two) <= CLOSE)


def by_age(tails: tuple[float, ...]) -> Iterator[Visit]:
    """Every day of both sexes; measures on and between SD lines and far out in the tails."""
    for sex in "mf":
        for day in range(0, 1860):
            z = tails[day % len(tails)]
            inside = min(day, 1826)
            weight = standards.value_at("wfa", sex, inside, z)
            length = standards.value_at("lhfa", sex, inside, z / 2)
            yield sex, day, round(weight or 5, 2), round(length or 60, 1), POSITIONS[day % 3], day % 97 == 0


def by_length() -> Iterator[Visit]:
    """Every tenth of a centimetre of both weight tables, lying and standing, with and without an age."""
    for sex in "mf":
        for kind, (lowest, highest) in LENGTH_LIMITS_CM.items():
            for tenth in range(lowest * 10 - 15, highest * 10 + 16):
                z = (tenth % 17 - 8) * 0.9
                weight = standards.value_at(kind, sex, min(max(tenth / 10, lowest), highest), z)
                age = (400, 1200, None)[tenth % 3]
                yield (
                    sex,
                    age,
                    round(weight or 9, 2),
                    tenth / 10,
                    POSITIONS[tenth % 2 + (tenth % 5 == 0)],
                    False,
                )


@pytest.mark.parametrize(
    "tails", [(0, 1.5, -1.5), (2.999, 3.001, -2.999, -3.001), (4.5, -4.5, 6.2, -6.2), (5.0, -5.0, 9.0, -8.0)]
)
def test_every_day_scores_alike_inside_and_in_the_tails(
    connection: duckdb.DuckDBPyConnection, tails: tuple[float, ...]
) -> None:
    assert differences(scored(connection, by_age(tails))) == []


def test_every_tenth_of_a_centimetre_scores_alike(connection: duckdb.DuckDBPyConnection) -> None:
    assert differences(scored(connection, by_length())) == []


def test_the_one_length_at_which_double_arithmetic_slips_slips_alike(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    [row] = scored(connection, [("m", 1200, 14.0, 103.1, "lying", False)])
    assert row["length_used_cm"] == 102.39999999999999
    assert differences([row]) == []


def exactly(row: dict[str, Any], z: str) -> float | None:
    """The unrounded score by the one-child arithmetic, from the measures that the kernel says it used."""
    day, sex = row["age_days"], row["sex"]
    dry = None if row["oedema"] else row["weight_kg"]
    measure = {
        "waz": dry,
        "whz": dry,
        "haz": row["length_used_cm"],
        "baz": None if row["oedema"] else row["bmi"],
    }[z]
    if z == "whz":
        kind = length_table(int(day), row["measured"], row["length_used_cm"])
        lms = length_lms(kind, sex, row["length_used_cm"]) if day / DAYS_PER_MONTH < 60 else None
    else:
        lms = tables()[kernel.BY_AGE[z], sex].row(int(day)) if day / DAYS_PER_MONTH < 60 else None
    if lms is None or measure is None:
        return None
    return zscore(measure, lms) if z == "haz" else restricted_zscore(measure, lms)


@pytest.mark.parametrize("tails", [(0.3, -2.7, 3.4, -4.1), (1.1, 2.9999, -3.0001, 7.0)])
def test_the_unrounded_scores_agree_to_a_billionth(
    connection: duckdb.DuckDBPyConnection, tails: tuple[float, ...]
) -> None:
    rows = scored(connection, by_age(tails))
    apart = [
        (row, z, exactly(row, z))
        for row in rows
        for z in ("waz", "haz", "whz", "baz")
        if not _close(row[f"{z}_exact"], exactly(row, z))
    ]
    assert apart == []


def test_what_is_missing_gives_a_missing_score_never_a_zero(connection: duckdb.DuckDBPyConnection) -> None:
    rows = scored(
        connection,
        [
            (None, 400, 9.0, 75.0, "lying", False),
            ("m", None, 9.0, 75.0, None, False),
            ("m", 400, None, 75.0, "lying", False),
            ("m", 400, 9.0, None, "lying", False),
            ("f", 400, 9.0, 75.0, "standing", True),
            ("f", 100, 5.0, 58.0, "standing", False),
        ],
    )
    assert differences(rows) == []
