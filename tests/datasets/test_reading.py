"""Whole waves: start, answer, close, open, dataset, bundle; with every kind of question and with region modules."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from aoj_survey.config import ROOT
from aoj_survey.datasets import OPENBAAR, WaveDataset, read_dataset
from aoj_survey.db import db
from aoj_survey.disclosure import DisclosureRule
from aoj_survey.errors import PluginError, StateError
from aoj_survey.exports import verify_bundle, write_bundle
from aoj_survey.exports.reports import report_privacy
from aoj_survey.fieldwork import start_participation
from aoj_survey.hooks import load_hooks
from aoj_survey.installation import Installation
from aoj_survey.interview import drop_off_path
from aoj_survey.invitations import FrameRow, add_invitations, find_invitation
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers, Erratum, Instrument, Item, Value, find_context, list_texts
from aoj_survey.regions import add_region, enable_module, set_own_rule
from aoj_survey.responses import submit
from aoj_survey.results import make_figures
from aoj_survey.tracking import read_overview
from aoj_survey.waves import (
    ParticipationFacts,
    make_erratum,
    plan_participation,
    read_instrument,
    read_participation,
    role_digests,
)
from tests.conftest import FixedClock
from tests.responses.boxes import approve, close, close_and_open, fill_box, open_now
from tests.staging import list_people, make_plan, start_wave

from .builders import column_of

EVERYTHING = """
format: 1
questionnaire: alles
edition: "1"
languages: [nl, en]
title: {nl: Alles, en: Everything}
purpose: {nl: Alle soorten., en: All kinds.}
roles: [ib, zoco, swv]
words: {wijkteam: {nl: wijkteam, en: local team}}
themes:
  - code: alles
    title: {nl: Alles, en: Everything}
    items:
      - {code: uitleg, kind: explanation, text: {nl: Lees dit., en: Read this.}}
      - code: wat
        kind: choice
        text: {nl: 'Wat doet u bij het {word:wijkteam}?', en: 'What do you do at the {word:wijkteam}?'}
        choices:
          - {code: a, value: 1, text: {nl: a, en: a}}
          - {code: b, value: 2, text: {nl: anders, en: other}, other: true}
      - code: welke
        kind: multiple
        text: {nl: Welke?, en: Which?}
        choices:
          - {code: a, value: 1, text: {nl: a, en: a}}
          - {code: b, value: 2, text: {nl: b, en: b}}
          - {code: geen, value: 3, text: {nl: geen, en: none}, exclusive: true}
      - code: volgorde
        kind: ranking
        first: 2
        text: {nl: Welke eerst?, en: Which first?}
        choices:
          - {code: x, value: 1, text: {nl: x, en: x}}
          - {code: y, value: 2, text: {nl: y, en: y}}
          - {code: z, value: 3, text: {nl: z, en: z}}
      - code: dag
        kind: date
        earliest: "2026-01-01"
        latest: "2026-12-31"
        text: {nl: Welke dag?, en: Which day?}
      - code: maand
        kind: month
        earliest: "2026-01"
        latest: "2026-12"
        ask_if: dag > "2026-03-01"
        text: {nl: Welke maand?, en: Which month?}
      - {code: jaren, kind: number, min: 0, max: 50, quasi_identifier: true, text: {nl: Jaren?, en: Years?}}
      - code: cijfer
        kind: mark
        text: {nl: Cijfer?, en: Mark?}
        dont_know: {nl: weet ik niet, en: I don't know}
      - {code: tip, kind: open, text: {nl: Tip?, en: Tip?}}
      - {code: po, kind: number, min: 0, max: 9, ask_if: sector == "po", text: {nl: Op school?, en: At school?}}
      - {code: na_po, kind: number, min: 0, max: 9, ask_if: has(po), text: {nl: En dan?, en: And then?}}
      - {code: samen, kind: number, min: 0, max: 9, ask_if: group == "professionals", text: {nl: Samen?, en: Together?}}
      - {code: beleid, kind: number, min: 0, max: 9, ask_if: role == "swv", text: {nl: Beleid?, en: Policy?}}
"""


def answer(item: Item, number: int) -> Value | None:
    """An answer of the person with this number to any kind of question, None for an explanation."""
    codes = [choice.code for choice in item.choices]
    span = (item.maximum or 100) - (item.minimum or 0) + 1
    given: dict[str, Any] = {
        "choice": lambda: codes[number % len(codes)],
        "multiple": lambda: (codes[number % len(codes)],),
        "ranking": lambda: (codes[number % len(codes)], codes[(number + 1) % len(codes)]),
        "date": lambda: f"2026-0{1 + number % 9}-15",
        "month": lambda: f"2026-{10 + number % 3}",
        "open": lambda: f"marker-{number}",
        "explanation": lambda: None,
    }
    return given.get(item.kind, lambda: (item.minimum or 0) + number % span)()


def start(
    installation: Installation,
    folder: Path,
    questionnaire: tuple[str, str],
    invited: Mapping[str, int],
    *,
    region: str = "rijnmeer",
    modules: Iterable[str] = (),
) -> ParticipationFacts:
    now = installation.now()
    plan = make_plan(now, invited, region=region, questionnaire=questionnaire)
    with db.write() as connection:
        add_region(connection, region, region.capitalize())
        for module in modules:
            enable_module(connection, region, module)
        identity = plan_participation(connection, installation.keys, plan, installation.hooks)
        people = [
            FrameRow(f"post@{role}-{number}.example", role, f"school {number}", "nl")
            for role, count in invited.items()
            for number in range(count)
        ]
        add_invitations(connection, installation.keys, identity, people)
        facts = read_participation(connection, identity)
        start_participation(connection, facts, folder, now, installation.hooks)
        return read_participation(connection, facts.id)


def play(installation: Installation, facts: ParticipationFacts, answered: Mapping[str, int]) -> None:
    """Let so many people of each role answer every question on their path, and open the box."""
    left = dict(answered)
    for number, person in enumerate(list_people(installation.keys, facts)):
        if not left.get(person.role):
            continue
        left[person.role] -= 1
        with db.write() as connection:
            instrument = read_instrument(connection, role_digests(connection, facts.id)[person.role])
            invitation = find_invitation(connection, person.token, for_update=True)
            assert invitation is not None
            answers = fill_in(instrument, number, person.role)
            sent = submit(
                connection,
                person.token,
                invitation,
                answers,
                installation.now(),
                installation.hooks.kinds,
            )
        assert sent == "sent"
    close_and_open(installation.keys, facts, installation.now())


def fill_in(instrument: Instrument, number: int, role: str) -> Answers:
    everything = {item.code: answer(item, number) for item in instrument.items()}
    given = {code: value for code, value in everything.items() if value is not None}
    return drop_off_path(instrument, given, find_context(role, instrument.region))


def read(installation: Installation, facts: ParticipationFacts) -> WaveDataset:
    with db.read() as connection:
        opened = read_participation(connection, facts.id)
        return read_dataset(connection, opened, installation.hooks)


def publish(facts: ParticipationFacts, dataset: WaveDataset, folder: Path) -> list[dict[str, str]]:
    """Write and verify the bundle, and read its responses with the csv module."""
    with db.read() as connection:
        table = read_overview(connection, read_participation(connection, facts.id)).table
    bundle = write_bundle(dataset, table, folder / "bundels")
    assert verify_bundle(bundle.folder) == bundle.digest
    with (bundle.folder / "data/responses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def everything(app: Flask, installation: Installation, tmp_path: Path) -> ParticipationFacts:
    (tmp_path / "alles").mkdir()
    (tmp_path / "alles" / "1.yaml").write_text(EVERYTHING, encoding="utf-8")
    return start(installation, tmp_path, ("alles", "1"), {"ib": 12, "zoco": 12, "swv": 12})


def test_every_kind_comes_through_a_whole_wave(
    everything: ParticipationFacts, installation: Installation, tmp_path: Path
) -> None:
    play(installation, everything, {"ib": 12, "zoco": 12, "swv": 12})
    dataset = read(installation, everything)
    rows = publish(everything, dataset, tmp_path)
    assert len(rows) == 36
    assert list(rows[0])[6:] == [
        *("wat", "welke_a", "welke_b", "welke_geen", "volgorde_x", "volgorde_y", "volgorde_z"),
        *("dag", "maand", "jaren", "cijfer", "po", "na_po", "samen", "beleid"),
    ]
    assert {row["wat"] for row in rows} == {"1", "2"}
    ranks = {(row["volgorde_x"], row["volgorde_y"], row["volgorde_z"]) for row in rows}
    assert ranks == {("1", "2", "0"), ("0", "1", "2"), ("2", "0", "1")}
    assert {row["dag"] for row in rows} == {f"2026-0{number}-15" for number in range(1, 10)}
    assert {row["maand"] for row in rows if row["dag"] < "2026-03-02"} == {"-7"}
    assert {row["maand"] for row in rows} == {"-7", "2026-10", "2026-11", "2026-12"}
    assert {row["jaren"] for row in rows} == {"-6"}
    assert dataset.privacy.quasi_identifiers == (("jaren", "ib"), ("jaren", "zoco"), ("jaren", "swv"))
    assert "marker" not in json.dumps(dataset.codebook) + repr(dataset.rows)
    assert {figure.item for figure in make_figures(dataset)} == {"wat", "welke", "cijfer"}


def test_each_role_has_its_own_route_while_it_stands_alone(
    everything: ParticipationFacts, installation: Installation, tmp_path: Path
) -> None:
    play(installation, everything, {"ib": 12, "zoco": 12, "swv": 12})
    rows = publish(everything, read(installation, everything), tmp_path)
    ib, zoco, swv = ([row for row in rows if row["stratum"] == number] for number in "123")
    assert all(int(row["po"]) >= 0 and int(row["na_po"]) >= 0 for row in ib)
    assert {row["po"] for row in zoco + swv} == {"-5"}
    assert {row["na_po"] for row in zoco + swv} == {"-7"}
    assert {row["beleid"] for row in ib + zoco} == {row["samen"] for row in swv} == {"-5"}


def play_merged(installation: Installation, facts: ParticipationFacts) -> WaveDataset:
    """Three of zoco answered: too few for a class of their own, so they are kept with ib."""
    play(installation, facts, {"ib": 10, "zoco": 3, "swv": 6})
    dataset = read(installation, facts)
    assert [stratum.code for stratum in dataset.strata] == ["professionals", "swv"]
    return dataset


def test_after_a_merge_no_route_tells_the_roles_apart(
    everything: ParticipationFacts, installation: Installation
) -> None:
    dataset = play_merged(installation, everything)
    assert column_of(dataset, "po") == column_of(dataset, "na_po")[:13] + [-5] * 6
    assert set(column_of(dataset, "po")[:13]) == {-6}
    assert all(int(str(value)) >= 0 for value in column_of(dataset, "samen")[:13])
    assert column_of(dataset, "beleid")[:13] == [-5] * 13
    assert dataset.privacy.protected == {"po": 13, "na_po": 13}


def test_twin_without_the_rule_three_people_stand_out(
    everything: ParticipationFacts, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def share_all(instruments: list[Instrument], _: object) -> frozenset[str]:
        return frozenset(item.code for item in instruments[0].items())

    monkeypatch.setattr("aoj_survey.disclosure.routing.find_shared", share_all)
    dataset = play_merged(installation, everything)
    assert sum(int(str(value)) >= 0 for value in column_of(dataset, "po")) == 10


# With modules


@pytest.fixture
def settings_values() -> dict[str, Any]:
    return {"plugin_directory": str(ROOT / "plugins"), "modules": "drechtsteden example"}


@pytest.mark.parametrize(
    ("module", "region", "edition", "own"),
    [
        ("example", "voorbeeld", "2021", {"voorbeeld_deel": "number", "voorbeeld_uren": "number"}),
        ("drechtsteden", "drechtsteden", "2015", {}),
    ],
)
def test_questions_and_kinds_of_a_module_come_through_a_whole_wave(
    module: str,
    region: str,
    edition: str,
    own: dict[str, str],
    app: Flask,
    installation: Installation,
    tmp_path: Path,
) -> None:
    facts = start(
        installation,
        ROOT / "questionnaires",
        ("aoj-professionals", edition),
        {"ib": 12},
        region=region,
        modules=[module],
    )
    play(installation, facts, {"ib": 12})
    dataset = read(installation, facts)
    rows = publish(facts, dataset, tmp_path)
    added = {column["name"]: column for column in dataset.codebook["columns"] if column.get("region")}
    assert added
    assert {name: added[name]["holds"] for name in own} == own
    for name in own:
        assert all(int(row[name]) >= 0 for row in rows)
    [questionnaire] = dataset.codebook["questionnaires"]
    assert questionnaire["modules"] == [f"{module} 1.0"]


def test_without_its_module_its_answers_and_its_rule_wait(
    app: Flask, installation: Installation, tmp_path: Path
) -> None:
    facts = start(
        *(installation, ROOT / "questionnaires", ("aoj-professionals", "2021"), {"ib": 12}),
        region="voorbeeld",
        modules=["example"],
    )
    play(installation, facts, {"ib": 12})
    with (
        db.read() as connection,
        pytest.raises(PluginError, match="example is enabled for voorbeeld but"),
    ):
        read_dataset(connection, read_participation(connection, facts.id), load_hooks())


# What is stored


def test_errata_are_in_the_codebook_of_a_wave(
    everything: ParticipationFacts, installation: Installation, clock: FixedClock
) -> None:
    with db.write() as connection:
        shown = read_instrument(connection, role_digests(connection, everything.id)["ib"])
        assert list_texts(shown)["item.cijfer"]["nl"] == "Cijfer?"
        erratum = Erratum("item.cijfer", "nl", "Welk cijfer?", "Duidelijker.")
        make_erratum(connection, everything, "alles@1", erratum, "Verzonnen Een", clock().date())
    play(installation, everything, {"ib": 12})
    codebook = read(installation, everything).codebook
    assert [(one["name"], one["before"], one["text"]) for one in codebook["errata"]] == [
        ("item.cijfer", "Cijfer?", "Welk cijfer?")
    ]
    columns = {column["name"]: column for column in codebook["columns"]}
    assert columns["cijfer"]["label"]["nl"] == "Cijfer?"


def test_before_the_opening_there_are_no_data(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_wave(keys, clock(), {"ib": 12})
    with db.read() as connection, pytest.raises(StateError, match="not opened yet"):
        read_dataset(connection, facts, load_hooks())


@pytest.mark.parametrize("approval", ["two_people", "delay"])
def test_the_privacy_report_states_what_allowed_the_opening(
    sqlite_app: Flask, clock: FixedClock, approval: str
) -> None:
    keys = sqlite_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 12}, approval=approval)
    fill_box(keys, facts, clock(), 10)
    closed = close(facts, clock())
    approve(closed)
    clock.pass_time(hours=72)
    open_now(keys, closed, clock())
    with db.read() as connection:
        dataset = read_dataset(connection, read_participation(connection, facts.id), load_hooks())
    assert report_privacy(dataset)["consent"] == (approval,)


# Stricter numbers of a region


def play_small(installation: Installation, folder: Path) -> ParticipationFacts:
    (folder / "alles").mkdir()
    (folder / "alles" / "1.yaml").write_text(EVERYTHING, encoding="utf-8")
    invited = {"ib": 14, "zoco": 8}
    facts = start(installation, folder, ("alles", "1"), invited)
    play(installation, facts, {"ib": 12, "zoco": 6})
    return facts


def test_data_are_protected_by_the_strictest_numbers_of_profile_and_region(
    app: Flask, installation: Installation, tmp_path: Path
) -> None:
    facts = play_small(installation, tmp_path)
    assert {item.answered for item in read(installation, facts).strata} == {12, 6}
    with db.read() as connection:
        opened = read_participation(connection, facts.id)
        everybody = read_dataset(connection, opened, installation.hooks, OPENBAAR)
    assert [item.answered for item in everybody.strata] == [18]
    assert (everybody.privacy.k, everybody.privacy.profile) == (10, "openbaar")
    with db.write() as connection:
        set_own_rule(connection, facts.region, DisclosureRule(k=8, threshold=15))
    dataset = read(installation, facts)
    assert [item.answered for item in dataset.strata] == [18]
    assert (dataset.privacy.k, dataset.privacy.threshold, dataset.privacy.profile) == (8, 15, "onderzoek")
