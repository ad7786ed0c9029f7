"""Many children at once: the same scores as standards.py, as DuckDB SQL over the same tables.

For the province, where a month has half a million visits. Proved equal to the one-child arithmetic, unrounded to 1e-9,
on a grid of every day, every tenth of a centimetre and both tails (tests/test_growth_kernel.py). Needs the `server`
extra; the laptop never loads it.

    connection = kernel.open_connection()
    connection.execute(f"create table scored as {kernel.score_sql('visits')}")

`visits` is any table or view with the columns of COLUMNS; what comes out has those and the scores, unrounded in
waz_exact ... and rounded with flags in waz, waz_flag ..., as standards.score gives them.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from siposyandu.growth.length import (
    DAYS_PER_MONTH,
    HEIGHT_TABLE_FROM_CM,
    LENGTH_LIMITS_CM,
    POSITION_CM,
    STANDING_FROM_DAY,
    STANDING_FROM_MONTHS,
)
from siposyandu.growth.reference import tables
from siposyandu.growth.standards import INDICES, MONTHS_COVERED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS = ("sex", "age_days", "weight_kg", "length_height_cm", "measured", "oedema")
"""sex 'm' or 'f'; age_days; kilograms; centimetres; 'lying', 'standing' or null; oedema true or false."""
BY_AGE = {"waz": "wfa", "haz": "lhfa", "baz": "bfa"}
BY_LENGTH = ("wfl", "wfh")
TAIL_SD = 3


def open_connection(threads: int | None = None) -> "DuckDBPyConnection":
    """Return a DuckDB with WHO's tables in it; nothing is fetched from anywhere."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": "false"}
    connection = duckdb.connect(config=settings | ({"threads": threads} if threads else {}))
    _load_by_age(connection)
    _load_by_length(connection)
    return connection


def _load_by_age(connection: "DuckDBPyConnection") -> None:
    """One wide row for each sex and day, so that three indices cost one join."""
    columns = [f"{index}_{part} double" for index in BY_AGE.values() for part in "lms"]
    connection.execute(f"create table lms_by_age (sex varchar, day integer, {', '.join(columns)})")
    days = {sex: tables()["wfa", sex].rows for sex in "mf"}
    rows = [
        (sex, day, *(value for index in BY_AGE.values() for value in _row(index, sex, day)))
        for sex, count in days.items()
        for day in range(count)
    ]
    _insert(connection, "lms_by_age", rows)


def _load_by_length(connection: "DuckDBPyConnection") -> None:
    connection.execute(
        "create table lms_by_length (kind varchar, sex varchar, tenth integer, l double, m double, s double)"
    )
    rows = [
        (kind, sex, tenth, *_row(kind, sex, tenth))
        for kind in BY_LENGTH
        for sex in "mf"
        for tenth in _tenths(kind, sex)
    ]
    _insert(connection, "lms_by_length", rows)


def _tenths(kind: str, sex: str) -> Iterator[int]:
    table = tables()[kind, sex]
    yield from range(table.first, table.first + table.rows)


def _row(index: str, sex: str, number: int) -> tuple[float | None, ...]:
    found = tables()[index, sex].row(number)
    return (None, None, None) if found is None else tuple(found)


def _insert(connection: "DuckDBPyConnection", table: str, rows: Sequence[Sequence[object]]) -> None:
    """Columns as lists in one statement: a hundred times quicker than row by row."""
    columns = list(zip(*rows, strict=True))
    unnested = ", ".join(f"unnest(${position})" for position in range(1, len(columns) + 1))
    connection.execute(f"insert into {table} select {unnested}", [list(column) for column in columns])


def score_sql(source: str) -> str:
    """Return the question that scores every row of a table or view."""
    return f"""
with known as (
    select *,
        cast(floor(age_days + 0.5) as integer) as day_known,
        age_days / {DAYS_PER_MONTH} as age_months_exact,
        case when measured = 'standing' and age_days / {DAYS_PER_MONTH} < {STANDING_FROM_MONTHS} then null
            else measured end as measured_used
    from {source}
), placed as (
    select *,
        case
            when measured_used is null or day_known is null then length_height_cm
            when day_known < {STANDING_FROM_DAY} and measured_used = 'standing' then length_height_cm + {POSITION_CM}::double
            when day_known >= {STANDING_FROM_DAY} and measured_used = 'lying' then length_height_cm - {POSITION_CM}::double
            else length_height_cm end as length_used_cm,
        case when age_months_exact < {MONTHS_COVERED} then day_known end as day,
        case when coalesce(oedema, false) then null else weight_kg end as dry_kg
    from known
), bodied as (
    select *, weight_kg / ((length_used_cm / 100) * (length_used_cm / 100)) as bmi, {_table_choice()} as kind,
        cast(trunc(length_used_cm * 10) as integer) as low_tenth,
        cast(trunc(length_used_cm * 10 + 1) as integer) as high_tenth
    from placed
), lengthened as (
    select *, (length_used_cm - low_tenth / 10.0::double) / 0.1::double as part,
        case when (length_used_cm - low_tenth / 10.0::double) / 0.1::double > 0 then high_tenth end as next_tenth
    from bodied
), looked_up as (
    select c.*, {_age_columns()},
        {", ".join(_between(name) for name in "lms")}
    from lengthened c
    left join lms_by_age a on a.sex = c.sex and a.day = c.day
    left join lms_by_length low on low.kind = c.kind and low.sex = c.sex and low.tenth = c.low_tenth
    left join lms_by_length high on high.kind = c.kind and high.sex = c.sex and high.tenth = c.next_tenth
), exact as (
    select *, {_exact("waz", "wfa", "dry_kg")},
        {_exact("haz", "lhfa", "length_used_cm")},
        {_exact("baz", "bfa", "case when coalesce(oedema, false) then null else bmi end")},
        {_exact("whz", "wfl", "dry_kg", prefix="wh")}
    from looked_up
)
select {", ".join(COLUMNS)}, length_used_cm, bmi, waz_exact, haz_exact, whz_exact, baz_exact,
    {", ".join(_rounded(z, index) for z, index in (("waz", "wfa"), ("haz", "lhfa"), ("whz", "wfl"), ("baz", "bfa")))}
from exact"""


def _table_choice() -> str:
    """The weight table: the age decides, without one the position, without both the length. Null where it has no row."""
    shortest = {kind: f"{low} and {high}" for kind, (low, high) in LENGTH_LIMITS_CM.items()}
    by_length = f"case when length_used_cm between {shortest['wfl']} then 'wfl' end"
    by_height = f"case when length_used_cm between {shortest['wfh']} then 'wfh' end"
    return f"""case
            when age_months_exact >= {MONTHS_COVERED} then null
            when day_known < {STANDING_FROM_DAY} then {by_length}
            when day_known >= {STANDING_FROM_DAY} then {by_height}
            when measured_used = 'lying' then {by_length}
            when measured_used = 'standing' then {by_height}
            when length_used_cm < {HEIGHT_TABLE_FROM_CM} then {by_length}
            else {by_height} end"""


def _age_columns() -> str:
    return ", ".join(f"a.{index}_{part}" for index in BY_AGE.values() for part in "lms")


def _between(part: str) -> str:
    """Interpolate L, M or S between two tenths of a centimetre, exactly as growth.length does."""
    return (
        f"case when c.part > 0 and high.{part} is not null"
        f" then low.{part} + c.part * (high.{part} - low.{part}) else low.{part} end as wh_{part}"
    )


def _exact(z: str, index: str, measure: str, prefix: str = "") -> str:
    """The unrounded score: by L, M and S, with straight tails where the index has them."""
    power, median, variation = (f"{prefix or index}_{part}" for part in "lms")
    plain = f"(pow(({measure}) / {median}, {power}) - 1) / ({variation} * {power})"
    if not INDICES[index].straight_tails:
        return f"{plain} as {z}_exact"

    def line(sd: int) -> str:
        return f"({median} * pow(1 + {power} * {variation} * ({sd}), 1 / {power}))"

    above = f"{TAIL_SD} + (({measure}) - {line(3)}) / ({line(3)} - {line(2)})"
    below = f"-{TAIL_SD} + (({measure}) - {line(-3)}) / ({line(-2)} - {line(-3)})"
    return f"case when {plain} > {TAIL_SD} then {above} when {plain} < -{TAIL_SD} then {below} else {plain} end as {z}_exact"


def _rounded(z: str, index: str) -> str:
    rule = INDICES[index]
    rounded = f"round({z}_exact, 2)"
    return f"{rounded} as {z}, {rounded} < {rule.flag_below} or {rounded} > {rule.flag_above} as {z}_flag"
