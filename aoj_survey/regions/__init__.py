"""Regions that hold the monitor."""

from .models import Region
from .records import CODE, add_region

__all__ = ["CODE", "Region", "add_region"]
