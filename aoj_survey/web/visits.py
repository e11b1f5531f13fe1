"""A visit: a browser that opened a personal link, and all that its pages need, read in two statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from flask import current_app
from sqlalchemy import Connection

from aoj_survey.installation import Installation
from aoj_survey.interview import Path, is_question, unanswered, walk, widest_path
from aoj_survey.invitations import YOUTH_ROLES, InvitationFacts, find_invitation
from aoj_survey.questionnaire import KINDS, Answers, Instrument, ItemKind, Page, find_context
from aoj_survey.responses import DraftContent, read_draft
from aoj_survey.waves import ParticipationFacts, read_instrument, read_shown_instrument

from .language import LANGUAGES, speak
from .links import Link, read_link

Reason = Literal["lost", "unknown", "already", "not_open", "closed", "youth"]


class TurnedAwayError(Exception):
    """A visit that cannot go on; the page of its reason is shown instead."""

    def __init__(
        self, reason: Reason, participation: ParticipationFacts | None = None, link: Link | None = None
    ) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.participation = participation
        self.link = link


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came by which link, with the questionnaire and what was kept of an earlier visit."""

    link: Link
    invitation: InvitationFacts
    instrument: Instrument
    draft: DraftContent
    path: Path
    kinds: Mapping[str, ItemKind] = field(default_factory=lambda: KINDS)

    @property
    def participation(self) -> ParticipationFacts:
        """The participation this link belongs to."""
        return self.invitation.participation

    @property
    def has_draft(self) -> bool:
        """Whether anything was kept of an earlier page, a question left open included."""
        return bool(self.draft.answers or self.draft.prompted)

    @property
    def widest(self) -> Path:
        """All that this role may be asked, whatever the answers."""
        context = find_context(self.invitation.role, self.participation.region)
        return widest_path(self.instrument, context, self.kinds)


def installation() -> Installation:
    """The installation of the application at work."""
    found: Installation = current_app.extensions["aoj"]
    return found


def find_visitor(
    connection: Connection, handle: str, *, for_update: bool = False
) -> tuple[Link, InvitationFacts]:
    """Return link and invitation of a browser, whatever their state; the page speaks its language from here.

    Raises:
        TurnedAwayError: the browser has not opened this link (or forgot it), or the link is not known.
    """
    link = read_link(installation().settings, handle)
    if link is None:
        raise TurnedAwayError("lost")
    speak(link.language)
    invitation = find_invitation(connection, link.token, for_update=for_update)
    if invitation is None or invitation.status == "withdrawn":
        raise TurnedAwayError("unknown")
    speak(link.language, to_youth=invitation.role in YOUTH_ROLES)
    return link, invitation


def open_visit(
    connection: Connection, handle: str, *, for_update: bool = False, as_stored: bool = False
) -> Visit:
    """Return a visit that may answer now; `as_stored` is without errata, for what shows no question.

    Raises:
        TurnedAwayError: as `find_visitor`; or already done, not open yet, closed, or a young person before it was
            recorded that parents know of it.
    """
    link, invitation = find_visitor(connection, handle, for_update=for_update)
    participation = invitation.participation
    if invitation.status == "done":
        raise TurnedAwayError("already", participation, link)
    phase = participation.phase(installation().now())
    if phase != "open" or invitation.instrument_digest is None:
        raise TurnedAwayError("closed" if phase == "closed" else "not_open", participation, link)
    if invitation.role in YOUTH_ROLES and invitation.consent is None:
        raise TurnedAwayError("youth", participation, link)
    digest = invitation.instrument_digest
    instrument = (
        read_instrument(connection, digest)
        if as_stored
        else read_shown_instrument(connection, participation.id, digest)
    )
    if link.language not in (*LANGUAGES, *instrument.languages):
        link = replace(link, language=LANGUAGES[0])
    draft = read_draft(connection, link.token, participation.id) or DraftContent({})
    path = follow(invitation, instrument, draft.answers)
    return Visit(link, invitation, instrument, draft, path, installation().hooks.kinds)


def follow(invitation: InvitationFacts, instrument: Instrument, answers: Answers) -> Path:
    """Return the path these answers open for who was invited."""
    return walk(instrument, answers, find_context(invitation.role, invitation.participation.region))


def is_passed(page: Page, draft: DraftContent) -> bool:
    """Whether a page needs no more asking: answered, or left open after a prompt where that is allowed.

    A page that only explains is passed when it was read.
    """
    missing = unanswered(page, draft.answers)
    if not missing and any(is_question(item) for item in page.items):
        return True
    return page.code in draft.prompted and not any(item.required for item in missing)


def find_open_page(path: Path, draft: DraftContent) -> Page | None:
    """Return the first page that still wants asking, or None when the answers can be checked."""
    return next((page for page in path.pages if not is_passed(page, draft)), None)
