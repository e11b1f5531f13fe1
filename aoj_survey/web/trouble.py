"""What keeps mail from going out, in words for coordinators."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Connection

from aoj_survey.invitations import MAIL_NOTE, MAILBOX_NOTE, read_note, waits_for_parents
from aoj_survey.preflight import WORKER_IS_LATE, find_mail_fault
from aoj_survey.waves import ParticipationFacts


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sentence for coordinators; `urgent` when nothing goes out any more until somebody acts."""

    text: str
    urgent: bool = False


def find_trouble(connection: Connection, facts: ParticipationFacts, now: datetime) -> list[Trouble]:
    """Return what keeps mail from going out; empty when all is well."""
    trouble: list[Trouble] = []
    if is_silent(connection, facts, now):
        words = gettext("The worker that sends mail does not run. Ask your administrator to start it.")
        trouble.append(Trouble(words, urgent=True))
    if facts.sender == "installation" and facts.phase(now) != "closed" and (words := describe_hold(facts)):
        trouble.append(Trouble(words))
    if failure := find_mail_failure(connection):
        cause = describe_cause(failure)
        words = gettext("Sending does not work now. %(cause)s Nothing is lost.", cause=cause)
        trouble.append(Trouble(words))
    if facts.phase(now) != "closed" and waits_for_parents(connection, facts.id):
        trouble.append(Trouble(describe_waiting(facts)))
    if read_note(connection, MAILBOX_NOTE):
        words = gettext("We cannot read which mails came back. Nothing is lost. Ask your administrator.")
        trouble.append(Trouble(words))
    return trouble


def find_mail_failure(connection: Connection) -> str:
    """Return why no mail goes out now, as the worker noted it; empty when it does.

    By mail that goes to everybody, and by the checks of each hour. Never by reminders: one that fails would tell
    that somebody was not done.
    """
    note = read_note(connection, MAIL_NOTE)
    if note:
        return note.text
    fault = find_mail_fault(connection)
    return fault.text if fault else ""


def describe_hold(facts: ParticipationFacts) -> str:
    """Return why no mail of a participation goes out by choice, with the page to change it; empty when it does."""
    if facts.paused:
        words = gettext("All mail is paused. Links keep working.")
    elif facts.sending == "off":
        words = gettext("No mail goes out yet. First send a test mail to yourself.")
    else:
        return ""
    place = url_for("planning.show_schedule", wave=facts.wave, region=facts.region)
    return Markup('{} <a href="{}">{}</a>').format(words, place, gettext("Inviting"))


def is_silent(connection: Connection, facts: ParticipationFacts, now: datetime) -> bool:
    """Whether the worker gave no sign of life lately, or none at all though the fieldwork runs."""
    heard = read_note(connection, "worker")
    if heard is None:
        return facts.phase(now) == "open"
    return (now - heard.at).total_seconds() > WORKER_IS_LATE


def describe_waiting(facts: ParticipationFacts) -> Markup:
    """Return that mail to young people waits for what parents know, with the page that records it."""
    return Markup('{} <a href="{}">{}</a>').format(
        gettext(
            "Invitations to young people wait. First record how parents were informed or gave permission."
        ),
        url_for("youth.show_consent", wave=facts.wave, region=facts.region),
        gettext("Record what parents know"),
    )


def describe_cause(words: str) -> str:
    """Return the cause that a note names, in words without the servers, files and addresses it may name."""
    causes = {
        "The password": gettext("A key or password is missing or cannot be read. Ask your administrator."),
        "The key": gettext("A key or password is missing or cannot be read. Ask your administrator."),
        "cannot be made": gettext("A mail cannot be made. Ask your administrator."),
        "cannot be reached": gettext("The mail server cannot be reached. We keep trying."),
        "refuses our account": gettext("The mail server refuses our account. Ask your administrator."),
        "our sender address": gettext("The mail server refuses our sender address. Ask your administrator."),
        "no certificate": gettext("We cannot trust the mail server's certificate. Ask your administrator."),
        "does not offer": gettext("The mail server takes no mail from us. Ask your administrator."),
        "every receiver": gettext("The mail server takes no mail from us. Ask your administrator."),
    }
    other = gettext("The cause stands in the worker's log. Ask your administrator.")
    return next((cause for part, cause in causes.items() if part in words), other)
