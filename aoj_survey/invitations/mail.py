"""Mails: a message's facts in, a finished mail out. Values only: no database, no network.

The words stand in `mails/<kind>/`, three files per kind of message, and go through the catalogue of
`translations/`. Both parts of a mail say the same in the same order.
"""

import textwrap
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from babel.dates import format_date
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import escape

from aoj_survey.config import CATALOGUES
from aoj_survey.errors import MailError
from aoj_survey.hooks import MessageText
from aoj_survey.questionnaire import ROLES, say
from aoj_survey.waves import ParticipationFacts

from .wire import WrittenMail, refuse_line_breaks, refuse_no_address, write_mail
from .youth import YOUTH_ROLES

TEMPLATES = Path(__file__).with_name("mails")
SOURCE_LANGUAGE = "en"
WIDTH = 72

MARKS = {"invitation": "i", "first_reminder": "r", "second_reminder": "s", "link_again": "l", "moved": "m"}
"""How the kind of a mail is written in the address it comes back to."""

OWN = "\ue000{}\ue000"
"""Stands for a receiver's own value in what many mails share; this character means nothing in any text."""


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a mail is made of. `minutes` is None when nobody computed how long the questions take.

    `words` are the region's own in place of ours; `sentence` is what its questionnaire adds to mails, and
    `role_label` what it calls the role, empty for the usual. `number` tells mails of one kind apart. What
    cannot be delivered comes back to `bounce_address` under `bounce_token`; when empty, to the sender.
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
    number: int = 0
    bounce_address: str = ""
    bounce_token: str = ""


def compose(letter: Letter, now: datetime) -> EmailMessage:
    """Return the mail as its receiver reads it; raises what `write_letter` raises."""
    return message_from_bytes(write_letter(letter, now).content, policy=default)


def write_letter(letter: Letter, now: datetime) -> WrittenMail:
    """Return the mail, text and HTML, ready for the wire.

    Raises:
        MailError: a value would add a header, an address is none, or the catalogue of the language is missing.
    """
    shape = _shape(_without_receiver(letter))
    own = {"link": letter.link_token, "optout": letter.optout_token}
    text, html = _fill(shape.text, own), _fill(shape.html, own)
    greeting = _fill(shape.greeting, {"organisation": letter.organisation})
    shared, wayout = dict(shape.headers), _fill(shape.optout_url, own)
    headers: dict[str, str | datetime] = {
        "To": letter.address,
        "Date": now,
        # The same for every attempt, so that a receiver can tell a repeated mail from another one.
        "Message-ID": f"<{letter.message}@{letter.sender.rpartition('@')[2]}>",
    }
    if letter.kind != "moved":
        # Who has this address now may be a stranger, who should not end the mail to somebody else.
        headers["List-Unsubscribe"] = f"<{wayout}>"
        shared["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return write_mail(
        bounce_to(letter),
        headers,
        shared,
        _fill(text, {"greeting": _wrap(greeting)}),
        _fill(html, {"greeting": str(escape(greeting))}),
    )


def bounce_to(letter: Letter) -> str:
    """Return the address that a mail comes back to when it can't be delivered; its token says which one it was."""
    if not letter.bounce_address:
        return letter.sender
    local, _, domain = letter.bounce_address.rpartition("@")
    return f"{local}+{MARKS[letter.kind]}{letter.number or ''}{letter.bounce_token}@{domain}"


@dataclass(frozen=True, slots=True)
class _Shape:
    """What mails of one kind, language, role and participation share; `OWN` holds the receiver's places."""

    headers: tuple[tuple[str, str], ...]
    greeting: str
    optout_url: str
    text: str
    html: str


def _without_receiver(letter: Letter) -> Letter:
    own = {f"{name}_token": OWN.format(name) for name in ("link", "optout")}
    return replace(letter, message=UUID(int=0), address="", organisation="", number=0, bounce_token="", **own)


@lru_cache(maxsize=256)
def _shape(letter: Letter) -> _Shape:
    words = _words(letter)
    facts = letter.participation
    replies = letter.bounce_address or facts.contact_mail
    refuse_no_address(replies)
    headers = {
        "From": _write_address(f"Monitor {facts.region_name}", letter.sender),
        "Reply-To": replies,
        "Subject": _render(letter, f"{letter.kind}/subject.txt", words).strip(),
        "Auto-Submitted": "auto-generated",
    }
    return _Shape(
        tuple(headers.items()),
        _render(letter, "greeting.txt", words).strip(),
        words["optout_url"],
        _render(letter, f"{letter.kind}/body.txt", words),
        _render(letter, f"{letter.kind}/body.html", words),
    )


def _fill(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(OWN.format(name), value)
    return text


def _write_address(name: str, address: str) -> str:
    refuse_line_breaks("sender or receiver", name + address)
    return str(Address(display_name=name, addr_spec=address))


def _words(letter: Letter) -> dict[str, Any]:
    """What the templates may say."""
    facts = letter.participation
    root = letter.public_url.rstrip("/")
    return {
        "language": letter.language,
        "own": letter.words,
        "sentence": letter.sentence,
        "role": letter.role_label or say(ROLES[letter.role].label, letter.language),
        "organisation": OWN.format("organisation"),
        "greeting": OWN.format("greeting"),
        "region": facts.region_name,
        "participation": facts.name,
        "minutes": letter.minutes,
        "last_day": _write_day(facts.last_day, letter.language, "EEEE d MMMM y"),
        "last_day_short": _write_day(facts.last_day, letter.language, "d MMMM"),
        "phone": facts.contact_phone,
        "contact": facts.contact_mail,
        "machine_reads": bool(letter.bounce_address),
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


def _render(letter: Letter, file: str, words: dict[str, Any]) -> str:
    environment = _environment(letter.language, to_youth=to_youth(letter))
    return environment.get_template(file).render(words)


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
