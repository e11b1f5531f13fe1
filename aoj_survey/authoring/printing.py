"""A questionnaire as a document, for people who review it and read no YAML."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from math import ceil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from aoj_survey.errors import NotFoundError
from aoj_survey.questionnaire import (
    KINDS,
    WORD,
    Budget,
    Instrument,
    Item,
    ItemKind,
    Page,
    Text,
    Theme,
    can_hold,
    fill_text,
    find_direction,
    role_label,
    say,
    show_block,
    show_inline,
    universe,
)

from .labels import KIND_NAMES, LABELS

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TRIES = 2000
"""So many combinations of answers are tried to see whether a role may be asked something."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A text as it is printed, with the language it is really in."""

    html: Markup
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class _Answer:
    value: int
    code: str
    text: _Words
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    """An item as it is printed; an explanation has no number."""

    number: int | None
    item: Item
    text: _Words
    hint: _Words | None
    answers: tuple[_Answer, ...]
    facts: tuple[tuple[str, str], ...]
    added: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """Questions under a heading of their own, with the answers they share; without `text` it is one question."""

    code: str
    text: _Words | None
    hint: _Words | None
    answers: tuple[_Answer, ...]
    questions: tuple[_Question, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    code: str
    title: _Words
    added: bool
    locked: bool
    groups: tuple[_Group, ...]


@dataclass(frozen=True, slots=True)
class _RoleLine:
    """A role with the most it may be asked."""

    code: str
    label: str
    questions: int
    minutes: int


def print_questionnaire(
    instrument: Instrument,
    language: str,
    role: str | None = None,
    *,
    kinds: Mapping[str, ItemKind] = KINDS,
    unchecked: Collection[str] = (),
) -> str:
    """Return one HTML document, without anything to fetch, with all that is asked, of whom, and how.

    Texts are in `language`, our own words in Dutch or (beside any other language) English. With a role it holds
    only what that role may be asked. Minutes are the most a role may need. Languages in `unchecked` carry a
    warning.

    Raises:
        NotFoundError: the questionnaire is not in that language, or not for that role.
    """
    _refuse_unknown(instrument, language, role)
    writer = _Writer(instrument, language, kinds, LABELS["nl" if language == "nl" else "en"])
    roles = [role] if role else instrument.roles
    return _TEMPLATES.get_template("questionnaire.html").render(
        instrument=instrument,
        labels=writer.labels,
        title=writer.line(instrument.title),
        purpose=writer.block(instrument.purpose),
        mail=writer.line(instrument.mail) if instrument.mail else None,
        words=[(word.code, writer.line(word.text)) for word in instrument.words],
        roles=[writer.role_line(code) for code in roles],
        only=writer.name_role(role) if role else "",
        unchecked=language in unchecked,
        language=language,
        sections=list(writer.sections(role)),
    )


def _refuse_unknown(instrument: Instrument, language: str, role: str | None) -> None:
    name = f"{instrument.questionnaire} {instrument.edition}"
    if language not in instrument.languages:
        known = ", ".join(instrument.languages)
        raise NotFoundError(f"{name} has no texts in the language {language!r}. Choose from: {known}.")
    if role and role not in instrument.roles:
        known = ", ".join(instrument.roles)
        raise NotFoundError(f"{name} is not asked of the role {role!r}. Choose from: {known}.")


class _Writer:
    """Writes the parts of one questionnaire in one language."""

    def __init__(
        self, instrument: Instrument, language: str, kinds: Mapping[str, ItemKind], labels: Mapping[str, str]
    ) -> None:
        self.instrument = instrument
        self.language = language
        self.kinds = kinds
        self.labels = labels
        self.items = {item.code: item for item in instrument.items()}
        self.words = {word.code: word.text for word in instrument.words}
        self.prefix = f"{instrument.region.replace('-', '_')}_" if instrument.region else ""
        self.numbers = count(1)

    # Texts

    def line(self, text: Text) -> _Words:
        """A text of one paragraph."""
        filled = self.fill(text)
        return self.mark(text, show_inline(say(filled, self.language)))

    def block(self, text: Text) -> _Words:
        """A text that may have paragraphs and lists."""
        filled = self.fill(text)
        return self.mark(text, show_block(say(filled, self.language)))

    def mark(self, text: Text, html: Markup) -> _Words:
        language = self.language if self.language in text else next(iter(text))
        return _Words(html, language, find_direction(language))

    def fill(self, text: Text) -> Text:
        """The region's words in place of references to them; of an answer, which question it was given to."""

        def find(name: str) -> Text | None:
            if name.startswith(WORD):
                return self.words.get(name.removeprefix(WORD))
            return {"": f"[{self.labels['answer_to']} {name}]"}

        return fill_text(text, find)

    # Parts

    def sections(self, role: str | None) -> Iterator[_Section]:
        for theme in self.instrument.themes:
            groups = tuple(group for page in theme.pages if (group := self.group(page, role)).questions)
            if groups:
                yield _Section(theme.code, self.line(theme.title), self.is_added(theme), theme.locked, groups)

    def group(self, page: Page, role: str | None) -> _Group:
        asked = [
            item for item in page.items if not item.beside and (role is None or self.may_ask(item, role))
        ]
        return _Group(
            page.code,
            self.line(page.text) if page.text else None,
            self.block(page.hint) if page.hint else None,
            tuple(self.answers(page.items[0])) if page.text else (),
            tuple(self.question(item) for item in asked),
        )

    def question(self, item: Item) -> _Question:
        return _Question(
            number=next(self.numbers) if self.is_asked(item) else None,
            item=item,
            text=self.line(item.text),
            hint=self.block(item.hint) if item.hint else None,
            answers=tuple(self.answers(item)),
            facts=tuple(self.facts(item)),
            added=self.is_added(item),
        )

    def answers(self, item: Item) -> Iterator[_Answer]:
        for choice in item.choices:
            notes = {
                "dont_know": choice.dont_know,
                "exclusive": choice.exclusive,
                "other": bool(choice.other),
            }
            told = tuple(
                self.labels[note].format(most=choice.other) for note, there in notes.items() if there
            )
            yield _Answer(choice.value, choice.code, self.line(choice.text), told)

    def facts(self, item: Item) -> Iterator[tuple[str, str]]:
        """What a reviewer wants to know of an item beside its texts."""
        labels = self.labels
        yield labels["kind"], " ".join(self.describe_kind(item))
        yield labels["asked_of"], universe(self.instrument, item, self.language)
        marks = ("required", "fact", "sensitive", "quasi_identifier")
        if told := [labels[mark] for mark in marks if getattr(item, mark)]:
            yield labels["mind"], "; ".join(told)
        if item.source:
            yield labels["source"], item.source
        if item.concept:
            yield labels["concept"], item.concept

    def describe_kind(self, item: Item) -> Iterator[str]:
        name = KIND_NAMES.get(item.kind)
        yield name[self.labels["language"]] if name else item.kind
        lowest = item.earliest if item.minimum is None else item.minimum
        highest = item.latest if item.maximum is None else item.maximum
        if lowest is not None and highest is not None:
            yield self.labels["between"].format(lowest=lowest, highest=highest)
        if item.unit:
            yield say(item.unit, self.language)
        if item.max_length:
            yield self.labels["at_most"].format(most=item.max_length)
        if item.first:
            yield self.labels["first"].format(most=item.first)

    # Roles

    def role_line(self, role: str) -> _RoleLine:
        asked = [item for item in self.items.values() if self.may_ask(item, role)]
        questions = sum(self.is_asked(item) and not item.beside for item in asked)
        minutes = max(1, ceil(sum(item.seconds for item in asked) / 60))
        return _RoleLine(role, self.name_role(role), questions, minutes)

    def name_role(self, role: str) -> str:
        return say(role_label(self.instrument, role), self.labels["language"])

    def may_ask(self, item: Item, role: str) -> bool:
        if item.beside:
            item = self.items[item.beside[0]]
        if item.ask_if is None:
            return True
        return can_hold(item.ask_if, self.items, (role,), self.kinds, Budget(_TRIES))

    def is_asked(self, item: Item) -> bool:
        return self.kinds[item.kind].type != "none"

    def is_added(self, part: Theme | Item) -> bool:
        """Whether the region added it: only its codes may start with its name."""
        return bool(self.prefix) and part.code.startswith(self.prefix)
