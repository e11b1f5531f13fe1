"""Door 1: the only place that knows HTTP."""

from .joining import join_web
from .logs import silence_access_logs
from .preview import make_preview

__all__ = ["join_web", "make_preview", "silence_access_logs"]
