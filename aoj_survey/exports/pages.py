"""Pages of a bundle to read in any browser: codebook, privacy and response, each whole by itself, without script."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .variables import LANGUAGES, Sheet, Text, say

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_PAGES.filters["say"] = say


def write_codebook_page(sheet: Sheet, codebook: Mapping[str, Any]) -> bytes:
    """Return the codebook as a page in Dutch and English."""
    return _render("codebook.html", sheet, codebook=codebook)


def write_privacy_page(sheet: Sheet, report: Mapping[str, Any]) -> bytes:
    """Return the privacy report as a page."""
    return _render("privacy.html", sheet, report=report)


def write_response_page(sheet: Sheet, report: Mapping[str, Any]) -> bytes:
    """Return the response table as a page."""
    return _render("response.html", sheet, report=report)


def write_printed_page(sheet: Sheet, report: Mapping[str, Any]) -> bytes:
    """Return the printed totals of an imported wave beside those found again, as a page."""
    return _render("printed.html", sheet, report=report)


def write_figures_page(name: str, report: Mapping[str, Any], groups: Mapping[str, Text]) -> bytes:
    """Return the privacy report of tables of figures as a page; `groups` are the words of their groups."""
    return _render("figures.html", {"name": name}, report=report, groups=groups)


def _render(template: str, sheet: Sheet | Mapping[str, str], **values: object) -> bytes:
    return _PAGES.get_template(template).render(sheet=sheet, languages=LANGUAGES, **values).encode()
