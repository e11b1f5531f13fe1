"""Door 1: the only place that knows HTTP."""

from flask import Flask

__all__ = ["join_web"]


def join_web(app: Flask) -> None:
    """Attach every page to the application."""
