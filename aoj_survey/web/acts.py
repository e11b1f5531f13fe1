"""What was done to a participation, in the language of the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from aoj_survey.waves import OWN_MAILBOX, Act, ActCode, ParticipationFacts

from .language import full_day, local_moment


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


def read_sentences() -> dict[ActCode, str]:
    """Return what is said of each act, for its values to be put in; `words` are somebody's own, or codes."""
    return {
        "person_added": gettext("put a person on the list"),
        "person_corrected": gettext("corrected what the list says of one person"),
        "person_ineligible": gettext("took a person off the list who does not belong on it"),
        "person_removed": gettext("took a person off the list at own request"),
        "address_changed": gettext("changed the address of one person"),
        "link_sent_again": gettext("had the link sent again to one person"),
        "list_put_in": gettext("put in a list (rows: %(rows)s, people added: %(people)s)"),
        "list_imported": gettext("imported a list (people added: %(people)s)"),
        "list_taken_along": gettext("took the list along as a file"),
        "list_lapsed": gettext("erased the list of people: this was never started"),
        "supplier_added": gettext("made a page for a supplier"),
        "supplier_removed": gettext("removed the page of a supplier"),
        "links_made": gettext("made links for the region to mail itself (%(words)s)"),
        "parents_informed": gettext("recorded that parents of young people were informed"),
        "parents_permitted": gettext("recorded that parents of young people gave permission"),
        "mail_moved": gettext("moved the %(kind)s to %(moment)s"),
        "mail_moved_anyway": gettext(
            "moved the %(kind)s to %(moment)s, though that is no working day (%(reason)s)"
        ),
        "mail_planned_anyway": gettext(
            "planned the %(kind)s on %(day)s, though that is no working day (%(reason)s)"
        ),
        "extended": gettext("extended from %(before)s to %(day)s"),
        "paused": gettext("paused all mail"),
        "resumed": gettext("resumed mail"),
        "goal_set": gettext("set the goal to %(percent)s %%"),
        "goal_removed": gettext("took the goal away"),
        "sending_allowed": gettext("allowed sending: a test mail arrived and the checks found no fault"),
        "sending_overruled": gettext("allowed sending without a confirmed test mail: %(words)s"),
        "opening_approved": gettext("approved the opening of the ballot box"),
        "released": gettext("released %(name)s"),
        "withdrawn": gettext("withdrew %(name)s (%(words)s)"),
        "answers_proposed": gettext("looked through %(number)s open answers to %(name)s"),
        "answers_decided": gettext(
            "released open answers to %(name)s: %(released)s whole, %(redacted)s shortened, %(dropped)s dropped "
            "(proposed by %(words)s)"
        ),
        "answers_sent_back": gettext("sent back %(number)s open answers to %(name)s"),
        "account_added": gettext("made an account for %(person)s with the right to %(rights)s"),
        "account_renewed": gettext("renewed the code of the account of %(person)s"),
        "account_removed": gettext("removed the account of %(person)s"),
        "custodians_set": gettext("made these people custodians of the ballot box: %(words)s"),
        "custodians_tested": gettext("opened a test ballot as custodians: %(words)s"),
        "opening_asked": gettext("asked to open the ballot box"),
        "box_opened": gettext("opened the ballot box, which %(words)s approved"),
        "box_opened_late": gettext("opened the ballot box after the announced 72 hours"),
        "box_opened_together": gettext("opened this small ballot box together with those of other regions"),
        "box_key_destroyed": gettext("destroyed the key of the ballot box; a test ballot no longer opens"),
        "box_destroyed": gettext("destroyed the ballot box, which was too small to open, with its key"),
        "told": "%(words)s",
    }


def say_act(act: Act, facts: ParticipationFacts) -> str:
    """Return an act in the language of the page."""
    say = _speakers(facts)
    values = {name: say.get(name, str)(str(value)) for name, value in act.values.items()}
    return read_sentences()[act.code] % values


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
