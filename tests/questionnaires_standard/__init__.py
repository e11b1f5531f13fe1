"""The standard set against the published indicators and the rules its questions are written by."""
