"""Young people take part only after it was recorded how their parents were informed or gave permission."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import Connection, delete, exists, insert, select

from aoj_survey.errors import StateError
from aoj_survey.waves import ParticipationFacts

from .models import Invitation, YouthConsent

YOUTH_ROLES = frozenset({"jongere"})
AGES = range(8, 24)
"""Ages a limit may be set at; who is younger or older is no young person of this monitor."""

LONGEST_TEXT, LONGEST_NAME = 2000, 200
How = Literal["informed", "permission"]
CONSENT_COLUMNS = (
    YouthConsent.how,
    YouthConsent.age_from,
    YouthConsent.text,
    YouthConsent.recorded_by,
    YouthConsent.recorded_on,
    YouthConsent.age_to,
)
"""In the order of `Consent`."""


@dataclass(frozen=True, slots=True)
class Consent:
    """How parents know of it, at which ages young people may take part, who recorded that and when.

    `age_to` is the last age that may take part; None where there is no last one.
    """

    how: How
    age_from: int
    text: str
    recorded_by: str
    recorded_on: date
    age_to: int | None = None


def list_consent_faults(consent: Consent) -> tuple[str, ...]:
    """Return the fields of a record that cannot be as they are, in the order of a form; empty when all can."""
    first, last = consent.age_from, consent.age_to
    faults = {
        "how": consent.how not in get_args(How),
        "age_from": first not in AGES,
        "age_to": last is not None and (last not in AGES or last < first),
        "text": not 0 < len(consent.text.strip()) <= LONGEST_TEXT,
        "recorded_by": not 0 < len(consent.recorded_by.strip()) <= LONGEST_NAME,
    }
    return tuple(field for field, is_there in faults.items() if is_there)


FAULTS = {
    "how": f"how is one of {', '.join(get_args(How))}",
    "age_from": f"the age limit lies between {AGES[0]} and {AGES[-1]}",
    "age_to": f"the highest age lies between the lowest and {AGES[-1]}, or is left out",
    "text": f"say in 1 to {LONGEST_TEXT} characters what parents were told",
    "recorded_by": f"say who records it, in 1 to {LONGEST_NAME} characters",
}
"""What is asked of each field, in words."""


def record_consent(connection: Connection, facts: ParticipationFacts, consent: Consent) -> None:
    """Record how parents were informed or gave permission, in place of what was recorded before.

    Raises:
        StateError: the participation is closed, an age out of range, or a missing or too long text or name;
            all that is wrong is named.
    """
    found = [FAULTS[field] for field in list_consent_faults(consent)]
    if facts.status not in {"planned", "running"}:
        found = [f"{facts.region} in {facts.wave} is {facts.status}", *found]
    if found:
        raise StateError("This cannot be recorded: " + "; ".join(found) + ".")
    connection.execute(delete(YouthConsent).where(YouthConsent.participation_id == facts.id))
    connection.execute(
        insert(YouthConsent).values(
            participation_id=facts.id,
            how=consent.how,
            age_from=consent.age_from,
            age_to=consent.age_to,
            text=consent.text.strip(),
            recorded_by=consent.recorded_by.strip(),
            recorded_on=consent.recorded_on,
        )
    )


def read_consent(connection: Connection, participation: UUID) -> Consent | None:
    """Return what was recorded, or None when nothing was; one statement."""
    query = select(*CONSENT_COLUMNS).where(YouthConsent.participation_id == participation)
    row = connection.execute(query).one_or_none()
    return None if row is None else consent_in(row)


def consent_in(row: Sequence[Any]) -> Consent | None:
    """Return what was recorded in a row that ends with `CONSENT_COLUMNS`, or None when they are empty."""
    recorded = row[-len(CONSENT_COLUMNS) :]
    return None if recorded[0] is None else Consent(*recorded)


def waits_for_parents(connection: Connection, participation: UUID) -> bool:
    """Return whether mail to young people on the list waits, as nothing was recorded of their parents yet."""
    listed = exists().where(
        Invitation.participation_id == participation,
        Invitation.invitee_id.is_not(None),
        Invitation.role.in_(YOUTH_ROLES),
    )
    recorded = exists().where(YouthConsent.participation_id == participation)
    return bool(connection.execute(select(listed & ~recorded)).scalar_one())
