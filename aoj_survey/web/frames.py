"""What stands around the pages of respondents, and the ways from one page to another."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.interview import page_after
from aoj_survey.questionnaire import Page
from aoj_survey.responses import DraftContent
from aoj_survey.waves import ParticipationFacts

from .language import current_language, list_languages
from .links import Link
from .texts import mark_language
from .visits import Visit, find_open_page, follow


def show(template: str, link: Link | None, participation: ParticipationFacts | None, **values: Any) -> str:
    """Return a page of the respondent's side, with what its frame needs."""
    return render_template(f"respondent/{template}.html", link=link, participation=participation, **values)


def show_in(template: str, visit: Visit, **values: Any) -> str:
    """Return a page with texts of the questionnaire: it is in their language, whatever that of our own words is."""
    language = visit.link.language
    return show(
        template,
        visit.link,
        visit.participation,
        reading=language,
        ours=mark_language(current_language(), language),
        **values,
        **list_offered(visit.link, visit.instrument.languages),
    )


def list_offered(link: Link, languages: tuple[str, ...]) -> dict[str, Any]:
    """The language switch of a page, and the place it comes back to."""
    place = request.path.partition(f"/v/{link.handle}/")[2] + ("?to=check" if is_changing() else "")
    current = link.language if link.language in languages else current_language()
    return {"languages": list_languages(languages, current), "place": place}


def go(endpoint: str, visit: Visit, **values: Any) -> AnyResponse:
    """Redirect to another page of this visit."""
    return redirect(url_for(f"respondent.{endpoint}", handle=visit.link.handle, **values), 303)


def go_on(visit: Visit, **values: str | None) -> AnyResponse:
    """Redirect to the first page that still wants asking, else to the check."""
    page = find_open_page(visit.path, visit.draft)
    if page:
        return go("show_page", visit, page=page.code, **values)
    return go("show_check", visit, other=values.get("other"))


def is_changing() -> bool:
    """Whether this page was opened from the check, to change an answer there."""
    return request.args.get("to") == "check"


def keep_in(visit: Visit, draft: DraftContent) -> Visit:
    """The visit as it is with another draft."""
    return replace(visit, draft=draft, path=follow(visit.invitation, visit.instrument, draft.answers))


def go_after(visit: Visit, page: Page, **values: str | None) -> AnyResponse:
    """Redirect after a kept page, by the path as it is now."""
    if is_changing():
        # A changed answer may have opened questions; those come first.
        return go_on(visit, to="check", **values)
    after = page_after(visit.path, page.code)
    return go("show_page", visit, page=after.code, **values) if after else go_on(visit, **values)
