"""Door 1: the only place that knows HTTP."""

from .joining import join_web
from .logs import silence_access_logs

__all__ = ["join_web", "silence_access_logs"]
