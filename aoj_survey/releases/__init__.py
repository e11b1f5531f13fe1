"""What was released: bundles as they were on that day. All that pages and the API hand out stands here."""

from .facts import BundleFacts, FileFacts, Origin, ReleaseFacts, Told
from .ledger import audit_bundle, count_people, read_ledger, report_audit
from .models import LedgerEntry, Release
from .records import (
    find_release,
    list_releases,
    read_document,
    record_release,
    withdraw_release,
)
from .shelf import CHECKSUMS, PRIVACY, TABLES, Shelf, read_bundle
from .tables import TableRow, join_response_tables

__all__ = [
    "CHECKSUMS",
    "PRIVACY",
    "TABLES",
    "BundleFacts",
    "FileFacts",
    "LedgerEntry",
    "Origin",
    "Release",
    "ReleaseFacts",
    "Shelf",
    "TableRow",
    "Told",
    "audit_bundle",
    "count_people",
    "find_release",
    "join_response_tables",
    "list_releases",
    "read_bundle",
    "read_document",
    "read_ledger",
    "record_release",
    "report_audit",
    "withdraw_release",
]
