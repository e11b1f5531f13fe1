"""Answers carried from one questionnaire to another, when somebody turns out to have another role."""

from collections.abc import Mapping

from aoj_survey.questionnaire import KINDS, Answers, Instrument, Item, ItemKind


def carry_answers(
    answers: Answers, before: Instrument, after: Instrument, kinds: Mapping[str, ItemKind] = KINDS
) -> Answers:
    """Return the answers that hold in the other questionnaire too: to the same question, with the same answers.

    A question is the same when concept, kind and values are; its wording may then be that of the other role.
    Without a concept, the text must be the same too.
    """
    old = {item.code: item for item in before.items()}
    new = {item.code: item for item in after.items()}
    return {
        code: value
        for code, value in answers.items()
        if code in old
        and code in new
        and _describe(old[code]) == _describe(new[code])
        and kinds[new[code].kind].accepts(new[code], value)
    }


def _describe(item: Item) -> tuple[object, ...]:
    choices = tuple((choice.code, choice.value) for choice in item.choices)
    meaning = item.concept or tuple(sorted(item.text.items()))
    return (meaning, item.kind, choices, item.minimum, item.maximum, item.beside)
