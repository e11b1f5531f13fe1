"""Tests of what `make bench` measures: the counts hold everywhere, times are only printed."""
