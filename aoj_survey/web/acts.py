"""What was done to a participation, in the language of the page.

Audit lines are kept in English, each as one of the sentences below with its values; pages say them anew.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from flask_babel import gettext

from aoj_survey.waves import Act, ParticipationFacts

from .language import full_day, local_moment


def N_(sentence: str) -> str:  # noqa: N802 — the name by which Babel finds sentences to translate
    """Mark a sentence for the catalogue; it is translated when it is shown."""
    return sentence


SENTENCES = (
    N_("put a person on the list"),
    N_("had the link sent again to one person"),
    N_("changed the address of one person"),
    N_("corrected what the list says of one person"),
    N_("took a person off the list who does not belong on it"),
    N_("took a person off the list at own request"),
    N_("put in a list of %(rows)s rows: %(people)s people were added"),
    N_("imported a list: %(people)s people were added"),
    N_("took the list along as a file"),
    N_("made a page for a supplier"),
    N_("removed the page of a supplier"),
    N_("recorded that parents of young people were informed"),
    N_("recorded that parents of young people gave permission"),
    N_("moved the %(kind)s to %(moment)s"),
    N_("moved the %(kind)s to %(moment)s, though that is no working day (%(reason)s)"),
    N_("planned the %(kind)s on %(day)s, though that is no working day (%(reason)s)"),
    N_("extended from %(before)s to %(day)s"),
    N_("paused all mail"),
    N_("resumed mail"),
    N_("set the goal to %(percent)s %%"),
    N_("took the goal away"),
    N_("allowed sending: a test mail arrived and the checks found no fault"),
    N_("allowed sending without a confirmed test mail: %(words)s"),
    N_("made links for the region to mail itself (%(words)s)"),
)
"""All that is kept; `words` are somebody's own, or codes."""

SHAPES = {
    "kind": "[a-z ]+",
    "reason": "[a-z ]+",
    "moment": r"\d{4}-\d\d-\d\d \d\d:\d\d",
    "day": r"\d{4}-\d\d-\d\d",
    "before": r"\d{4}-\d\d-\d\d",
    "rows": r"\d+",
    "people": r"\d+",
    "percent": r"\d+",
    "words": ".+",
}
"""What each value looks like."""


@dataclass(frozen=True, slots=True)
class ActLine:
    """A line of the audit, in words."""

    moment: str
    made_by: str
    text: str


def describe_acts(acts: Sequence[Act], facts: ParticipationFacts) -> list[ActLine]:
    """Return what was done to a participation, in the language of the page.

    Who gave no name on a command is the administrator.
    """
    makers = {
        "coordinator": gettext("coordinator"),
        "supplier": gettext("supplier"),
        "command": gettext("administrator"),
    }
    return [
        ActLine(
            full_day(act.at.astimezone(facts.zone).date()),
            makers.get(act.made_by, act.made_by),
            say_act(act.text, facts),
        )
        for act in acts
    ]


def say_act(text: str, facts: ParticipationFacts) -> str:
    """Return an audit line in the language of the page; one that is none of ours stays as it is."""
    for sentence, pattern in _compile():
        if found := pattern.fullmatch(text):
            say = _speakers(facts)
            values = {name: say.get(name, str)(value) for name, value in found.groupdict().items()}
            return gettext(sentence) % values
    return text


@cache
def _compile() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, re.compile(_write_pattern(sentence), re.DOTALL)) for sentence in SENTENCES)


def _write_pattern(sentence: str) -> str:
    parts = re.split(r"%\((\w+)\)s", sentence)
    return "".join(
        f"(?P<{part}>{SHAPES[part]})" if place % 2 else re.escape(part.replace("%%", "%"))
        for place, part in enumerate(parts)
    )


def _speakers(facts: ParticipationFacts) -> Mapping[str, Callable[[str], str]]:
    """How each value is said."""
    words = {
        "invitation": gettext("invitation"),
        "first reminder": gettext("first reminder"),
        "second reminder": gettext("second reminder"),
        "weekend": gettext("weekend"),
        "public holiday": gettext("public holiday"),
        "school holiday": gettext("school holiday"),
    }

    def say_word(value: str) -> str:
        return words.get(value, value)

    def say_day(value: str) -> str:
        return full_day(date.fromisoformat(value))

    def say_moment(value: str) -> str:
        return local_moment(datetime.fromisoformat(value).replace(tzinfo=facts.zone), facts.zone)

    return {"kind": say_word, "reason": say_word, "day": say_day, "before": say_day, "moment": say_moment}
