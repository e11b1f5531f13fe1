"""Regions that hold the monitor."""

from .models import Region, RegionModule, RegionOverlay
from .modules import add_declared, disable_module, enable_module, list_enabled, list_modules, region_hooks
from .overlays import compile_of_region, list_overlays, read_overlays, remove_overlay, save_overlay
from .records import CODE, SCHOOL_AREAS, add_region, find_school_area, set_school_area

__all__ = [
    "CODE",
    "SCHOOL_AREAS",
    "Region",
    "RegionModule",
    "RegionOverlay",
    "add_declared",
    "add_region",
    "compile_of_region",
    "disable_module",
    "enable_module",
    "find_school_area",
    "list_enabled",
    "list_modules",
    "list_overlays",
    "read_overlays",
    "region_hooks",
    "remove_overlay",
    "save_overlay",
    "set_school_area",
]
