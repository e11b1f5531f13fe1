"""Settings: one table, unknown names stop the start."""

from datetime import timedelta
from pathlib import Path

import pytest

from aoj_survey.config import SETTINGS_FILE, TABLE, find_address_fault, load_settings, make_settings
from aoj_survey.errors import SettingsError
from aoj_survey.invitations.messages import LEASE


def test_every_setting_has_a_type_a_default_and_a_meaning() -> None:
    for item in TABLE.values():
        assert isinstance(item.default, str | int), item.name
        assert len(item.metadata["meaning"]) > 10, item.name


def test_an_unknown_setting_stops_the_start_with_the_nearest_known_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"unknown setting smtp_hots\. Did you mean smtp_host\?"):
        make_settings(tmp_path, {"smtp_hots": "mail.example"})


def test_a_setting_nothing_resembles_is_refused_with_all_known_names(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"Known: backup_marker, .*web_threads"):
        make_settings(tmp_path, {"qqqqqq": 1})


@pytest.mark.parametrize(
    ("name", "value"),
    [("smtp_port", "25"), ("smtp_host", 25), ("web_port", True), ("public_url", 1.5)],
)
def test_a_value_of_the_wrong_type_is_refused(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=name):
        make_settings(tmp_path, {name: value})


@pytest.mark.parametrize(
    "url",
    [
        "http://monitor.example",
        "monitor.example",
        "https://monitor.example/path",
        "ftp://127.0.0.1",
        "http://[::1",
        "https://monitor.example?x=1",
        "https://monitor.example#a",
        "https://monitor.example/?x=1#a",
        "https://user:password@monitor.example",
        "https://monitor.example:99999",
        "https://monitor.example:0",
        "https://monitor.example\n",
        "https://monitor.exam\tple",
        "https://monitor .example",
        "https://größe.example",
        "https://",
        "",
    ],
)
def test_a_public_address_is_https_except_on_loopback(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="public_url"):
        make_settings(tmp_path, {"public_url": url})


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("https://monitor.example", True),
        ("HTTPS://Monitor.example:8443/", True),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
        ("http://localhost", False),
    ],
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


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("web_port", 1, 65535),
        ("smtp_port", 1, 65535),
        ("web_threads", 1, 64),
        ("trusted_proxies", 0, 10),
        ("smtp_timeout", 1, 45),
    ],
)
def test_a_number_stays_within_its_bounds(tmp_path: Path, name: str, lowest: int, highest: int) -> None:
    for value in (lowest, highest):
        assert getattr(make_settings(tmp_path, {name: value}), name) == value
    for value in (lowest - 1, highest + 1, -(10**9), 10**9):
        with pytest.raises(SettingsError, match=f"{name} must be a number from {lowest} to {highest}, not"):
            make_settings(tmp_path, {name: value})


def test_every_number_among_the_settings_has_bounds() -> None:
    assert all(item.metadata["bounds"] for item in TABLE.values() if type(item.default) is int)


def test_the_longest_waits_for_a_mail_server_stay_within_the_lease() -> None:
    # Connect, greeting, MAIL, RCPT, DATA, text: twice over when a line is made anew.
    assert timedelta(seconds=12 * TABLE["smtp_timeout"].metadata["bounds"][1]) < LEASE


@pytest.mark.parametrize(
    "url",
    [
        "rubbish",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://localhost/x",
        "postgresql://monitor:geheim@127.0.0.1/x",
        "postgresql+psycopg://monitor:geheim@127.0.0.1",
        "postgresql+psycopg://monitor:geheim@127.0.0.1:port/x",
        "postgresql+nothing://monitor:geheim@127.0.0.1/x",
    ],
)
def test_a_database_we_cannot_use_is_refused_without_telling_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="database_url must look like") as caught:
        make_settings(tmp_path, {"database_url": url})
    assert "geheim" not in str(caught.value)
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize(
    "url", ["", "sqlite:////tmp/x.sqlite3", "postgresql+psycopg://u:p@127.0.0.1/x", "postgresql+psycopg:///x"]
)
def test_a_database_we_can_use_is_taken(tmp_path: Path, url: str) -> None:
    assert make_settings(tmp_path, {"database_url": url}).database_url == url


BAD_ADDRESSES = (
    "",
    "no address",
    "monitor rijnmeer",
    "a@b.example, c@d.example",
    "müller@rijnmeer.example",
    "monitor@größe.example",
    "Monitor <monitor@rijnmeer.example>",
    "monitor@rijnmeer.example\nBcc: x@y.example",
    "monitor@" + "x" * 250 + ".example",
)


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_a_sender_that_is_no_mail_address_is_refused(tmp_path: Path, address: str) -> None:
    assert find_address_fault(address)
    with pytest.raises(SettingsError, match="mail_sender '"):
        make_settings(tmp_path, {"mail_sender": address})


def test_the_ascii_form_of_an_address_is_told_and_taken(tmp_path: Path) -> None:
    assert "written as monitor@xn--gre-6ka8i.example" in find_address_fault("monitor@größe.example")
    assert make_settings(tmp_path, {"mail_sender": "monitor@xn--gre-6ka8i.example"}).mail_sender


def test_all_bad_values_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        make_settings(tmp_path, {"web_port": 99999, "smtp_port": -5, "web_threads": 0, "smtp_security": "x"})
    assert len(str(caught.value).splitlines()) == 4


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes('smtp_user = "Jérôme"\n'.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"settings\.toml is not UTF-8 text"):
        load_settings(tmp_path)
