"""The settings of one place."""

import stat
from pathlib import Path

import pytest

from siposyandu import config
from siposyandu.errors import BadConfig


def written(folder: Path, text: str) -> Path:
    (folder / config.FILE_NAME).write_text(text, "utf-8")
    return folder


def test_settings_that_were_saved_are_read_again(tmp_path: Path) -> None:
    kept = config.Config(folder=tmp_path, area="52", port=9000, secure_cookies=True)
    config.save(kept)
    assert config.load(tmp_path, {}) == kept


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    written(tmp_path, 'area = "52"\nport = 9000\n')
    read = config.load(
        tmp_path, {"SIPOSYANDU_PORT": "8000", "SIPOSYANDU_SECURE_COOKIES": "true", "SIPOSYANDU_FOLDER": "/x"}
    )
    assert (read.port, read.secure_cookies) == (8000, True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "area"),
        ('area = "52"\ncolour = "green"\n', "colour"),
        ('area = "52"\nport = "many"\n', "port"),
        ('area = "52"\nsecure_cookies = "perhaps"\n', "secure_cookies"),
        ("area =", "siposyandu.toml"),
        ('area = "52"\ndatabase = "postgresql://eka:rahasia@db/siposyandu"\n', "password"),
        ('area = "52"\ndatabase = "postgresql:///siposyandu?password=rahasia"\n', "password"),
        ('area = "M1"\nupstream = "https://x"\ndatabase = "postgresql:///siposyandu"\n', "for the province"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str, names: str) -> None:
    with pytest.raises(BadConfig, match=names):
        config.load(written(tmp_path, text), {})


def test_without_a_file_the_person_is_told_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as refused:
        config.load(tmp_path, {})
    assert refused.value.hint == "run: siposyandu init"


def test_the_secret_of_cookies_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    place = config.Config(folder=tmp_path, area="52")
    first, second = config.cookie_secret(place), config.cookie_secret(place)
    mode = stat.S_IMODE((place.keys_folder / "cookie.key").stat().st_mode)
    assert (first, len(first), oct(mode)) == (second, 32, "0o600")


def test_a_postgresql_address_is_kept_but_never_its_password(tmp_path: Path) -> None:
    for kept in ("postgresql:///siposyandu?host=/run/postgresql", "postgresql://eka:rahasia@db/siposyandu"):
        config.save(config.Config(folder=tmp_path, area="52", database=kept))
    assert "rahasia" not in (tmp_path / config.FILE_NAME).read_text("utf-8")
    read = config.load(tmp_path, {"SIPOSYANDU_DATABASE": "postgresql://eka:rahasia@db/siposyandu"})
    assert (read.is_on_postgresql, read.database[-13:]) == (True, "db/siposyandu")
    with pytest.raises(BadConfig, match="not a file"):
        _ = read.database_path
