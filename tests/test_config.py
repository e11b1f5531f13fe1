"""Settings: one table, unknown names stop the start."""

from pathlib import Path

import pytest

from aoj_survey.config import SETTINGS_FILE, TABLE, load_settings, make_settings
from aoj_survey.errors import SettingsError


def test_every_setting_has_a_type_a_default_and_a_meaning() -> None:
    for item in TABLE.values():
        assert isinstance(item.default, str | int), item.name
        assert len(item.metadata["meaning"]) > 10, item.name


def test_an_unknown_setting_stops_the_start_with_the_nearest_known_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"unknown setting smtp_hots\. Did you mean smtp_host\?"):
        make_settings(tmp_path, {"smtp_hots": "mail.example"})


def test_a_setting_nothing_resembles_is_refused_with_all_known_names(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"Known: coordinator_password_hash, .*web_threads"):
        make_settings(tmp_path, {"qqqqqq": 1})


@pytest.mark.parametrize(
    ("name", "value"),
    [("smtp_port", "25"), ("smtp_host", 25), ("web_port", True), ("public_url", 1.5)],
)
def test_a_value_of_the_wrong_type_is_refused(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=name):
        make_settings(tmp_path, {name: value})


@pytest.mark.parametrize(
    "url", ["http://monitor.example", "monitor.example", "https://monitor.example/path", "ftp://127.0.0.1"]
)
def test_a_public_address_is_https_except_on_loopback(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="public_url"):
        make_settings(tmp_path, {"public_url": url})


@pytest.mark.parametrize(
    ("url", "secure"),
    [("https://monitor.example", True), ("http://127.0.0.1:8000", False), ("http://localhost", False)],
)
def test_cookies_are_secure_on_https(tmp_path: Path, url: str, secure: bool) -> None:
    assert make_settings(tmp_path, {"public_url": url}).secure is secure


def test_a_missing_file_says_how_to_make_an_instance(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="aoj init"):
        load_settings(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text("smtp_port = = 3")
    with pytest.raises(SettingsError, match=r"settings\.toml is not TOML"):
        load_settings(tmp_path)


def test_settings_are_read_from_the_file_and_folders_follow_the_instance(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text('smtp_port = 2525\nsmtp_host = "mail.example"\n')
    settings = load_settings(tmp_path)
    assert (settings.smtp_port, settings.smtp_host) == (2525, "mail.example")
    assert settings.database == f"sqlite:///{tmp_path.resolve() / 'aoj.sqlite3'}"
    assert settings.keys == tmp_path.resolve() / "keys"
