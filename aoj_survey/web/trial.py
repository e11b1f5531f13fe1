"""The respondent's side of a preview: pages drawn by what draws them for respondents, answers kept in memory.

The handle in the addresses is the role and the language: `/v/ib-nl/`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.hooks import RegionHooks
from aoj_survey.interview import count_questions, find_page, minutes
from aoj_survey.invitations import InvitationFacts
from aoj_survey.questionnaire import Answers, Instrument, Item, Value, role_label
from aoj_survey.responses import DraftContent
from aoj_survey.waves import ParticipationFacts

from .frames import go, go_after, go_on, keep_in, show_in
from .language import current_language, speak
from .links import Link
from .questions import show_faults, show_question_page, show_questions
from .replies import answer_page, keep_valid
from .review import review_answers
from .terms import list_abbreviations, list_own_terms
from .texts import write_block, write_line, write_plain
from .visits import Visit, find_open_page, follow
from .watching import Watch

# Under the name of the real one: templates lead to `respondent.show_page` and so on.
respondent = Blueprint("respondent", __name__, template_folder="templates", url_prefix="/v/<handle>")


@dataclass(slots=True)
class Preview:
    """What the preview of one file keeps while it runs: by role the answers given and the page looked at."""

    watch: Watch
    hooks: RegionHooks
    participation: ParticipationFacts
    drafts: dict[str, DraftContent] = field(default_factory=dict[str, DraftContent])
    places: dict[str, str] = field(default_factory=dict[str, str])


def preview() -> Preview:
    """The preview at work."""
    found: Preview = current_app.extensions["preview"]
    return found


def pick(wanted: str, offered: tuple[str, ...]) -> str:
    """Return what was asked for, or the first where that is not offered (any more)."""
    return wanted if wanted in offered else offered[0]


def make_visit(instrument: Instrument, role: str, language: str) -> Visit:
    """Return the visit of an invented respondent, with the answers given before that still are answers."""
    kept = preview().drafts.get(role, DraftContent({}))
    draft = replace(kept, answers=drop_unfit(instrument, kept.answers))
    link = Link(f"{role}-{language}", "", language)
    invitation = InvitationFacts(
        id=UUID(int=0),
        role=role,
        status="invited",
        started=True,
        language=language,
        instrument_digest=None,
        class_code=None,
        participation=preview().participation,
    )
    path = follow(invitation, instrument, draft.answers)
    return Visit(link, invitation, instrument, draft, path, preview().hooks.hooks.kinds)


def drop_unfit(instrument: Instrument, answers: Answers) -> Answers:
    """Return the answers that a question of this version takes: others were given to an earlier one."""
    kinds = preview().hooks.hooks.kinds
    items = {item.code: item for item in instrument.items()}
    return {
        code: value
        for code, value in answers.items()
        if code in items and kinds[items[code].kind].accepts(items[code], value)
    }


def open_visit(handle: str) -> Visit:
    """Return the visit of a handle; 404 when the file has no such role or language."""
    instrument = preview().watch.see(current_language()).instrument
    role, _, language = handle.partition("-")
    if instrument is None or role not in instrument.roles or language not in instrument.languages:
        abort(404)
    speak(language)
    return make_visit(instrument, role, language)


def remember(visit: Visit, place: str) -> None:
    """Keep which page is looked at, for when the author's page comes back."""
    preview().places[visit.invitation.role] = place


def keep(visit: Visit, draft: DraftContent) -> Visit:
    """Keep answers in memory; return the visit with them."""
    preview().drafts[visit.invitation.role] = draft
    return keep_in(visit, draft)


@respondent.get("/")
def show_welcome(handle: str) -> str:
    """The page on which people begin."""
    visit = open_visit(handle)
    remember(visit, "")
    language, most = visit.link.language, visit.widest
    return show_in(
        "welcome",
        visit,
        title=write_line(visit.instrument.title, language),
        title_plain=write_plain(visit.instrument.title, language),
        purpose=write_block(visit.instrument.purpose, language),
        role=write_line(role_label(visit.instrument, visit.invitation.role), language),
        minutes=minutes(most.pages),
        questions=count_questions(most.pages),
        themes=len(most.themes),
        resumes=bool(visit.draft.answers or visit.draft.prompted),
    )


@respondent.post("/start")
def start(handle: str) -> AnyResponse:
    """Go to the first page."""
    return go_on(open_visit(handle))


@respondent.get("/p/<page>")
def show_page(handle: str, page: str) -> AnyResponse | str:
    """A question page."""
    visit = open_visit(handle)
    found = find_page(visit.path, page)
    if found is None:
        return go_on(visit)
    remember(visit, f"p/{page}")
    return show_question_page(visit, found, questions=show_questions(visit, found))


@respondent.post("/p/<page>")
def save_page(handle: str, page: str) -> AnyResponse | str | tuple[str, int]:
    """Keep the answers of a page and go on, or show what is wrong, as for a respondent."""
    visit = open_visit(handle)
    found = find_page(visit.path, page)
    if found is None:
        return go_on(visit)
    reply = answer_page(visit, found, request.form, make_check())
    if reply.draft:
        visit = keep(visit, reply.draft)
    if reply.failure:
        raise reply.failure
    if reply.errors:
        return show_faults(visit, found, request.form, reply.errors), 422
    if not reply.goes_on:
        questions = show_questions(visit, found, request.form)
        return show_question_page(visit, found, reply.marks, questions=questions, missing=reply.missing)
    return go("show_saved", visit) if reply.later else go_after(visit, found)


@respondent.post("/p/<page>/keep")
def keep_page(handle: str, page: str) -> tuple[dict[str, str | bool], int]:
    """Keep what is right of a page the author is busy with, as for a respondent."""
    visit = open_visit(handle)
    found = find_page(visit.path, page)
    if found is None:
        return {"kept": False}, 409
    kept = keep_valid(visit, found, request.form, make_check())
    keep(visit, kept.draft)
    return kept.tell(), 200


def make_check() -> Callable[[Item, Value], str | None]:
    """Return the rules of the region's modules for answers, in the language of the page."""
    hooks, language = preview().hooks, current_language()
    return lambda item, value: hooks.check_answer(item, value, language)


@respondent.get("/check")
def show_check(handle: str) -> AnyResponse | str:
    """All answers, before sending."""
    visit = open_visit(handle)
    if find_open_page(visit.path, visit.draft):
        return go_on(visit)
    remember(visit, "check")
    blocks = review_answers(visit)
    empty = [line for block in blocks for line in block.lines if line.answer is None]
    role = write_line(role_label(visit.instrument, visit.invitation.role), visit.link.language)
    return show_in("check", visit, role=role, blocks=blocks, empty=empty, before=visit.path.pages[-1].code)


@respondent.post("/check")
def leave_check(handle: str) -> AnyResponse:
    """Going on later: back to the beginning."""
    return go("show_saved", open_visit(handle))


@respondent.get("/saved")
def show_saved(handle: str) -> AnyResponse:
    """A preview keeps nothing for later; it begins again with the answers given."""
    return go("show_welcome", open_visit(handle))


@respondent.post("/send")
def send(handle: str) -> AnyResponse:
    """The end: nothing is sent, and the answers are forgotten."""
    visit = open_visit(handle)
    preview().drafts.pop(visit.invitation.role, None)
    return go("show_thanks", visit)


@respondent.get("/thanks")
def show_thanks(handle: str) -> str:
    """The last page."""
    visit = open_visit(handle)
    remember(visit, "")
    return show_in("thanks", visit, is_open=True)


@respondent.get("/abbreviations")
def show_abbreviations(handle: str) -> str:
    """Abbreviations of the field, and the region's own words."""
    visit = open_visit(handle)
    own = list_own_terms(visit.instrument, visit.link.language)
    return show_in("abbreviations", visit, terms=list_abbreviations(), own=own)


@respondent.get("/language/<code>")
def switch_language(handle: str, code: str) -> AnyResponse:
    """The same page in another language."""
    visit = open_visit(handle)
    language = pick(code, visit.instrument.languages)
    home = url_for("respondent.show_welcome", handle=f"{visit.invitation.role}-{language}")
    return redirect(home + preview().places.get(visit.invitation.role, ""), 303)
