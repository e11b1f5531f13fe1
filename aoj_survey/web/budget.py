"""A budget of wrong passwords for everybody together, in memory: no address of anybody is kept for it."""

import threading
from collections import deque
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
