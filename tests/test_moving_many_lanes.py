"""A province with more lanes than fit one part moves to PostgreSQL, though a lane's successor comes in a later part."""

from pathlib import Path

import pytest

from siposyandu import moving, postgres
from siposyandu.migrations import migrate
from siposyandu.store import open_store
from tests.postgresql import Server


@pytest.mark.postgresql
def test_a_lane_whose_successor_is_ten_thousand_lanes_later_moves_too(
    postgresql_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    source = open_store(tmp_path / "province.db")
    migrate(source)
    with source.write():
        for number in range(1, 6):
            source.run("insert into lanes (lane, chain) values ($1, '')", f"lane {number}")
        source.run("update lanes set successor_no = 5 where lane_no = 1")
    address = postgresql_server.take()
    target = postgres.open_store(address)
    try:
        moving.move(source, target)
        sql = "select lane_no, successor_no from lanes order by lane_no"
        assert target.rows(sql) == source.rows(sql)
    finally:
        target.close()
        postgresql_server.give_back(address)
        source.close()
