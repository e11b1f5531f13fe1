"""What the core does itself, through the same door as region modules, and asked last."""

from collections.abc import Iterable
from datetime import date

from aoj_survey.disclosure import CORE_RULE, DisclosureRule
from aoj_survey.questionnaire import KINDS, ItemKind

from .spec import hookimpl
from .types import MessageText


@hookimpl(trylast=True)
def aoj_item_kinds() -> Iterable[ItemKind]:
    """The kinds every questionnaire may use."""
    return KINDS.values()


@hookimpl(trylast=True)
def aoj_message_text() -> MessageText:
    """The words of the mail templates."""
    return MessageText()


@hookimpl(trylast=True)
def aoj_reminder_day(proposed: date) -> date:
    """The day the coordinator chose."""
    return proposed


@hookimpl(trylast=True)
def aoj_disclosure_rule() -> DisclosureRule:
    """The numbers below which nobody goes."""
    return CORE_RULE
