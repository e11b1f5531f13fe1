"""Which classes and figures are large enough to be shown. Pure: plain values in, plain values out."""

from .audit import Change, Leak, audit_release, audit_sets, derivable_unions, explain_leak, find_leaks
from .classes import (
    REGION,
    CaptureClass,
    class_code,
    class_label,
    freeze_classes,
    merge_classes,
    place_role,
    sort_roles,
)
from .closeness import measure_closeness, measure_ordered_closeness
from .forecast import EXPECTED_PERCENT, Fate, RoleForecast, expect, forecast_roles
from .hierarchies import Hierarchy, keep_always, keep_or_drop, merge_by_sector, merge_roles
from .lattice import Node, Recoded, apply_node, find_node
from .routing import Asked, find_asked, find_dependent, find_shared, may_be_asked
from .tables import (
    ReportingGroup,
    ShareRule,
    judge_share,
    may_show_distribution,
    merge_categories,
    reporting_groups,
)

__all__ = [
    "EXPECTED_PERCENT",
    "REGION",
    "Asked",
    "CaptureClass",
    "Change",
    "Fate",
    "Hierarchy",
    "Leak",
    "Node",
    "Recoded",
    "ReportingGroup",
    "RoleForecast",
    "ShareRule",
    "apply_node",
    "audit_release",
    "audit_sets",
    "class_code",
    "class_label",
    "derivable_unions",
    "expect",
    "explain_leak",
    "find_asked",
    "find_dependent",
    "find_leaks",
    "find_node",
    "find_shared",
    "forecast_roles",
    "freeze_classes",
    "judge_share",
    "keep_always",
    "keep_or_drop",
    "may_be_asked",
    "may_show_distribution",
    "measure_closeness",
    "measure_ordered_closeness",
    "merge_by_sector",
    "merge_categories",
    "merge_classes",
    "merge_roles",
    "place_role",
    "reporting_groups",
    "sort_roles",
]
