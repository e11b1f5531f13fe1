"""Which Chromium the tests use. `python -m tests.browser.chromium` (as `make browser`) fetches one where none is.

Order: the path in CHROMIUM, a chromium or google-chrome on PATH, Chrome of macOS, the one Playwright keeps.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "google-chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FETCH = ((sys.executable, "-m", "playwright", "install", "chromium"),)
FETCH_DEBIAN = (("apt-get", "update", "-q"), ("apt-get", "install", "-q", "-y", "chromium"))
NONE_FOUND = "There is no Chromium. Run `make browser`, or give the path of one in the variable CHROMIUM."


def find_chromium(given: Mapping[str, str], own: Path) -> Path | None:
    """Return the program to start; `own` is where Playwright would keep one.

    Raises:
        FileNotFoundError: CHROMIUM names no file; another is not taken silently.
    """
    named = given.get("CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(f"CHROMIUM names {named}, and there is no such file.")
        return Path(named)
    on_path = (shutil.which(name, path=given.get("PATH", "")) for name in NAMES)
    return next((Path(found) for found in on_path if found), None) or next(
        (path for path in (MAC, own) if path.is_file()), None
    )


def read_own_path() -> Path:
    """Return where Playwright keeps its Chromium, whether it is there or not."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def list_arguments(user: int) -> list[str]:
    """Return what Chromium is started with: no host but this machine exists; no sandbox only for root (user 0)."""
    closed = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    return [*closed, "--no-sandbox"] if user == 0 else closed


def choose_fetch(user: int, *, has_apt: bool) -> Sequence[Sequence[str]]:
    """Return the commands that fetch a Chromium: Debian's own for root there, else Playwright's."""
    return FETCH_DEBIAN if user == 0 and has_apt else FETCH


def main() -> int:
    """Say which Chromium there is; fetch one where none is. The tests themselves say so when that failed."""
    found = find_chromium(os.environ, read_own_path())
    if found is None:
        for command in choose_fetch(os.getuid(), has_apt=bool(shutil.which("apt-get"))):
            subprocess.run(command, check=False)
        found = find_chromium(os.environ, read_own_path())
    print(f"Tests use {found}" if found else NONE_FOUND)  # noqa: T201 — what make shows
    return 0


if __name__ == "__main__":
    sys.exit(main())
