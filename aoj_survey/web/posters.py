"""Posters of group links, and what coordinators and key figures see of a link: never who, never live."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import segno
from flask import Blueprint, Response, abort, render_template, url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup
from sqlalchemy import Connection

from aoj_survey.db import db
from aoj_survey.invitations import (
    YOUTH_ROLES,
    GroupFacts,
    clean_token,
    derive_group_tokens,
    find_group_page,
    list_groups,
    read_consent,
)
from aoj_survey.questionnaire import Instrument, find_direction
from aoj_survey.waves import ParticipationFacts, read_shown_instrument

from .coordinator import find_place, needs_password
from .language import current_language, full_day, speak
from .naming import name_roles
from .texts import mark_language, write_plain
from .visits import TurnedAwayError, installation

posters = Blueprint("posters", __name__, template_folder="templates")

QUIET_ZONE = 4
"""Modules of white around a QR code, as its standard asks."""


@dataclass(frozen=True, slots=True)
class PosterLine:
    """A language of a poster: its words, its address to type, and the QR code that opens it.

    Our own words are Dutch where the installation does not speak the language; `ours` marks them then.
    """

    language: str
    direction: str
    title: str
    ours: Markup
    words: str
    last_day: str
    address: str
    code: Markup


def draw_code(address: str) -> Markup:
    """Return the QR code of an address as inline SVG; a quarter of it may be damaged."""
    made = segno.make(address, error="q", micro=False)
    return Markup(made.svg_inline(border=QUIET_ZONE, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704 — made of squares


def write_address(root: str, token: str) -> str:
    """Return the address of a group link as people type it: without scheme, its token in groups of four."""
    parts = "-".join(token[place : place + 4] for place in range(0, len(token), 4))
    return f"{root.partition('://')[2]}/g/{parts}"


def make_lines(instrument: Instrument, group: GroupFacts, token: str) -> list[PosterLine]:
    """Return a line for each language of the questionnaire; each QR code opens in its language."""
    page = current_language()
    lines: list[PosterLine] = []
    for language in instrument.languages:
        speak(language, to_youth=group.is_for_youth)
        lines.append(_make_line(instrument, group.participation.last_day, token, language))
    speak(page)
    return lines


def _make_line(instrument: Instrument, last_day: date, token: str, language: str) -> PosterLine:
    root = installation().settings.public_url.rstrip("/")
    return PosterLine(
        language,
        find_direction(language),
        write_plain(instrument.title, language),
        mark_language(current_language(), language),
        gettext("Scan the code with your phone, or type the address."),
        gettext("You can take part until %(day)s.", day=full_day(last_day)),
        write_address(root, token),
        draw_code(f"{root}/g/{token}?lang={language}"),
    )


def show_poster(connection: Connection, group: GroupFacts) -> str:
    """Return the poster of a link, one A4 page.

    Raises:
        TurnedAwayError: the fieldwork is over; NotFound: it did not start yet.
    """
    facts = group.participation
    if facts.phase(installation().now()) == "closed":
        raise TurnedAwayError("closed", facts)
    digest = group.roles[0].instrument_digest
    if digest is None:
        abort(404)
    instrument = read_shown_instrument(connection, facts.id, digest)
    token = derive_group_tokens(installation().keys.contact(facts.id), group.id).link
    return render_template(
        "groups/poster.html",
        participation=facts,
        group=group,
        lines=make_lines(instrument, group, token),
    )


@dataclass(frozen=True, slots=True)
class LinkLine:
    """What a list says of a group link."""

    group: GroupFacts
    roles: str
    told: str
    state: str


def describe_told(group: GroupFacts) -> str:
    """Return how many people finished by a link, in words, as far as that may be told."""
    if not group.told or group.told_on is None:
        return gettext("fewer than 10 so far, or too easy to work out")
    return ngettext(
        "at least %(num)s (count of %(day)s)",
        "at least %(num)s (count of %(day)s)",
        group.told,
        day=full_day(group.told_on),
    )


def describe_links(connection: Connection, facts: ParticipationFacts) -> list[LinkLine]:
    """Return what the coordinator sees of each group link of a participation."""
    groups = list_groups(connection, facts.id)
    waits = read_consent(connection, facts.id) is None
    return [
        LinkLine(
            group,
            ", ".join(f"{name_roles((role.role,))}: {role.people}" for role in group.roles),
            describe_told(group),
            _describe_state(group, waits_for_parents=waits),
        )
        for group in groups
    ]


def _describe_state(group: GroupFacts, *, waits_for_parents: bool) -> str:
    if group.stopped:
        return gettext("stopped")
    if waits_for_parents and any(role.role in YOUTH_ROLES for role in group.roles):
        return gettext("not open: record first how parents were informed or gave permission")
    return ""


@posters.get("/coordinator/<wave>/<region>/groups")
@needs_password
def show_links(wave: str, region: str) -> str:
    """The group links of a participation, each with its poster and what may be told of its count."""
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        lines = describe_links(connection, facts)
    return render_template("groups/links.html", participation=facts, lines=lines)


@posters.get("/coordinator/<wave>/<region>/groups.csv")
@needs_password
def download_links(wave: str, region: str) -> Response:
    """The same list as a file; a number that may not be told is an empty cell."""
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        groups = list_groups(connection, facts.id)
    file = io.StringIO(newline="")
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(["name", "roles", "people", "done_at_least", "counted_on"])
    for group in groups:
        roles = " ".join(f"{role.role}={role.people}" for role in group.roles)
        # A spreadsheet would calculate what begins like a formula.
        name = f"'{group.name}" if group.name[0] in "=+-@" else group.name
        table.writerow([name, roles, group.people, group.told or "", group.told_on or ""])
    response = Response(file.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=group-links-{facts.wave}-{facts.region}.csv"
    )
    return response


@posters.get("/coordinator/<wave>/<region>/groups/<uuid:group>/poster")
@needs_password
def print_poster(wave: str, region: str, group: UUID) -> str:
    """The poster of a link, for coordinators."""
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        found = next((one for one in list_groups(connection, facts.id) if one.id == group), None)
        if found is None:
            abort(404)
        return show_poster(connection, found)


def _find_page(connection: Connection, typed: str) -> GroupFacts:
    token = clean_token(typed)
    group = find_group_page(connection, token) if token else None
    if group is None:
        raise TurnedAwayError("unknown")
    return group


@posters.get("/k/<token>")
def show_own_page(token: str) -> str:
    """A key figure's own page: the poster of the link, and its count as far as that may be told."""
    with db.read() as connection:
        group = _find_page(connection, token)
    facts = group.participation
    return render_template(
        "groups/own_page.html",
        participation=facts,
        group=group,
        told=describe_told(group),
        roles=[(name_roles((role.role,)), role.people) for role in group.roles],
        poster=url_for("posters.print_own_poster", token=clean_token(token))
        if facts.phase(installation().now()) != "closed" and group.roles[0].instrument_digest
        else None,
    )


@posters.get("/k/<token>/poster")
def print_own_poster(token: str) -> str:
    """The poster of a link, for its key figure."""
    with db.read() as connection:
        return show_poster(connection, _find_page(connection, token))
