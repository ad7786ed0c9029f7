"""The file by which copies are made in turn cannot be opened: the page of copies says that none could be made."""

import pytest

from siposyandu import backups
from tests.locked import PASSPHRASE, Locked
from tests.test_web_damaged import laptop

__all__ = ["laptop"]


@pytest.mark.parametrize("asked", [False, True])
def test_a_copy_that_cannot_have_its_turn_is_noted(laptop: Locked, asked: bool) -> None:
    here = laptop.instance
    here.unlock(PASSPHRASE)
    with here.store_for_job() as store, store.write():
        store.run("delete from copy_kept")
    turns = here.config.folder / backups.TURNS_NAME
    turns.unlink()
    turns.mkdir()  # like one that is another user's, it cannot be opened
    if asked:
        backups.make_asked(here)
    else:
        backups.run_due(here)
    with here.store_for_job() as store:
        assert store.value("select fault from copy_kept") == "isadirectoryerror"
