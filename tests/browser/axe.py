"""Accessibility rules, checked by axe-core on a page as it stands in the window."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


def find_violations(page: Page) -> list[str]:
    """Return what breaks a rule of WCAG 2.2 AA or of good practice: rule and element. Needs script in the window."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE)
    outcome: dict[str, Any] = page.evaluate(RUN, list(TAGS))
    return [
        f"axe {violation['id']}: {node['target'][0]} ({violation['help']})"
        for violation in outcome["violations"]
        for node in violation["nodes"]
    ]
