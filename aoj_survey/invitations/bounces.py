"""Mail that came back: reports of mail servers (RFC 3464), matched by our own token only, never by an address.

The token stands in the address that a report is sent to, which we made for that one mail. Who does not know it
can report nothing; automatic answers, and whatever else comes into the mailbox, is no report.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Mail
from typing import Literal, TypeAlias

from sqlalchemy import Connection, select, update

from aoj_survey.waves import Participation

from .due import WENT_OUT
from .links import hash_token
from .mail import MARKS
from .messages import wait_for_retry
from .models import Invitation, Message

Fate: TypeAlias = Literal["undelivered", "later", "noted"]
"""What a report says became of a mail: refused for good, refused for now, or it is still under way or arrived."""

Verdict: TypeAlias = Literal["undelivered", "retried", "noted", "ignored"]
"""What was done with something that came into the mailbox."""

LARGEST = 512 * 1024
"""Bytes of a report that is read; ours, returned whole, stay far below."""

MOST_TRIES = 4
"""A mail that a receiver's server gave up for now is sent again three times at most."""

PLACES = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
"""Headers in which mail servers write whom a report was sent to."""

STATUS = re.compile(r"\s*([245])\.\d{1,3}\.\d{1,3}\b")
"""How the status of a receiver begins (RFC 3463, 2)."""

KINDS = {mark: kind for kind, mark in MARKS.items()}


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail server reports of one of our mails."""

    kind: str
    number: int
    token: str
    fate: Fate


def read_report(content: bytes, address: str) -> Report | None:
    """Return what a mail sent to our bounce address reports; None when it is no report of a mail of ours."""
    if len(content) > LARGEST:
        return None
    try:
        mail = message_from_bytes(content)
        mark, fate = _find_mark(mail, address), _find_fate(mail)
    except Exception:  # noqa: BLE001 — anybody may send anything here; the next mail is read all the same
        return None
    if mark is None or fate is None:
        return None
    return Report(KINDS[mark[1].lower()], int(mark[2] or 0), mark[3].lower(), fate)


def take_report(connection: Connection, content: bytes, address: str, now: datetime) -> Verdict:
    """Keep what a mail sent to our bounce address reports; harmless when it is read twice."""
    report = read_report(content, address)
    return "ignored" if report is None else _keep(connection, report, now)


def _find_mark(mail: Mail, address: str) -> re.Match[str] | None:
    """The kind, number and token in the address the report was sent to; None when there is none, or are several."""
    local, _, domain = address.rpartition("@")
    ours = re.compile(
        rf"(?<![\w.+-]){re.escape(local)}\+([{''.join(KINDS)}])(\d{{0,4}})([a-z2-7]{{26}})@{re.escape(domain)}(?![\w.-])",
        re.IGNORECASE,
    )
    found = {
        match[0].lower(): match
        for place in PLACES
        for value in mail.get_all(place, [])
        for match in ours.finditer(str(value))
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _find_fate(mail: Mail) -> Fate | None:
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    if str(mail.get_param("report-type", "")).lower() != "delivery-status":
        return None
    fates = [
        fate
        for part in mail.get_payload()
        if isinstance(part, Mail) and part.get_content_type() == "message/delivery-status"
        for block in part.get_payload()
        if isinstance(block, Mail) and (fate := _judge(block)) is not None
    ]
    if not fates or "noted" in fates:
        # Who passed it on to several reports one of them; it arrived with others.
        return "noted" if fates else None
    return "later" if "later" in fates else "undelivered"


def _judge(block: Mail) -> Fate | None:
    """What is said of one receiver (RFC 3464, 2.3.3 and 2.3.4)."""
    action = str(block.get("Action", "")).strip().lower()
    if action in {"delayed", "delivered", "relayed", "expanded"}:
        return "noted"
    status = STATUS.match(str(block.get("Status", "")))
    if action != "failed" or status is None or status[1] == "2":
        return None
    return "undelivered" if status[1] == "5" else "later"


def _keep(connection: Connection, report: Report, now: datetime) -> Verdict:
    row = connection.execute(
        select(Invitation.id, Message.attempts, Participation.status)
        .join(Invitation, Invitation.id == Message.invitation_id)
        .join(Participation, Participation.id == Message.participation_id)
        .where(
            Invitation.bounce_hash == hash_token(report.token),
            Message.kind == report.kind,
            Message.number == report.number,
            Message.state.in_(WENT_OUT),
        )
        .with_for_update(of=Message)
    ).one_or_none()
    if row is None:
        return "ignored"
    if report.fate == "noted":
        return "noted"
    # Whom we told of a new address is forgotten since, so that mail cannot go again.
    may_retry = row.status == "running" and row.attempts < MOST_TRIES and report.kind != "moved"
    if report.fate == "later" and may_retry:
        values = {"state": "due", "retry_at": now + wait_for_retry(row.attempts), "sent_on": None}
    else:
        values = {"state": "undelivered"}
    this = (Message.invitation_id == row.id, Message.kind == report.kind, Message.number == report.number)
    connection.execute(update(Message).where(*this).values(**values))
    return "undelivered" if values["state"] == "undelivered" else "retried"
