"""The very mail somebody gets, as an example: with a link that opens nothing, to nobody on the list."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import Connection

from aoj_survey.config import Settings
from aoj_survey.hooks import Hooks
from aoj_survey.interview import minutes, widest_path
from aoj_survey.questionnaire import Instrument, find_context, say
from aoj_survey.regions import region_hooks
from aoj_survey.waves import ParticipationFacts, label_role, read_shown_instrument, role_digests

from .mail import Letter, compose

EXAMPLE_TOKEN = "voorbeeld"  # noqa: S105 — too short to be a token: it opens nothing
ORGANISATION = "basisschool De Vuurtoren"


@dataclass(frozen=True, slots=True)
class Example:
    """Which mail: its kind, and the role and language of whom it is for."""

    kind: str
    role: str
    language: str


def write_example(
    connection: Connection,
    facts: ParticipationFacts,
    settings: Settings,
    hooks: Hooks,
    example: Example,
    now: datetime,
    address: str = "",
) -> EmailMessage:
    """Return the mail of a kind as somebody in a role would get it; to `address`, else the project team.

    Raises:
        PluginError: a module of the region is not there, or fails.
        MailError: a value would add a header, or the catalogue of the language is missing.
    """
    asked = region_hooks(connection, hooks, facts.region)
    asked.require_whole()
    digest = role_digests(connection, facts.id).get(example.role)
    shown = read_shown_instrument(connection, facts.id, digest) if digest else None
    letter = Letter(
        message=UUID(int=0),
        kind=example.kind,
        address=address or facts.contact_mail,
        role=example.role,
        organisation=ORGANISATION,
        language=example.language,
        link_token=EXAMPLE_TOKEN,
        optout_token=EXAMPLE_TOKEN,
        minutes=_count_minutes(shown, example.role, facts, hooks) if shown else None,
        participation=facts,
        public_url=settings.public_url,
        sender=settings.mail_sender,
        words=asked.message_text(example.kind, example.language),
        sentence=say(shown.mail, example.language) if shown and shown.mail else "",
        role_label=say(label_role(shown, example.role), example.language) if shown else "",
        bounce_address=settings.bounce_address,
        bounce_token=EXAMPLE_TOKEN,
    )
    return compose(letter, now)


def _count_minutes(shown: Instrument, role: str, facts: ParticipationFacts, hooks: Hooks) -> int:
    path = widest_path(shown, find_context(role, facts.region), hooks.kinds)
    return minutes(path.pages)
