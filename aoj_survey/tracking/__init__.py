"""Counts and rates per role; never a person."""

from .models import DailyCount

__all__ = ["DailyCount"]
