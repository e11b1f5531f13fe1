"""What must be right before mail goes out: mail server, sender's domain, clock, disk, keys, backups."""

from .examination import examine, examine_due
from .findings import Finding, Level, find_mail_fault, read_checked_at, read_findings, store_findings
from .machine import WORKER_IS_LATE

__all__ = [
    "WORKER_IS_LATE",
    "Finding",
    "Level",
    "examine",
    "examine_due",
    "find_mail_fault",
    "read_checked_at",
    "read_findings",
    "store_findings",
]
