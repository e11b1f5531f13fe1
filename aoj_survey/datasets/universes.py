"""Who was asked an item, in words: for codebooks of data in which several roles stand."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from aoj_survey.disclosure import class_code, class_label
from aoj_survey.questionnaire import Instrument, Item, Text, universe

NOBODY: Text = {"nl": "niemand", "en": "nobody"}


def tell_universe(
    instrument: Instrument, item: Item, roles: Sequence[str], present: AbstractSet[str]
) -> Text:
    """Return who was asked: the roles where these are not all that are `present`, and the condition where there is one."""
    if not roles:
        return NOBODY
    condition = {language: universe(instrument, item, language) for language in NOBODY}
    if set(roles) == present:
        return condition
    who = class_label(class_code(roles, set(present)), roles)
    if item.ask_if is None:
        return who
    return {language: f"{who[language]}: {condition[language]}" for language in condition}
