"""Errata: a text is mended while it is asked; what is stored, counted and compared stays as it was."""

from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from aoj_survey.db import db
from aoj_survey.errors import ErratumError, StateError
from aoj_survey.fieldwork import close_participation
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Erratum, digest_instrument, dump_instrument, list_texts
from aoj_survey.waves import (
    MadeErratum,
    ParticipationFacts,
    StoredInstrument,
    errata,
    list_errata,
    make_erratum,
    read_instrument,
    read_shown_instrument,
    role_digests,
)
from tests.conftest import FixedClock
from tests.staging import start_wave

DAY = date(2026, 5, 12)
TYPO = Erratum("item.jaren", "nl", "Hoeveel jaar werkt u al?", "Respondenten lazen dit als één dag.")


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12})


def mend(
    facts: ParticipationFacts, erratum: Erratum, by: str = "Redactie", at: str = "widths@1"
) -> MadeErratum:
    with db.write() as connection:
        return make_erratum(connection, facts, at, erratum, by, DAY)


def read_texts(facts: ParticipationFacts) -> Mapping[str, Mapping[str, str]]:
    """The texts as shown, by name."""
    with db.read() as connection:
        (digest,) = set(role_digests(connection, facts.id).values())
        return list_texts(read_shown_instrument(connection, facts.id, digest))


def test_what_is_mended_is_shown_and_what_is_stored_stays(facts: ParticipationFacts) -> None:
    made = mend(facts, TYPO)
    assert made.before == "Hoeveel jaar doet u dit werk?"
    texts = read_texts(facts)
    assert texts["item.jaren"]["nl"] == TYPO.text
    assert texts["item.jaren"]["en"] == "For how many years have you done this work?"
    with db.read() as connection:
        stored = connection.execute(select(StoredInstrument.digest, StoredInstrument.document)).one()
        instrument = read_instrument(connection, stored.digest)
    assert TYPO.text not in stored.document
    assert (
        digest_instrument(stored.document) == stored.digest == digest_instrument(dump_instrument(instrument))
    )


def test_codes_order_and_conditions_stay(facts: ParticipationFacts) -> None:
    mend(facts, TYPO)
    with db.read() as connection:
        (digest,) = set(role_digests(connection, facts.id).values())
        stored, shown = (
            read_instrument(connection, digest),
            read_shown_instrument(connection, facts.id, digest),
        )
    assert stored != shown
    for one, other in zip(stored.items(), shown.items(), strict=True):
        assert (one.code, one.kind, one.ask_if, one.scale) == (
            other.code,
            other.kind,
            other.ask_if,
            other.scale,
        )
        assert [(choice.code, choice.value) for choice in one.choices] == [
            (choice.code, choice.value) for choice in other.choices
        ]


def test_a_later_erratum_goes_before_an_earlier_one_and_both_are_logged(facts: ParticipationFacts) -> None:
    mend(facts, TYPO)
    again = Erratum("item.jaren", "nl", "Hoeveel jaar werkt u hier?", "Hier ontbrak.")
    mend(facts, again, by="Een ander")
    assert read_texts(facts)["item.jaren"]["nl"] == again.text
    with db.read() as connection:
        logged = list_errata(connection, facts.id)
    assert [(one.questionnaire, one.erratum, one.before, one.made_by, one.made_on) for one in logged] == [
        ("widths@1", TYPO, "Hoeveel jaar doet u dit werk?", "Redactie", DAY),
        ("widths@1", again, TYPO.text, "Een ander", DAY),
    ]


@pytest.mark.parametrize(
    "erratum",
    [
        Erratum("item.nergens", "nl", "Iets", "Daarom."),
        Erratum("item.jaren", "fr", "Iets", "Daarom."),
        Erratum("item.jaren", "nl", "  ", "Daarom."),
        Erratum("item.jaren", "nl", "Iets", " "),
        Erratum("item.jaren", "nl", "U gaf een {overleg}.", "Daarom."),
    ],
)
def test_what_is_no_erratum_is_refused_and_nothing_is_logged(
    facts: ParticipationFacts, erratum: Erratum
) -> None:
    before = read_texts(facts)
    with pytest.raises(ErratumError):
        mend(facts, erratum)
    assert read_texts(facts) == before


def test_twin_without_the_check_a_text_could_quote_an_answer_it_did_not_quote(
    facts: ParticipationFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errata, "apply_errata", lambda instrument, *_: instrument)
    mend(facts, Erratum("item.jaren", "nl", "U gaf een {overleg}.", "Daarom."))
    with db.read() as connection:
        assert len(list_errata(connection, facts.id)) == 1


def test_it_needs_a_name_and_a_questionnaire_that_is_asked(facts: ParticipationFacts) -> None:
    with pytest.raises(StateError, match="with a name"):
        mend(facts, TYPO, by=" ")
    with pytest.raises(StateError, match=r"does not ask widths@2\. It asks: widths@1"):
        mend(facts, TYPO, at="widths@2")


def test_after_the_close_nothing_is_mended(facts: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        close_participation(connection, facts, clock())
    with pytest.raises(StateError, match="is not being answered"):
        mend(facts, TYPO)


def test_another_participation_with_the_same_instrument_keeps_its_text(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    other = start_wave(keys, clock(), {"ib": 12}, region="elders")
    mend(facts, TYPO)
    assert read_texts(other)["item.jaren"]["nl"] == "Hoeveel jaar doet u dit werk?"
