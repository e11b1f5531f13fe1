"""What happens next in a participation, in words; what keeps its mail waiting comes first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import Connection

from aoj_survey.invitations import waits_for_parents
from aoj_survey.responses import BOX_DAYS, is_small
from aoj_survey.waves import ParticipationFacts

from .language import full_day, local_moment, short_day
from .trouble import find_mail_failure
from .visits import installation


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next, in words; `reminds` when that is a reminder."""

    text: str
    reminds: bool = False


def find_next_step(
    connection: Connection,
    facts: ParticipationFacts,
    moments: Mapping[str, datetime],
    mails: Mapping[tuple[str, str], int],
    now: datetime,
) -> NextStep | None:
    """Return what happens next; None when nothing does by itself. `mails` are counts by kind and state."""
    if facts.status in {"opened", "lapsed"} or facts.box_destroyed_at:
        return None
    if facts.phase(now) == "closed":
        return NextStep(_describe_end(connection, facts))
    if facts.sender == "installation" and mails:
        if hold := _find_hold(connection, facts, moments, now, invites=is_inviting(mails)):
            return NextStep(hold)
        for kind, moment in moments.items():
            if moment > now:
                return _describe_mail(facts, kind, moment)
    elif facts.sender == "installation" and facts.status == "planned":
        return NextStep(gettext("put people on the list, or make a group link"))
    return NextStep(gettext("the questionnaire closes after %(day)s", day=short_day(facts.last_day)))


def _describe_end(connection: Connection, facts: ParticipationFacts) -> str:
    if facts.closed_at and is_small(connection, facts.id):
        last = (facts.closed_at + BOX_DAYS).astimezone(facts.zone).date()
        return gettext(
            "fewer than 10 people sent answers, so this ballot box waits. It opens together with other small ones, once "
            "all others of this wave are open. If that cannot be, we destroy it on %(day)s",
            day=full_day(last),
        )
    if facts.status != "planned":
        return gettext("the ballot box can be opened")
    day = facts.erased_on(installation().settings.purge_days)
    return gettext("this can no longer start; on %(day)s we erase the list of people", day=full_day(day))


def is_inviting(mails: Mapping[tuple[str, str], int]) -> bool:
    """Whether invitations are still to go out: everybody gets one, so this tells of nobody."""
    return any(mails.get(("invitation", state)) for state in ("due", "claimed"))


def _find_hold(
    connection: Connection,
    facts: ParticipationFacts,
    moments: Mapping[str, datetime],
    now: datetime,
    *,
    invites: bool,
) -> str:
    """Return what mail waits for, in words; empty when it goes by the schedule."""
    late = moments["invitation"] <= now
    if facts.sending == "off":
        return gettext("send a test mail to yourself. Until it has arrived, no mail goes out")
    if facts.paused:
        return gettext("end the pause. Until then no mail goes out")
    if facts.status == "planned" and late:
        return gettext("your administrator starts this survey. Until then the invitation waits")
    return _describe_wait(connection, facts) if invites and late else ""


def _describe_wait(connection: Connection, facts: ParticipationFacts) -> str:
    """Return why invitations that are due are not out yet."""
    if waits_for_parents(connection, facts.id):
        return gettext("record what parents know. Until then the invitation to young people waits")
    if find_mail_failure(connection):
        return gettext("the invitation goes out once sending works again")
    return gettext("the invitation is going out now")


def _describe_mail(facts: ParticipationFacts, kind: str, moment: datetime) -> NextStep:
    steps = {
        "invitation": gettext("invitation on %(moment)s"),
        "first_reminder": gettext("first reminder on %(moment)s"),
        "second_reminder": gettext("second reminder on %(moment)s"),
    }
    return NextStep(steps[kind] % {"moment": local_moment(moment, facts.zone)}, kind != "invitation")
