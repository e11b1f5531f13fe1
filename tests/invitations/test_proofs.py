"""Test mails: the real invitation, marked, to one address, at most once, confirmed by its own link. Real SMTP."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    ProofMail,
    ask_proof,
    confirm_proof,
    count_messages,
    is_proof,
    proofs,
    read_proof,
    send_proofs,
)
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.smtp_server import Mailbox, SmtpServer
from tests.staging import list_people, make_plan, plan_wave, start_wave

ADDRESS = "coordinator@rijnmeer.example"
LINK = re.compile(r"https://monitor\.rijnmeer\.example/coordinator/2026/rijnmeer/proof/([a-z2-7]{26})")


@pytest.fixture
def facts(app: Flask, installation: Installation, clock: FixedClock) -> ParticipationFacts:
    return start_wave(installation.keys, clock(), {"ib": 2, "zoco": 2})


def ask(installation: Installation, participation: UUID, address: str = ADDRESS) -> None:
    with db.write() as connection:
        key = installation.keys.contact(participation)
        ask_proof(connection, key, participation, address, date(2026, 5, 4))


def send(installation: Installation) -> int:
    return send_proofs(installation.now, installation.keys, installation.settings, installation.hooks)


def read_state(facts: ParticipationFacts) -> tuple[str, str]:
    with db.read() as connection:
        proof = read_proof(connection, facts.id)
    assert proof is not None
    return proof.state, proof.trouble


def find_token(mailbox: Mailbox) -> str:
    body = mailbox.taken[-1].get_body(("plain",))
    assert body is not None
    found = LINK.search(body.get_content())
    assert found is not None
    return found[1]


def test_the_mail_is_the_real_invitation_marked_as_a_test(
    facts: ParticipationFacts, installation: Installation, mailbox: Mailbox
) -> None:
    ask(installation, facts.id)
    assert send(installation) == 1
    mail = mailbox.taken[0]
    assert (mail["To"], str(mail["Subject"])[:19]) == (ADDRESS, "[Test] Uitnodiging:")
    assert mail["List-Unsubscribe"] is None
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        text = " ".join(body.get_content().split())
        assert "Dit is een testmail van de monitor." in text
        assert "This is a test mail of the monitor." in text
        assert "van basisschool De Vuurtoren" in text
        assert "/l/voorbeeld" in text
        assert LINK.search(text)


def test_each_has_an_id_of_its_own_so_that_a_second_one_is_not_taken_for_the_first(
    facts: ParticipationFacts, installation: Installation, mailbox: Mailbox
) -> None:
    for _ in range(2):
        ask(installation, facts.id)
        send(installation)
    ids = mailbox.ids()
    assert (len(ids), set(ids.values())) == (2, {1})
    assert all(re.fullmatch(r"<[0-9a-f-]{36}@[a-z.-]+>", one) for one in ids)


def test_it_holds_no_link_of_anybody(
    facts: ParticipationFacts, installation: Installation, mailbox: Mailbox
) -> None:
    ask(installation, facts.id)
    send(installation)
    told = mailbox.taken[0].as_string()
    assert not any(person.token in told for person in list_people(installation.keys, facts))
    with db.read() as connection:
        assert not any(state == "sent" for _, state in count_messages(connection, facts.id))


def test_the_address_is_sealed_while_it_waits_and_gone_after(
    facts: ParticipationFacts, installation: Installation
) -> None:
    ask(installation, facts.id)
    with db.read() as connection:
        waiting = connection.execute(select(ProofMail.contact)).scalar_one()
    assert waiting is not None
    assert ADDRESS.encode() not in waiting
    assert read_state(facts) == ("due", "")
    send(installation)
    with db.read() as connection:
        assert connection.execute(select(ProofMail.contact)).scalar_one() is None
    assert read_state(facts) == ("sent", "")


def test_two_rounds_send_it_once(
    facts: ParticipationFacts, installation: Installation, mailbox: Mailbox
) -> None:
    ask(installation, facts.id)
    assert send(installation) == 1
    assert send(installation) == 0
    assert len(mailbox.taken) == 1


def test_a_worker_that_comes_late_finds_nothing_in_hand(
    facts: ParticipationFacts, installation: Installation
) -> None:
    ask(installation, facts.id)
    with db.read() as connection:
        proof = connection.execute(select(ProofMail.id)).scalar_one()
    assert send(installation) == 1
    with db.write() as connection:
        assert proofs._claim(connection, installation.keys, proof) is None


def test_it_is_confirmed_by_its_own_link_only(
    facts: ParticipationFacts, installation: Installation, mailbox: Mailbox, clock: FixedClock
) -> None:
    other = start_wave(installation.keys, clock(), {"ib": 2}, region="drechtsteden")
    ask(installation, facts.id)
    send(installation)
    token = find_token(mailbox)
    with db.write() as connection:
        assert not confirm_proof(connection, facts.id, "a" * 26)
        assert not confirm_proof(connection, other.id, token)
        assert is_proof(connection, facts.id, token)
        assert confirm_proof(connection, facts.id, token)
        assert confirm_proof(connection, facts.id, token)
    assert read_state(facts) == ("confirmed", "")


def test_a_new_test_makes_the_link_of_the_last_one_dead(
    facts: ParticipationFacts, installation: Installation, mailbox: Mailbox
) -> None:
    ask(installation, facts.id)
    send(installation)
    old = find_token(mailbox)
    ask(installation, facts.id, "ander@rijnmeer.example")
    with db.write() as connection:
        assert not confirm_proof(connection, facts.id, old)
    assert send(installation) == 1
    assert find_token(mailbox) != old


def test_who_asks_at_once_leaves_one(
    app: Flask, facts: ParticipationFacts, installation: Installation, mailbox: Mailbox
) -> None:
    def ask_apart(number: int) -> None:
        with app.app_context():
            ask(installation, facts.id, f"nummer{number}@rijnmeer.example")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask_apart, range(12)))
    assert read_state(facts) == ("due", "")
    assert send(installation) == 1


def test_nothing_is_confirmed_before_it_was_sent(
    facts: ParticipationFacts, installation: Installation
) -> None:
    ask(installation, facts.id)
    with db.read() as connection:
        proof = connection.execute(select(ProofMail.id)).scalar_one()
    token = proofs._derive(installation.keys.contact(facts.id), proof)
    with db.write() as connection:
        assert not confirm_proof(connection, facts.id, token)


def test_a_refused_address_is_told_and_not_kept(
    facts: ParticipationFacts, installation: Installation, mailbox: Mailbox
) -> None:
    mailbox.unknown.add("coordinator")
    ask(installation, facts.id)
    assert send(installation) == 0
    assert read_state(facts) == ("failed", proofs.REFUSED)
    with db.read() as connection:
        assert connection.execute(select(ProofMail.contact)).scalar_one() is None
    assert send(installation) == 0


def test_a_mail_server_that_is_down_is_told(
    facts: ParticipationFacts, installation: Installation, server: SmtpServer
) -> None:
    ask(installation, facts.id)
    server.stop()
    assert send(installation) == 0
    state, trouble = read_state(facts)
    assert state == "failed"
    assert "cannot be reached" in trouble
    server.start()


def test_a_mail_that_cannot_be_made_is_told_without_the_address(
    facts: ParticipationFacts, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(ADDRESS)

    monkeypatch.setattr(proofs, "mark_as_test", fail)
    ask(installation, facts.id)
    assert send(installation) == 0
    assert read_state(facts) == ("failed", "The mail cannot be made (ValueError).")


@pytest.mark.parametrize("address", ["", "geen adres", "a@b", "twee@a.example, drie@a.example"])
def test_what_is_no_address_is_refused(
    facts: ParticipationFacts, installation: Installation, address: str
) -> None:
    with pytest.raises(StateError, match="The address"):
        ask(installation, facts.id, address)


def test_a_plan_can_be_tried_before_anything_starts(
    app: Flask, installation: Installation, clock: FixedClock, mailbox: Mailbox
) -> None:
    with db.write() as connection:
        plan = make_plan(clock(), {"zoco": 1, "ib": 1})
        planned = plan_wave(connection, installation.keys, plan, {"ib": 1})
        connection.exec_driver_sql("UPDATE participation SET sending = 'off'")
    ask(installation, planned.id)
    assert send(installation) == 1
    assert "Beste intern begeleider van basisschool De Vuurtoren" in " ".join(read_text(mailbox).split())


def read_text(mailbox: Mailbox) -> str:
    body = mailbox.taken[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())
