"""What goes over the line, as the browser's network layer counts it: headers and content, as sent."""

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page

SLOW_LINE = 400_000 / 8
"""Bytes per second of a line of 400 kbit/s."""

EARLIER = "(asked for before)"
"""Stands for the path of what was under way when the counting began."""


class Wire:
    """Counts what a window receives."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.paths: dict[str, str] = {}
        self.bytes: Counter[str] = Counter()
        self.session.on("Network.requestWillBeSent", self._note_request)
        self.session.on("Network.loadingFinished", self._note_end)
        self.session.send("Network.enable")

    def _note_request(self, event: dict[str, Any]) -> None:
        self.paths[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def _note_end(self, event: dict[str, Any]) -> None:
        # What the window asked for before it was watched still ends here, and weighs too.
        path = self.paths.get(event["requestId"], EARLIER)
        self.bytes[path] += int(event["encodedDataLength"])

    @property
    def total(self) -> int:
        """Bytes received since the window opened, redirects left out."""
        return self.bytes.total()

    def slow_down(self, bytes_per_second: float, latency: float) -> None:
        """Let the line carry so much, with so many milliseconds of delay per request."""
        speed = {"downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second}
        self.session.send("Network.emulateNetworkConditions", {"offline": False, "latency": latency, **speed})
