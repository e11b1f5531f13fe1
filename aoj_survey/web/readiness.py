"""What stands between a participation and its mail, in words: the test mail, and what the checks found."""

from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy import Connection

from aoj_survey.invitations import REFUSED, Proof, read_proof
from aoj_survey.preflight import Finding, read_findings
from aoj_survey.waves import ParticipationFacts, Permission, read_permission

from .language import short_day
from .trouble import describe_cause


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands between a participation and its mail: the test mail, and what the checks found."""

    proof: Proof | None
    permission: Permission | None
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> list[Finding]:
        """What must be mended first."""
        return [found for found in self.findings if found.level == "fault"]

    @property
    def is_confirmed(self) -> bool:
        """Whether a test mail arrived."""
        return self.proof is not None and self.proof.state == "confirmed"

    @property
    def is_ready(self) -> bool:
        """Whether mail may go out without a reason."""
        return self.is_confirmed and not self.faults


def read_readiness(connection: Connection, facts: ParticipationFacts) -> Readiness:
    """Return what stands between a participation and its mail."""
    return Readiness(
        read_proof(connection, facts.id),
        read_permission(connection, facts.id),
        read_findings(connection),
    )


def word_finding(found: Finding) -> str:
    """Return a finding in the language of the page."""
    return gettext(found.sentence, **found.values)


def describe_proof(proof: Proof | None) -> str:
    """Return what became of the test mail, in words."""
    if proof is None:
        return gettext("First send a test to yourself.")
    if proof.state == "failed":
        return gettext("The test mail did not go out. %(cause)s", cause=describe_failure(proof.trouble))
    words = {
        "due": gettext("The test mail goes out within a minute."),
        "sent": gettext(
            "We sent a test mail on %(day)s. Did it arrive? Then follow the link at its top.",
            day=short_day(proof.made_on),
        ),
        "confirmed": gettext("The test of %(day)s arrived.", day=short_day(proof.made_on)),
    }
    return words[proof.state]


def describe_failure(trouble: str) -> str:
    """Return why a test mail did not go out, in words without the servers and files it may name."""
    if trouble == REFUSED:
        return gettext("The mail server refuses this address.")
    if "cannot be reached" in trouble:
        # Other mail is tried again by itself.
        return gettext("The mail server cannot be reached. Ask your administrator, and send a test again.")
    return describe_cause(trouble)
