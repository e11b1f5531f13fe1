"""One instrument of what several regions asked everybody in one way, for answers that count together only.

Rule: `anonymity`, *The sealed ballot box*, 8: boxes too small to open count in the total over all regions. No
item, condition or word in which one of the regions or roles differs may stand beside such answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import ROLES, Context, Instrument, Item, Theme, find_context

from .classes import sort_roles
from .routing import find_shared, settle

Kept = TypeVar("Kept")


def join_instruments(asking: Sequence[tuple[Instrument, str]], region: str) -> Instrument:
    """Return the instrument of the items that every role here is asked in one way, under the name of `region`.

    `asking` holds the instrument of each role of each region. Conditions on role or region, which say the same
    for all of them, are worked out; words in which regions differ are left out.

    Raises:
        DisclosureError: nobody, or no item is asked of all in one way.
    """
    instruments = [instrument for instrument, _ in asking]
    contexts = [find_context(role, instrument.region) for instrument, role in asking]
    shared = find_shared(instruments, contexts) if asking else frozenset[str]()
    if not shared:
        raise DisclosureError(
            "These regions asked nothing that all were asked in one way; nothing can be kept."
        )
    first = instruments[0]
    return replace(
        first,
        questionnaire="+".join(sorted({item.questionnaire for item in instruments})),
        edition="+".join(sorted({item.edition for item in instruments})),
        region=region,
        languages=_keep_alike([item.languages for item in instruments]),
        roles=sort_roles({role for _, role in asking if role in ROLES}),
        themes=_keep_themes(first, shared, contexts[0]),
        modules=tuple(sorted({module for item in instruments for module in item.modules})),
        words=_keep_alike([item.words for item in instruments]),
        role_labels=_keep_alike([item.role_labels for item in instruments]),
        mail=None,
    )


def _keep_alike(many: Sequence[tuple[Kept, ...]]) -> tuple[Kept, ...]:
    return tuple(one for one in many[0] if all(one in other for other in many))


def _keep_themes(instrument: Instrument, shared: frozenset[str], context: Context) -> tuple[Theme, ...]:
    themes = [
        replace(theme, pages=tuple(page for page in pages if page.items))
        for theme in instrument.themes
        if (
            pages := [
                replace(page, items=tuple(_settle(page.items, shared, context))) for page in theme.pages
            ]
        )
    ]
    return tuple(theme for theme in themes if theme.pages)


def _settle(items: Iterable[Item], shared: frozenset[str], context: Context) -> Iterable[Item]:
    """The shared items with what is known of everybody worked out of their conditions."""
    for item in items:
        if item.code in shared:
            left = None if item.ask_if is None else settle(item.ask_if, context.names(), positive=True)
            if left is not False:
                yield replace(item, ask_if=left if isinstance(left, tuple) else None)
