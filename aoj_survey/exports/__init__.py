"""From a protected wave dataset to the files of a bundle, and nothing else than that."""

from .bundle import Bundle, bundle_name, write_bundle
from .folders import read_digests, write_file, write_folder
from .folders import verify_folder as verify_bundle
from .pages import write_figures_page
from .partitions import Partitions, write_partitions
from .reports import report_printed, write_json
from .tables import write_table

__all__ = [
    "Bundle",
    "Partitions",
    "bundle_name",
    "read_digests",
    "report_printed",
    "verify_bundle",
    "write_bundle",
    "write_figures_page",
    "write_file",
    "write_folder",
    "write_json",
    "write_partitions",
    "write_table",
]
