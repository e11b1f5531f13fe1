"""From a protected wave dataset to the files of a bundle, and nothing else than that."""

from .bundle import Bundle, bundle_name, write_bundle
from .folders import verify_folder as verify_bundle
from .partitions import Partitions, write_partitions
from .reports import report_printed

__all__ = [
    "Bundle",
    "Partitions",
    "bundle_name",
    "report_printed",
    "verify_bundle",
    "write_bundle",
    "write_partitions",
]
