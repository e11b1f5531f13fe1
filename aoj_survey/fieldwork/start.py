"""Starting a participation: questionnaires are compiled and stored, capture classes and sizes frozen."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Select, insert, select, update

from aoj_survey.disclosure import CaptureClass, freeze_classes, place_role
from aoj_survey.errors import StateError
from aoj_survey.hooks import Hooks, RegionHooks, load_hooks
from aoj_survey.invitations import count_invited
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Instrument, digest_instrument, dump_instrument
from aoj_survey.regions import compile_of_region, region_hooks
from aoj_survey.responses import measure_ballots, require_test
from aoj_survey.waves import (
    KINDS,
    Participation,
    ParticipationFacts,
    RoleInstrument,
    StoredInstrument,
    Wave,
)

from .areas import Division, divide_classes, divide_nothing, store_classes

PURGE_DAYS = 30
"""What is promised unless a setting says otherwise."""


def start_participation(
    connection: Connection,
    facts: ParticipationFacts,
    questionnaires: Path,
    now: datetime,
    hooks: Hooks | None = None,
    *,
    purge_days: int = PURGE_DAYS,
    keys: KeyDirectory | None = None,
) -> None:
    """Make a planned participation ready to answer; from here on only what is stored rules.

    Without `hooks`, the core's are asked alone. Addresses are destroyed `purge_days` after the wave's last day;
    the first participation that starts decides that, since it is promised from then on. Classes by area need
    the `keys`, for the list says where people are.

    Raises:
        StateError: no keys for areas, not planned, nobody on the list, a role without questionnaire, a window that is over or
            ends after the wave's deadline.
        QuestionnaireError: a questionnaire that does not compile.
        PluginError: a module of the region is not there, or fails.
        CustodianError: the custodians of the box have no key yet, or have not tested it.
    """
    _claim_start(connection, facts)
    require_test(connection, facts)
    asked = region_hooks(connection, hooks or load_hooks(), facts.region)
    if now >= facts.closes_at:
        raise StateError(
            f"The window of {facts.region} in {facts.wave} is over since {facts.last_day}: nobody could answer."
            " Plan it in another wave: aoj waves plan"
        )
    invited = count_invited(connection, facts.id)
    instruments = _compile(connection, facts, questionnaires, invited, asked)
    _try_words(asked, instruments)
    _set_promises(connection, facts, purge_days)
    _store_instruments(connection, facts, instruments)
    classes = _freeze(connection, keys, facts, invited, list(instruments))
    size = measure_ballots(instruments.values(), classes, asked.hooks.kinds)
    connection.execute(update(Participation).where(Participation.id == facts.id).values(ballot_size=size))


def _freeze(
    connection: Connection,
    keys: KeyDirectory | None,
    facts: ParticipationFacts,
    invited: Mapping[str, int],
    roles: Sequence[str],
) -> list[str]:
    """Store the capture classes of the participation and return their codes."""
    classes = freeze_classes(invited)
    division = _divide(connection, keys, facts, classes)
    codes = {role: item.code for item in classes for role in item.roles}
    # Whoever is added later, in a role that nobody has now, needs a class too.
    codes = {role: codes.get(role) or place_role(classes, role).code for role in roles}
    store_classes(connection, facts.id, division, codes, invited)
    return [item.code for parts in division.classes.values() for item in parts]


def _divide(
    connection: Connection,
    keys: KeyDirectory | None,
    facts: ParticipationFacts,
    classes: Sequence[CaptureClass],
) -> Division:
    if not facts.by_area:
        return divide_nothing(classes)
    if keys is None:
        raise StateError("Answers are to be kept by area, and there is no key to read the list with.")
    return divide_classes(connection, keys, facts, classes)


def _claim_start(connection: Connection, facts: ParticipationFacts) -> None:
    claimed = connection.execute(
        update(Participation)
        .where(Participation.id == facts.id, Participation.status == "planned")
        .values(status="running")
    )
    if claimed.rowcount != 1:
        way = "was started before"
        if facts.status == "lapsed":
            way = (
                "was not started in time, and its list was destroyed; plan it in another wave: aoj waves plan"
            )
        raise StateError(f"The participation of {facts.region} in {facts.wave} {way}.")


def _store_instruments(
    connection: Connection, facts: ParticipationFacts, instruments: Mapping[str, tuple[str, Instrument]]
) -> None:
    for digest, document in {digest: dump_instrument(item) for digest, item in instruments.values()}.items():
        if not connection.execute(select(StoredInstrument).where(StoredInstrument.digest == digest)).first():
            connection.execute(insert(StoredInstrument).values(digest=digest, document=document))
    for role, (digest, _) in instruments.items():
        connection.execute(
            update(RoleInstrument)
            .where(RoleInstrument.participation_id == facts.id, RoleInstrument.role == role)
            .values(instrument_digest=digest)
        )


def _compile(
    connection: Connection,
    facts: ParticipationFacts,
    folder: Path,
    invited: Mapping[str, int],
    hooks: RegionHooks,
) -> dict[str, tuple[str, Instrument]]:
    if not invited:
        way = "Import it with: aoj frame import"
        if facts.sender == "region":
            way = "Make links with: aoj invitations links"
        raise StateError(f"There is nobody on the list yet. {way}")
    assigned = {row.role: (row.questionnaire, row.edition) for row in connection.execute(_roles(facts.id))}
    missing = sorted(set(invited) - set(assigned))
    if missing:
        raise StateError(f"These roles on the list have no questionnaire: {', '.join(missing)}.")
    compiled: dict[tuple[str, str], tuple[str, Instrument]] = {}
    for name, edition in sorted(set(assigned.values())):
        instrument = compile_of_region(connection, hooks, folder / name / f"{edition}.yaml")
        compiled[name, edition] = (digest_instrument(dump_instrument(instrument)), instrument)
    for role, place in assigned.items():
        if role not in compiled[place][1].roles:
            raise StateError(f"The questionnaire {place[0]}@{place[1]} is not made for the role {role}.")
    return {role: compiled[place] for role, place in assigned.items()}


def _try_words(hooks: RegionHooks, instruments: Mapping[str, tuple[str, Instrument]]) -> None:
    """Ask for every text of a mail once, so that a module that fails does so before anything is sent."""
    languages = {language for _, instrument in instruments.values() for language in instrument.languages}
    for kind in KINDS:
        for language in sorted(languages):
            hooks.message_text(kind, language)


def _roles(participation: UUID) -> Select[str, str, str]:
    return select(RoleInstrument.role, RoleInstrument.questionnaire, RoleInstrument.edition).where(
        RoleInstrument.participation_id == participation
    )


def _set_promises(connection: Connection, facts: ParticipationFacts, purge_days: int) -> None:
    deadline: date | None = connection.execute(
        select(Wave.deadline).where(Wave.code == facts.wave).with_for_update()
    ).scalar_one()
    if deadline is None:
        purge_on = facts.last_day + timedelta(days=purge_days)
        connection.execute(
            update(Wave).where(Wave.code == facts.wave).values(deadline=facts.last_day, purge_on=purge_on)
        )
    elif facts.last_day > deadline:
        raise StateError(f"The wave {facts.wave} ends on {deadline}; this window ends on {facts.last_day}.")
