"""Budgets of tries for everybody together, in memory: no address of anybody is kept for them."""

import threading
from collections import deque
from collections.abc import Hashable
from datetime import datetime, timedelta


class Budget:
    """So many failures within a span of time; after that nobody may try until the oldest is past."""

    def __init__(self, failures: int, span: timedelta) -> None:
        self._failures = failures
        self._span = span
        self._moments: deque[datetime] = deque()
        self._guard = threading.Lock()

    def is_spent(self, now: datetime) -> bool:
        """Whether a try has to wait."""
        with self._guard:
            while self._moments and self._moments[0] <= now - self._span:
                self._moments.popleft()
            return len(self._moments) >= self._failures

    def spend(self, now: datetime) -> None:
        """Count a failure."""
        with self._guard:
            self._moments.append(now)


class Budgets:
    """A budget for each of several things, made when it is first asked for."""

    def __init__(self, span: timedelta) -> None:
        self._span = span
        self._budgets: dict[Hashable, Budget] = {}
        self._guard = threading.Lock()

    def of(self, thing: Hashable, tries: int) -> Budget:
        """Return the budget of a thing: so many tries within the span."""
        with self._guard:
            return self._budgets.setdefault(thing, Budget(tries, self._span))
