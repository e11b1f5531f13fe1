"""Finding many known byte strings in large content at once."""

from collections import defaultdict
from collections.abc import Iterable

START = 4
"""Shorter needles than this are found everywhere, so there are none."""


def find_needles(content: bytes, needles: Iterable[bytes]) -> set[bytes]:
    """Return which needles (4 bytes or more each) occur in the content.

    Four bytes at a time are read as one number, at each of the four offsets: what starts like no number that
    was read occurs nowhere. That is one pass over the content, however many needles there are.

    Raises:
        ValueError: a needle of fewer than four bytes.
    """
    starts: defaultdict[int, list[bytes]] = defaultdict(list)
    for needle in needles:
        if len(needle) < START:
            raise ValueError(f"a needle of {len(needle)} bytes would be found everywhere")
        starts[memoryview(needle)[:START].cast("I")[0]].append(needle)
    present: set[int] = set()
    for offset in range(START):
        end = offset + (len(content) - offset) // START * START
        if end > offset:
            present |= set(starts).intersection(memoryview(content)[offset:end].cast("I"))
    return {needle for start in present for needle in starts[start] if needle in content}
