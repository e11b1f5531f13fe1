"""A browser window as somebody has it: width, script or none. It keeps what should never happen in one."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
HEIGHT = 844
PHONE, LAPTOP = 390, 1280
TIMEOUT = 10_000
"""Milliseconds until something awaited counts as absent."""


@dataclass
class Watch:
    """What went wrong in a window: errors of script and policy, and requests to other hosts.

    A page whose status is an error is reported by the console as well; that is no fault of the page.
    """

    complaints: list[str] = field(default_factory=list[str])
    refused: set[str] = field(default_factory=set[str])

    def note_console(self, message: ConsoleMessage) -> None:
        """Keep what the browser calls an error; refusals by the content policy are among them."""
        if message.type == "error" and message.location["url"] not in self.refused:
            self.complaints.append(f"console: {message.text}")

    def note_request(self, request: Request) -> None:
        """Keep a request that leaves this machine."""
        address = urlsplit(request.url)
        if address.scheme != "data" and address.hostname != "127.0.0.1":
            self.complaints.append(f"request to another host: {request.url}")

    def note_response(self, response: Response) -> None:
        """Remember pages answered with an error status."""
        if response.status >= 400 and response.request.is_navigation_request():
            self.refused.add(response.url)

    def follow(self, page: Page) -> None:
        """Keep what happens in this window."""
        page.on("console", self.note_console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self.note_request)
        page.on("response", self.note_response)


@contextmanager
def open_window(
    browser: Browser,
    width: int,
    *,
    script: bool = True,
    colours: Literal["active", "none"] = "none",
) -> Generator[tuple[Page, Watch]]:
    """A fresh browser window of a Dutch reader, closed again after; yields it with its watch."""
    with browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        java_script_enabled=script,
        forced_colors=colours,
        locale="nl-NL",
        service_workers="block",
    ) as context:
        context.set_default_timeout(TIMEOUT)
        page = context.new_page()
        watch = Watch()
        watch.follow(page)
        yield page, watch


def take_screenshot(page: Page, name: str, width: int) -> None:
    """Keep how the whole page looks, for people; `build/screenshots` is no part of the source."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
