"""Where the opening of a ballot box stands after the close, in words, and what whoever looks can press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import Connection

from aoj_survey.invitations import read_note
from aoj_survey.responses import (
    APPROVERS,
    BOX_DAYS,
    AskedOpening,
    find_asked_opening,
    is_approved,
    is_joint,
    is_small,
    list_approvals,
)
from aoj_survey.waves import ParticipationFacts

from .language import full_day
from .trouble import is_silent


@dataclass(frozen=True, slots=True)
class Standing:
    """What is said of the opening, each sentence a paragraph, and the button; `opens` when it asks the worker."""

    words: tuple[str, ...] = ()
    tone: str = ""
    button: str = ""
    opens: bool = False


def may_be_approved(facts: ParticipationFacts) -> bool:
    """Whether an approval is asked for now: after the close, where two people decide."""
    return facts.status == "closed" and facts.box_destroyed_at is None and facts.approval == "two_people"


def may_be_asked(connection: Connection, facts: ParticipationFacts, now: datetime) -> bool:
    """Whether the worker can be asked to open now: closed, approved, and sealed by the server alone."""
    whole = facts.status == "closed" and facts.box_destroyed_at is None
    return whole and facts.sealing == "server" and is_approved(connection, facts, now)


def describe_standing(
    connection: Connection, facts: ParticipationFacts, person: str, now: datetime
) -> Standing:
    """Return where the opening stands for who looks at it, by name."""
    if facts.status == "opened":
        return _describe_opened(connection, facts)
    if facts.box_destroyed_at is not None:
        return Standing(
            (gettext("Fewer than 10 people sent answers. The ballot box was destroyed, with its key."),)
        )
    if facts.status == "closed":
        return _describe_closed(connection, facts, person, now)
    early = facts.status in {"planned", "running"} and facts.approval == "two_people"
    return Standing((gettext("You can approve after the close."),) if early else ())


def _describe_closed(
    connection: Connection, facts: ParticipationFacts, person: str, now: datetime
) -> Standing:
    if not is_approved(connection, facts, now):
        return _describe_approvals(facts, list_approvals(connection, facts.id), person)
    if facts.sealing == "custodians":
        return _describe_custodians(connection, facts)
    asked = find_asked_opening(connection, facts.id)
    return _describe_asked(connection, facts, asked, now) if asked else _offer(connection, facts)


def _describe_opened(connection: Connection, facts: ParticipationFacts) -> Standing:
    if is_joint(connection, facts.id):
        words = gettext(
            "This ballot box opened together with other small ones. Its answers count in the total of all regions only."
        )
        return Standing((words,), "ok")
    return Standing((gettext("The ballot box is open."),), "ok")


def _describe_approvals(facts: ParticipationFacts, approvals: Sequence[str], person: str) -> Standing:
    if not may_be_approved(facts):
        return Standing()
    if person.casefold() in {name.casefold() for name in approvals}:
        return Standing((gettext("You have approved. Now another person has to."),))
    once = gettext("An approval cannot be taken back. The box can be opened once.")
    if len(approvals) == APPROVERS - 1 and facts.sealing == "server":
        return Standing((once,), button=gettext("Approve and open the ballot box"), opens=True)
    return Standing((once,), button=gettext("I approve the opening"))


def _describe_custodians(connection: Connection, facts: ParticipationFacts) -> Standing:
    small = is_small(connection, facts.id)
    command = (
        f"aoj responses open-together {facts.wave}"
        if small
        else f"aoj responses open {facts.wave} {facts.region}"
    )
    words = gettext(
        "Custodians locked this ballot box too. Two of the three open it together, at the machine of your "
        "administrator: %(command)s. Each fills in their own passphrase.",
        command=command,
    )
    return Standing((*_wait(connection, facts), words))


def _offer(connection: Connection, facts: ParticipationFacts) -> Standing:
    once = gettext("The box can be opened once. That cannot be taken back.")
    return Standing((*_wait(connection, facts), once), button=gettext("Open the ballot box"), opens=True)


def _wait(connection: Connection, facts: ParticipationFacts) -> tuple[str, ...]:
    """What a small box waits for; nothing where it is large enough to open by itself."""
    if facts.closed_at is None or not is_small(connection, facts.id):
        return ()
    last = (facts.closed_at + BOX_DAYS).astimezone(facts.zone).date()
    return (
        gettext(
            "This box holds fewer than 10 answers. It waits for the last opening of this wave, and then opens together "
            "with other small ones. Each of them must be approved and asked for. If that cannot be, we destroy it on %(day)s.",
            day=full_day(last),
        ),
    )


def _describe_asked(
    connection: Connection, facts: ParticipationFacts, asked: AskedOpening, now: datetime
) -> Standing:
    if asked.refused:
        words = (gettext("The ballot box is not open."), *say_refusal(asked.refused))
        return Standing(words, "warn", gettext("Try again to open the box"), opens=True)
    if read_note(connection, "worker") is None or is_silent(connection, facts, now):
        late = gettext("The worker that opens it does not run. Ask your administrator to start it.")
        return Standing((gettext("Somebody asked to open the ballot box."), late), "warn")
    if waiting := _wait(connection, facts):
        return Standing((gettext("Somebody asked to open the ballot box."), *waiting))
    return Standing((gettext("The ballot box is being opened. Load this page again in a minute."),))


def say_refusal(code: str) -> tuple[str, str]:
    """Return why an opening was refused, and what to do."""
    administrator = gettext("Ask your administrator to look.")
    again = gettext("Load this page again to see where it stands.")
    said = {
        "no_name": (gettext("An approval has no name."), administrator),
        "not_closed": (gettext("The box was not closed, or was opened before."), again),
        "not_approved": (gettext("Two people must approve first."), again),
        "too_early": (gettext("Another ballot box has to open first."), gettext("Try again after that.")),
        "custodians": (
            gettext("Custodians locked this box too."),
            gettext("Two of them open it at the machine of your administrator."),
        ),
        "numbers": (
            gettext("There are not as many answers in the box as people who sent them. So it stays closed."),
            administrator,
        ),
        "too_small": (
            gettext("There are fewer than 10 answers, also together with other small boxes."),
            gettext("You need do nothing: the box stays closed and we destroy it 90 days after the close."),
        ),
        "not_alike": (
            gettext("The small boxes have no question that everybody was asked in the same way."),
            gettext("You need do nothing: the box stays closed and we destroy it 90 days after the close."),
        ),
    }
    broken = gettext("The key or an answer in the box does not fit.")
    command = gettext("Ask your administrator: the command aoj responses open tells more.")
    return said.get(code, (broken, command))
