"""What the mail of a claimed message is made of: its receiver, its links, and the region's own words."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TypeAlias
from uuid import UUID

from cryptography.exceptions import InvalidTag

from aoj_survey.config import Settings
from aoj_survey.db import db
from aoj_survey.errors import AojError
from aoj_survey.hooks import Hooks, MessageText
from aoj_survey.interview import minutes, widest_path
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import KINDS, Instrument, ItemKind, find_context, say
from aoj_survey.regions import region_hooks
from aoj_survey.waves import KINDS as MAIL_KINDS
from aoj_survey.waves import label_role, read_shown_instrument

from .contacts import open_contact
from .links import derive_token
from .mail import Letter
from .messages import ClaimedMessage

FindWords: TypeAlias = Callable[[str, str, str], MessageText]
"""Gives a region's own words, by kind of message, language and region."""


def ask_words(hooks: Hooks) -> FindWords:
    """Return what gives a region's own words in mails, asking its modules once for each kind and language.

    It raises PluginError when a module of the region is not there, or fails.
    """

    @cache
    def find(kind: str, language: str, region: str) -> MessageText:
        with db.read() as connection:
            asked = region_hooks(connection, hooks, region)
        asked.require_whole()
        return asked.message_text(kind, language)

    return find


def address_letter(
    message: ClaimedMessage,
    keys: KeyDirectory,
    settings: Settings,
    find_words: FindWords,
    kinds: Mapping[str, ItemKind] = KINDS,
) -> Letter:
    """Return all that the mail of a message is made of; `kinds` are those of modules included.

    Raises:
        PluginError: a module of the region is not there, or fails.
    """
    facts = message.participation
    contact = open_contact(keys.contact(facts.id), message.invitee, message.contact)
    link_key = keys.link(facts.id)
    digest = message.instrument_digest
    shown = _read_shown(facts.id, digest, message.errata) if digest else None
    context = find_context(message.role, facts.region)
    return Letter(
        message=message.id,
        kind=message.kind,
        address=contact.address,
        role=message.role,
        organisation=contact.organisation,
        language=message.language,
        link_token=derive_token(link_key, "link", message.invitation, message.generation),
        # Each address has a way out of its own: that in earlier mails ends mail to the former one.
        optout_token=derive_token(link_key, "optout", message.invitation, message.generation),
        minutes=minutes(widest_path(shown, context, kinds).pages) if shown else None,
        participation=facts,
        public_url=settings.public_url,
        sender=settings.mail_sender,
        words=find_words(_asked_as(message.kind), message.language, facts.region),
        sentence=say(shown.mail, message.language) if shown and shown.mail else "",
        role_label=say(label_role(shown, message.role), message.language) if shown else "",
        number=message.number,
        bounce_address=settings.bounce_address,
        bounce_token=derive_token(link_key, "bounce", message.invitation, message.generation),
    )


def read_address(message: ClaimedMessage, keys: KeyDirectory) -> str:
    """Return the address a message goes to; empty when it cannot be read, which making its mail will tell."""
    try:
        contact_key = keys.contact(message.participation.id)
        return open_contact(contact_key, message.invitee, message.contact).address
    except (AojError, InvalidTag):
        return ""


def _asked_as(kind: str) -> str:
    """The kind under which a region is asked for its words: it has none for what a coordinator asks for."""
    return kind if kind in MAIL_KINDS else MAIL_KINDS[0]


@lru_cache(maxsize=64)
def _read_shown(participation: UUID, digest: str, _errata: int) -> Instrument:
    """Read anew when a text was mended while mails go out."""
    with db.read() as connection:
        return read_shown_instrument(connection, participation, digest)
