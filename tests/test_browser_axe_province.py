"""Every page of the province, for those who see little, hear it read or use keys alone (test_browser_axe.py has a laptop's)."""

from collections.abc import Callable

import pytest

from tests import every_page
from tests.accessible import barriers_of
from tests.window import Posyandu, Window, come_to_the_office

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)


def test_no_page_of_the_province_stands_in_anybodys_way(
    posyandu: Posyandu, opened: Callable[..., Window]
) -> None:
    window = opened(posyandu.province)
    come_to_the_office(window, "eka")
    assert barriers_of(window, every_page.of_the_province(posyandu)) == {}
