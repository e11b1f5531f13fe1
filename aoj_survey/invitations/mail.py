"""Mails: a message's facts in, a finished mail out. Values only: no database, no network.

The words stand in `mails/<kind>/`, three files per kind of message, and go through the catalogue of
`translations/`. Both parts of a mail say the same in the same order.
"""

import textwrap
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from babel.dates import format_date
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from aoj_survey.config import CATALOGUES
from aoj_survey.errors import MailError
from aoj_survey.hooks import MessageText
from aoj_survey.questionnaire import ROLES, say
from aoj_survey.waves import ParticipationFacts

from .youth import YOUTH_ROLES

TEMPLATES = Path(__file__).with_name("mails")
SOURCE_LANGUAGE = "en"
WIDTH = 72


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a mail is made of. `minutes` is None when nobody computed how long the questions take.

    `words` are the region's own in place of ours; `sentence` is what its questionnaire adds to mails, and
    `role_label` what it calls the role, empty for the usual.
    """

    message: UUID
    kind: str
    address: str
    role: str
    organisation: str
    language: str
    link_token: str
    optout_token: str
    minutes: int | None
    participation: ParticipationFacts
    public_url: str
    sender: str
    words: MessageText = field(default_factory=MessageText)
    sentence: str = ""
    role_label: str = ""


class _KnownHeaders(HeaderRegistry):
    """Python's header types, each made once; Python makes a class for every header of every mail."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]


class _WirePolicy(EmailPolicy):
    """SMTP's line ends; addresses of pages stay whole."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        # Python would cut a long address into encoded words, which mail programs do not follow.
        if name == "List-Unsubscribe":
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


WIRE = _WirePolicy(linesep="\r\n", cte_type="7bit", header_factory=_KnownHeaders())


def compose(letter: Letter, now: datetime) -> EmailMessage:
    """Return the mail, text and HTML, ready for the wire (`as_bytes()`).

    Raises:
        MailError: a value would add a header, or the catalogue of the language is missing.
    """
    words = _words(letter)
    subject, text, html = (_render(letter, part, words) for part in ("subject.txt", "body.txt", "body.html"))
    mail = EmailMessage(policy=WIRE)
    domain = letter.sender.rpartition("@")[2]
    headers: dict[str, Any] = {
        "From": _address(f"Monitor {letter.participation.region_name}", letter.sender),
        "To": _address("", letter.address),
        "Reply-To": _address("", letter.participation.contact_mail),
        "Subject": subject.strip(),
        "Date": now,
        # The same for every attempt, so that a receiver can tell a repeated mail from another one.
        "Message-ID": f"<{letter.message}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{words['optout_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    for name, value in headers.items():
        if isinstance(value, str):
            refuse_line_breaks(name, value)
        mail[name] = value
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail


def refuse_line_breaks(name: str, value: str) -> None:
    """Check that a value stays inside its header.

    Raises:
        MailError: it holds a line break or another control character.
    """
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in value):
        raise MailError(f"The {name} of a mail holds a line break; no mail was made.")


def _address(name: str, address: str) -> Address:
    refuse_line_breaks("sender or receiver", name + address)
    return Address(display_name=name, addr_spec=address)


def _words(letter: Letter) -> dict[str, Any]:
    """What the templates may say."""
    facts = letter.participation
    root = letter.public_url.rstrip("/")
    return {
        "language": letter.language,
        "own": letter.words,
        "sentence": letter.sentence,
        "role": letter.role_label or say(ROLES[letter.role].label, letter.language),
        "organisation": letter.organisation,
        "region": facts.region_name,
        "participation": facts.name,
        "minutes": letter.minutes,
        "last_day": _write_day(facts.last_day, letter.language, "EEEE d MMMM y"),
        "last_day_short": _write_day(facts.last_day, letter.language, "d MMMM"),
        "phone": facts.contact_phone,
        "announces_opening": facts.approval == "delay",
        "link": f"{root}/l/{letter.link_token}",
        "optout_url": f"{root}/o/{letter.optout_token}",
        "privacy_url": f"{root}/privacy" + (f"?lang={letter.language}&to=youth" if to_youth(letter) else ""),
    }


def to_youth(letter: Letter) -> bool:
    """Return whether a mail goes to a young person, who is not called *u* in Dutch."""
    return letter.role in YOUTH_ROLES


def _write_day(day: date, language: str, pattern: str) -> str:
    return format_date(day, pattern, locale=language)


def _render(letter: Letter, part: str, words: dict[str, Any]) -> str:
    environment = _environment(letter.language, to_youth=to_youth(letter))
    return environment.get_template(f"{letter.kind}/{part}").render(words)


@cache
def _environment(language: str, *, to_youth: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["wrap"] = _wrap
    translations = _read_catalogue(language)
    if to_youth:
        own = Translations.load(CATALOGUES, [language], "youth")
        # English has no sentences of their own for young people: those for everybody fit.
        if isinstance(own, Translations):
            translations.merge(own)
    environment.install_gettext_callables(  # pyright: ignore[reportAttributeAccessIssue]
        translations.ugettext, translations.ungettext, newstyle=True
    )
    return environment


def _read_catalogue(language: str) -> Translations:
    found = Translations.load(CATALOGUES, [language])
    if isinstance(found, Translations):
        return found
    if language == SOURCE_LANGUAGE:
        return Translations()
    raise MailError(f"There is no catalogue of texts in {language!r}. Make it with: make venv")


def _wrap(text: str, first: str = "") -> str:
    """Lines of at most 72 columns; `first` stands before the first, and as much space before the others."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
