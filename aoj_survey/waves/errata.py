"""Errata: texts mended after the start, kept beside the stored instrument, which never changes."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, insert, select

from aoj_survey.errors import StateError
from aoj_survey.questionnaire import Erratum, Instrument, apply_errata, list_texts

from .instruments import read_instrument, role_digests
from .models import StoredErratum
from .participations import ParticipationFacts, hold_running

# What a pair of stored instrument and errata makes never changes, so each process makes it once.
_MENDED: dict[tuple[str, tuple[Erratum, ...]], Instrument] = {}


@dataclass(frozen=True, slots=True)
class MadeErratum:
    """An erratum as logged: in which instrument, what was shown before, who made it, and on which day."""

    digest: str
    questionnaire: str
    erratum: Erratum
    before: str
    made_by: str
    made_on: date


def make_erratum(
    connection: Connection,
    facts: ParticipationFacts,
    questionnaire: str,
    erratum: Erratum,
    by: str,
    today: date,
) -> MadeErratum:
    """Mend a text of a questionnaire (`name@edition`) that is being answered, and return what was logged.

    Codes, order, conditions and the digest stay as they were; answers already given count as before.

    Raises:
        StateError: the participation is not running, or does not ask this questionnaire; nobody is named.
        ErratumError: the text cannot be mended like this.
    """
    if not by.strip():
        message = "Say who mends the text: an erratum is logged with a name and a reason."
        raise StateError(message)
    if not hold_running(connection, facts.id):
        message = (
            f"{facts.region} in {facts.wave} is not being answered; a text is mended while it is. "
            "Before the start, change the file."
        )
        raise StateError(message)
    digest = _find_digest(connection, facts, questionnaire)
    shown = read_shown_instrument(connection, facts.id, digest)
    apply_errata(shown, erratum)  # refuses what may not be mended
    made = MadeErratum(
        digest, questionnaire, erratum, list_texts(shown)[erratum.name][erratum.language], by.strip(), today
    )
    number = len(read_errata(connection, facts.id, digest)) + 1
    connection.execute(
        insert(StoredErratum).values(
            participation_id=facts.id,
            instrument_digest=digest,
            number=number,
            before=made.before,
            made_by=made.made_by,
            made_on=today,
            **asdict(erratum),
        )
    )
    return made


def list_errata(connection: Connection, participation: UUID) -> tuple[MadeErratum, ...]:
    """Return all errata of a participation, by questionnaire, in the order in which they were made."""
    rows = connection.execute(
        select(StoredErratum)
        .where(StoredErratum.participation_id == participation)
        .order_by(StoredErratum.instrument_digest, StoredErratum.number)
    ).all()
    return tuple(
        MadeErratum(
            row.instrument_digest,
            _name(read_instrument(connection, row.instrument_digest)),
            Erratum(row.name, row.language, row.text, row.reason),
            row.before,
            row.made_by,
            row.made_on,
        )
        for row in rows
    )


def read_errata(connection: Connection, participation: UUID, digest: str) -> tuple[Erratum, ...]:
    """Return the errata of one instrument in a participation, in the order in which they were made."""
    rows = connection.execute(
        select(StoredErratum.name, StoredErratum.language, StoredErratum.text, StoredErratum.reason)
        .where(StoredErratum.participation_id == participation, StoredErratum.instrument_digest == digest)
        .order_by(StoredErratum.number)
    )
    return tuple(Erratum(*row) for row in rows)


def read_shown_instrument(connection: Connection, participation: UUID, digest: str) -> Instrument:
    """Return a stored instrument as it is shown now, with its errata. Only for showing."""
    stored, errata = read_instrument(connection, digest), read_errata(connection, participation, digest)
    if not errata:
        return stored
    if (digest, errata) not in _MENDED:
        _MENDED[digest, errata] = apply_errata(stored, *errata)
    return _MENDED[digest, errata]


def _find_digest(connection: Connection, facts: ParticipationFacts, questionnaire: str) -> str:
    digests = sorted(set(role_digests(connection, facts.id).values()))
    names = {_name(read_instrument(connection, digest)): digest for digest in digests}
    if questionnaire not in names:
        message = f"{facts.region} in {facts.wave} does not ask {questionnaire}. It asks: {', '.join(sorted(names))}."
        raise StateError(message)
    return names[questionnaire]


def _name(instrument: Instrument) -> str:
    return f"{instrument.questionnaire}@{instrument.edition}"
