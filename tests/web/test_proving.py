"""The test mail on the pages: asked for, confirmed by a press, and what it opens. Real SMTP."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import ProofMail, send_due, send_proofs
from aoj_survey.preflight import Finding, store_findings
from aoj_survey.waves import Participation, ParticipationFacts, list_acts, read_participation
from tests.conftest import FixedClock
from tests.smtp_server import SmtpServer
from tests.staging import ALLOWED
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD, PASSWORD_HASH

PLACE = "/coordinator/2026/rijnmeer/schedule"
ADDRESS = "coordinator@rijnmeer.example"
FINE = (Finding("smtp", "ok", "smtp_ok"),)
BROKEN = (Finding("smtp", "fault", "smtp_unreachable"), *FINE)


@pytest.fixture
def post() -> Iterator[SmtpServer]:
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings_values(post: SmtpServer) -> dict[str, Any]:
    return {"coordinator_password_hash": PASSWORD_HASH, "smtp_port": post.port, "smtp_timeout": 2}


@pytest.fixture
def coordinator(app: Flask, facts: ParticipationFacts, clock: FixedClock) -> Browser:
    """Of a participation that may not send yet, with nothing wrong."""
    with db.write() as connection:
        connection.execute(update(Participation).values(sending="off", sending_on=None))
        store_findings(connection, FINE, clock())
    browser = log_in(app, PASSWORD)
    browser.get(PLACE)
    return browser


def find(clock: FixedClock, *found: Finding) -> None:
    with db.write() as connection:
        store_findings(connection, found, clock())


def sending(facts: ParticipationFacts) -> str:
    with db.read() as connection:
        return read_participation(connection, facts.id).sending


def acts(facts: ParticipationFacts) -> list[tuple[str, Any]]:
    with db.read() as connection:
        return [
            (act.code, act.values.get("words")) for act in list_acts(connection, facts.id) if act != ALLOWED
        ]


def work(installation: Installation) -> int:
    return send_proofs(installation.now, installation.keys, installation.settings, installation.hooks)


def follow(post: SmtpServer) -> str:
    """The path of the link in the last test mail."""
    body = post.mailbox.taken[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"/coordinator/2026/rijnmeer/proof/[a-z2-7]{26}", body.get_content())
    assert found is not None
    return found[0]


def test_a_test_that_arrives_opens_the_way(
    coordinator: Browser, facts: ParticipationFacts, installation: Installation, post: SmtpServer
) -> None:
    assert "U kunt nog niet versturen" in coordinator.get(PLACE).text
    assert "Stuur eerst een test naar uzelf." in coordinator.get(PLACE).text
    assert coordinator.post(f"{PLACE}/test", address=ADDRESS).status_code == 303
    assert "De testmail gaat binnen een minuut uit." in coordinator.get(PLACE).text
    assert work(installation) == 1
    assert "We stuurden een testmail op maandag 4 mei." in coordinator.get(PLACE).text
    link = follow(post)
    assert "Ja, hij kwam aan" in coordinator.get(link).text
    assert sending(facts) == "off"
    assert coordinator.post(link).headers["Location"] == PLACE
    assert sending(facts) == "confirmed"
    page = coordinator.get(PLACE).text
    assert "Klaar om te versturen" in page
    assert "De test van maandag 4 mei kwam aan." in page
    assert acts(facts) == [("sending_allowed", None)]


def test_before_that_no_mail_goes_out_and_after_it_does(
    coordinator: Browser, installation: Installation, post: SmtpServer
) -> None:
    assert send_due(installation.now, installation.keys, installation.settings).sent == 0
    coordinator.post(f"{PLACE}/test", address=ADDRESS)
    work(installation)
    coordinator.post(follow(post))
    assert send_due(installation.now, installation.keys, installation.settings).sent == 28


def test_opening_the_link_changes_nothing(
    coordinator: Browser, facts: ParticipationFacts, installation: Installation, post: SmtpServer
) -> None:
    coordinator.post(f"{PLACE}/test", address=ADDRESS)
    work(installation)
    for _ in range(2):
        assert coordinator.get(follow(post)).status_code == 200
    with db.read() as connection:
        assert connection.execute(select(ProofMail.state)).scalar_one() == "sent"
    assert sending(facts) == "off"


def test_the_link_needs_the_password(
    app: Flask, coordinator: Browser, facts: ParticipationFacts, installation: Installation, post: SmtpServer
) -> None:
    coordinator.post(f"{PLACE}/test", address=ADDRESS)
    work(installation)
    stranger = Browser(app)
    stranger.get("/coordinator/login")
    assert stranger.get(follow(post)).headers["Location"].endswith("/login")
    assert stranger.post(follow(post)).headers["Location"].endswith("/login")
    assert sending(facts) == "off"


def test_faults_keep_mail_from_going_out_and_are_told(
    coordinator: Browser,
    facts: ParticipationFacts,
    installation: Installation,
    post: SmtpServer,
    clock: FixedClock,
) -> None:
    coordinator.post(f"{PLACE}/test", address=ADDRESS)
    work(installation)
    find(clock, *BROKEN)
    page = coordinator.post(follow(post))
    assert page.status_code == 200
    assert "De testmail kwam aan" in page.text
    assert "kan nog geen mail uit" in page.text
    assert sending(facts) == "off"
    assert "De test van maandag 4 mei kwam aan." in coordinator.get(PLACE).text
    assert coordinator.post(f"{PLACE}/sending").status_code == 422
    find(clock, *FINE)
    assert "Laat de mail uitgaan</button>" in coordinator.get(PLACE).text
    assert coordinator.post(f"{PLACE}/sending").status_code == 303
    assert sending(facts) == "confirmed"


def test_twin_without_looking_at_the_faults_it_would_go_out(
    coordinator: Browser,
    facts: ParticipationFacts,
    installation: Installation,
    post: SmtpServer,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aoj_survey.web.readiness.Readiness.faults", ())
    coordinator.post(f"{PLACE}/test", address=ADDRESS)
    work(installation)
    find(clock, *BROKEN)
    coordinator.post(follow(post))
    assert sending(facts) == "confirmed"


def test_a_reason_overrules_and_is_kept_and_shown(coordinator: Browser, facts: ParticipationFacts) -> None:
    assert coordinator.post(f"{PLACE}/sending", reason="De DNS <b>komt</b> maandag.").status_code == 303
    assert sending(facts) == "overruled"
    page = coordinator.get(PLACE).text
    assert "De mail gaat uit zonder bevestigde test" in page
    assert "Besloten door coördinator op maandag 4 mei 2026: De DNS &lt;b&gt;komt&lt;/b&gt; maandag." in page
    assert acts(facts) == [("sending_overruled", "De DNS <b>komt</b> maandag.")]
    assert coordinator.post(f"{PLACE}/sending", reason="nog een").status_code == 303
    assert len(acts(facts)) == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_without_a_reason_nothing_is_overruled(
    coordinator: Browser, facts: ParticipationFacts, reason: str
) -> None:
    sent = coordinator.post(f"{PLACE}/sending", reason=reason)
    assert sent.status_code == 422
    assert sent.text.count("Vul in waarom, in hooguit 1000 tekens") == 2
    assert "<details open>" in sent.text
    assert sending(facts) == "off"


@pytest.mark.parametrize("address", ["", "geen adres", "een@a.example, twee@b.example"])
def test_what_is_no_address_is_refused_and_stays_typed(coordinator: Browser, address: str) -> None:
    sent = coordinator.post(f"{PLACE}/test", address=address)
    assert sent.status_code == 422
    assert sent.text.count("Vul uw eigen mailadres in") == 2
    assert f'value="{address}"' in sent.text
    with db.read() as connection:
        assert connection.execute(select(ProofMail.id)).first() is None


def test_why_a_test_failed_is_told_without_servers_and_addresses(
    coordinator: Browser, installation: Installation, post: SmtpServer
) -> None:
    post.mailbox.unknown.add("coordinator")
    coordinator.post(f"{PLACE}/test", address=ADDRESS)
    work(installation)
    page = coordinator.get(PLACE).text
    assert "De testmail ging niet uit. De mailserver neemt geen mail aan voor dit adres." in page
    assert ADDRESS not in page
    post.stop()
    coordinator.post(f"{PLACE}/test", address=ADDRESS)
    work(installation)
    page = coordinator.get(PLACE).text
    assert "De testmail ging niet uit. De mailserver is niet te bereiken. Vraag het uw beheerder" in page
    assert str(post.port) not in page
    post.start()


@pytest.mark.parametrize("token", ["a" * 26, "x", "%20"])
def test_another_link_says_that_it_no_longer_works(coordinator: Browser, token: str) -> None:
    place = f"/coordinator/2026/rijnmeer/proof/{token}"
    assert "Deze link werkt niet meer" in coordinator.get(place).text
    assert coordinator.post(place).status_code == 422


def test_what_was_checked_stands_on_the_page(coordinator: Browser, clock: FixedClock) -> None:
    find(clock, *BROKEN)
    page = coordinator.get(PLACE).text
    assert page.count("De mailserver is niet te bereiken") == 2
    assert "Wat we controleerden" in page


def test_a_region_that_mails_itself_needs_no_test(coordinator: Browser, facts: ParticipationFacts) -> None:
    with db.write() as connection:
        connection.execute(update(Participation).values(sender="region"))
    page = coordinator.get(PLACE).text
    assert "De regio verstuurt de mails zelf" in page
    assert "Stuur een test naar mijzelf" not in page
    coordinator.post(f"{PLACE}/sending", reason="toch")
    assert sending(facts) == "off"


def test_nothing_is_tested_after_the_close(
    coordinator: Browser, facts: ParticipationFacts, clock: FixedClock
) -> None:
    clock.pass_time(days=40)
    for place, data in ((f"{PLACE}/test", {"address": ADDRESS}), (f"{PLACE}/sending", {"reason": "laat"})):
        assert coordinator.post(place, **data).headers["Location"] == PLACE
    assert sending(facts) == "off"
    with db.read() as connection:
        assert connection.execute(select(ProofMail.id)).first() is None
