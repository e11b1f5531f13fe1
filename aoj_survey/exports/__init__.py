"""From a protected wave dataset to the files of a bundle, and nothing else than that."""

from .bundle import Bundle, bundle_name, verify_bundle, write_bundle

__all__ = ["Bundle", "bundle_name", "verify_bundle", "write_bundle"]
