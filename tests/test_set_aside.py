"""What a restore sets aside gets a folder of its own, whatever became of the folders of earlier ones."""

from pathlib import Path

import pytest

from siposyandu import restoring


@pytest.mark.parametrize(
    ("there", "next_one"), [("", 1), ("1 2", 3), ("2", 3), ("3 1", 4), ("9 10", 11), ("old", 1), ("1 old", 2)]
)
def test_it_takes_no_folder_that_is_there(tmp_path: Path, there: str, next_one: int) -> None:
    database = tmp_path / "siposyandu.db"
    database.write_bytes(b"scratched")
    for name in there.split():
        (tmp_path / f"damaged-{name}").mkdir()
    aside = restoring._set_aside(database)
    assert aside == tmp_path / f"damaged-{next_one}"
    assert [path.read_bytes() for path in aside.iterdir()] == [b"scratched"]
