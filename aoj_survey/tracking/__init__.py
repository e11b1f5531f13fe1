"""Counts and rates per role; never a person."""

from .counts import Overview, count_day, count_days_due, read_final_counts, read_overview
from .models import DailyCount

__all__ = ["DailyCount", "Overview", "count_day", "count_days_due", "read_final_counts", "read_overview"]
