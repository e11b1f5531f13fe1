"""Where the invented earlier wave lies, and copies of it with something changed."""

import shutil
from pathlib import Path

EARLIER = Path(__file__).parent / "earlier"
MAPPING, DATA, QUESTIONS = "rijnmeer-2020.yaml", "rijnmeer-2020.csv", "vragenlijst-2020.yaml"


def copy_wave(folder: Path, file: str = MAPPING, before: str = "", after: str = "") -> Path:
    """Return the mapping file of a copy in which `before` became `after` in one of its files."""
    shutil.copytree(EARLIER, folder, dirs_exist_ok=True)
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder / MAPPING
