"""What was done, in the words of the commands."""

from aoj_survey.waves import Act

DONE: dict[str, str] = {
    "account_added": "made an account for %(person)s with the right to %(rights)s",
    "account_renewed": "renewed the code of the account of %(person)s",
    "account_removed": "removed the account of %(person)s",
    "released": "released %(name)s",
    "withdrawn": "withdrew %(name)s (%(words)s)",
    "answers_proposed": "looked through %(number)s open answers to %(name)s",
    "answers_decided": (
        "released open answers to %(name)s: %(released)s whole, %(redacted)s shortened, %(dropped)s dropped "
        "(proposed by %(words)s)"
    ),
    "answers_sent_back": "sent back %(number)s open answers to %(name)s",
}


def say_act(act: Act) -> str:
    """Return an act in one line: when, by whom where somebody with an account did it, and what."""
    by = "" if act.made_by == "command" else f"{act.made_by} "
    where = f" (small boxes of {act.values['wave']})" if "wave" in act.values else ""
    return f"{act.at:%Y-%m-%d %H:%M} UTC: {by}{DONE[act.code] % act.values}{where}"
