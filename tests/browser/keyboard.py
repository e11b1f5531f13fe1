"""Somebody with a keyboard only: Tab, arrows, Space and Enter, and an eye for where the focus is."""

from dataclasses import dataclass

from playwright.sync_api import Page

from .person import SENTENCE

MAX_TABS = 60

FOCUSED = """() => {
  const found = document.activeElement;
  const drawn = [found, found.closest("label"), found.closest(".cell, .option")]
    .filter(Boolean).map((element) => getComputedStyle(element));
  const ringed = drawn.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const box = (found.closest("label") ?? found).getBoundingClientRect();
  const group = found.name ? [...document.getElementsByName(found.name)] : [];
  return {
    tag: found.tagName.toLowerCase(), kind: found.type ?? "", name: found.name ?? "",
    text: (found.textContent || found.value || "").trim().slice(0, 40),
    numeric: found.inputMode === "numeric",
    answered: group.some((control) => control.checked),
    place: group.indexOf(found),
    seen: ringed && box.width > 0 && box.top >= 0 && box.bottom <= innerHeight + 1,
  };
}"""
"""The focused element, and whether a ring of 2 px or more shows it within the window."""


@dataclass(frozen=True)
class Focus:
    """What has the focus; `place` is its number among the controls of its name."""

    tag: str
    kind: str
    name: str
    text: str
    numeric: bool
    answered: bool
    place: int
    seen: bool


def press_tab(page: Page) -> Focus:
    """Move on to the next control and return it."""
    page.keyboard.press("Tab")
    return Focus(**page.evaluate(FOCUSED))


def answer(page: Page, focus: Focus, dates: dict[str, tuple[str, ...]]) -> None:
    """Answer the control that has the focus, by keys; `dates` says what is typed in fields of several parts."""
    if (focus.kind == "radio" and not focus.answered) or (focus.kind == "checkbox" and not focus.answered):
        page.keyboard.press("Space")
    elif focus.tag == "select":
        for _ in range(focus.place + 1):
            page.keyboard.press("ArrowDown")
    elif focus.tag in {"textarea", "input"} and focus.kind not in {"radio", "checkbox"}:
        parts = dates.get(focus.name, ())
        page.keyboard.type(parts[focus.place] if parts else "7" if focus.numeric else SENTENCE[:20])


def fill_by_keys(page: Page, button: str, dates: dict[str, tuple[str, ...]]) -> list[str]:
    """Go through a page from its top, answer it and press a button; return what had the focus unseen."""
    unseen: list[str] = []
    for _ in range(MAX_TABS):
        focus = press_tab(page)
        if not focus.seen:
            unseen.append(f"{page.url}: {focus.tag} {focus.name} {focus.text}")
        if focus.tag == "button" and focus.text == button:
            page.keyboard.press("Enter")
            return unseen
        answer(page, focus, dates)
    raise AssertionError(f"{page.url}: Tab never reached the button {button}")
