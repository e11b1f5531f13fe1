"""What was released: bundles as they were on that day. All that pages and the API hand out stands here."""

from .facts import BundleFacts, FileFacts, Origin, ReleaseFacts, Told
from .ledger import audit_bundle, audit_plans, read_ledger, report_audit, write_ledger
from .listing import find_release, list_releases, read_document
from .models import LedgerEntry, Release
from .people import DONE, INVITED, STRATA, Counted, count_people, name_class
from .records import record_release, withdraw_release
from .shelf import CHECKSUMS, PRIVACY, TABLES, Shelf, read_bundle
from .tables import FigureRow, TableRow, join_figure_files, join_figures, join_response_tables

__all__ = [
    "CHECKSUMS",
    "DONE",
    "INVITED",
    "PRIVACY",
    "STRATA",
    "TABLES",
    "BundleFacts",
    "Counted",
    "FigureRow",
    "FileFacts",
    "LedgerEntry",
    "Origin",
    "Release",
    "ReleaseFacts",
    "Shelf",
    "TableRow",
    "Told",
    "audit_bundle",
    "audit_plans",
    "count_people",
    "find_release",
    "join_figure_files",
    "join_figures",
    "join_response_tables",
    "list_releases",
    "name_class",
    "read_bundle",
    "read_document",
    "read_ledger",
    "record_release",
    "report_audit",
    "withdraw_release",
    "write_ledger",
]
