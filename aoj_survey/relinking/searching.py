"""Attempts: links, addresses, ids and answers in the database, a backup and log files."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from .attempts import Attempt, conclude, pass_over
from .backups import note_backup
from .loot import Loot, Part
from .marks import Marks, count_addresses, count_in_file, count_in_log, count_links, count_organisations
from .packing import LootError, is_packed, read_file

MARKED = ("links", "addresses", "organisations", "ids")
LOGGED = (*MARKED, "paths", "visits", "answers")


def try_database(loot: Loot, marks: Marks, region: str) -> Attempt:
    """Look for links, addresses and names of organisations in every part of the live database."""
    notes = (*marks.notes, *note_files(loot))
    return _search("database", loot.database, marks, region, notes)


def note_files(loot: Loot) -> tuple[str, ...]:
    """Return what of the live database's files could not be read, as keys of NOTES."""
    if not loot.whole:
        return ("rows_only",)
    return ("unread_files",) if loot.unread else ()


def try_backup(loot: Loot, marks: Marks, region: str, participation: UUID) -> Attempt:
    """Look for links, addresses and names of organisations in the backup, and in the log beside it."""
    notes = note_backup(loot, participation)
    if loot.backup is None:
        return pass_over("backup", region, *notes)
    found = _search("backup", (loot.backup, *loot.beside), marks, region, (*marks.notes, *notes))
    # Nothing is found in what cannot be read; that says nothing.
    return pass_over("backup", region, *notes) if notes and not found.succeeded else found


def try_files(loot: Loot, marks: Marks, region: str) -> Attempt:
    """Look in the other files of the installation, such as a list that was left there."""
    if loot.others is None:
        return pass_over("files", region, "no_files")
    if not marks.can_be_sought:
        return pass_over("files", region, "nothing_to_seek")
    found: Counter[str] = Counter()
    unread = 0
    for path in loot.others:
        try:
            content = read_file(path)
        except LootError:
            unread += 1
            continue
        unread += is_packed(content)
        counts = count_in_file(content, marks)
        found += Counter(counts) + Counter(files_with=any(counts.values()))
    measure = {"files": len(loot.others) - unread, **{name: found[name] for name in ("files_with", *MARKED)}}
    notes = (*marks.notes, *(("unread_others",) if unread else ()))
    return conclude("files", region, measure, *notes, linked=found["files_with"] > 0)


def try_logs(loot: Loot, marks: Marks, region: str) -> Attempt:
    """Look in log files for whatever tells who took part when, or what somebody answered."""
    if loot.logs is None:
        return pass_over("logs", region, "no_logs")
    if not any(part.content.strip() for part in loot.logs):
        return pass_over("logs", region, "empty_logs")
    notes = (*marks.notes, *(("packed_logs",) if any(is_packed(part.content) for part in loot.logs) else ()))
    found = [count_in_log(part.content, marks) for part in loot.logs]
    measure = {
        "files": len(found),
        "files_with": sum(any(counts.values()) for counts in found),
        **{name: sum(counts[name] for counts in found) for name in LOGGED},
    }
    return conclude("logs", region, measure, *notes, linked=measure["files_with"] > 0)


def _search(name: str, parts: Sequence[Part], marks: Marks, region: str, notes: Sequence[str]) -> Attempt:
    if not marks.can_be_sought:
        return pass_over(name, region, "nothing_to_seek")
    counters = (count_links, count_addresses, count_organisations)
    found = [tuple(count(part.content, marks) for count in counters) for part in parts]
    links, addresses, organisations = map(sum, zip(*found, strict=True))
    measure = {
        "files": len(parts),
        "files_with": sum(any(counts) for counts in found),
        # Each is sought as text and in hex.
        "sought_links": max(len(marks.token_hashes), len(marks.raw_tokens)),
        "sought_addresses": len(marks.addresses) // 2,
        "sought_organisations": len(marks.organisations) // 2,
        "links": links,
        "addresses": addresses,
        "organisations": organisations,
    }
    return conclude(name, region, measure, *notes, linked=measure["files_with"] > 0)
