"""The installation itself: clock, disk, keys, backups, address, worker."""

import ctypes
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url

from aoj_survey.config import Settings
from aoj_survey.errors import KeyFileError
from aoj_survey.invitations import ServiceNote, read_note
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import keys_to_destroy
from aoj_survey.waves import ParticipationFacts, list_participations, read_participation

from .findings import Finding

MEGABYTE = 1024 * 1024
ROOM_WANTED, ROOM_NEEDED = 1000, 200
"""Megabytes free below which there is little room, and too little."""

CLOCK_SECONDS = 60
"""How far a clock may be off: links, mails and closing go by the minute."""

BACKUP_HOURS = 48
LATE = timedelta(days=1)
WORKER_IS_LATE = 180
"""Seconds without a sign of life after which the worker is called late."""

TIME_ERROR = 5
"""What the kernel answers when nothing keeps its clock right (adjtimex(2))."""


def check_clock(connection: Connection, now: datetime) -> Finding:
    """Return whether the clock agrees with what was written before, the database server and the kernel."""
    newest = connection.execute(select(func.max(ServiceNote.at))).scalar_one()
    behind = int((newest - now).total_seconds()) if newest else 0
    if behind > CLOCK_SECONDS:
        return Finding("clock", "fault", "clock_behind", {"seconds": behind})
    if connection.dialect.name == "postgresql":
        told: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        apart = int(abs((told - now).total_seconds()))
        if apart > CLOCK_SECONDS:
            return Finding("clock", "fault", "clock_apart", {"seconds": apart})
    return (
        Finding("clock", "ok", "clock_ok") if is_kept_right() else Finding("clock", "advice", "clock_alone")
    )


def is_kept_right() -> bool:
    """Return whether the kernel says that something keeps its clock right; True where it cannot be asked."""
    adjtimex = getattr(ctypes.CDLL(None), "adjtimex", None)
    # All zeros: it only reads. The structure has 208 bytes on 64-bit Linux.
    return adjtimex is None or adjtimex(ctypes.create_string_buffer(512)) != TIME_ERROR


def check_disk(settings: Settings) -> Finding:
    """Return whether there is room where database and instance lie.

    A database in a file is written anew when ballots were opened, so as much as its size must be free.
    """
    url = make_url(settings.database)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    folders = {settings.instance, file.parent} if file else {settings.instance}
    free = min(shutil.disk_usage(folder).free for folder in folders) // MEGABYTE
    size = file.stat().st_size // MEGABYTE if file and file.exists() else 0
    wanted, needed = max(ROOM_WANTED, 2 * size), max(ROOM_NEEDED, size)
    values = {"free": free, "wanted": wanted}
    if free < needed:
        return Finding("disk", "fault", "disk_full", values)
    return (
        Finding("disk", "advice", "disk_low", values)
        if free < wanted
        else Finding("disk", "ok", "disk_ok", values)
    )


def check_keys(connection: Connection, keys: KeyDirectory, settings: Settings, now: datetime) -> Finding:
    """Return whether all keys in use are there and private, those of no use gone, and what only the administrator sees."""
    try:
        keys.secret()
        keys.optout()
        for facts in list_participations(connection, "planned", "running"):
            keys.link(facts.id)
            keys.contact(facts.id)
            _check_box(keys, facts)
        for facts in list_participations(connection, "closed"):
            if facts.box_destroyed_at is None:
                _check_box(keys, facts)
    except KeyFileError as error:
        return Finding("keys", "fault", "keys_missing", detail=str(error))
    if late := [read_participation(connection, place) for place in keys_to_destroy(connection, now - LATE)]:
        places = ", ".join(f"{facts.region} in {facts.wave}" for facts in late)
        told = f"The box key of {places} should be destroyed. Run: aoj worker --once. It says why it is not."
        return Finding("keys", "fault", "keys_overdue", detail=told)
    inside = keys.path.resolve().is_relative_to(settings.instance.resolve())
    return Finding("keys", "advice", "keys_inside" if inside else "keys_confirm")


def _check_box(keys: KeyDirectory, facts: ParticipationFacts) -> None:
    if keys.box(facts.id).public_key().public_bytes_raw() != facts.box_public_key:
        raise KeyFileError(
            f"The key {keys.path / str(facts.id)}/box.key is not that of the ballot box of {facts.region} in "
            f"{facts.wave}. Put the right one back from the backup of the keys."
        )


def check_backup(settings: Settings, now: datetime) -> Finding:
    """Return whether a backup ended in the last two days, by the file that it touches."""
    if not settings.backup_marker:
        return Finding("backup", "advice", "backup_unset")
    try:
        touched = Path(settings.backup_marker).stat().st_mtime
    except OSError as error:
        return Finding("backup", "fault", "backup_missing", detail=str(error))
    hours = int((now.timestamp() - touched) // 3600)
    late = hours >= BACKUP_HOURS
    return Finding(
        "backup", "fault" if late else "ok", "backup_old" if late else "backup_ok", {"hours": hours}
    )


def check_address(settings: Settings) -> Finding:
    """Return whether links in mail open for others, over a safe connection."""
    if settings.secure:
        return Finding("address", "ok", "address_ok")
    return Finding("address", "fault", "address_own", {"address": settings.public_url})


def check_worker(connection: Connection, now: datetime) -> Finding:
    """Return whether the worker gave a sign of life a short time ago."""
    heard = read_note(connection, "worker")
    if heard is None:
        return Finding("worker", "fault", "worker_never")
    silence = now - heard.at
    if silence > timedelta(seconds=WORKER_IS_LATE):
        return Finding("worker", "fault", "worker_late", {"minutes": int(silence.total_seconds() // 60)})
    return Finding("worker", "ok", "worker_ok")
