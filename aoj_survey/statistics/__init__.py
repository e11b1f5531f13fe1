"""Estimators and rates: what every printed number means. Pure: plain values in, plain values out."""

from .estimates import mean, round_half_away, share, weight
from .response import (
    SMALL_ROLE,
    ResponseRow,
    ResponseTable,
    RoleCount,
    join_small_roles,
    response_rate,
    response_table,
)

__all__ = [
    "SMALL_ROLE",
    "ResponseRow",
    "ResponseTable",
    "RoleCount",
    "join_small_roles",
    "mean",
    "response_rate",
    "response_table",
    "round_half_away",
    "share",
    "weight",
]
