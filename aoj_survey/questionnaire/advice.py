"""Advice on a questionnaire that compiles: what makes it hard to answer, to compare or to keep safe.

Advice never stops anything. Its sentences are there in Dutch and English, since authors read it themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from aoj_survey.errors import Problem, QuestionnaireError

from .catalogue import ADVICE
from .display import missing_texts
from .document import Place
from .instrument import Choice, Expression, Instrument, Item, Page, Text
from .items import Compilation
from .kinds import KINDS, ItemKind
from .overlay import OverlayText, compile_overlays
from .prose import find_abbreviations, find_explained, find_ranges, read_prose
from .quotes import find_bare_quotes
from .reach import Budget, can_hold
from .sections import compile_source
from .texts import say
from .truth import list_names

MOST_STATEMENTS = 7
MOST_MINUTES = 12
_NO_NAMES = ("namen", "names")
_IDENTIFYING = (
    "leeftijd", "hoe oud", "geboorte", "geslacht", "postcode", "nationaliteit", "functienaam",
    "how old", "your age", "birth", "gender", "postal code", "nationality", "job title",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Remark:
    """Advice at a place in one of the files."""

    code: str
    source: Compilation
    place: Place
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class _Reading:
    """An instrument that is being read, with the files it was made from."""

    instrument: Instrument
    sources: Sequence[Compilation]
    items: Mapping[str, Item]

    def find(self, code: str) -> tuple[Compilation, Place]:
        """The file and place of an item or group."""
        for source in self.sources:
            if code in source.places:
                return source, source.places[code]
        return self.sources[0], ()

    def remark(self, code: str, at: str, *key: str | int, **values: str | int) -> _Remark:
        """Advice at an item or group, or at a key of it."""
        source, place = self.find(at)
        return _Remark(code, source, (*place, *key), values)


def check_questionnaire(
    text: str,
    file: str,
    region: str,
    overlays: Sequence[OverlayText] = (),
    *,
    kinds: Mapping[str, ItemKind] = KINDS,
    language: str = "en",
) -> tuple[Problem, ...]:
    """Return every problem in a questionnaire and its overlays, or, when there are none, all advice on them.

    Advice is worded in `language`, Dutch or English. Translations that were not checked are read too.
    """
    instrument, source, report = compile_source(text, file, region, kinds, unchecked=True)
    if instrument is None or source is None:
        return tuple(report.sort())
    sources = [source]
    if overlays:
        try:
            instrument, added = compile_overlays(source, instrument, overlays, unchecked=True)
        except QuestionnaireError as error:
            return error.problems
        sources += [overlay.source for overlay in added]
    reading = _Reading(instrument, sources, {item.code: item for item in instrument.items()})
    problems = dict.fromkeys(_word(remark, language) for remark in _read(reading))
    files = [one.report.file for one in sources]
    return tuple(
        sorted(problems, key=lambda found: (files.index(found.file), found.line, found.column, found.code))
    )


def _word(remark: _Remark, language: str) -> Problem:
    level, what, remedy = ADVICE[remark.code]
    mark = remark.source.document.find_mark(remark.place)
    return Problem(
        remark.code,
        remark.source.report.file,
        mark.line,
        mark.column,
        (what.get(language) or what["en"]).format(**remark.values),
        (remedy.get(language) or remedy["en"]).format(**remark.values),
        level,
    )


def _read(reading: _Reading) -> Iterator[_Remark]:
    needed = {code for item in reading.items.values() for code in list_names(item.ask_if)[0]}
    yield from _read_texts(reading)
    yield from _read_translations(reading)
    yield from _read_lengths(reading)
    for page in reading.instrument.pages:
        yield from _read_page(reading, page)
        for item in page.items:
            if not item.beside:
                yield from _read_item(reading, item, needed)
                yield from _read_quotes(reading, item)


# Texts


def _read_texts(reading: _Reading) -> Iterator[_Remark]:
    explained: dict[str, set[str]] = {}
    top = reading.sources[0]
    for key, text in (("title", reading.instrument.title), ("purpose", reading.instrument.purpose)):
        yield from (
            _Remark(code, top, (key, language), values)
            for language, code, values in _read_text(text, explained)
        )
    for at, key, text in _list_texts(reading.instrument):
        for language, code, values in _read_text(text, explained):
            yield reading.remark(code, at, key, language, **values)


def _read_text(
    text: Text, explained: dict[str, set[str]]
) -> Iterator[tuple[str, str, Mapping[str, str | int]]]:
    for language, part in text.items():
        known = explained.setdefault(language, set())
        known |= find_explained(part)
        for short in sorted(find_abbreviations(part) - known):
            known.add(short)
            yield language, "abbreviation", {"value": short}
        for found in read_prose(part, language):
            yield language, found.code, found.values


def _list_texts(instrument: Instrument) -> Iterator[tuple[str, str, Text]]:
    for page in instrument.pages:
        if page.text:
            yield page.code, "text", page.text
        if page.hint:
            yield page.code, "hint", page.hint
        for item in page.items:
            if not item.beside:
                yield item.code, "text", item.text
                if item.hint:
                    yield item.code, "hint", item.hint


def _read_translations(reading: _Reading) -> Iterator[_Remark]:
    for missing in missing_texts(reading.instrument):
        part, _, code = missing.name.partition(".")
        at = code.partition(".")[0] if part in ("item", "group") else ""
        languages = ", ".join(missing.languages)
        yield reading.remark("not-translated", at, value=missing.name, languages=languages)


# Length


def _read_lengths(reading: _Reading) -> Iterator[_Remark]:
    for place, role in enumerate(reading.instrument.roles):
        seconds = sum(item.seconds for item in reading.items.values() if _may_be_asked(reading, item, role))
        minutes = ceil(seconds / 60)
        if minutes > MOST_MINUTES:
            values = {"role": role, "minutes": minutes, "most": MOST_MINUTES}
            yield _Remark("too-long", reading.sources[0], ("roles", place), values)


def _may_be_asked(reading: _Reading, item: Item, role: str) -> bool:
    if item.ask_if is None:
        return True
    return can_hold(item.ask_if, reading.items, (role,), reading.sources[0].kinds, Budget(2000))


# Pages and items


def _read_page(reading: _Reading, page: Page) -> Iterator[_Remark]:
    """A group shares its answers, so these are looked at once."""
    if page.text and len(page.items) > MOST_STATEMENTS:
        yield reading.remark("group-long", page.code, count=len(page.items), most=MOST_STATEMENTS)
    yield from _read_choices(reading, page.items[0], page.code)


def _read_item(reading: _Reading, item: Item, needed: set[str]) -> Iterator[_Remark]:
    if item.required and item.code not in needed:
        yield reading.remark("required-for-nothing", item.code, "required")
    if item.kind == "open":
        yield from _read_open(reading, item)
    if item.quasi_identifier:
        yield reading.remark("quasi-identifier", item.code)
    elif any(word in part.lower() for part in item.text.values() for word in _IDENTIFYING):
        yield reading.remark("maybe-quasi-identifier", item.code)


def _read_quotes(reading: _Reading, item: Item) -> Iterator[_Remark]:
    for text in (item.text, item.hint or {}):
        for quoted in find_bare_quotes(text):
            if _may_be_unanswered(reading, item, quoted):
                yield reading.remark("quote-without-fallback", item.code, value=quoted)


def _read_open(reading: _Reading, item: Item) -> Iterator[_Remark]:
    source, place = reading.find(item.code)
    if (*place, "max_length") not in source.document.keys:
        yield reading.remark("open-without-limit", item.code, most=item.max_length or 0)
    if not any(word in part.lower() for part in (item.hint or {}).values() for word in _NO_NAMES):
        yield reading.remark("open-without-hint", item.code)


def _read_choices(reading: _Reading, item: Item, at: str) -> Iterator[_Remark]:
    dont_know = [place for place, choice in enumerate(item.choices) if choice.dont_know]
    if item.kind == "choice" and not dont_know and not item.required:
        yield reading.remark("no-dont-know", at)
    if dont_know and dont_know[-1] != len(item.choices) - 1:
        yield reading.remark("dont-know-not-last", at)
    for language in reading.instrument.languages:
        yield from (reading.remark(code, at) for code in _compare_answers(item.choices, language))


def _compare_answers(choices: Sequence[Choice], language: str) -> Iterator[str]:
    texts = [say(choice.text, language).lower() for choice in choices]
    ranges = find_ranges(texts)
    steps = list(pairwise(ranges))
    if len(set(texts)) < len(texts) or any(one[1] >= other[0] for one, other in steps if other[0] >= one[0]):
        yield "overlapping-answers"
    if any(other[0] > one[1] + 1 for one, other in steps):
        yield "gap-in-answers"


def _may_be_unanswered(reading: _Reading, item: Item, quoted: str) -> bool:
    """Whether somebody may read this text without having answered what it quotes; "don't know" is no answer."""
    unanswered: Expression = ("!", ("has", quoted))
    dont_know = any(choice.dont_know for choice in reading.items[quoted].choices)
    if item.ask_if is None:
        return True
    if dont_know and quoted not in list_names(item.ask_if)[0]:
        return True
    condition: Expression = ("&&", item.ask_if, unanswered)
    kinds, roles = reading.sources[0].kinds, reading.instrument.roles
    return can_hold(condition, reading.items, roles, kinds, Budget(2000))
