"""Letters: all that the mail of a claimed message is made of, looked up and decrypted."""

from functools import cache

from aoj_survey.config import Settings
from aoj_survey.db import db
from aoj_survey.interview import minutes, walk
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import read_instrument

from .contacts import open_contact
from .links import derive_token
from .mail import Letter
from .messages import ClaimedMessage


def write_letter(message: ClaimedMessage, keys: KeyDirectory, settings: Settings) -> Letter:
    """Return the letter of a message.

    Raises:
        KeyFileError: a key of the participation is missing or readable by others.
        InvalidTag: the contact was not sealed with that key.
    """
    facts = message.participation
    contact = open_contact(keys.contact(facts.id), message.invitee, message.contact)
    link_key = keys.link(facts.id)
    return Letter(
        message=message.id,
        kind=message.kind,
        address=contact.address,
        role=message.role,
        organisation=contact.organisation,
        language=message.language,
        link_token=derive_token(link_key, "link", message.invitation, message.generation),
        # A new link does not make the way out in earlier mails a dead end.
        optout_token=derive_token(link_key, "optout", message.invitation, 0),
        minutes=_count_minutes(message.instrument_digest) if message.instrument_digest else None,
        participation=facts,
        public_url=settings.public_url,
        sender=settings.mail_sender,
    )


@cache
def _count_minutes(digest: str) -> int:
    with db.read() as connection:
        return minutes(walk(read_instrument(connection, digest), {}).pages)
