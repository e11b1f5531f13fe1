"""Guesses at links: so many in a while for everybody together and for each address, and no address is kept.

Addresses are told apart by a keyed hash. Its key is drawn for one span of time and thrown away with the counts
at the end of it, all in memory: nothing of an address outlives the span, and no two spans can be joined.
Only who comes with an unknown link is counted or kept waiting; a right link always works.
"""

import secrets
import threading
from collections import Counter
from datetime import datetime, timedelta
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, current_app, request

from .visits import installation

TOGETHER, EACH, SPAN = 600, 20, timedelta(minutes=5)
HOME = 64
"""Bits of an IPv6 address that a whole household or organisation shares."""


class Guesses:
    """Counts guesses in spans of time."""

    def __init__(self, together: int = TOGETHER, each: int = EACH, span: timedelta = SPAN) -> None:
        self._together, self._each, self._span = together, each, span
        self._guard = threading.Lock()
        self._began: datetime | None = None
        self._forget()

    def add(self, address: str, now: datetime) -> bool:
        """Count a guess from an address; return whether it is one too many."""
        with self._guard:
            if self._began is None or not self._began <= now < self._began + self._span:
                self._forget()
                self._began = now
            # Also bounds the memory: beyond this nothing is counted apart.
            if self._counts.total() >= self._together:
                return True
            mark = blake2b(join_neighbours(address).encode(), key=self._key, digest_size=16).digest()
            self._counts[mark] += 1
            return self._counts[mark] > self._each

    def _forget(self) -> None:
        self._key = secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()


def join_neighbours(address: str) -> str:
    """Return what counts as one address: of IPv6 its network; what is no address counts as one, all together."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(ip_network((found, HOME), strict=False))
    return str(found)


def join_guesses(app: Flask) -> None:
    """Count guesses in this process."""
    app.extensions["aoj_guesses"] = Guesses()


def is_guessing() -> bool:
    """Count the present request, which came with an unknown link; return whether it is one too many."""
    guesses: Guesses = current_app.extensions["aoj_guesses"]
    return guesses.add(request.remote_addr or "", installation().now())
