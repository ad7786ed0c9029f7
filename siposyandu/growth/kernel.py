"""Many children at once: the same scores as standards.py, as DuckDB SQL over the same tables.

For the province, where a month has half a million visits. Proved equal to the one-child arithmetic, unrounded to 1e-9,
on a grid of every day, every tenth of a centimetre and both tails (tests/test_growth_kernel.py). Needs the `server`
extra; the laptop never loads it.

    connection = kernel.open_connection()
    connection.execute(f"create table scored as {kernel.score_sql('visits')}")

`visits` is any table or view with the columns of COLUMNS; what comes out has those and the scores, unrounded in
waz_exact ... and rounded with flags in waz, waz_flag ..., as standards.score gives them.
"""

import json
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
MEASURED = {
    "waz": ("dry_kg", "wfa", "wfa"),
    "haz": ("length_used_cm", "lhfa", "lhfa"),
    "whz": ("dry_kg", "wh", "wfl"),
    "baz": ("dry_bmi", "bfa", "bfa"),
}
"""Score -> what is measured, the prefix of its L, M and S, and the index whose rules for tails and flags hold."""
SEXES = ("m", "f")
KEYS_PER_SEX = 2000  # more than days (1,857) or tenths of a centimetre (up to 1,200)
NOWHERE = -1
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
    """One wide row for each sex and day, so that three indices cost one join; a row of nulls for "no such day"."""
    columns = [f"{index}_{part} double" for index in BY_AGE.values() for part in "lms"]
    connection.execute(f"create table lms_by_age (age_key integer, {', '.join(columns)})")
    rows: list[tuple[float | None, ...]] = [(NOWHERE, *[None] * len(columns))]
    for sex_no, sex in enumerate(SEXES):
        for day in range(tables()["wfa", sex].rows):
            lms = (value for index in BY_AGE.values() for value in _row(index, sex, day))
            rows.append((sex_no * KEYS_PER_SEX + day, *lms))
    _insert(connection, "lms_by_age", rows)


def _load_by_length(connection: "DuckDBPyConnection") -> None:
    connection.execute("create table lms_by_length (length_key integer, l double, m double, s double)")
    rows: list[tuple[float | None, ...]] = [(NOWHERE, None, None, None)]
    for kind_no, kind in enumerate(BY_LENGTH):
        for sex_no, sex in enumerate(SEXES):
            start = (kind_no * len(SEXES) + sex_no) * KEYS_PER_SEX
            rows += [(start + tenth, *_row(kind, sex, tenth)) for tenth in _tenths(kind, sex)]
    _insert(connection, "lms_by_length", rows)


def _tenths(kind: str, sex: str) -> Iterator[int]:
    table = tables()[kind, sex]
    yield from range(table.first, table.first + table.rows)


def _row(index: str, sex: str, number: int) -> tuple[float | None, ...]:
    found = tables()[index, sex].row(number)
    return (None, None, None) if found is None else tuple(found)


def _insert(connection: "DuckDBPyConnection", table: str, rows: Sequence[Sequence[float | None]]) -> None:
    """All rows as one text in one statement: two hundred times quicker than as lists or row by row."""
    values = ", ".join(f"row[{position}]" for position in range(1, len(rows[0]) + 1))
    read = "select unnest(from_json($1, '[[\"double\"]]')) as row"
    connection.execute(f"insert into {table} select {values} from ({read})", [json.dumps(rows)])


def score_sql(source: str, keep: Sequence[str] = ()) -> str:
    """Return the question that scores every row of a table or view; `keep` names further columns to hand on."""
    kept = ", ".join((*keep, *COLUMNS))
    stages = ",\n".join(
        f"{name} as ({stage.format(kept=kept, source=source)})" for name, stage in _stages().items()
    )
    results = [f"{z}_exact" for z in MEASURED] + [_flagged(z) for z in MEASURED]
    return f"with {stages}\nselect {kept}, length_used_cm, bmi, {', '.join(results)} from hundredths"


def _stages() -> dict[str, str]:
    """The steps from what was measured to the scores.

    Each is a stage of its own, so that nothing is computed twice, and each look-up is by one small whole number that is
    always found (NOWHERE holds nulls): that is what DuckDB joins quickest.
    """
    return {
        "known": KNOWN,
        "placed": PLACED,
        "bodied": f"""
            select *, weight_kg / ((length_used_cm / 100) * (length_used_cm / 100)) as bmi, {_table_choice()} as kind_key,
                cast(trunc(length_used_cm * 10) as integer) as low_tenth,
                cast(trunc(length_used_cm * 10 + 1) as integer) as high_tenth
            from placed""",
        "parted": PARTED,
        "keyed": KEYED,
        "looked_up": f"""
            select c.*, a.* exclude (age_key), {", ".join(_between(name) for name in "lms")}
            from keyed c
            join lms_by_age a on a.age_key = c.age_key
            join lms_by_length low on low.length_key = c.low_key
            join lms_by_length high on high.length_key = c.high_key""",
        "plain": f"select *, {', '.join(map(_plain, MEASURED))} from looked_up",
        "exact": f"select *, {', '.join(map(_exact, MEASURED))} from plain",
        "hundredths": f"select *, {', '.join(f'round({z}_exact, 2) as {z}' for z in MEASURED)} from exact",
    }


KNOWN = f"""
    select {{kept}}, coalesce(oedema, false) as swollen,
        case sex when 'm' then 0 when 'f' then {KEYS_PER_SEX} end as sex_key,
        cast(floor(age_days + 0.5) as integer) as day_known,
        age_days / {DAYS_PER_MONTH} as age_months_exact,
        case when measured = 'standing' and age_days / {DAYS_PER_MONTH} < {STANDING_FROM_MONTHS} then null
            else measured end as measured_used
    from {{source}}"""
PLACED = f"""
    select *,
        case
            when measured_used is null or day_known is null then length_height_cm
            when day_known < {STANDING_FROM_DAY} and measured_used = 'standing' then length_height_cm + {POSITION_CM}::double
            when day_known >= {STANDING_FROM_DAY} and measured_used = 'lying' then length_height_cm - {POSITION_CM}::double
            else length_height_cm end as length_used_cm,
        case when age_months_exact < {MONTHS_COVERED} then sex_key + day_known end as age_found,
        case when swollen then null else weight_kg end as dry_kg
    from known"""
PARTED = """
    select *, (length_used_cm - low_tenth / 10.0::double) / 0.1::double as part,
        case when swollen then null else bmi end as dry_bmi
    from bodied"""
KEYED = f"""
    select *, coalesce(age_found, {NOWHERE}) as age_key,
        coalesce(kind_key + sex_key + low_tenth, {NOWHERE}) as low_key,
        coalesce(case when part > 0 then kind_key + sex_key + high_tenth end, {NOWHERE}) as high_key
    from parted"""


def _table_choice() -> str:
    """The weight table: the age decides, without one the position, without both the length. Null where it has no row."""
    keys = {kind: number * len(SEXES) * KEYS_PER_SEX for number, kind in enumerate(BY_LENGTH)}
    by_length, by_height = (
        f"case when length_used_cm between {low} and {high} then {keys[kind]} end"
        for kind, (low, high) in LENGTH_LIMITS_CM.items()
    )
    return f"""case
            when age_months_exact >= {MONTHS_COVERED} then null
            when day_known < {STANDING_FROM_DAY} then {by_length}
            when day_known >= {STANDING_FROM_DAY} then {by_height}
            when measured_used = 'lying' then {by_length}
            when measured_used = 'standing' then {by_height}
            when length_used_cm < {HEIGHT_TABLE_FROM_CM} then {by_length}
            else {by_height} end"""


def _between(part: str) -> str:
    """Interpolate L, M or S between two tenths of a centimetre, exactly as growth.length does."""
    return f"case when high.{part} is null then low.{part} else low.{part} + c.part * (high.{part} - low.{part}) end as wh_{part}"


def _plain(z: str) -> str:
    measure, prefix, _ = MEASURED[z]
    power, median, variation = (f"{prefix}_{part}" for part in "lms")
    return f"(pow({measure} / {median}, {power}) - 1) / ({variation} * {power}) as {z}_plain"


def _exact(z: str) -> str:
    """The unrounded score: as it is within 3 SD, and beyond on a straight line where the index has one."""
    measure, prefix, index = MEASURED[z]
    if not INDICES[index].straight_tails:
        return f"{z}_plain as {z}_exact"
    power, median, variation = (f"{prefix}_{part}" for part in "lms")

    def line(sd: int) -> str:
        return f"({median} * pow(1 + {power} * {variation} * ({sd}), 1 / {power}))"

    above = f"{TAIL_SD} + ({measure} - {line(3)}) / ({line(3)} - {line(2)})"
    below = f"-{TAIL_SD} + ({measure} - {line(-3)}) / ({line(-2)} - {line(-3)})"
    return f"""case when {z}_plain > {TAIL_SD} then {above} when {z}_plain < -{TAIL_SD} then {below}
        else {z}_plain end as {z}_exact"""


def _flagged(z: str) -> str:
    rule = INDICES[MEASURED[z][2]]
    return f"{z}, {z} < {rule.flag_below} or {z} > {rule.flag_above} as {z}_flag"
