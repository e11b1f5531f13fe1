"""Languages of the pages: which one, and dates written in it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, Domain, get_babel, get_locale, gettext, refresh

from aoj_survey.config import CATALOGUES
from aoj_survey.questionnaire import find_direction

LANGUAGES = ("nl", "en")
"""Languages with a complete catalogue; the first is the default."""

YOUTH = Domain([str(CATALOGUES)] * 2, "messages;youth")
"""The sentences for young people, who are not called *u*, laid over those for everybody."""

TELLS_YOUTH_APART = "nl"
"""The language of ours with another word for *you* among young people, and so with a catalogue for it."""

FULL_DAY, DAY = "EEEE d MMMM y", "EEEE d MMMM"
TIMES = {"nl": "H.mm 'uur'", "en": "H:mm"}


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language one can switch to, by its own name."""

    code: str
    name: str
    current: bool


def join_languages(app: Flask, checked: tuple[str, ...] = ()) -> None:
    """Let pages speak the reader's language, and give templates the ways to write dates.

    `checked` are languages with a catalogue for respondents that a speaker has checked here.
    """
    app.extensions["aoj_languages"] = (*LANGUAGES, *checked)
    Babel(app, default_locale=LANGUAGES[0], locale_selector=select_language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters.update(full_day=full_day, day=short_day)
    app.add_template_global(current_language)
    app.add_template_global(carry_language)
    app.add_template_global(find_direction)


def list_spoken() -> tuple[str, ...]:
    """Return the languages in which respondents can read our own words in this installation."""
    spoken: tuple[str, ...] = current_app.extensions["aoj_languages"]
    return spoken


def select_language() -> str:
    """The language of this page: that of the link if there is one, else what the browser asks for."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen: str | None = g.get("language")
    return chosen or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def speak(language: str, *, to_youth: bool = False) -> None:
    """Make the rest of this request speak a language, or the default where it has no catalogue."""
    g.language = language if language in list_spoken() else LANGUAGES[0]
    g.to_youth = to_youth
    (YOUTH if to_youth and g.language == TELLS_YOUTH_APART else get_everybody()).as_default()
    refresh()


def get_everybody() -> Domain:
    """Return the sentences for everybody."""
    everybody: Domain = get_babel().instance.domain_instance
    return everybody


def carry_language() -> dict[str, str]:
    """Return what an address needs so that a page for everybody speaks as this one does."""
    chosen: str | None = g.get("language")
    if chosen is None:
        return {}
    return {"lang": chosen, "to": "youth"} if g.get("to_youth") else {"lang": chosen}


def take_language() -> None:
    """Speak as the page did that led here by an address with `carry_language`, if one did."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        speak(asked, to_youth=request.args.get("to") == "youth")


def current_language() -> str:
    """The code of the language of this page."""
    locale = get_locale()
    return locale.language if locale else LANGUAGES[0]


def list_languages(offered: tuple[str, ...], current: str) -> tuple[LanguageChoice, ...]:
    """Return the offered languages, each by its own name."""
    return tuple(LanguageChoice(code, name_language(code), code == current) for code in offered)


def is_language(code: str) -> bool:
    """Return whether this could be the code of a language in a questionnaire."""
    return re.fullmatch("[a-z]{2,3}", code) is not None


def name_language(code: str) -> str:
    """Return what a language calls itself: *Nederlands*; its code where that is not known."""
    try:
        name = Locale(code).get_display_name()
    except UnknownLocaleError:
        return code
    return name.capitalize() if name else code


def full_day(day: date) -> str:
    """A day in full: *vrijdag 5 juni 2026*."""
    return format_date(day, FULL_DAY, locale=current_language())


def short_day(day: date) -> str:
    """A day without its year: *vrijdag 5 juni*."""
    return format_date(day, DAY, locale=current_language())


def local_time(moment: datetime, zone: ZoneInfo) -> str:
    """A time of day in a zone: *9.00 uur*."""
    language = current_language()
    return format_time(moment.astimezone(zone).time(), TIMES.get(language, TIMES["en"]), locale=language)


def local_moment(moment: datetime, zone: ZoneInfo) -> str:
    """A moment in a zone: *dinsdag 26 mei om 9.00 uur*."""
    day = short_day(moment.astimezone(zone).date())
    return gettext("%(day)s at %(time)s", day=day, time=local_time(moment, zone))
