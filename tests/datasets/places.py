"""Where the questionnaires of the tests lie."""

from pathlib import Path

QUESTIONNAIRES = Path(__file__).resolve().parent.parent / "questionnaires"
