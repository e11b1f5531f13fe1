"""The shape of a questionnaire file: which keys stand where, with which type, and nothing else."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, RootModel

from .shape import Code, Edition, ItemCode, Language, Name, OptionalText, Shape, ShownText


class ChoiceShape(Shape):
    """An answer of a scale or of one item."""

    code: Code
    value: Annotated[int, Field(ge=0, le=99)]
    text: ShownText
    dont_know: bool = False
    exclusive: bool = False
    other: bool = False
    max_length: Annotated[int, Field(ge=1, le=500)] | None = None


Choices = Annotated[list[ChoiceShape], Field(min_length=2, max_length=50)]


class ScaleShape(RootModel[Choices]):
    """A named list of answers."""

    model_config = ConfigDict(strict=True, frozen=True)


class StatementShape(Shape):
    """What every item has; in a group of statements this is all."""

    code: ItemCode
    text: ShownText
    hint: OptionalText = None
    required: bool = False
    ask_if: str | None = None
    concept: Code | None = None
    fact: bool = False
    sensitive: bool | None = None
    quasi_identifier: bool = False
    source: str | None = None
    seconds: Annotated[int, Field(ge=1, le=600)] | None = None


class ItemShape(StatementShape):
    """An item with all keys any kind takes; which belong to which kind stands in `kinds.KINDS`."""

    kind: str
    scale: str | None = None
    choices: Choices | None = None
    min: Annotated[int, Field(ge=0, le=999_999_999)] | None = None
    max: Annotated[int, Field(ge=0, le=999_999_999)] | None = None
    unit: OptionalText = None
    # Twice this many characters is what SPSS keeps of a text in UTF-8 at worst.
    max_length: Annotated[int, Field(ge=1, le=2000)] | None = None
    dont_know: OptionalText = None
    first: Annotated[int, Field(ge=1, le=50)] | None = None
    earliest: str | None = None
    latest: str | None = None


class GroupShape(Shape):
    """Statements shown on one page, with one scale."""

    group: ItemCode
    text: ShownText
    hint: OptionalText = None
    scale: str
    items: Annotated[list[Any], Field(min_length=1)]


class ThemeShape(Shape):
    """A section; its items and groups are read one by one."""

    code: Code
    title: ShownText
    locked: bool = False
    items: Annotated[list[Any], Field(min_length=1)]


class LanguageShape(Shape):
    """A language whose translation was or was not checked by somebody who speaks it."""

    code: Language
    unchecked: bool = False


class HeadShape(Shape):
    """The file's top level; scales and themes are read one by one."""

    format: Literal[1]
    questionnaire: Name
    edition: Edition
    languages: Annotated[list[Language], Field(min_length=1)]
    title: ShownText
    purpose: ShownText
    roles: Annotated[list[str], Field(min_length=1)]
    words: dict[Code, ShownText] = Field(default_factory=dict)
    scales: dict[str, Any] = Field(default_factory=dict)
    themes: Annotated[list[Any], Field(min_length=1)]


class AdditionShape(Shape):
    """Themes or items of a region, with the shared theme or item they stand before or after."""

    before_theme: str | None = None
    after_theme: str | None = None
    before_item: str | None = None
    after_item: str | None = None
    themes: Annotated[list[Any], Field(min_length=1)] | None = None
    items: Annotated[list[Any], Field(min_length=1)] | None = None


class TranslationShape(RootModel[dict[str, Annotated[str, Field(pattern=r"\S")]]]):
    """A shared text in the languages an overlay adds."""

    model_config = ConfigDict(strict=True, frozen=True)


class OverlayShape(Shape):
    """The top level of a region's overlay; scales and additions are read one by one."""

    format: Literal[1]
    overlay: Name
    edition: Edition
    region: str
    languages: list[Language] = Field(default_factory=list)
    leave_out: list[str] = Field(default_factory=list)
    words: dict[Code, ShownText] = Field(default_factory=dict)
    roles: dict[str, ShownText] = Field(default_factory=dict)
    mail: OptionalText = None
    scales: dict[str, Any] = Field(default_factory=dict)
    add: list[Any] = Field(default_factory=list)
    translations: dict[str, Any] = Field(default_factory=dict)
