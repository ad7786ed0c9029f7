"""Whatever is typed or stands in the settings, the place starts again."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu import config
from siposyandu.config import FILE_NAME, Config
from siposyandu.errors import BadConfig
from tests.conftest import Village, app_of, sign_in

NO_ADDRESS = "Ini bukan alamat."
WRITABLE = st.text(st.characters(exclude_categories=["Cs"]))


@given(WRITABLE)
def test_settings_are_read_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, said: str) -> None:
    place = Config(tmp_path_factory.mktemp("place"), area="x", copies=said)
    config.save(place)
    assert config.load(place.folder, {}) == place


@pytest.mark.parametrize("said", ["/media/ma'ruf", 'E:\\"x', "/a\u00a0b", "\x7f", "\r\n\t\x00", "\U0001f476"])
def test_a_folder_with_odd_signs_in_its_name_is_kept(tmp_path: Path, said: str) -> None:
    config.save(Config(tmp_path, area="x", port=9000, secure_cookies=True, copies=said))
    assert config.load(tmp_path, {}) == Config(tmp_path, "x", port=9000, secure_cookies=True, copies=said)


def test_what_cannot_be_written_leaves_the_settings_as_they_were(tmp_path: Path) -> None:
    config.save(Config(tmp_path, area="x"))
    with pytest.raises(BadConfig):
        config.save(Config(tmp_path, area="x", copies="/media/\udcff"))  # a folder whose name is no UTF-8
    assert [each.name for each in tmp_path.iterdir()] == [FILE_NAME]
    assert config.load(tmp_path, {}) == Config(tmp_path, area="x")


@pytest.mark.parametrize(
    "typed",
    ["192.168.1.2:8520'", "http://192.168.1.2\u00a0:8520", "192.168.1.2 8520", "ftp://192.168.1.2", "http://", ":8520"],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_stays_in_the_field(village: Village, typed: str) -> None:
    config.save(village.instance.config)
    client = sign_in(app_of(village).test_client(), village.aminah)
    answer = client.post("/titipan/alamat", data={"relay": typed})
    shown = typed.replace("'", "&#39;")
    assert (answer.status_code, NO_ADDRESS in answer.text, f'value="{shown}"' in answer.text) == (
        400,
        True,
        True,
    )
    assert config.load(village.instance.config.folder, {}).relay == village.instance.config.relay == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("192.168.1.2:8520", "http://192.168.1.2:8520"),
        ("PC_Gizi.local", "http://PC_Gizi.local"),
        ("https://pkm.lombok.go.id/posyandu/", "https://pkm.lombok.go.id/posyandu"),
        ("http://[fe80::1]:8520", "http://[fe80::1]:8520"),
        ("", ""),
    ],
)
def test_an_address_is_kept_and_read_again(village: Village, typed: str, kept: str) -> None:
    client = sign_in(app_of(village).test_client(), village.aminah)
    assert client.post("/titipan/alamat", data={"relay": typed}).location == "/laptop"
    assert config.load(village.instance.config.folder, {}).relay == kept
