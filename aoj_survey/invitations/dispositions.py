"""What became of everybody who was asked, as counts per role, kind of organisation and final disposition."""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, and_, func, select

from aoj_survey.statistics import Standing, judge_disposition

from .counts import count_groups, select_reached_again
from .models import ANSWERING_ROLE, Invitation, Invitee, Message

STATES: dict[str, Standing] = {
    "due": "unsent",
    "claimed": "uncertain",
    "sent": "asked",
    "failed": "undelivered",
    "undelivered": "undelivered",
    "uncertain": "uncertain",
}
"""How somebody stands by the state of the mail with the invitation; reminders go to who is not done.

Whose invitation was not delivered was asked all the same once the link, sent again, was taken.
"""


def count_dispositions(connection: Connection, participation: UUID) -> Counter[tuple[str, str, str]]:
    """Return the number of people by role in which they answer, kind of organisation and disposition.

    The kind is empty where the list does not say it, and for people of group links: of those, as many are
    asked as was declared, and who did not start returned nothing. So it is for links a region mails itself.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in connection.execute(_select_people(participation)):
        done = row.status == "done"
        disposition = judge_disposition(_find_standing(row), started=row.started, done=done)
        counts[row.role, row.sector or "", disposition] += row.people
    for group in count_groups(connection, participation, answering=True):
        stopped = min(group.started, group.asked) - group.done
        counts[group.role, "", judge_disposition("asked", started=True, done=True)] += group.done
        counts[group.role, "", judge_disposition("asked", started=True, done=False)] += stopped
        counts[group.role, "", judge_disposition("asked", started=False, done=False)] += (
            group.asked - group.done - stopped
        )
    return +counts


def _select_people(participation: UUID) -> Any:
    again = select_reached_again(participation)
    place = (
        ANSWERING_ROLE.label("role"),
        Invitee.sector,
        Invitee.withdrawn,
        Invitee.opted_out,
        Message.state,
        again.c.invitation_id.is_not(None).label("again"),
        Invitation.started,
        Invitation.status,
    )
    return (
        select(*place, func.count().label("people"))
        .select_from(Invitation)
        .outerjoin(Invitee, Invitee.id == Invitation.invitee_id)
        .outerjoin(Message, and_(Message.invitation_id == Invitation.id, Message.kind == "invitation"))
        .outerjoin(again, again.c.invitation_id == Invitation.id)
        .where(Invitation.participation_id == participation, Invitation.group_id.is_(None))
        .group_by(*place)
    )


def _find_standing(row: Row[Any]) -> Standing:
    if row.withdrawn == "ineligible":
        return "ineligible"
    if row.withdrawn or row.opted_out:
        return "refused"
    # Neither withdrawn nor opted out is known of a link that a region mails itself.
    return "asked" if row.opted_out is None or row.again else STATES[row.state or "due"]
