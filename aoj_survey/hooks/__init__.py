"""Region modules: what they may add, how they are loaded, and the one caller of their hooks."""

from .calls import CORE, Hooks, Module, RegionHooks, describe
from .compiling import compile_for_region
from .loader import HOOKS, NAME, Source, find_modules, load_hooks
from .skeletons import make_module
from .spec import hookimpl
from .types import (
    CORE_ENDINGS,
    DatasetFacts,
    DerivedColumn,
    ExportFormat,
    KnownColumn,
    MessageText,
    ProtectedTable,
    Region,
    StoredDataset,
)

__all__ = [
    "CORE",
    "CORE_ENDINGS",
    "HOOKS",
    "NAME",
    "DatasetFacts",
    "DerivedColumn",
    "ExportFormat",
    "Hooks",
    "KnownColumn",
    "MessageText",
    "Module",
    "ProtectedTable",
    "Region",
    "RegionHooks",
    "Source",
    "StoredDataset",
    "compile_for_region",
    "describe",
    "find_modules",
    "hookimpl",
    "load_hooks",
    "make_module",
]
