"""What overlays add: pages and themes of a region, put between the shared ones and compiled in that order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .document import Place
from .instrument import Instrument, Page, Theme
from .items import Compilation
from .pages import as_list, compile_page, find_codes, pass_page
from .parts import AdditionShape, OverlayShape, ThemeShape
from .shape import read_shape

_PLACES = ("before_theme", "after_theme", "before_item", "after_item")


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay that is being compiled."""

    source: Compilation
    shape: OverlayShape


@dataclass(frozen=True, slots=True)
class _Piece:
    """A page in the merged order: a shared one, or the entry of an overlay at a place in its file."""

    page: Page | None = None
    overlay: Overlay | None = None
    entry: Any = None
    place: Place = ()

    def codes(self) -> list[str]:
        """The codes of its items, the texts beside choices left out."""
        if self.page:
            return [item.code for item in self.page.items if not item.beside]
        return list(find_codes(self.entry))


@dataclass(frozen=True, slots=True)
class Section:
    """A theme in the merged order; `overlay` and `place` are set when it is a region's own."""

    theme: Theme
    pieces: Sequence[_Piece]
    overlay: Overlay | None = None
    place: Place = ()


@dataclass(slots=True)
class _Additions:
    """What overlays add, by the kind and code of its place."""

    themes: dict[tuple[str, str], list[Section]] = field(default_factory=dict[tuple[str, str], list[Section]])
    items: dict[tuple[str, str], list[_Piece]] = field(default_factory=dict[tuple[str, str], list[_Piece]])


def merge_additions(
    kept: Sequence[Theme], overlays: Sequence[Overlay], instrument: Instrument
) -> tuple[Section, ...]:
    """Return themes and pages in the order in which they will be asked.

    `kept` are the shared themes that stay. Additions that cannot be placed go to the report, and so do codes
    that are not the region's own.
    """
    pages = [page for theme in kept for page in theme.pages]
    places = {
        "theme": {theme.code for theme in kept},
        "item": {page.code for page in pages} | {item.code for page in pages for item in page.items},
    }
    taken = {page.code for page in instrument.pages} | {item.code for item in instrument.items()}
    themes = {theme.code for theme in instrument.themes}
    additions = _Additions()
    for overlay in overlays:
        for index, raw in enumerate(overlay.shape.add):
            _add(overlay, raw, ("add", index), places, additions)
        _check_codes(overlay, taken, themes)
    return tuple(_merge(kept, additions))


def _add(
    overlay: Overlay, raw: Any, place: Place, places: Mapping[str, set[str]], additions: _Additions
) -> None:
    shape = read_shape(AdditionShape, overlay.source, raw, place)
    if shape is None:
        return
    given = [(key, code) for key in _PLACES if (code := getattr(shape, key)) is not None]
    part = given[0][0].rpartition("_")[2] if given else ""
    entries = {"theme": shape.themes, "item": shape.items}.get(part)
    if len(given) != 1 or entries is None or (shape.themes and shape.items):
        overlay.source.add("overlay-addition", place)
        return
    ((key, code),) = given
    if code not in places[part]:
        overlay.source.add("overlay-place", (*place, key), value=code, part=part)
    elif part == "item":
        pieces = [_Piece(None, overlay, entry, (*place, "items", n)) for n, entry in enumerate(entries)]
        additions.items.setdefault((key, code), []).extend(pieces)
    else:
        read = (_read_theme(overlay, entry, (*place, "themes", n)) for n, entry in enumerate(entries))
        additions.themes.setdefault((key, code), []).extend(section for section in read if section)


def _read_theme(overlay: Overlay, raw: Any, place: Place) -> Section | None:
    shape = read_shape(ThemeShape, overlay.source, raw, place)
    if shape is None:
        return None
    pieces = [_Piece(None, overlay, entry, (*place, "items", n)) for n, entry in enumerate(shape.items)]
    return Section(Theme(shape.code, shape.title, ()), pieces, overlay, place)


def _check_codes(overlay: Overlay, taken: set[str], themes: set[str]) -> None:
    """Own codes start with the region's and are nobody else's."""
    prefix = overlay.shape.region.replace("-", "_") + "_"
    for index, addition in enumerate(overlay.shape.add):
        if not isinstance(addition, dict):
            continue
        where: Place = ("add", index)
        for n, theme in enumerate(as_list(addition.get("themes"))):
            if isinstance(theme, dict):
                _check_code(overlay.source, theme.get("code"), (*where, "themes", n, "code"), prefix, themes)
                _check_entries(overlay, theme.get("items"), (*where, "themes", n, "items"), prefix, taken)
        _check_entries(overlay, addition.get("items"), (*where, "items"), prefix, taken)


def _check_entries(overlay: Overlay, raw: object, place: Place, prefix: str, taken: set[str]) -> None:
    for index, entry in enumerate(as_list(raw)):
        if isinstance(entry, dict):
            for key in ("code", "group"):
                _check_code(overlay.source, entry.get(key), (*place, index, key), prefix, taken)
            if "group" in entry:
                _check_entries(overlay, entry.get("items"), (*place, index, "items"), prefix, taken)


def _check_code(source: Compilation, code: object, place: Place, prefix: str, taken: set[str]) -> None:
    if not isinstance(code, str):
        return
    if code in taken:
        source.add("overlay-shared", place, value=code)
    elif not code.startswith(prefix):
        source.add("overlay-prefix", place, value=code, prefix=prefix)


def _merge(kept: Sequence[Theme], additions: _Additions) -> Iterator[Section]:
    for theme in kept:
        yield from additions.themes.get(("before_theme", theme.code), ())
        pieces: list[_Piece] = []
        for page in theme.pages:
            codes = dict.fromkeys((page.code, *(item.code for item in page.items)))
            for code in codes:
                pieces += additions.items.get(("before_item", code), ())
            pieces.append(_Piece(page))
            for code in codes:
                pieces += additions.items.get(("after_item", code), ())
        yield Section(theme, pieces)
        yield from additions.themes.get(("after_theme", theme.code), ())


def compile_sections(
    base: Compilation, sections: Sequence[Section], overlays: Sequence[Overlay]
) -> Iterator[Theme]:
    """Yield the themes with own entries compiled in the merged order, so that each sees the items before it."""
    state = replace(base, items={}, passed=set(), columns=set(base.columns))
    state.later = [code for section in sections for piece in section.pieces for code in piece.codes()]
    for overlay in overlays:
        source = overlay.source
        source.items, source.passed, source.later = state.items, state.passed, state.later
        source.columns = state.columns
    codes: set[str] = set()
    for section in sections:
        if section.overlay and section.theme.code in codes:
            place = (*section.place, "code")
            section.overlay.source.add("duplicate-code", place, value=section.theme.code)
        codes.add(section.theme.code)
        pages = tuple(page for page in (_compile_piece(state, piece) for piece in section.pieces) if page)
        yield replace(section.theme, pages=pages)


def _compile_piece(state: Compilation, piece: _Piece) -> Page | None:
    if piece.overlay:
        return compile_page(piece.overlay.source, piece.entry, piece.place)
    pass_page(state, piece.page, piece.codes())
    return piece.page
