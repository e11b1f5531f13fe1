"""A wave of a year before: opened and released, so that analysts and who looks open answers through find something."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection

from aoj_survey.accounts import add_account
from aoj_survey.config import Settings
from aoj_survey.datasets import WaveDataset
from aoj_survey.db import db
from aoj_survey.installation import Clock, Installation
from aoj_survey.questionnaire import Answers, Instrument
from aoj_survey.releases import STRATA, read_bundle, read_ledger, record_release
from aoj_survey.results import Book, count_answers, make_tables, write_tables
from aoj_survey.waves import ParticipationFacts, find_participation, read_instrument, role_digests

from .answers import synthetic_answers
from .history import REGION, REGION_NAME, answer, pair_answers
from .opening import open_and_write
from .wave import DAYS, REMINDER_DAYS, ZONE, make_plan, start_demo_wave

EARLIER = "demo-eerder"
AGO = 365
SEED = 2021
QUESTIONNAIRES = {
    "ib": ("aoj-professionals", "2021"),
    "zoco": ("aoj-professionals", "2021"),
    "jeugdhulp": ("aoj-professionals", "2021"),
    "beleid_gem": ("aoj-beleid", "2021"),
    "swv": ("aoj-beleid", "2021"),
}
APPROVERS = ("Verzonnen Functionaris", "Verzonnen Bestuurder")
RIGHTS = {
    "Verzonnen Analist": ("download", "review"),
    "Verzonnen Functionaris": ("approve",),
}
"""Who plays which part: the first pulls data and looks open answers through, the second approves and decides."""

OWN_WORDS = (
    "Het overleg op school helpt. We zien elkaar nu elke maand.",
    "Te veel wisseling van gezichten bij de jeugdhulp.",
    "Bel gerust: 06 12345678.",
    "De wachtlijst is te lang.",
    "Mail naar post@voorbeeldschool.example werkt beter dan bellen.",
    "Goed dat de gemeente meedenkt.",
    "We weten vaak niet wie er over gaat.",
    "Meer tijd voor overleg, minder formulieren.",
    "Ouders worden eerder betrokken dan vorig jaar.",
    "De lijnen zijn kort, zeker bij de voorbeeldschool in 1234 AB.",
    "Er is veel verbeterd sinds we een vast aanspreekpunt hebben.",
    "Afspraken staan op papier maar worden niet nagekomen.",
)
"""Invented; some hold what the marks look for."""


def play_earlier_wave(
    settings: Settings,
    make_app: Callable[[Settings, Clock], Flask],
    run_worker: Callable[[Flask], object],
    now: datetime,
) -> dict[str, str]:
    """Play a wave of a year before `now` from list to release; return the codes of new accounts, by name.

    The mailbox must be listening. Nobody is asked again for what the purge destroyed since.
    """
    began = (now.astimezone(ZONE) - timedelta(days=AGO)).replace(hour=9, minute=0, second=0, microsecond=0)
    moment = began
    app = make_app(settings, lambda: moment)
    with app.app_context():
        installation: Installation = app.extensions["aoj"]
        plan = replace(make_plan(EARLIER, REGION, began), questionnaires=QUESTIONNAIRES)
        with db.write() as connection:
            facts = start_demo_wave(
                connection,
                installation.keys,
                plan,
                REGION_NAME,
                Path(settings.questionnaire_directory),
                began,
            )
        run_worker(app)
        for token, answers in pair_answers(installation.keys, facts, _read_answers(facts)):
            answer(token, answers, moment)
        for days in (*REMINDER_DAYS, DAYS + 1):
            moment = began + timedelta(days=days)
            run_worker(app)
        played = open_and_write(installation, EARLIER, REGION, APPROVERS, settings.bundles)
        with db.write() as connection:
            record_release(
                connection,
                find_participation(connection, EARLIER, REGION),
                read_bundle(played.bundle.folder),
                moment,
            )
            release_tables(connection, played.dataset, settings.bundles, moment)
            codes = {name: add_account(connection, name, rights)[1] for name, rights in RIGHTS.items()}
        db.engine.dispose()
    return codes


def release_tables(connection: Connection, dataset: WaveDataset, folder: Path, moment: datetime) -> None:
    """Write and release the tables of figures of a dataset, audited beside what was released of its wave."""
    book = Book(read_ledger(connection, dataset.wave), count_answers([dataset]), STRATA)
    made = make_tables(dataset, book)
    place = write_tables(made, folder).folder
    facts = find_participation(connection, dataset.wave, dataset.region)
    record_release(connection, facts, read_bundle(place), moment, made.audited)


def _read_answers(facts: ParticipationFacts) -> dict[str, list[Answers]]:
    with db.read() as connection:
        digests = role_digests(connection, facts.id)
        instruments = {role: read_instrument(connection, digests[role]) for role in digests}
    words = cycle(OWN_WORDS)
    found = synthetic_answers(instruments, seed=SEED)
    return {role: list(_add_words(answers, instruments[role], words)) for role, answers in found.items()}


def _add_words(answers: list[Answers], instrument: Instrument, words: Iterator[str]) -> Iterator[Answers]:
    """Let every second person write something at each open question."""
    questions = [item.code for item in instrument.items() if item.kind == "open"]
    for number, given in enumerate(answers):
        yield {**given, **({code: next(words) for code in questions} if number % 2 else {})}
