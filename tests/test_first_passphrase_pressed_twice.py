"""The button of the first passphrase, pressed once more after the laptop has opened: its page's token is of before that."""

import re

from siposyandu.instance import Instance
from tests.conftest import pages_of
from tests.test_first_papers import HAS_ONE, TYPED, new
from tests.window import words

__all__ = ["new"]


def test_who_presses_once_more_with_the_token_of_the_closed_laptop_is_led_to_new_papers(
    new: Instance,
) -> None:
    app = pages_of(new)
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    page = client.get("/laptop/kata-sandi/pertama").text
    token = re.findall(r'csrf_token" value="([^"]+)"', page)[0]
    client.post("/laptop/kata-sandi/pertama", data=TYPED | {"csrf_token": token})
    again = client.post(
        "/laptop/kata-sandi/pertama", data=TYPED | {"csrf_token": token}, follow_redirects=True
    )
    assert (again.request.path, words(HAS_ONE) in again.text) == ("/laptop/kertas", True)
