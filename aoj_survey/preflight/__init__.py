"""What must be right before mail goes out: mail server, sender's domain, clock, disk, keys, backups."""

from .findings import Finding, Level, read_checked_at, read_findings, store_findings

__all__ = [
    "Finding",
    "Level",
    "read_checked_at",
    "read_findings",
    "store_findings",
]
