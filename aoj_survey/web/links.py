"""A personal link in the browser: a cookie that only the pages of that link ever receive.

Its path holds the handle, so two links in one browser never meet; the token in it must give that handle.
"""

import hmac
from dataclasses import dataclass

from flask import Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.config import Settings
from aoj_survey.invitations import clean_code, clean_token, derive_handle

from .language import LANGUAGES, is_language


@dataclass(frozen=True, slots=True)
class Link:
    """An opened personal link with the language chosen for it.

    `code` is what somebody who started by a group link comes back with; a link from a mail has none.
    """

    handle: str
    token: str
    language: str
    code: str = ""


def cookie_name(settings: Settings) -> str:
    """The name of the cookie; browsers take `__Secure-` over https only."""
    return "__Secure-aoj" if settings.secure else "aoj"


def read_link(settings: Settings, handle: str) -> Link | None:
    """Return the link this browser opened under this handle, or None."""
    typed, language, code, *_ = [*request.cookies.get(cookie_name(settings), "").split("."), "", ""]
    token = clean_token(typed)
    if token is None or not hmac.compare_digest(derive_handle(token).encode(), handle.encode()):
        return None
    return Link(handle, token, language if is_language(language) else LANGUAGES[0], clean_code(code) or "")


def keep_link(response: AnyResponse, settings: Settings, link: Link) -> None:
    """Give the browser the link, until it is closed."""
    response.set_cookie(
        cookie_name(settings),
        ".".join(part for part in (link.token, link.language, link.code) if part),
        path=_path(link.handle),
        secure=settings.secure,
        httponly=True,
        samesite="Lax",
    )


def forget_link(response: Response, settings: Settings, handle: str) -> None:
    """Take the link from the browser again, as on a shared computer."""
    response.delete_cookie(
        cookie_name(settings), path=_path(handle), secure=settings.secure, httponly=True, samesite="Lax"
    )


def _path(handle: str) -> str:
    return url_for("respondent.show_welcome", handle=handle)
