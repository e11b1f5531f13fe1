"""How far pages and datasets have come: what the language can say, but a wave cannot use yet.

The language of questionnaires runs ahead of what can be shown and protected. A wave whose answers could not
be protected as promised does not start; each line here goes when pages and datasets know the matter.
"""

from collections.abc import Iterator

from aoj_survey.errors import StateError
from aoj_survey.questionnaire import Expression, Instrument, Item, list_names

KINDS_IN_REACH = frozenset({"choice", "multiple", "mark", "number", "open"})
ROUTES_OUT_OF_REACH = frozenset({"role", "group", "sector"})
FUNCTIONS_OUT_OF_REACH = frozenset({"has", "size"})


def refuse_out_of_reach(instrument: Instrument) -> None:
    """Check that pages and datasets can handle all that a questionnaire uses.

    Raises:
        StateError: naming every item that uses something else.
    """
    found = [f"{item.code} ({what})" for item in instrument.items() for what in _list_out_of_reach(item)]
    if found:
        message = (
            f"{instrument.questionnaire}@{instrument.edition} cannot be used in a wave yet: pages and datasets "
            f"do not know {', '.join(found)}. Nothing was started."
        )
        raise StateError(message)


def _list_out_of_reach(item: Item) -> Iterator[str]:
    if item.kind not in KINDS_IN_REACH:
        yield f"the kind {item.kind}"
    if any(choice.exclusive or choice.other for choice in item.choices):
        yield "an answer that excludes others or asks for words"
    if item.quasi_identifier:
        yield "a mark as quasi-identifier"
    routed = list_names(item.ask_if)[1] & ROUTES_OUT_OF_REACH
    if routed:
        yield f"a condition on {' and '.join(sorted(routed))}"
    called = _list_functions(item.ask_if) & FUNCTIONS_OUT_OF_REACH
    if called:
        yield f"a condition with {' and '.join(sorted(called))}()"


def _list_functions(condition: Expression | None) -> frozenset[str]:
    if condition is None or condition[0] == "list":
        return frozenset()
    inner = (_list_functions(part) for part in condition if isinstance(part, tuple))
    return frozenset({str(condition[0])}).union(*inner)
