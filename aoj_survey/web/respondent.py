"""Pages of people who were asked. A GET changes nothing; starting, saving and sending are POSTs."""

import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.errors import BusyError
from aoj_survey.interview import count_questions, find_page, minutes, progress
from aoj_survey.invitations import clean_token, derive_handle, find_invitation, mark_started
from aoj_survey.responses import keep_draft, submit
from aoj_survey.waves import label_role

from .errors import show_refusal_page
from .frames import go, go_after, go_on, keep_in, list_offered, show, show_in
from .guesses import is_guessing
from .language import is_language, list_spoken
from .links import Link, forget_link, keep_link, read_link
from .questions import show_faults, show_question_page, show_questions
from .replies import answer_page, find_check, keep_valid
from .review import review_answers
from .terms import list_abbreviations, list_own_terms
from .texts import write_block, write_line, write_plain
from .visits import (
    Reason,
    TurnedAwayError,
    Visit,
    find_open_page,
    find_visitor,
    installation,
    is_passed,
    open_visit,
)

respondent = Blueprint("respondent", __name__, template_folder="templates")

BUSY = HTTPStatus.SERVICE_UNAVAILABLE
STATUS: Mapping[Reason, int] = {"lost": 403, "unknown": 404, "closed": 410}
WAY_BACK = re.compile(r"(p/[a-z][a-z0-9_]*|check|thanks|role|stop|abbreviations)?(\?to=check)?")


@respondent.app_errorhandler(TurnedAwayError)
def turn_away(turned: TurnedAwayError) -> tuple[str, int]:
    """The page that says why a visit cannot go on; who tries too many unknown links is told to wait."""
    if turned.reason == "unknown" and is_guessing():
        return show_refusal_page(HTTPStatus.TOO_MANY_REQUESTS)
    link, extra = turned.link, {}
    if link and turned.reason in {"already", "not_open", "youth", "closed"} and request.method == "GET":
        extra = list_offered(link, list_spoken())
    return show(turned.reason, link, turned.participation, **extra), STATUS.get(turned.reason, 200)


@respondent.get("/l/<token>")
def open_link(token: str) -> AnyResponse:
    """A personal link: hand the browser its cookie, change nothing, go to the welcome page."""
    clean = clean_token(token)
    with db.read() as connection:
        invitation = find_invitation(connection, clean) if clean else None
    if clean is None or invitation is None or invitation.status == "withdrawn":
        raise TurnedAwayError("unknown")
    link = Link(derive_handle(clean), clean, invitation.language)
    response = redirect(url_for("respondent.show_welcome", handle=link.handle), 303)
    keep_link(response, installation().settings, link)
    return response


@respondent.get("/v/<handle>/")
def show_welcome(handle: str) -> str:
    """What this is about, how long it takes and what happens with answers; also where one comes back."""
    with db.read() as connection:
        visit = open_visit(connection, handle)
    language, most = visit.link.language, visit.widest
    return show_in(
        "welcome",
        visit,
        title=write_line(visit.instrument.title, language),
        title_plain=write_plain(visit.instrument.title, language),
        purpose=write_block(visit.instrument.purpose, language),
        role=write_line(label_role(visit.instrument, visit.invitation.role), language),
        minutes=minutes(most.pages),
        questions=count_questions(most.pages),
        themes=len(most.themes),
        resumes=visit.has_draft,
        consent=visit.invitation.consent,
    )


@respondent.get("/v/<handle>/abbreviations")
def show_abbreviations(handle: str) -> str:
    """Abbreviations of the field, and the region's own words."""
    with db.read() as connection:
        visit = open_visit(connection, handle)
    own = list_own_terms(visit.instrument, visit.link.language)
    return show_in("abbreviations", visit, terms=list_abbreviations(), own=own)


@respondent.post("/v/<handle>/start")
def start(handle: str) -> AnyResponse:
    """Start or go on: only this counts as begun."""
    with db.write() as connection:
        visit = open_visit(connection, handle, for_update=True)
        mark_started(connection, visit.invitation.id)
    return go_on(visit, resumed="1" if visit.has_draft else None)


@respondent.get("/v/<handle>/p/<page>")
def show_page(handle: str, page: str) -> AnyResponse | str:
    """A question page, filled with what was answered before."""
    with db.read() as connection:
        visit = open_visit(connection, handle)
    found = find_page(visit.path, page)
    if found is None:
        return go_on(visit)
    resumed, other = (request.args.get(name) == "1" for name in ("resumed", "other"))
    questions = show_questions(visit, found)
    return show_question_page(visit, found, questions=questions, resumed=resumed, other=other)


@respondent.post("/v/<handle>/p/<page>")
def save_page(handle: str, page: str) -> AnyResponse | str | tuple[str, int]:
    """Keep the answers of a page and go on; or show it again with errors or a friendly prompt."""
    sent = request.form
    try:
        with db.write() as connection:
            visit = open_visit(connection, handle, for_update=True)
            found = find_page(visit.path, page)
            reply = answer_page(visit, found, sent, find_check(connection, visit)) if found else None
            if reply and reply.draft:
                keep_draft(connection, visit.link.token, visit.participation.id, reply.draft)
    except BusyError:
        return _show_page_again(handle, page, sent)
    if found is None or reply is None:
        return go_on(visit)
    if reply.failure:
        raise reply.failure
    if reply.errors:
        return show_faults(visit, found, sent, reply.errors), 422
    draft, other = reply.draft or visit.draft, "1" if reply.contested else None
    if not reply.goes_on:
        questions = show_questions(visit, found, sent)
        return show_question_page(
            visit, found, reply.marks, questions=questions, missing=reply.missing, other=other
        )
    if reply.later:
        return go("show_saved", visit, other=other)
    return go_after(keep_in(visit, draft), found, other=other)


def _show_page_again(handle: str, page: str, sent: MultiDict[str, str]) -> AnyResponse | tuple[str, int]:
    """The page as it was sent, when nothing can be written for a while: what was filled in must not be lost."""
    with db.read() as connection:
        visit = open_visit(connection, handle)
    found = find_page(visit.path, page)
    if found is None:
        return go_on(visit)
    questions = show_questions(visit, found, sent)
    return show_question_page(visit, found, sent.get("was_"), questions=questions, busy=True), BUSY


@respondent.post("/v/<handle>/p/<page>/keep")
def keep_page(handle: str, page: str) -> tuple[dict[str, str | bool], int]:
    """Keep what is right of a page somebody is busy with, for the script; 409 when that cannot be any more."""
    try:
        with db.write() as connection:
            visit = open_visit(connection, handle, for_update=True)
            found = find_page(visit.path, page)
            kept = keep_valid(visit, found, request.form, find_check(connection, visit)) if found else None
            if kept and kept.draft != visit.draft:
                keep_draft(connection, visit.link.token, visit.participation.id, kept.draft)
    except TurnedAwayError:
        kept = None
    if kept is None:
        return {"kept": False}, 409
    return kept.tell(), 200


@respondent.get("/v/<handle>/check")
def show_check(handle: str) -> AnyResponse | str:
    """All answers, to read, change or print before sending."""
    with db.read() as connection:
        visit = open_visit(connection, handle)
    if find_open_page(visit.path, visit.draft):
        return go_on(visit)
    return _show_answers(visit)


def _show_answers(visit: Visit, *, busy: bool = False) -> str:
    blocks = review_answers(visit)
    empty = [line for block in blocks for line in block.lines if line.answer is None]
    other = request.args.get("other") == "1"
    role = write_line(label_role(visit.instrument, visit.invitation.role), visit.link.language)
    before = visit.path.pages[-1].code
    return show_in(
        "check", visit, role=role, blocks=blocks, empty=empty, before=before, other=other, busy=busy
    )


@respondent.post("/v/<handle>/check")
def leave_check(handle: str) -> AnyResponse:
    """Going on later from the check; everything is kept already."""
    with db.read() as connection:
        visit = open_visit(connection, handle)
    return go("show_saved", visit)


@respondent.post("/v/<handle>/send")
def send(handle: str) -> AnyResponse | tuple[str, int]:
    """Put the answers in the ballot box, once; who comes second reads that they were received."""
    now = installation().now()
    try:
        with db.write() as connection:
            visit = open_visit(connection, handle, for_update=True, as_stored=True)
            if find_open_page(visit.path, visit.draft):
                return go_on(visit)
            answers, kinds = visit.draft.answers, visit.kinds
            outcome = submit(connection, visit.link.token, visit.invitation, answers, now, kinds)
    except BusyError:
        with db.read() as connection:
            visit = open_visit(connection, handle)
        return _show_answers(visit, busy=True), BUSY
    return go("show_thanks" if outcome == "sent" else "show_welcome", visit)


@respondent.get("/v/<handle>/thanks")
def show_thanks(handle: str) -> AnyResponse | str:
    """The last page, for who has sent."""
    with db.read() as connection:
        link, invitation = find_visitor(connection, handle)
    if invitation.status != "done":
        return redirect(url_for("respondent.show_welcome", handle=handle), 303)
    participation = invitation.participation
    is_open = participation.phase(installation().now()) == "open"
    return show("thanks", link, participation, is_open=is_open, **list_offered(link, list_spoken()))


@respondent.get("/v/<handle>/saved")
def show_saved(handle: str) -> Response:
    """What happens with answers that were not sent yet; the browser forgets the link here."""
    with db.read() as connection:
        visit = open_visit(connection, handle)
    rest = [page for page in visit.path.pages if not is_passed(page, visit.draft)]
    themes, now_at = len(visit.widest.themes), find_open_page(visit.path, visit.draft)
    done = progress(visit.path, now_at.code, visit.widest).theme_number - 1 if now_at else themes
    response = make_response(
        show(
            "saved",
            visit.link,
            visit.participation,
            done=done,
            themes=themes,
            minutes_left=minutes(rest) if rest else 0,
            other=request.args.get("other") == "1",
        )
    )
    forget_link(response, installation().settings, handle)
    return response


@respondent.get("/v/<handle>/language/<code>")
def switch_language(handle: str, code: str) -> AnyResponse:
    """Keep another language in the cookie and come back to the same page."""
    settings = installation().settings
    link = read_link(settings, handle)
    if link is None:
        raise TurnedAwayError("lost")
    place = request.args.get("next", "")
    if not WAY_BACK.fullmatch(place):
        place = ""
    response = redirect(url_for("respondent.show_welcome", handle=handle) + place, 303)
    if is_language(code):
        keep_link(response, settings, replace(link, language=code))
    return response
