"""Estimators and rates: what every printed number means. Pure: plain values in, plain values out."""

from .dispositions import (
    Response,
    Standing,
    count_response,
    judge_disposition,
    sum_outcomes,
)
from .estimates import mean, round_half_away, share, weight
from .intervals import share_interval
from .rates import RateRow, Rates, ResponseCell, add_rows, combine_rates, find_unions, make_rates
from .response import (
    SMALL_ROLE,
    ResponseRow,
    ResponseTable,
    RoleCount,
    join_small_roles,
    list_printed,
    response_rate,
    response_table,
)

__all__ = [
    "SMALL_ROLE",
    "RateRow",
    "Rates",
    "Response",
    "ResponseCell",
    "ResponseRow",
    "ResponseTable",
    "RoleCount",
    "Standing",
    "add_rows",
    "combine_rates",
    "count_response",
    "find_unions",
    "join_small_roles",
    "judge_disposition",
    "list_printed",
    "make_rates",
    "mean",
    "response_rate",
    "response_table",
    "round_half_away",
    "share",
    "share_interval",
    "sum_outcomes",
    "weight",
]
