"""A questionnaire of ours as an XLSForm."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aoj_survey.questionnaire import KINDS, WORD, Choice, Instrument, Item, Page, Text, find_quotes

from .xlsform_choices import NUMBER
from .xlsform_constraints import write_constraint
from .xlsform_relevant import RelevantError
from .xlsform_sheets import Remark, write_sheets
from .xlsform_texts import name_column, write_texts
from .xlsform_xpath import write_relevant

_TYPES: Mapping[str, str] = {
    "choice": "select_one",
    "multiple": "select_multiple",
    "ranking": "rank",
    "mark": "select_one",
    "number": "integer",
    "date": "date",
    "month": "date",
    "open": "text",
    "explanation": "note",
}
_APPEARANCES: Mapping[str, str] = {"month": "month-year", "open": "multiline"}
_MARKS = tuple(Choice(str(number), number, {"": str(number)}) for number in range(1, 11))
_DATASET = ("concept", "fact", "quasi_identifier", "source")


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """An XLSX file with an XLSForm, and what of the questionnaire it does not hold."""

    content: bytes
    remarks: tuple[Remark, ...]


@dataclass(slots=True)
class _Writing:
    """A form that is being written. `lists` are the answers by the name of their list."""

    instrument: Instrument
    languages: tuple[str, ...]
    items: Mapping[str, Item]
    rows: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    lists: dict[str, tuple[Choice, ...]] = field(default_factory=dict[str, tuple[Choice, ...]])
    remarks: list[Remark] = field(default_factory=list[Remark])

    def remark(self, column: str, what: str, sheet: str = "survey") -> None:
        """Tell what the row that was written last does not hold."""
        self.remarks.append(Remark(sheet, len(self.rows) + 1 if sheet == "survey" else 2, column, what))

    def label(self, column: str, text: Text | None) -> dict[str, str]:
        """The cells of a text."""
        shown = write_texts(self.instrument, text, self.languages) if text else {}
        return {name_column(column, code): part for code, part in shown.items()}


def write_form(instrument: Instrument, languages: Sequence[str] = ()) -> WrittenForm:
    """Return a questionnaire as an XLSForm in these languages, in all of its own when none are given.

    The column `number` of the sheet choices, which ODK leaves alone, holds the numbers of the dataset.
    """
    chosen = tuple(code for code in instrument.languages if not languages or code in languages)
    writing = _Writing(instrument, chosen, {item.code: item for item in instrument.items()})
    _write_survey(writing)
    settings = {
        "form_title": next(iter(write_texts(instrument, instrument.title, chosen).values()), ""),
        "form_id": instrument.questionnaire,
        "version": instrument.edition,
        "default_language": name_column("", chosen[0]).removeprefix("::") if chosen else "",
    }
    _remark_whole(writing)
    sheets = {"survey": writing.rows, "choices": list(_write_lists(writing)), "settings": [settings]}
    return WrittenForm(write_sheets(sheets), tuple(writing.remarks))


def _remark_whole(writing: _Writing) -> None:
    instrument = writing.instrument
    writing.remark("", "The purpose, the roles and the codes of words are not in it.", "settings")
    if len(writing.languages) > 1:
        writing.remark("form_title", "The title is there in one language.", "settings")
    locked = [theme.code for theme in instrument.themes if theme.locked]
    if locked:
        writing.remark(
            "", f"That every region asks these themes is not in it: {', '.join(locked)}.", "settings"
        )


def _write_survey(writing: _Writing) -> None:
    for theme in writing.instrument.themes:
        # A theme may have the code of an item, and names in a form are used once.
        writing.rows.append(
            {"type": "begin_group", "name": f"thema_{theme.code}", **writing.label("label", theme.title)}
        )
        for page in theme.pages:
            _write_page(writing, page)
        writing.rows.append({"type": "end_group", "name": f"thema_{theme.code}"})


def _write_page(writing: _Writing, page: Page) -> None:
    if page.text:
        head = {"type": "begin_group", "name": page.code, "appearance": "table-list"}
        writing.rows.append(head | writing.label("label", page.text) | writing.label("hint", page.hint))
    for item in page.items:
        _write_item(writing, item)
    if page.text:
        writing.rows.append({"type": "end_group", "name": page.code})


def _write_item(writing: _Writing, item: Item) -> None:
    kind = _TYPES.get(item.kind)
    if kind is None:
        writing.remark("type", f"`{item.code}` is left out: XLSForm has no kind `{item.kind}`.")
        return
    row = {"type": kind, "name": item.code}
    if item.choices:
        row["type"] = f"{kind} {_use_list(writing, item)}"
    row |= writing.label("label", item.text) | writing.label("hint", item.hint)
    row |= {"required": "yes"} if item.required else {}
    if item.beside:
        row["relevant"] = f"selected(${{{item.beside[0]}}}, '{item.beside[1]}')"
    elif item.ask_if:
        try:
            row["relevant"] = write_relevant(item.ask_if, writing.items)
        except RelevantError as error:
            writing.rows.append({})
            writing.remark("relevant", f"`{item.code}` is asked of everybody here: {error}.")
            writing.rows.pop()
    row |= {"constraint": constraint} if (constraint := write_constraint(item)) else {}
    row |= {"appearance": _APPEARANCES[item.kind]} if item.kind in _APPEARANCES else {}
    writing.rows.append(row)
    if lost := list(_list_lost(item)):
        writing.remark("", f"`{item.code}`: not in it: {', '.join(lost)}.")


def _list_lost(item: Item) -> Iterator[str]:
    """What a row of XLSForm has no place for."""
    kind = KINDS[item.kind]
    yield from (key for key in _DATASET if getattr(item, key) not in (None, False, item.code))
    if item.unit:
        yield "unit"
    if item.first:
        yield f"that {item.first} are ranked"
    if item.sensitive != kind.sensitive:
        yield "sensitive"
    if any(choice.exclusive for choice in item.choices) and item.kind != "multiple":
        yield "exclusive"
    quoted = find_quotes(item.text, item.hint)
    if any(name.startswith(WORD) for name in quoted):
        yield "that a region may call a word otherwise"
    if any(not name.startswith(WORD) for name in quoted):
        yield "what a quote says without an answer; ODK shows the answer's name"


def _use_list(writing: _Writing, item: Item) -> str:
    """The name of the list with an item's answers, which those with the same answers share."""
    choices = (*_MARKS, *item.choices) if item.kind == "mark" else item.choices
    name = item.scale or ("cijfers" if item.kind == "mark" else item.code)
    number = 1
    while writing.lists.get(name, choices) != choices or (name == item.scale) != (name in _scales(writing)):
        number += 1
        name = f"{item.scale or item.code}_{number}"
    writing.lists[name] = choices
    return name


def _scales(writing: _Writing) -> set[str | None]:
    return {item.scale for item in writing.items.values() if item.scale}


def _write_lists(writing: _Writing) -> Iterator[dict[str, str]]:
    for name, choices in writing.lists.items():
        for choice in choices:
            text = choice.text if "" not in choice.text else dict.fromkeys(writing.languages, choice.text[""])
            row = {"list_name": name, "name": choice.code, **writing.label("label", text)}
            yield {**row, NUMBER: str(choice.value)}
