"""What is wrong with an answer, as a sentence that says what to do."""

from dataclasses import dataclass

from flask_babel import gettext, ngettext

from aoj_survey.interview import FormError, show_answer
from aoj_survey.questionnaire import Item

from .language import current_language
from .texts import write_plain


@dataclass(frozen=True, slots=True)
class OwnError(FormError):
    """What is wrong by a region module, in its own words."""

    message: str


def word_error(error: FormError, language: str) -> str:
    """Return a fault as a sentence in our language, with the question as it is called in `language`."""
    if isinstance(error, OwnError):
        return error.message
    question = write_plain(error.item.text, language)
    if error.code == "too_long":
        return ngettext(
            "Make your answer %(num)s character shorter",
            "Make your answer %(num)s characters shorter",
            error.values["surplus"],
        )
    if error.item.earliest and error.code != "choose":
        return _word_date(error, question)
    if error.code == "choose":
        return _word_empty(error.item, question)
    return _word_choice(error, question)


def _word_empty(item: Item, question: str) -> str:
    if item.is_text:
        return gettext("Fill in an answer at “%(question)s”", question=question)
    return gettext("Choose an answer to “%(question)s”", question=question)


def _word_choice(error: FormError, question: str) -> str:
    if error.code == "number":
        return gettext(
            "At “%(question)s”, fill in a whole number from %(minimum)s to %(maximum)s",
            question=question,
            **error.values,
        )
    if error.code == "exclusive":
        alone = next(choice for choice in error.item.choices if choice.alone)
        return gettext(
            "At “%(question)s”, choose either “%(choice)s” or the other answers",
            question=question,
            choice=write_plain(alone.text, current_language()),
        )
    if error.code == "ranked_twice":
        return gettext("At “%(question)s”, give each answer one place only", question=question)
    if error.code == "rank_missing":
        return gettext(
            "At “%(question)s”, choose an answer for place %(rank)s too, or leave the places after it empty",
            question=question,
            **error.values,
        )
    return gettext("Choose one of the answers shown at “%(question)s”", question=question)


def _word_date(error: FormError, question: str) -> str:
    item, language = error.item, current_language()
    if error.code == "too_early":
        day = show_answer(item, item.earliest, language)
        if item.kind == "month":
            return gettext(
                "At “%(question)s”, fill in %(month)s or a later month", question=question, month=day
            )
        return gettext("At “%(question)s”, fill in %(day)s or a later day", question=question, day=day)
    if error.code == "too_late":
        day = show_answer(item, item.latest, language)
        if item.kind == "month":
            return gettext(
                "At “%(question)s”, fill in %(month)s or an earlier month", question=question, month=day
            )
        return gettext("At “%(question)s”, fill in %(day)s or an earlier day", question=question, day=day)
    if item.kind == "month":
        return gettext("At “%(question)s”, fill in a month and a year in figures", question=question)
    return gettext("At “%(question)s”, fill in a day, a month and a year that exist", question=question)
