"""Attempts: links, addresses, ids and answers in the database, a backup and log files."""

from collections.abc import Sequence

from .attempts import Attempt, conclude, pass_over
from .loot import PACKED, Loot, Part
from .marks import Marks, count_addresses, count_in_log, count_links

LOGGED = ("links", "addresses", "ids", "paths", "answers")


def try_database(loot: Loot, marks: Marks, region: str) -> Attempt:
    """Look for links and addresses in every part of the live database."""
    notes = (*marks.notes, *(() if loot.whole else ("rows_only",)))
    return _search("database", loot.database, marks, region, notes)


def try_backup(loot: Loot, marks: Marks, region: str) -> Attempt:
    """Look for links and addresses in the backup."""
    if loot.backup is None:
        return pass_over("backup", region, "no_backup")
    if loot.backup.content.startswith(PACKED):
        return pass_over("backup", region, "unreadable_backup")
    return _search("backup", (loot.backup,), marks, region, marks.notes)


def try_logs(loot: Loot, marks: Marks, region: str) -> Attempt:
    """Look in log files for whatever tells who took part when, or what somebody answered."""
    if loot.logs is None:
        return pass_over("logs", region, "no_logs")
    found = [count_in_log(part.content, marks) for part in loot.logs]
    measure = {
        "files": len(found),
        "files_with": sum(any(counts.values()) for counts in found),
        **{name: sum(counts[name] for counts in found) for name in LOGGED},
    }
    return conclude("logs", region, measure, *marks.notes, linked=measure["files_with"] > 0)


def _search(name: str, parts: Sequence[Part], marks: Marks, region: str, notes: Sequence[str]) -> Attempt:
    if not marks.can_be_sought:
        return pass_over(name, region, "nothing_to_seek")
    found = [(count_links(part.content, marks), count_addresses(part.content, marks)) for part in parts]
    measure = {
        "files": len(parts),
        "files_with": sum(any(counts) for counts in found),
        # Each is sought as text and in hex.
        "sought_links": max(len(marks.token_hashes), len(marks.raw_tokens)),
        "sought_addresses": len(marks.addresses) // 2,
        "links": sum(links for links, _ in found),
        "addresses": sum(addresses for _, addresses in found),
    }
    return conclude(name, region, measure, *notes, linked=measure["files_with"] > 0)
