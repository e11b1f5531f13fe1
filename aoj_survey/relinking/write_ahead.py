"""Attempt: PostgreSQL's write-ahead log: every row as it was written, by which transaction, and when that ended.

It is kept for hours or, in an archive, for years. Before the opening a ballot and the mark of a person stand in
one transaction by design, so the log tells who sent at what moment; what was sent is sealed. After the opening no
transaction that wrote a readable answer may have written with a person too.
"""

import re
import subprocess
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, select

from aoj_survey.invitations import Invitation, Invitee
from aoj_survey.responses import Response
from aoj_survey.waves import ParticipationFacts

from .attempts import Attempt, conclude, pass_over
from .loot import Loot
from .marks import Marks, count_addresses, count_links, count_organisations
from .needles import find_needles
from .packing import LootError, read_file
from .sealing import start_of_ballots
from .statements import note_log_elsewhere
from .values import is_of

PAGE, HEADER, FIRST_HEADER = 8192, 24, 40
"""Bytes of a page of the log, and of what stands before its records (PostgreSQL, xlog_internal.h)."""

RECORD = re.compile(
    r"rmgr: (?P<manager>\w+) .*?tx:\s*(?P<xid>\d+), lsn: (?P<high>[0-9A-F]+)/(?P<low>[0-9A-F]+), .*?desc: (?P<act>[A-Z_]+)"
)
TABLE = re.compile(r"blkref #0: rel (\d+/\d+/\d+)")
PARTS = re.compile(r"subxacts:((?: \d+)+)")
SOUGHT = ("links", "addresses", "organisations", "ballots")
WRITES = {"INSERT", "MULTI_INSERT", "UPDATE", "HOT_UPDATE"}


@dataclass(slots=True)
class History:
    """What the log tells: which transactions wrote in which table, and which tables hold rows of which kind."""

    writers: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    tables: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    whole: dict[int, int] = field(default_factory=dict[int, int])
    ended: set[int] = field(default_factory=set[int])

    def list_writers(self, kind: str) -> set[int]:
        """The transactions that wrote rows of a kind; one inside another counts as that other."""
        found = (xid for table in self.tables[kind] for xid in self.writers[table])
        return {self.whole.get(xid, xid) for xid in found}


def try_write_ahead_log(
    connection: Connection, facts: ParticipationFacts, loot: Loot, marks: Marks
) -> Attempt:
    """Look for links, addresses and organisations in the log, and match answers with people by transaction."""
    name = "write_ahead_log"
    if connection.dialect.name == "sqlite":
        return pass_over(name, facts.region, "sqlite_log")
    if loot.segments is None:
        return pass_over(name, facts.region, "no_log")
    rows = {
        "people": _list_ids(connection, facts, Invitation) | _list_ids(connection, facts, Invitee),
        "answers": _list_answers(connection, facts),
        "ballots": {start_of_ballots(facts)},
    }
    history, read, gone = History(), 0, 0
    found: Counter[str] = Counter()
    for path in loot.segments:
        try:
            content = read_file(path)
        except LootError:
            if path.exists():
                raise
            gone += 1
            continue
        found += _search(join_pages(content), facts, marks)
        read += loot.dump_log is not None and follow(loot.dump_log, content, rows, history)
    answers, people, ballots = map(history.list_writers, ("answers", "people", "ballots"))
    measure = {
        "segments": len(loot.segments) - gone,
        "read": read,
        **{sought: found[sought] for sought in SOUGHT},
        "moments": len(ballots & people & history.ended),
        "matched": len(answers & people),
    }
    notes = [
        *marks.notes,
        *note_log_elsewhere(connection),
        *(["log_moved"] if gone else []),
        *([] if read else ["no_dump_log"]),
        *([] if rows["people"] else ["no_list"]),
    ]
    betrayed = measure["links"] + measure["addresses"] + measure["organisations"]
    return conclude(name, facts.region, measure, *notes, linked=betrayed + measure["matched"] > 0)


def _search(stream: bytes, facts: ParticipationFacts, marks: Marks) -> Counter[str]:
    return Counter(
        links=count_links(stream, marks),
        addresses=count_addresses(stream, marks),
        organisations=count_organisations(stream, marks),
        ballots=stream.count(start_of_ballots(facts)),
    )


def join_pages(content: bytes) -> bytes:
    """Return the records of a segment without the headers of pages in between, which would cut words in two.

    What was not written to yet is left out.
    """
    joined = b"".join(
        content[start + (HEADER if start else FIRST_HEADER) : start + PAGE]
        for start in range(0, len(content), PAGE)
    )
    return joined.rstrip(b"\0")


def follow(dump_log: Path, content: bytes, rows: dict[str, set[bytes]], history: History) -> bool:
    """Add to the history what a segment tells; returns whether PostgreSQL's own reader made anything of it."""
    starts: list[int] = []
    tables: list[str] = []
    for found, line in _dump(dump_log, content):
        # Within its segment, a record lies where the low part of its number says.
        starts.append(int(found["low"], 16) % len(content))
        table = TABLE.search(line) if found["manager"] in {"Heap", "Heap2"} else None
        tables.append(table[1] if table else "")
        xid = int(found["xid"])
        if table and found["act"] in WRITES:
            history.writers[table[1]].add(xid)
        if found["manager"] == "Transaction" and found["act"] == "COMMIT":
            history.ended.add(xid)
            inside = PARTS.search(line)
            history.whole |= dict.fromkeys(map(int, inside[1].split()) if inside else (), xid)
    for kind, needles in rows.items():
        for place in _find_places(content, needles):
            record = bisect_right(starts, place) - 1
            if record >= 0 and tables[record]:
                history.tables[kind].add(tables[record])
    return bool(starts)


def _dump(dump_log: Path, content: bytes) -> Iterator[tuple[re.Match[str], str]]:
    """The records of a segment. One that waits to be used anew has a later name than what it holds."""
    with TemporaryDirectory() as folder:
        segment = Path(folder) / name_segment(content)
        segment.write_bytes(content)
        # It ends with an error where the log does, and where a record goes on in the next segment.
        told = subprocess.run([dump_log, segment], capture_output=True, check=False)  # noqa: S603 — PostgreSQL's own
    for line in told.stdout.decode(errors="replace").splitlines():
        if found := RECORD.match(line):
            yield found, line


def name_segment(content: bytes) -> str:
    """Return the name of a segment by its own first page: timeline, and place in the log."""
    timeline = int.from_bytes(content[4:8], "little")
    place = int.from_bytes(content[8:16], "little")
    number, per_high = place // len(content), 2**32 // len(content)
    return f"{timeline:08X}{number // per_high:08X}{number % per_high:08X}"


def _find_places(content: bytes, needles: Iterable[bytes]) -> Iterator[int]:
    for needle in find_needles(content, needles):
        place = content.find(needle)
        while place >= 0:
            yield place
            place = content.find(needle, place + 1)


def _list_answers(connection: Connection, facts: ParticipationFacts) -> set[bytes]:
    query = select(Response.id).where(is_of(Response, facts))
    return {item.bytes for item in connection.execute(query).scalars()}


def _list_ids(
    connection: Connection, facts: ParticipationFacts, table: type[Invitation] | type[Invitee]
) -> set[bytes]:
    query = select(table.id).where(table.participation_id == facts.id)
    return {item.bytes for item in connection.execute(query).scalars()}
