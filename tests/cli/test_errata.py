"""`aoj errata`: mend a text, list what was mended, find the name of a text."""

import json

from .conftest import Aoj

ADD = (
    *("errata", "add", "2026", "rijnmeer", "widths@1", "item.jaren", "Hoeveel jaar werkt u al?"),
    *("--reason", "Een woord ontbrak.", "--as", "Redactie"),
)


def test_a_text_is_mended_and_logged(planned: Aoj) -> None:
    assert planned("waves", "start", "2026", "rijnmeer").exit_code == 0
    added = planned(*ADD)
    assert added.exit_code == 0, added.output
    assert "Was:    Hoeveel jaar doet u dit werk?\nIs now: Hoeveel jaar werkt u al?" in added.output
    listed = planned("errata", "list", "2026", "rijnmeer").output
    assert "widths@1 item.jaren (nl), Redactie" in listed
    assert "reason: Een woord ontbrak." in listed
    (found,) = json.loads(planned("errata", "list", "2026", "rijnmeer", "--json").output)
    assert (found["erratum"]["name"], found["made_by"]) == ("item.jaren", "Redactie")
    assert (
        "item.jaren (nl): Hoeveel jaar werkt u al?" in planned("errata", "texts", "2026", "rijnmeer").output
    )


def test_before_the_start_the_file_is_changed_instead(planned: Aoj) -> None:
    refused = planned(*ADD)
    assert refused.exit_code == 1
    assert "Before the start, change the file." in refused.output
    assert planned("errata", "list", "2026", "rijnmeer").output == ""
