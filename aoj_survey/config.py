"""Settings: one table of name, type, default and meaning, read once at the start.

They come from `settings.toml` in the instance folder, or from a mapping passed by tests; nothing else.
"""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
SETTINGS_FILE = "settings.toml"


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """The table: a field per setting. `instance` is where it was read from, not a setting."""

    instance: Path
    database_url: str = _setting("", "SQLAlchemy address; empty: aoj.sqlite3 in the instance folder")
    key_directory: str = _setting(
        "", "Folder of the keys, outside backups; empty: keys in the instance folder"
    )
    questionnaire_directory: str = _setting(str(ROOT / "questionnaires"), "Folder of the questionnaires")
    plugin_directory: str = _setting(str(ROOT / "plugins"), "Folder of the region modules")
    modules: str = _setting("", "Names of the region modules to load, with spaces between; empty: none")
    trace_hooks: bool = _setting(False, "Print each call of a region module's hook to standard error")
    public_url: str = _setting("http://127.0.0.1:8000", "Address respondents reach, as it stands in mails")
    trusted_proxies: int = _setting(0, "Number of proxies in front whose X-Forwarded headers are believed")
    web_host: str = _setting("127.0.0.1", "Address the web process listens on")
    web_port: int = _setting(8000, "Port the web process listens on")
    web_threads: int = _setting(4, "Threads of the web process")
    coordinator_password_hash: str = _setting(
        "", "Made by `aoj init`; empty: the coordinator pages are closed"
    )
    smtp_host: str = _setting("127.0.0.1", "Mail server that accepts our mail")
    smtp_port: int = _setting(25, "Port of the mail server")
    smtp_security: str = _setting("none", "none, starttls or tls")
    smtp_user: str = _setting("", "Account at the mail server; empty: no login")
    smtp_password_file: str = _setting("", "File with the password of that account, readable by us only")
    smtp_timeout: int = _setting(30, "Seconds to wait for the mail server")
    mail_sender: str = _setting("monitor@aoj.example", "Sender address of all mail")
    demo_mailbox: str = _setting("", "Folder of the demonstration's mailbox; empty: no mailbox page")

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{self.instance / 'aoj.sqlite3'}"

    @property
    def keys(self) -> Path:
        """The key directory in force."""
        return Path(self.key_directory) if self.key_directory else self.instance / "keys"

    @property
    def secure(self) -> bool:
        """Whether cookies are Secure and HSTS is sent: always, except on plain loopback."""
        return urlsplit(self.public_url).scheme == "https"


TABLE = {item.name: item for item in fields(Settings) if item.name != "instance"}


def _refuse_unknown(names: Mapping[str, Any], source: str) -> None:
    unknown = sorted(set(names) - set(TABLE))
    if not unknown:
        return
    lines: list[str] = []
    for name in unknown:
        near = difflib.get_close_matches(name, TABLE, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(sorted(TABLE))}."
        lines.append(f"{source}: unknown setting {name}.{hint}")
    raise SettingsError("\n".join(lines))


def _refuse_wrong_types(values: Mapping[str, Any], source: str) -> None:
    for name, value in values.items():
        default = TABLE[name].default
        expected = str if default is MISSING else type(default)
        if type(value) is not expected:
            message = f"{source}: {name} must be {expected.__name__}, not {type(value).__name__} ({value!r})."
            raise SettingsError(message)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_bad_values(settings: Settings, source: str) -> None:
    address = urlsplit(settings.public_url)
    if address.scheme not in {"http", "https"} or not address.hostname or address.path not in {"", "/"}:
        raise SettingsError(f"{source}: public_url must look like https://monitor.example, without a path.")
    if address.scheme == "http" and not _is_loopback(address.hostname):
        raise SettingsError(f"{source}: public_url must be https, except on this machine itself (127.0.0.1).")
    if settings.smtp_security not in {"none", "starttls", "tls"}:
        raise SettingsError(f"{source}: smtp_security must be none, starttls or tls.")


def make_settings(instance: Path, values: Mapping[str, Any], source: str = "settings") -> Settings:
    """Return checked settings.

    Raises:
        SettingsError: an unknown name (with the nearest known one), a wrong type or an unusable value.
    """
    _refuse_unknown(values, source)
    _refuse_wrong_types(values, source)
    settings = Settings(instance=instance, **values)
    _refuse_bad_values(settings, source)
    return settings


def load_settings(instance: Path) -> Settings:
    """Return the settings of an instance folder.

    Raises:
        SettingsError: no settings file, not TOML, or anything `make_settings` refuses.
    """
    path = instance / SETTINGS_FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"There is no {path}. Make an instance with: aoj init") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}") from None
    return make_settings(instance.resolve(), values, str(path))
