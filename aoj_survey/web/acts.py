"""What was done to a participation, in the language of the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from aoj_survey.waves import OWN_MAILBOX, Act, ActCode, ParticipationFacts
from aoj_survey.wording import N_

from .language import full_day, local_moment

SENTENCES: Mapping[ActCode, str] = {
    "person_added": N_("put a person on the list"),
    "person_corrected": N_("corrected what the list says of one person"),
    "person_ineligible": N_("took a person off the list who does not belong on it"),
    "person_removed": N_("took a person off the list at own request"),
    "address_changed": N_("changed the address of one person"),
    "link_sent_again": N_("had the link sent again to one person"),
    "list_put_in": N_("put in a list (rows: %(rows)s, people added: %(people)s)"),
    "list_imported": N_("imported a list (people added: %(people)s)"),
    "list_taken_along": N_("took the list along as a file"),
    "list_lapsed": N_("erased the list of people: this was never started"),
    "supplier_added": N_("made a page for a supplier"),
    "supplier_removed": N_("removed the page of a supplier"),
    "links_made": N_("made links for the region to mail itself (%(words)s)"),
    "parents_informed": N_("recorded that parents of young people were informed"),
    "parents_permitted": N_("recorded that parents of young people gave permission"),
    "mail_moved": N_("moved the %(kind)s to %(moment)s"),
    "mail_moved_anyway": N_("moved the %(kind)s to %(moment)s, though that is no working day (%(reason)s)"),
    "mail_planned_anyway": N_("planned the %(kind)s on %(day)s, though that is no working day (%(reason)s)"),
    "extended": N_("extended from %(before)s to %(day)s"),
    "paused": N_("paused all mail"),
    "resumed": N_("resumed mail"),
    "goal_set": N_("set the goal to %(percent)s %%"),
    "goal_removed": N_("took the goal away"),
    "sending_allowed": N_("allowed sending: a test mail arrived and the checks found no fault"),
    "sending_overruled": N_("allowed sending without a confirmed test mail: %(words)s"),
    "opening_approved": N_("approved the opening of the ballot box"),
    "released": N_("released %(name)s"),
    "withdrawn": N_("withdrew %(name)s (%(words)s)"),
    "answers_proposed": N_("looked through %(number)s open answers to %(name)s"),
    "answers_decided": N_(
        "released open answers to %(name)s: %(released)s whole, %(redacted)s shortened, %(dropped)s dropped "
        "(proposed by %(words)s)"
    ),
    "answers_sent_back": N_("sent back %(number)s open answers to %(name)s"),
    "account_added": N_("made an account for %(person)s with the right to %(rights)s"),
    "account_renewed": N_("renewed the code of the account of %(person)s"),
    "account_removed": N_("removed the account of %(person)s"),
    "custodians_set": N_("made these people custodians of the ballot box: %(words)s"),
    "custodians_tested": N_("opened a test ballot as custodians: %(words)s"),
    "opening_asked": N_("asked to open the ballot box"),
    "box_opened": N_("opened the ballot box, which %(words)s approved"),
    "box_opened_late": N_("opened the ballot box after the announced 72 hours"),
    "box_opened_together": N_("opened this small ballot box together with those of other regions"),
    "box_key_destroyed": N_("destroyed the key of the ballot box; a test ballot no longer opens"),
    "box_key_destroyed_again": N_("destroyed the key of the ballot box again, which had come back"),
    "box_destroyed": N_("destroyed the ballot box, which was too small to open, with its key"),
    "told": "%(words)s",
}
"""What is said of each act, for its values to be put in; `words` are somebody's own, or codes."""


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
    return [
        ActLine(
            full_day(act.at.astimezone(facts.zone).date()),
            name_maker(act.made_by),
            say_act(act, facts),
        )
        for act in acts
    ]


def name_maker(made_by: str) -> str:
    """Return who did something, in the language of the page."""
    names = {
        "coordinator": gettext("coordinator"),
        "supplier": gettext("supplier"),
        "command": gettext("administrator"),
        "worker": gettext("by itself"),
        "demonstration": gettext("the demonstration"),
    }
    return names.get(made_by, made_by)


def word_reason(reason: str) -> str:
    """Return why mail goes out without a test: somebody's own words, or those of the demonstration's code."""
    return gettext("the demonstration mails itself only") if reason == OWN_MAILBOX else reason


def say_act(act: Act, facts: ParticipationFacts) -> str:
    """Return an act in the language of the page."""
    say = _speakers(facts)
    values = {name: say.get(name, str)(str(value)) for name, value in act.values.items()}
    return gettext(SENTENCES[act.code]) % values


def _speakers(facts: ParticipationFacts) -> Mapping[str, Callable[[str], str]]:
    """How each value is said."""
    words = {
        "invitation": gettext("invitation"),
        "first_reminder": gettext("first reminder"),
        "second_reminder": gettext("second reminder"),
        "weekend": gettext("weekend"),
        "public_holiday": gettext("public holiday"),
        "school_holiday": gettext("school holiday"),
    }

    def say_word(value: str) -> str:
        return words.get(value, value)

    def say_day(value: str) -> str:
        return full_day(date.fromisoformat(value))

    def say_moment(value: str) -> str:
        return local_moment(datetime.fromisoformat(value).replace(tzinfo=facts.zone), facts.zone)

    return {
        "kind": say_word,
        "reason": say_word,
        "words": word_reason,
        "day": say_day,
        "before": say_day,
        "moment": say_moment,
    }
