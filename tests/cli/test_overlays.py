"""`aoj regions overlay`."""

from pathlib import Path

from .conftest import Aoj

TEXT = """format: 1
overlay: widths
edition: "1"
region: rijnmeer
add:
  - before_item: cijfer
    items:
      - {code: rijnmeer_tijd, kind: number, min: 0, max: 40, text: {nl: Hoeveel?, en: How many?}}
"""


def test_an_overlay_is_kept_shown_and_removed(aoj: Aoj, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(TEXT, encoding="utf-8")
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    result = aoj("regions", "overlay", "set", "rijnmeer", file)
    assert (result.exit_code, "Kept for rijnmeer, in widths@1" in result.output) == (0, True)
    assert aoj("regions", "overlay", "show", "rijnmeer", "widths@1").output == TEXT
    assert "Removed" in aoj("regions", "overlay", "remove", "rijnmeer", "widths@1").output
    for word in ("show", "remove"):
        gone = aoj("regions", "overlay", word, "rijnmeer", "widths@1")
        assert (gone.exit_code, "keeps no overlay for widths@1. It keeps none." in gone.output) == (1, True)


def test_faults_are_told_with_their_place_and_nothing_is_kept(aoj: Aoj, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(TEXT.replace("rijnmeer_tijd", "tijd"), encoding="utf-8")
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    result = aoj("regions", "overlay", "set", "rijnmeer", file)
    assert result.exit_code == 1
    assert "own.yaml:8:16: overlay-prefix" in result.output
    assert "Traceback" not in result.output
    assert aoj("regions", "overlay", "show", "rijnmeer", "widths@1").exit_code == 1


def test_a_wave_starts_with_what_is_kept_and_says_that_it_stays(planned: Aoj, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(TEXT, encoding="utf-8")
    assert planned("regions", "overlay", "set", "rijnmeer", file).exit_code == 0
    result = planned("waves", "start", "2026", "rijnmeer")
    assert result.exit_code == 0, result.output
    late = planned("regions", "overlay", "remove", "rijnmeer", "widths@1")
    assert "What was started with it stays as it is." in late.output
