"""The table file is what the script makes of WHO's numbers, and a damaged one is refused."""

import zlib
from pathlib import Path

import pytest

from siposyandu.growth.errors import BadTable
from siposyandu.growth.lms import Lms
from siposyandu.growth.reference import TABLE_FILE, tables
from siposyandu.growth.tables.make_tables import payload


def test_making_the_tables_again_gives_every_byte_of_the_committed_file() -> None:
    # Compared unpacked: another edition of zlib may pack the same bytes otherwise.
    assert zlib.decompress(TABLE_FILE.read_bytes()) == payload()


def test_the_tables_hold_twelve_indices_of_both_sexes_over_their_whole_range() -> None:
    ranges = {
        (name, sex): (table.first, table.first + table.rows - 1) for (name, sex), table in tables().items()
    }
    by_day = {(name, sex): (0, 1826) for name in ("wfa", "lhfa", "bfa", "hcfa") for sex in "mf"}
    from_day_91 = {(name, sex): (91, 1826) for name in ("acfa", "tsfa", "ssfa") for sex in "mf"}
    by_tenth_cm = {("wfl", sex): (450, 1100) for sex in "mf"} | {("wfh", sex): (650, 1200) for sex in "mf"}
    by_month = {(name, sex): (60, 228) for name in ("hfa_5_19", "bfa_5_19") for sex in "mf"}
    by_month |= {("wfa_5_10", sex): (60, 120) for sex in "mf"}
    assert ranges == by_day | from_day_91 | by_tenth_cm | by_month


def test_a_row_reads_as_who_prints_it() -> None:
    assert tables()["wfa", "f"].row(0) == Lms(0.3809, 3.2322, 0.14171)


@pytest.mark.parametrize("outside", [-1, 1827])
def test_a_day_outside_the_table_has_no_row(outside: int) -> None:
    assert tables()["wfa", "m"].row(outside) is None


def _damaged(content: bytes) -> bytes:
    return content[:1000] + bytes([content[1000] ^ 1]) + content[1001:]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no table",
        TABLE_FILE.read_bytes()[:-1],
        _damaged(TABLE_FILE.read_bytes()),
        zlib.compress(payload()[:-4]),
    ],
    ids=["empty", "other", "cut off", "one bit wrong", "numbers missing"],
)
def test_a_damaged_table_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "who.lms"
    path.write_bytes(content)
    with pytest.raises(BadTable, match=r"The table who\.lms cannot be used"):
        tables(path)


def test_a_missing_table_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"The table who\.lms cannot be used: No such file or directory"):
        tables(tmp_path / "who.lms")
