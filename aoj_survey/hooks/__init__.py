"""Region modules: what they may add, how they are loaded, and the one caller of their hooks."""

from .calls import CORE, Hooks, Module, RegionHooks
from .compiling import compile_for_region
from .loader import HOOKS, NAME, Source, find_modules, load_hooks
from .skeletons import make_module
from .spec import hookimpl
from .types import MessageText, Region

__all__ = [
    "CORE",
    "HOOKS",
    "NAME",
    "Hooks",
    "MessageText",
    "Module",
    "Region",
    "RegionHooks",
    "Source",
    "compile_for_region",
    "find_modules",
    "hookimpl",
    "load_hooks",
    "make_module",
]
