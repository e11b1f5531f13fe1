"""Sentences that stand in tables: the catalogues learn of them where they are written, doors translate them."""


def N_(sentence: str) -> str:  # noqa: N802 — the name by which Babel finds sentences to translate
    """Return the sentence as it is."""
    return sentence
