"""From a protected wave dataset to figures that may be shown."""

from .figures import Figure, Shown, make_figures

__all__ = ["Figure", "Shown", "make_figures"]
