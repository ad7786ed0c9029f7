"""The village that the tests live in.

Aminah is kader of posyandu Melati, Baiq the bidan of its desa, Citra the nutrition officer of its puskesmas.
Dedi is kader of posyandu Kenanga in another desa and must see nothing of Melati's.
"""

from collections.abc import Iterator

import pytest

from siposyandu.migrations import migrate
from siposyandu.store import SqliteStore, open_store


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    """An empty store in memory with all its tables."""
    made = open_store(":memory:")
    migrate(made)
    yield made
    made.close()
