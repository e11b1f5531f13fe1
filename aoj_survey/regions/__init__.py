"""Regions that hold the monitor."""

from .models import Region, RegionModule
from .modules import add_declared, disable_module, enable_module, list_enabled, list_modules, region_hooks
from .records import CODE, add_region

__all__ = [
    "CODE",
    "Region",
    "RegionModule",
    "add_declared",
    "add_region",
    "disable_module",
    "enable_module",
    "list_enabled",
    "list_modules",
    "region_hooks",
]
