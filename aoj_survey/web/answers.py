"""The review desk: open answers looked through by one person and released, shortened or dropped by another.

No page shows an answer to the coordinator, whose password several people may know and who knows the people asked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.accounts import AccountFacts, may_decide
from aoj_survey.db import db
from aoj_survey.questionnaire import Instrument, Item, label_text
from aoj_survey.regions import JOINT_REGION
from aoj_survey.responses import list_joint_members
from aoj_survey.reviewing import (
    DECISIONS,
    Decision,
    Place,
    Progress,
    RedactionError,
    Suggestion,
    Verdict,
    keep_suggestions,
    keep_verdicts,
    list_progress,
    list_proposed,
    list_waiting,
)
from aoj_survey.waves import ParticipationFacts, read_instrument, role_digests

from .coordinator import find_place
from .language import current_language
from .papers import show_paper, show_proposal
from .rights import find_visitor, needs_right
from .visits import installation

answers = Blueprint("answers", __name__, template_folder="templates")

BASE = "/coordinator/<wave>/<region>/answers"
AT_ONCE = 10
"""Answers on a page."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at the open answers of which place; `facts` is None for those of small boxes together."""

    who: AccountFacts
    place: Place
    wave: str
    region: str
    facts: ParticipationFacts | None


def _sit_down(connection: Connection, wave: str, region: str) -> Desk:
    """Return the desk of who looks, or end with 403 or 404."""
    who = find_visitor()
    if who is None or not may_decide(who):
        abort(403)
    if region == JOINT_REGION:
        return Desk(who, Place(wave=wave), wave, region, None)
    facts = find_place(connection, wave, region)
    return Desk(who, Place(facts.id), wave, region, facts)


@answers.get(BASE)
@needs_right("review", "approve")
def show_items(wave: str, region: str) -> str:
    """The questions with open answers, and how far each is."""
    with db.read() as connection:
        desk = _sit_down(connection, wave, region)
        lines = [
            (progress, _say_item(connection, desk, progress.item), _count_for(connection, desk, progress))
            for progress in list_progress(connection, desk.place)
        ]
        together = desk.facts is not None and bool(list_progress(connection, Place(wave=wave)))
    return render_template(
        "answers/items.html",
        participation=desk.facts,
        desk=desk,
        lines=lines,
        may_propose="review" in desk.who.rights,
        together=together,
        joint=JOINT_REGION,
    )


def _count_for(connection: Connection, desk: Desk, progress: Progress) -> int:
    """How many proposals of others there are, for who looks."""
    return len(list_proposed(connection, desk.place, progress.item, desk.who.name, progress.total))


def _say_item(connection: Connection, desk: Desk, code: str) -> str:
    """The question in the language of the page, as somebody there was asked it."""
    places = [desk.facts.id] if desk.facts else list_joint_members(connection, desk.wave)
    for place in places:
        for digest in sorted(set(role_digests(connection, place).values())):
            instrument = read_instrument(connection, digest)
            items = {item.code: item for item in instrument.items()}
            if code in items:
                return _say_text(instrument, items, items[code])
    return code


def _say_text(instrument: Instrument, items: dict[str, Item], item: Item) -> str:
    words = label_text(instrument, item.text, current_language())
    return f"{_say_text(instrument, items, items[item.beside[0]])}: {words}" if item.beside else words


@answers.get(f"{BASE}/<item>")
@needs_right("review")
def look_through(wave: str, region: str, item: str) -> str:
    """Answers to a question that wait, with what may tell of somebody marked."""
    return _show_waiting(wave, region, item, {})


def _show_waiting(
    wave: str, region: str, item: str, sent: Mapping[str, str], wrong: dict[str, str] | None = None
) -> str:
    with db.read() as connection:
        desk = _sit_down(connection, wave, region)
        progress = _find_progress(connection, desk, item)
        waiting = list_waiting(connection, desk.place, item, AT_ONCE, _read_after())
        more = waiting and list_waiting(connection, desk.place, item, 1, waiting[-1].id)
        question = _say_item(connection, desk, item)
    return render_template(
        "answers/waiting.html",
        participation=desk.facts,
        desk=desk,
        question=question,
        progress=progress,
        papers=[show_paper(paper, sent, wrong or {}) for paper in waiting],
        after=waiting[-1].id.hex if more else "",
        faulty=bool(wrong),
    )


def _find_progress(connection: Connection, desk: Desk, item: str) -> Progress:
    found = [progress for progress in list_progress(connection, desk.place) if progress.item == item]
    return found[0] if found else abort(404)


@answers.post(f"{BASE}/<item>")
@needs_right("review")
def take_proposals(wave: str, region: str, item: str) -> AnyResponse | tuple[str, int]:
    """Keep what was proposed; what was not decided waits on."""
    chosen = [
        Suggestion(identity, decision, request.form.get(f"text-{identity.hex}", ""))
        for identity, decision in _read_choices(DECISIONS)
    ]
    with db.write() as connection:
        desk = _sit_down(connection, wave, region)
        _find_progress(connection, desk, item)
        # What somebody else decided meanwhile is passed over; the page that follows shows what is left.
        wrong = keep_suggestions(connection, desk.place, item, chosen, desk.who.name, installation().now())
    if wrong:
        words = {identity.hex: _word(error) for identity, error in wrong.items()}
        return _show_waiting(wave, region, item, request.form, words), 422
    return redirect(_go_on(desk, item, "answers.look_through"), 303)


def _read_choices(known: Sequence[Decision]) -> list[tuple[UUID, Decision]]:
    """What was chosen for which answer; whatever is no choice of the page is passed over."""
    found: list[tuple[UUID, Decision]] = []
    for name, value in request.form.items():
        for decision in known:
            key = name.removeprefix("choice-")
            if name != key and value == decision and (identity := _read_id(key)):
                found.append((identity, decision))
    return found


def _read_id(written: str) -> UUID | None:
    return UUID(hex=written) if re.fullmatch("[0-9a-f]{32}", written) else None


def _read_after() -> UUID | None:
    """The answer after which the page begins; whoever leaves a page for later comes to the next in this way."""
    return _read_id(request.args.get("after", ""))


def _word(error: RedactionError) -> str:
    words = {
        "added": gettext(
            "The word “%(word)s” does not stand there in the answer. You can leave words out, not add or change any",
            word=error.word,
        ),
        "nothing": gettext("You left nothing out. Choose “Release as it is”, or leave words out"),
        "everything": gettext("There is nothing left. Choose “Throw away”, or leave words in"),
    }
    return words[error.code]


def _go_on(desk: Desk, item: str, page: str) -> str:
    """Where to go after a page: the next answers, those left for later, or the list of questions."""
    with db.read() as connection:
        for after in (_read_after(), None):
            left = (
                list_waiting(connection, desk.place, item, 1, after)
                if page == "answers.look_through"
                else list_proposed(connection, desk.place, item, desk.who.name, 1, after)
            )
            if left:
                where = after.hex if after else None
                return url_for(page, wave=desk.wave, region=desk.region, item=item, after=where)
    return url_for("answers.show_items", wave=desk.wave, region=desk.region)


# The second person


@answers.get(f"{BASE}/<item>/decide")
@needs_right("review", "approve")
def look_at_proposals(wave: str, region: str, item: str) -> str:
    """What others propose for answers to a question."""
    with db.read() as connection:
        desk = _sit_down(connection, wave, region)
        progress = _find_progress(connection, desk, item)
        proposed = list_proposed(connection, desk.place, item, desk.who.name, AT_ONCE, _read_after())
        more = proposed and list_proposed(connection, desk.place, item, desk.who.name, 1, proposed[-1].id)
        question = _say_item(connection, desk, item)
    return render_template(
        "answers/proposed.html",
        participation=desk.facts,
        desk=desk,
        question=question,
        progress=progress,
        papers=[show_proposal(one) for one in proposed],
        after=proposed[-1].id.hex if more else "",
    )


@answers.post(f"{BASE}/<item>/decide")
@needs_right("review", "approve")
def decide(wave: str, region: str, item: str) -> AnyResponse:
    """Carry out what another person proposed, or send it back; what somebody else decided meanwhile is passed over."""
    with db.write() as connection:
        desk = _sit_down(connection, wave, region)
        _find_progress(connection, desk, item)
        shown = list_proposed(connection, desk.place, item, desk.who.name, AT_ONCE, _read_after())
        verdicts = [
            Verdict(one.id, request.form.get(f"seal-{one.id.hex}", ""), choice == "agree")
            for one in shown
            if (choice := request.form.get(f"choice-{one.id.hex}")) in {"agree", "back"}
        ]
        keep_verdicts(connection, desk.place, item, verdicts, desk.who.name, installation().now())
    return redirect(_go_on(desk, item, "answers.look_at_proposals"), 303)
