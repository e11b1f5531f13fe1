"""Regions that hold the monitor."""

from .members import Members, find_members, find_swv_sector, name_municipality, read_members, set_members
from .models import Region, RegionMember, RegionModule, RegionOverlay, RegionRule
from .modules import add_declared, disable_module, enable_module, list_enabled, list_modules, region_hooks
from .overlays import compile_of_region, list_overlays, read_overlays, remove_overlay, save_overlay
from .records import (
    CODE,
    JOINT_REGION,
    SCHOOL_AREAS,
    add_region,
    find_school_area,
    list_regions,
    set_school_area,
)
from .rules import find_own_rule, find_rule, set_own_rule

__all__ = [
    "CODE",
    "JOINT_REGION",
    "SCHOOL_AREAS",
    "Members",
    "Region",
    "RegionMember",
    "RegionModule",
    "RegionOverlay",
    "RegionRule",
    "add_declared",
    "add_region",
    "compile_of_region",
    "disable_module",
    "enable_module",
    "find_members",
    "find_own_rule",
    "find_rule",
    "find_school_area",
    "find_swv_sector",
    "list_enabled",
    "list_modules",
    "list_overlays",
    "list_regions",
    "name_municipality",
    "read_members",
    "read_overlays",
    "region_hooks",
    "remove_overlay",
    "save_overlay",
    "set_members",
    "set_own_rule",
    "set_school_area",
]
