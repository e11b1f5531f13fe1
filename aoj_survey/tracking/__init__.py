"""Counts and rates per role and per group link; never a person."""

from .counts import Overview, count_day, count_days_due, read_final_counts, read_joint_table, read_overview
from .forecast import read_forecast
from .groups import FEWEST_DONE, LinkCount, choose_told, tell_counts
from .joins import Join, foresee_joins
from .models import DailyCount
from .rates import freeze_dispositions, read_rates, read_wave_rates, sum_dispositions
from .series import DayTotal, cut_series, read_series

__all__ = [
    "FEWEST_DONE",
    "DailyCount",
    "DayTotal",
    "Join",
    "LinkCount",
    "Overview",
    "choose_told",
    "count_day",
    "count_days_due",
    "cut_series",
    "foresee_joins",
    "freeze_dispositions",
    "read_final_counts",
    "read_forecast",
    "read_joint_table",
    "read_overview",
    "read_rates",
    "read_series",
    "read_wave_rates",
    "sum_dispositions",
    "tell_counts",
]
