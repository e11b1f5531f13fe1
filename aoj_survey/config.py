"""Settings: one table of name, type, default and meaning, read once at the start.

They come from `settings.toml` in the instance folder, or from a mapping passed by tests; nothing else.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from .errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = Path(__file__).resolve().parent / "translations"
SETTINGS_FILE = "settings.toml"
DRIVERS = {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}
SECURITY = ("none", "starttls", "tls")
CHOICES = {"smtp_security": SECURITY, "imap_security": SECURITY, "smtp_login": ("password", "xoauth2")}
HOST = re.compile(r"[A-Za-z0-9.\-:\[\]]+")


def _setting(default: Any, meaning: str, lowest: int = 0, highest: int = 0) -> Any:
    return field(
        default=default, metadata={"meaning": meaning, "bounds": (lowest, highest) if highest else None}
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """The table: a field per setting. `instance` is where it was read from, not a setting."""

    instance: Path
    database_url: str = _setting("", "SQLAlchemy address; empty: aoj.sqlite3 in the instance folder")
    key_directory: str = _setting(
        "", "Folder of the keys, outside backups; empty: keys in the instance folder"
    )
    bundle_directory: str = _setting(
        "", "Folder of bundles, written and released; empty: bundles in the instance folder"
    )
    questionnaire_directory: str = _setting(str(ROOT / "questionnaires"), "Folder of the questionnaires")
    plugin_directory: str = _setting(str(ROOT / "plugins"), "Folder of the region modules")
    modules: str = _setting("", "Names of the region modules to load, with spaces between; empty: none")
    trace_hooks: bool = _setting(False, "Print each call of a region module's hook to standard error")
    public_url: str = _setting("http://127.0.0.1:8000", "Address respondents reach, as it stands in mails")
    trusted_proxies: int = _setting(
        0, "Number of proxies in front whose X-Forwarded headers are believed", 0, 10
    )
    web_host: str = _setting("127.0.0.1", "Address the web process listens on")
    web_port: int = _setting(8000, "Port the web process listens on", 1, 65535)
    web_threads: int = _setting(4, "Threads of the web process", 1, 64)
    coordinator_password_hash: str = _setting(
        "", "Made by `aoj init`; empty: the coordinator pages are closed"
    )
    smtp_host: str = _setting("127.0.0.1", "Mail server that accepts our mail")
    smtp_port: int = _setting(25, "Port of the mail server", 1, 65535)
    smtp_security: str = _setting("none", "none, starttls or tls")
    smtp_user: str = _setting("", "Account at the mail server; empty: no login, as with a relay by address")
    smtp_login: str = _setting("password", "How that account logs in: password or xoauth2")
    smtp_password_file: str = _setting(
        "", "File with the password of that account, or its access token for xoauth2, readable by us only"
    )
    # Twelve times this must stay below the time a worker may take over one message.
    smtp_timeout: int = _setting(30, "Seconds to wait for the mail server", 1, 45)
    mail_sender: str = _setting("monitor@aoj.example", "Sender address of all mail")
    mails_per_minute: int = _setting(0, "Most mails in one minute, over all workers; 0: no limit", 0, 100_000)
    mails_per_minute_to_domain: int = _setting(
        0, "Most mails in one minute to one receiving domain, over all workers; 0: no limit", 0, 100_000
    )
    bounce_address: str = _setting(
        "", "Address that undelivered mail comes back to, as bounce@monitor.example; empty: none is read"
    )
    imap_host: str = _setting("", "Mailbox of that address; empty: reports come by `aoj messages bounced`")
    imap_port: int = _setting(993, "Port of the mailbox", 1, 65535)
    imap_security: str = _setting("tls", "none, starttls or tls")
    imap_user: str = _setting("", "Account of the mailbox")
    imap_password_file: str = _setting("", "File with its password, readable by us only")
    imap_folder: str = _setting("INBOX", "Folder of the mailbox that reports come into")
    dkim_selector: str = _setting("", "Selector of the DKIM key of the sender's domain; empty: not looked up")
    dns_server: str = _setting(
        "", "Name server asked by `aoj doctor`, as 192.0.2.1:53; empty: this machine's"
    )
    backup_marker: str = _setting("", "File that your backup touches when it ends well; empty: not looked at")
    calendar_file: str = _setting("", "File of holidays in place of ours; empty: ours")
    purge_days: int = _setting(30, "Days after the close of a wave until addresses are destroyed", 1, 90)
    languages_checked: str = _setting(
        "", "Languages whose unchecked catalogue a speaker has checked, with who did: `ar: NAME`; empty: none"
    )
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
    def bundles(self) -> Path:
        """The folder of bundles in force."""
        return Path(self.bundle_directory) if self.bundle_directory else self.instance / "bundles"

    @property
    def own_languages(self) -> tuple[str, ...]:
        """Codes of the languages, besides Dutch and English, in which respondents read our own words."""
        return tuple(code for code, _ in _list_checked(self.languages_checked))

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


def find_address_fault(address: str) -> str:
    """Return what is wrong with an address mail is to come from or go to, as a clause; empty when nothing is."""
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        return f"{address!r} is no mail address ({str(error).rstrip('.')})"
    if not address.isascii():
        return f"{address!r} must be written as {checked.ascii_email}"
    return ""


def _find_public_fault(text: str) -> str:
    shape = "must look like https://monitor.example, without a path, user, query or fragment"
    try:
        address = urlsplit(text)
        port = address.port
    except ValueError:
        return shape
    # What is put together again must be all there was: reading passes over line ends and blanks.
    whole = f"{address.scheme}://{address.netloc}"
    if text.removesuffix("/").lower() != whole.lower() or not HOST.fullmatch(address.netloc) or port == 0:
        return shape
    if address.scheme not in {"http", "https"} or not address.hostname:
        return shape
    if address.scheme == "http" and not _is_loopback(address.hostname):
        return "must be https, except on this machine itself (127.0.0.1)"
    return ""


def _find_database_fault(text: str) -> str:
    # The address may hold a password, so it is not repeated.
    shape = "must look like sqlite:////folder/aoj.sqlite3 or postgresql+psycopg://user:password@host/name"
    try:
        url = make_url(text) if text else None
    except (ArgumentError, ValueError):
        return shape
    if url is not None and (url.drivername not in DRIVERS or url.database in {None, "", ":memory:"}):
        return shape
    return ""


def _list_checked(text: str) -> list[tuple[str, str]]:
    parts = [part.partition(":") for part in text.split(";")] if text else []
    return [(code.strip(), name.strip()) for code, _, name in parts]


def _find_languages_fault(text: str) -> str:
    known = sorted({path.parts[-3] for path in CATALOGUES.glob("*/LC_MESSAGES/messages.po")} - {"nl", "en"})
    if all(code in known and name for code, name in _list_checked(text)):
        return ""
    return f"must look like `ar: NAME OF WHO CHECKED IT`; there are catalogues to check in {', '.join(known)}"


def _refuse_bad_values(settings: Settings, source: str) -> None:
    faults = {
        "public_url": _find_public_fault(settings.public_url),
        "database_url": _find_database_fault(settings.database_url),
        "mail_sender": find_address_fault(settings.mail_sender),
        "languages_checked": _find_languages_fault(settings.languages_checked),
    }
    if settings.bounce_address:
        faults["bounce_address"] = find_address_fault(settings.bounce_address)
    for name, known in CHOICES.items():
        if getattr(settings, name) not in known:
            faults[name] = f"must be {', '.join(known[:-1])} or {known[-1]}"
    for name, item in TABLE.items():
        if bounds := item.metadata["bounds"]:
            value = getattr(settings, name)
            if not bounds[0] <= value <= bounds[1]:
                faults[name] = f"must be a number from {bounds[0]} to {bounds[1]}, not {value}"
    lines = [f"{source}: {name} {fault}." for name, fault in faults.items() if fault]
    if lines:
        raise SettingsError("\n".join(lines))


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
        SettingsError: no settings file, not UTF-8, not TOML, or anything `make_settings` refuses.
    """
    path = instance / SETTINGS_FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"There is no {path}. Make an instance with: aoj init") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text (at byte {error.start}). Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}") from None
    return make_settings(instance.resolve(), values, str(path))
