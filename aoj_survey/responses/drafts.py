"""Drafts: unsent answers, encrypted under the personal link, so that only its holder can read them."""

import json
import os
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Insert, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from aoj_survey.keys import derive
from aoj_survey.questionnaire import Answers

from .envelope import read_answers_document
from .models import Draft

VERSION = 1
BLOCK = 4096
NONCE = 12


@dataclass(frozen=True, slots=True)
class DraftContent:
    """What a draft holds: answers, and the pages on which somebody was asked once whether to skip."""

    answers: Answers
    prompted: tuple[str, ...] = ()


def derive_draft_id(token: str) -> UUID:
    """Return the id of the draft of a link; the link cannot be found from it."""
    return UUID(bytes=derive(token.encode(), "draft id", 16))


def seal_draft(token: str, participation: UUID, content: DraftContent) -> bytes:
    """Return the content encrypted under the link, padded to whole blocks of 4 KiB."""
    document = {"answers": content.answers, "prompted": content.prompted}
    plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    padded = plain + b" " * (-len(plain) % BLOCK)
    nonce = os.urandom(NONCE)
    box = AESGCM(derive(token.encode(), "draft key"))
    return bytes([VERSION]) + nonce + box.encrypt(nonce, padded, _identity(token, participation))


def open_draft(token: str, participation: UUID, sealed: bytes) -> DraftContent:
    """Return the content of a draft; raises InvalidTag when link, participation or content do not match."""
    box = AESGCM(derive(token.encode(), "draft key"))
    plain = box.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], _identity(token, participation))
    document = json.loads(plain)
    return DraftContent(read_answers_document(document["answers"]), tuple(document["prompted"]))


def _identity(token: str, participation: UUID) -> bytes:
    return b"aoj draft" + bytes([VERSION]) + participation.bytes + derive_draft_id(token).bytes


def read_draft(connection: Connection, token: str, participation: UUID) -> DraftContent | None:
    """Return the draft of a link, or None when nothing was kept yet; one statement."""
    sealed = connection.execute(
        select(Draft.ciphertext).where(Draft.id == derive_draft_id(token))
    ).scalar_one_or_none()
    return None if sealed is None else open_draft(token, participation, sealed)


def keep_draft(connection: Connection, token: str, participation: UUID, content: DraftContent) -> None:
    """Store or replace the draft of a link; one statement.

    Call it in the transaction that found the invitation `for_update` and saw it open.
    """
    sealed = seal_draft(token, participation, content)
    values: dict[str, Any] = {
        "id": derive_draft_id(token),
        "participation_id": participation,
        "ciphertext": sealed,
    }
    connection.execute(_upsert(connection, values))


def _upsert(connection: Connection, values: dict[str, Any]) -> Insert:
    replacement = {"ciphertext": values["ciphertext"]}
    if connection.dialect.name == "sqlite":
        return (
            sqlite.insert(Draft)
            .values(values)
            .on_conflict_do_update(index_elements=[Draft.id], set_=replacement)
        )
    return (
        postgresql.insert(Draft)
        .values(values)
        .on_conflict_do_update(index_elements=[Draft.id], set_=replacement)
    )


def delete_draft(connection: Connection, token: str) -> None:
    """Remove the draft of a link; harmless when there is none."""
    connection.execute(delete(Draft).where(Draft.id == derive_draft_id(token)))


def delete_drafts(connection: Connection, participation: UUID) -> int:
    """Remove all drafts of a participation; return how many there were."""
    return connection.execute(delete(Draft).where(Draft.participation_id == participation)).rowcount
