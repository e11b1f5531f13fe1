"""Regions that hold the monitor."""

from .models import Region
from .records import add_region

__all__ = ["Region", "add_region"]
