"""Invented answers made to the published figures of 2015. No answer in here was ever given by anybody."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from random import Random

from aoj_survey.questionnaire import ROLES, Answers, Instrument, Item, Value, holds

from .margins import ItemMargin, Margins, load_margins

SEED = 2015

Person = dict[str, Value]


def synthetic_answers(
    instruments: Mapping[str, Instrument], margins: Margins | None = None, seed: int = SEED
) -> dict[str, list[Answers]]:
    """Return the answers of every respondent, by role; the same seed gives the same answers.

    `instruments` by role; a role without response in the margins answers nothing. Shares become whole people
    by largest remainder over the group of roles that was asked; an item without margin is spread evenly, open
    text stays empty.
    """
    margins = margins or load_margins()
    random = Random(seed)  # noqa: S311 - invented answers, not secrets
    people: dict[str, list[Person]] = {
        role: [{} for _ in range(margins.response.get(role, 0))] for role in ROLES if role in instruments
    }
    for group in dict.fromkeys(ROLES[role].group for role in people):
        members = {role: people[role] for role in people if ROLES[role].group == group}
        for item in _items([instruments[role] for role in members]):
            _answer_item(item, group, members, instruments, margins, random)
    return {role: list(found) for role, found in people.items()}


def largest_remainder(shares: Sequence[int], total: int) -> list[int]:
    """Return whole numbers that add up to `total`, in proportion to the shares (Hamilton's method).

    Shares that add up to nothing are taken as equal; ties go to the first.
    """
    weights = shares if sum(shares) else [1] * len(shares)
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    counts = [floor(number) for number in exact]
    order = sorted(range(len(exact)), key=lambda place: counts[place] - exact[place])
    for place in order[: total - sum(counts)]:
        counts[place] += 1
    return counts


def _items(instruments: Sequence[Instrument]) -> list[Item]:
    """The items of a group's instruments in order, each code once."""
    found: dict[str, Item] = {}
    for instrument in instruments:
        for item in instrument.items():
            found.setdefault(item.code, item)
    return list(found.values())


def _answer_item(
    item: Item,
    group: str,
    members: Mapping[str, list[Person]],
    instruments: Mapping[str, Instrument],
    margins: Margins,
    random: Random,
) -> None:
    asked = {
        role: [person for person in people if holds(item.ask_if, person)]
        for role, people in members.items()
        if any(item.code == other.code for other in instruments[role].items())
    }
    everybody = [person for people in asked.values() for person in people]
    if item.kind == "mark":
        for role, people in asked.items():
            _deal(item.code, _marks(item, role, len(people), margins), people, random)
    elif item.kind == "choice":
        _deal(
            item.code, _choices(item, margins.find_item(item.code, group), len(everybody)), everybody, random
        )
    elif item.kind == "multiple":
        _choose(item, margins.find_item(item.code, group), everybody, random)
    elif item.kind == "number":
        span = range(item.minimum or 0, (item.maximum or 0) + 1)
        _deal(item.code, [span[place % len(span)] for place in range(len(everybody))], everybody, random)


def _deal(code: str, deck: Sequence[Value], people: Sequence[Person], random: Random) -> None:
    """Give each a value of the deck; whoever is left when it is empty skipped the item."""
    for person, value in zip(random.sample(people, len(deck)), deck, strict=True):
        person[code] = value


def _marks(item: Item, role: str, number: int, margins: Margins) -> list[Value]:
    found = margins.find_marks(item.code, role)
    lowest, highest = item.minimum or 1, item.maximum or 10
    counts = found.counts if found else dict.fromkeys(range(lowest, highest + 1), 1)
    return [
        mark
        for mark, count in zip(counts, largest_remainder(list(counts.values()), number), strict=True)
        for _ in range(count)
    ]


def _choices(item: Item, margin: ItemMargin | None, number: int) -> list[Value]:
    shares = _shares(item, margin)
    answered = min(number, margin.answered) if margin and margin.answered else number
    counts = largest_remainder(list(shares.values()), answered)
    return [code for code, count in zip(shares, counts, strict=True) for _ in range(count)]


def _choose(item: Item, margin: ItemMargin | None, people: Sequence[Person], random: Random) -> None:
    """More answers possible: each answer goes to its own share of the people."""
    chosen: list[set[str]] = [set() for _ in people]
    for code, percent in _shares(item, margin).items():
        (count, _) = largest_remainder([percent, 100 - percent], len(people))
        for codes in random.sample(chosen, count):
            codes.add(code)
    for person, codes in zip(people, chosen, strict=True):
        if codes:
            person[item.code] = tuple(choice.code for choice in item.choices if choice.code in codes)


def _shares(item: Item, margin: ItemMargin | None) -> dict[str, int]:
    """Percents by the item's own choices; a choice the margin does not know gets none."""
    known = {answer.answer: answer.percent for answer in margin.answers} if margin else {}
    shares = {choice.code: known.get(choice.code, 0) for choice in item.choices}
    even = 100 // max(1, len(item.choices))
    return shares if any(shares.values()) else dict.fromkeys(shares, even)
