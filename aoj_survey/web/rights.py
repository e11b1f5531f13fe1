"""Who stands at the door of a page: the coordinator by a password, others by the code of an account."""

import hmac
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import ParamSpec, TypeVar

from flask import Flask, abort, current_app, g, redirect, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.accounts import (
    COORDINATOR,
    AccountFacts,
    find_session,
    has_accounts,
    identify,
    may,
    may_decide,
    may_read,
    sees_region,
)
from aoj_survey.db import db
from aoj_survey.releases import ReleaseFacts

from .visits import installation

P = ParamSpec("P")
R = TypeVar("R")

FIRST_PAGES = (
    ("coordinate", "coordinator.show_overview"),
    ("approve", "opening.show_opening"),
    ("download", "downloads.show_files"),
    ("review", "answers.show_items"),
)
"""Where somebody with a right begins; who has more of them, at the first."""


def join_rights(app: Flask) -> None:
    """Give templates what they show of who looks."""
    app.add_template_global(visitor_may)
    app.add_template_global(visitor_decides)
    app.add_template_global(name_visitor)


def _fingerprint() -> str:
    """Ties a session to the password in force, so that a new password ends all sessions."""
    return sha256(installation().settings.coordinator_password_hash.encode()).hexdigest()


def is_shut() -> bool:
    """Whether nobody can log in: there is no password and no account."""
    if installation().settings.coordinator_password_hash:
        return False
    with db.read() as connection:
        return not has_accounts(connection)


def admit(given: str) -> bool:
    """Log this browser in by the coordinator's password or the code of an account; return whether it was one."""
    password = installation().settings.coordinator_password_hash
    with db.read() as connection:
        who = identify(connection, given, password)
    if who is None:
        return False
    session.clear()
    if who == COORDINATOR:
        session["coordinator"] = _fingerprint()
    else:
        session["account"] = [who.name, who.session]
    return True


def find_visitor() -> AccountFacts | None:
    """Return who this browser logged in as, looked up once for each request; None when nobody, or no more."""
    if "visitor" not in g:
        g.visitor = _find_visitor()
    found: AccountFacts | None = g.visitor
    return found


def _find_visitor() -> AccountFacts | None:
    given, password = session.get("coordinator"), installation().settings.coordinator_password_hash
    if password and isinstance(given, str) and hmac.compare_digest(given, _fingerprint()):
        return COORDINATOR
    match session.get("account"):
        case [str(name), str(mark)]:
            with db.read() as connection:
                return find_session(connection, name, mark)
        case _:
            return None


def visitor_may(right: str) -> bool:
    """Whether who looks at this page has a right."""
    return may(find_visitor(), right)


def visitor_sees(region: str) -> bool:
    """Whether the rights of who looks hold in a region."""
    found = find_visitor()
    return found is not None and sees_region(found, region)


def visitor_reads(release: ReleaseFacts) -> bool:
    """Whether who looks may have what was released."""
    return may_read(find_visitor(), release.region, release.profile)


def visitor_decides() -> bool:
    """Whether who looks at this page decides on open answers."""
    return may_decide(find_visitor())


def name_visitor() -> str:
    """What the page calls who looks at it."""
    found = find_visitor() or COORDINATOR
    return gettext("Coordinator") if found == COORDINATOR else found.name


def needs_right(*rights: str) -> Callable[[Callable[P, R]], Callable[P, R | AnyResponse]]:
    """Let a view answer only who has one of these rights, or, without any named, who logged in.

    Who did not log in is led to the login page; who has no such right, or not for the region of the page, is
    told so (403).
    """

    def guard(view: Callable[P, R]) -> Callable[P, R | AnyResponse]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | AnyResponse:
            who = find_visitor()
            if who is None:
                return redirect(url_for("coordinator.ask_password"), 303)
            region = str(kwargs.get("region", ""))
            if not sees_region(who, region) or (rights and not any(may(who, right) for right in rights)):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return guard


needs_password = needs_right("coordinate")
"""For pages of the coordinator only."""


def find_first_page() -> str:
    """Return the endpoint where who looks begins; empty when there is no page for these rights yet."""
    return next(
        (page for right, page in FIRST_PAGES if visitor_may(right) and page in current_app.view_functions), ""
    )


def explain_lack_of_right() -> tuple[str, str]:
    """Return title and text of the page that somebody sees whose account has other rights."""
    return gettext("This page is not for your account"), gettext("Ask your administrator which pages are.")
