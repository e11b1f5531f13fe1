"""Which items all roles of a stratum are asked in one way, so that no cell tells those roles apart.

Rule: `anonymity`, *Routing counts too*: what is asked of some roles of a stratum only, or on a condition that
differs between them, is protected for the whole stratum, and so is all that depends on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import (
    Context,
    Expression,
    Instrument,
    Item,
    Value,
    compile_condition,
    find_context,
    list_names,
)

from .classes import CaptureClass

Settled: TypeAlias = Expression | str | int | bool
"""A condition, a name or a value after what is known of a role was filled in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the roles of a stratum are asked.

    `digests` are those of their instruments, `shared` the codes of the items all of them are asked in one way.
    `instrument` and `context` are those of one of the roles: over shared items they are as good as any other's.
    """

    roles: frozenset[str]
    digests: frozenset[str]
    shared: frozenset[str]
    instrument: Instrument
    context: Context


def find_asked(
    stratum: CaptureClass, role_instruments: Mapping[str, str], instruments: Mapping[str, Instrument]
) -> Asked:
    """Return what a stratum's roles are asked; `instruments` by digest, `role_instruments` the digest of a role.

    Raises:
        DisclosureError: a role without an instrument.
    """
    for role in stratum.roles:
        if role_instruments.get(role) not in instruments:
            message = f"There is no questionnaire for the role {role!r} of stratum {stratum.code!r}."
            raise DisclosureError(message)
    asking = [(instruments[role_instruments[role]], role) for role in stratum.roles]
    contexts = [find_context(role, instrument.region) for instrument, role in asking]
    used = [instrument for instrument, _ in asking]
    return Asked(
        frozenset(stratum.roles),
        frozenset(role_instruments[role] for role in stratum.roles),
        find_shared(used, contexts),
        used[0],
        contexts[0],
    )


def find_shared(instruments: Sequence[Instrument], contexts: Sequence[Context]) -> frozenset[str]:
    """Return the codes of the items asked in the same way, on the same condition, of everybody.

    `contexts` are what is known of the roles, `instruments` what each of them answers. An item that looks at
    one of the rest is among the rest, since its not-routed would tell the role too.
    """
    asked = [{item.code: item for item in instrument.items()} for instrument in instruments]
    shared: set[str] = set()
    for item in instruments[0].items():
        alike = all(items.get(item.code) == item for items in asked)
        if alike and find_looked_at(item) <= shared and _is_routed_alike(item, contexts):
            shared.add(item.code)
    return frozenset(shared)


def find_looked_at(item: Item) -> frozenset[str]:
    """Return the codes of the items on which it depends whether an item is asked."""
    return frozenset({item.beside[0]}) if item.beside else list_names(item.ask_if)[0]


def find_dependent(instrument: Instrument, code: str) -> frozenset[str]:
    """Return the codes of the items whose route depends on an item, directly or not, and its own."""
    found = {code}
    for item in instrument.items():
        # Conditions only look back, so one pass in order is enough.
        if find_looked_at(item) & found:
            found.add(item.code)
    return frozenset(found)


def may_be_asked(item: Item, context: Context) -> bool:
    """Return False for an item that nobody of whom this is known is ever asked, whatever the answers."""
    return item.ask_if is None or settle(item.ask_if, context.names(), positive=True) is not False


def _is_routed_alike(item: Item, contexts: Sequence[Context]) -> bool:
    """Whether the condition is one and the same question about the answers, of whomever it is asked."""
    if item.ask_if is None or not list_names(item.ask_if)[1]:
        return True
    return len({settle(item.ask_if, context.names(), positive=True) for context in contexts}) == 1


def settle(condition: Settled, known: Mapping[str, Value], *, positive: bool) -> Settled:
    """Return a condition with what is known of a role filled in, and all that follows from that alone worked out.

    It holds for the same answers as before. What is unknown of the role makes nothing hold: it counts as false,
    and as true behind a `!` (`positive` False).
    """
    if not isinstance(condition, tuple):
        return condition
    if not list_names(condition)[0]:
        value = compile_condition(condition)(known)
        return not positive if value is None else bool(value)
    sign, *parts = condition
    if sign == "!":
        part = settle(parts[0], known, positive=not positive)
        return not part if isinstance(part, bool) else ("!", part)
    if sign in ("&&", "||"):
        return _join(str(sign), [settle(part, known, positive=positive) for part in parts])
    return tuple(_fill(part, known) for part in condition)


def _join(sign: str, parts: Sequence[Settled]) -> Settled:
    absorbing = sign == "||"
    if any(part is absorbing for part in parts):
        return absorbing
    left = [part for part in parts if not isinstance(part, bool)]
    if not left:
        return not absorbing
    return left[0] if len(left) == 1 else (sign, *left)


def _fill(part: Settled, known: Mapping[str, Value]) -> Settled:
    """A part of a comparison, with what is known of the role in place of its name."""
    if not isinstance(part, tuple):
        return part
    if part[0] == "context":
        value = known.get(str(part[1]))
        return part if value is None or isinstance(value, tuple) else value
    return tuple(_fill(inner, known) for inner in part)
