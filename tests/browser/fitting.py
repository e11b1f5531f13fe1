"""Whether a page fits: on the narrowest phone, enlarged, and with the text spacing a reader may set."""

from playwright.sync_api import Page

NARROWEST, ZOOMED = 320, 640
"""CSS pixels: WCAG 1.4.10 asks for 320; a window of 1280 at 200 % has 640."""

SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""What WCAG 1.4.12 names."""

WIDEST = """() => {
  const wide = [...document.querySelectorAll("body *")]
    .filter((found) => found.getBoundingClientRect().right > innerWidth + 1);
  const name = wide.length ? wide.at(-1).tagName.toLowerCase() + "." + wide.at(-1).className : "";
  const width = document.documentElement.scrollWidth;
  return width > innerWidth ? `${width} px wide in ${innerWidth}: ${name}` : "";
}"""

LOW = """() => [...document.querySelectorAll("button, select, textarea, input:not([type=hidden])")]
  .map((control) => [control, control.closest("label") ?? control])
  .filter(([control, target]) => control.checkVisibility() && target.getBoundingClientRect().height < 44)
  .map(([control, target]) =>
    `${control.tagName.toLowerCase()} ${control.name}: ${target.getBoundingClientRect().height} px high`)"""
"""Controls, or the labels around them, lower than 44 px."""


def set_width(page: Page, width: int) -> None:
    """Make the window so many CSS pixels wide."""
    page.set_viewport_size({"width": width, "height": 844})


def find_overflow(page: Page, width: int, *, spaced: bool = False) -> list[str]:
    """Return what sticks out sideways in a window of this width; text spacing stays once set."""
    set_width(page, width)
    if spaced:
        page.evaluate(SPACING)
    found: str = page.evaluate(WIDEST)
    return [f"overflow{' with text spacing' if spaced else ''}: {found}"] if found else []


def find_low_controls(page: Page) -> list[str]:
    """Return the controls that are too low to touch easily (design: 44 px)."""
    found: list[str] = page.evaluate(LOW)
    return [f"low: {control}" for control in found]
