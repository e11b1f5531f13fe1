"""A website in which every state of every page can be seen: waves that run, closed and wait, and their people."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import NoReturn
from uuid import UUID

from flask import abort
from werkzeug.security import generate_password_hash

from aoj_survey.config import make_settings
from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.invitations import derive_token, record_consent
from aoj_survey.tracking import count_day
from aoj_survey.waves import ParticipationFacts, read_participation
from tests.conftest import FixedClock, make_app
from tests.invitations.handouts import start_handout
from tests.serving import serve
from tests.staging import Person, list_people, make_plan, plan_wave, start_wave
from tests.web.asking import FOLDER, STEPS
from tests.web.browsing import Browser

from .stage import CONSENT, Site

PASSWORD = "een lange zin voor de proef"
INVITED = {"ib": 60}
KINDS = ("kinds", "1")
YOUNG, YOUTH = {"jongere": 12}, ("youth", "1")
MAIL = "mail.eml"


@dataclass
class Theatre:
    """The site with its waves; every name is played by somebody of its own.

    Waves: `open`, `closed`, `planned`; `young` of young people, and `waiting` of those whose parents do not know yet;
    `handout` of a region that mails itself.
    """

    site: Site
    waves: dict[str, ParticipationFacts]
    cast: dict[tuple[str, str], Person] = field(default_factory=dict[tuple[str, str], Person])
    waiting: dict[str, list[Person]] = field(default_factory=dict[str, list[Person]])
    groups: dict[tuple[str, str], UUID] = field(default_factory=dict[tuple[str, str], UUID])

    def cast_person(self, name: str, wave: str = "open") -> Person:
        """Return who plays this name; one who was not on stage yet has done nothing."""
        if wave not in self.waiting:
            self.waiting[wave] = list_people(self.site.installation.keys, self.waves[wave])
        if (name, wave) not in self.cast:
            self.cast[name, wave] = self.waiting[wave].pop()
        return self.cast[name, wave]

    def find_opt_out(self, name: str, wave: str = "open") -> str:
        """Return the token of somebody's link to get no more mail."""
        key = self.site.installation.keys.link(self.waves[wave].id)
        return derive_token(key, "optout", self.cast_person(name, wave).invitation, 0)


def answer_everything(theatre: Theatre, name: str, *, skip: bool = False, send: bool = False) -> None:
    """Let somebody answer every page, or skip every page, and perhaps send; without a window."""
    browser = Browser(theatre.site.app)
    browser.begin(theatre.cast_person(name))
    for code, data in STEPS:
        browser.answer(code, **({"step_": "skip"} if skip else data))
    if send:
        assert browser.place(browser.post("send")) == "thanks"


def _start(site: Site, region: str, wave: str = "2026", *, start: bool = True) -> ParticipationFacts:
    now, keys = site.installation.now(), site.installation.keys
    plan = make_plan(now, {**INVITED, "zoco": 0}, region=region, wave=wave, questionnaire=KINDS)
    with db.write() as connection:
        facts = plan_wave(connection, keys, plan, INVITED)
        if start:
            start_participation(connection, facts, FOLDER, now)
        return read_participation(connection, facts.id)


def _start_young(site: Site, region: str, *, parents_know: bool) -> ParticipationFacts:
    facts = start_wave(
        site.installation.keys, site.installation.now(), YOUNG, region=region, questionnaire=YOUTH
    )
    if parents_know:
        with db.write() as connection:
            record_consent(connection, facts, CONSENT)
    return facts


def _start_handout(site: Site, region: str) -> ParticipationFacts:
    now, keys = site.installation.now(), site.installation.keys
    facts, _ = start_handout(keys, now, {"ib": 12}, region=region, questionnaire=KINDS, folder=FOLDER)
    with db.write() as connection:
        count_day(connection, facts.id, now.date())
    return facts


def _write_mail(folder: Path) -> None:
    mail = EmailMessage()
    mail["From"] = "Monitor Rijnmeer <monitor@rijnmeer.example>"
    mail["To"] = "post@school.example"
    mail["Subject"] = "Uitnodiging"
    mail.set_content("Open uw link: http://127.0.0.1:8000/l/abc\n")
    mail.add_alternative('<html lang="nl"><title>Mail</title><p>Open uw link.</p></html>', subtype="html")
    folder.mkdir()
    (folder / MAIL).write_bytes(mail.as_bytes())


def _refuse(code: int) -> NoReturn:
    abort(code)


def _break_down() -> NoReturn:
    raise ZeroDivisionError


@contextmanager
def open_theatre(migrated: Path, folder: Path) -> Generator[Theatre]:
    """Serve the website from a folder of its own, with a copy of a migrated database."""
    shutil.copy(migrated, folder / "aoj.sqlite3")
    _write_mail(folder / "mails")
    values = {
        "coordinator_password_hash": generate_password_hash(PASSWORD, "pbkdf2:sha256:1"),
        "demo_mailbox": str(folder / "mails"),
    }
    clock = FixedClock()
    app = make_app(make_settings(folder, values), clock)
    # Ways to see the pages of errors that nothing else gives.
    app.add_url_rule("/refused/<int:code>", "refused", view_func=_refuse)
    app.add_url_rule("/broken", "broken", view_func=_break_down)
    app.testing = False
    with app.app_context(), serve(app) as port:
        site = Site(app, f"http://127.0.0.1:{port}")
        closed = _start(site, "oudeland", "2025")
        clock.pass_time(days=40)
        waves = {"closed": closed, "open": _start(site, "rijnmeer")}
        waves["planned"] = _start(site, "nieuwland", start=False)
        waves["young"] = _start_young(site, "duinen", parents_know=True)
        waves["waiting"] = _start_young(site, "zandzee", parents_know=False)
        waves["handout"] = _start_handout(site, "heideveld")
        yield Theatre(site, waves)
        db.engine.dispose()
