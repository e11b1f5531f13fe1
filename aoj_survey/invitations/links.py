"""Personal links: tokens derived from a key, so that the database holds no usable link.

A token is the first 16 bytes of HMAC-SHA256(link key, purpose ‖ invitation ‖ generation), as 26 characters
of base32. The database holds only SHA-256(token), to look it up.
"""

import base64
import hmac
import re
from hashlib import sha256
from typing import Literal
from uuid import UUID

from aoj_survey.keys import derive

Purpose = Literal["link", "optout", "bounce", "group", "count", "proof"]
TOKEN = re.compile(r"[a-z2-7]{26}")


def derive_token(link_key: bytes, purpose: Purpose, invitation: UUID, generation: int) -> str:
    """Return the token (26 lower-case base32 characters) of an invitation for one purpose."""
    message = purpose.encode() + b"\0" + invitation.bytes + generation.to_bytes(4, "big")
    digest = hmac.digest(link_key, message, sha256)[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def clean_token(typed: str) -> str | None:
    """Return a token as it should have been typed, or None when it cannot be one."""
    token = re.sub(r"[\s-]", "", typed).lower()
    return token if TOKEN.fullmatch(token) else None


def hash_token(token: str) -> bytes:
    """Return what the database holds of a token (32 bytes)."""
    return sha256(token.encode()).digest()


def derive_handle(token: str) -> str:
    """Return the public name (16 characters) under which a browser's pages of this link live."""
    return base64.b32encode(derive(token.encode(), "handle", 10)).decode().lower()
