"""Every page of a laptop, for those who see little, hear it read or use keys alone: axe-core finds nothing to say against it."""

from collections.abc import Callable

import pytest

from tests import every_page
from tests.accessible import barriers_of
from tests.window import Posyandu, Window, come_to_work

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

# Where a health worker is shown more than a kader.
HEALTH_WORKERS = ("/kunjungan", "/rujukan", "/wilayah", "/mutu", "/perbedaan", "/laptop")


def test_no_page_of_a_laptop_stands_in_anybodys_way(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    baiq, aminah = opened(posyandu.laptop), opened(posyandu.laptop)
    paths = every_page.of_a_laptop(baiq, posyandu)
    come_to_work(aminah, "Aminah")
    more = [path for path in paths if path.startswith(HEALTH_WORKERS)]
    assert (barriers_of(aminah, paths), barriers_of(baiq, more)) == ({}, {})


def test_nothing_stands_in_anybodys_way_at_the_door(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    door = [
        "/masuk",
        f"/masuk/{posyandu.village.aminah.id}",
        "/latihan",
        "/bantuan",
        "/gabung",
        "/buka",
        "/tidak-ada",
    ]
    laptop, office = opened(posyandu.laptop), opened(posyandu.province)
    assert (barriers_of(laptop, door), barriers_of(office, door)) == ({}, {})
