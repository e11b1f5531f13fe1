"""Looking at a file: what it is, half written or not, and what is kept of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from aoj_survey.authoring import (
    Head,
    check_published,
    compare_editions,
    inspect_file,
    read_head,
    report_translations,
)
from aoj_survey.errors import NotFoundError, PluginError, QuestionnaireError
from aoj_survey.hooks import load_hooks
from aoj_survey.questionnaire import compile_questionnaire, register_edition
from tests.cli.authors import GOOD, OVERLAY, write

CORE = load_hooks()


@pytest.mark.parametrize(
    ("text", "head"),
    [
        (GOOD, Head("proef", "1")),
        (OVERLAY, Head("proef", "1", "zuid", overlay=True)),
        ("{overlay: proef, edition: '1', region: zuid}", Head("proef", "1", "zuid", overlay=True)),
        ("questionnaire: [a]\nedition: 1\n", Head()),
        ("overlay: {oops", Head()),
        ("- a list", Head()),
        ("", Head()),
    ],
)
def test_a_file_says_what_it_is_however_it_is_written(text: str, head: Head, tmp_path: Path) -> None:
    assert read_head(write(tmp_path, text)) == head


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"away\.yaml"):
        read_head(tmp_path / "away.yaml")


def test_an_inspection_holds_unchecked_texts_and_all_files_read(tmp_path: Path) -> None:
    base, overlay = write(tmp_path), write(tmp_path, OVERLAY, "overlays/zuid.yaml")
    found = inspect_file(overlay, CORE.of_region("zuid", ()), tmp_path)
    assert found.files == (base, overlay)
    assert found.unchecked == ("tr",)
    assert found.instrument is not None
    assert found.instrument.languages == ("nl", "en", "tr")
    assert "zuid_tafel" in [item.code for item in found.instrument.items()]
    assert found.faults == ()


def test_an_overlay_whose_questionnaire_is_not_there_says_which_file_that_is(tmp_path: Path) -> None:
    overlay = write(tmp_path, OVERLAY, "overlays/zuid.yaml")
    found = inspect_file(overlay, CORE.of_region("zuid", ()), tmp_path)
    (problem,) = found.faults
    assert (problem.code, problem.file, found.files) == ("overlay-base", str(overlay), (overlay,))
    assert str(tmp_path / "proef" / "1.yaml") in problem.what
    write(tmp_path)
    assert inspect_file(overlay, CORE.of_region("zuid", ()), tmp_path).faults == ()


def test_faults_of_the_questionnaire_come_before_an_overlay_is_looked_at(tmp_path: Path) -> None:
    base = write(tmp_path, GOOD + "surprise: 1\n")
    overlay = write(tmp_path, OVERLAY.replace("zuid_tafel", "tafel"), "overlays/zuid.yaml")
    found = inspect_file(overlay, CORE.of_region("zuid", ()), tmp_path)
    assert found.instrument is None
    assert {problem.file for problem in found.faults} == {str(base)}


def test_a_module_that_is_not_there_stops_the_look(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="away"):
        inspect_file(write(tmp_path), CORE.of_region("zuid", ("away",)), tmp_path)


def test_without_a_register_nothing_is_published(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert check_published([file]) == ()
    register_edition(tmp_path, file)
    assert check_published([file]) == ()
    file.write_text(GOOD.replace("Einde", "Slot"), "utf-8")
    assert [(problem.code, problem.file) for problem in check_published([file])] == [
        ("edition-edited", str(file))
    ]


def test_a_published_edition_may_hold_kinds_of_a_module(tmp_path: Path) -> None:
    kinds = {**CORE.kinds, "poem": replace(CORE.kinds["mark"], name="poem")}
    file = write(tmp_path, GOOD.replace("kind: mark", "kind: poem"))
    with pytest.raises(QuestionnaireError, match="poem"):
        register_edition(tmp_path, file)
    register_edition(tmp_path, file, kinds)
    assert check_published([file], kinds) == ()
    file.write_text(file.read_text("utf-8").replace("Einde", "Slot"), "utf-8")
    assert [problem.code for problem in check_published([file], kinds)] == ["edition-edited"]


def test_an_edition_compared_with_itself_differs_in_nothing() -> None:
    one = compile_questionnaire(GOOD, "1.yaml", "")
    found = compare_editions(one, one)
    assert [item.change for item in found] == ["identical"] * 3
    assert [item.differences for item in found] == [()] * 3


def test_gone_and_new_are_the_same_change_from_two_sides() -> None:
    one = compile_questionnaire(GOOD, "1.yaml", "")
    other = compile_questionnaire(GOOD.replace("code: cijfer", "code: rapport"), "2.yaml", "")

    def list_codes(forward: bool) -> set[tuple[str | None, str]]:
        sides = (one, other) if forward else (other, one)
        return {
            (item.after or item.before, item.change)
            for item in compare_editions(*sides)
            if item.change in {"new", "gone"}
        }

    swapped = {"new": "gone", "gone": "new"}
    assert list_codes(forward=True) == {("rapport", "new"), ("cijfer", "gone")}
    assert {(code, swapped[change]) for code, change in list_codes(forward=False)} == list_codes(forward=True)


def test_a_language_lacks_what_it_has_no_text_for_and_says_what_is_shown() -> None:
    instrument = compile_questionnaire(GOOD, "1.yaml", "", unchecked=True)
    dutch, english, turkish = report_translations(instrument, ("tr",))
    assert (dutch.missing, english.missing, dutch.checked, turkish.checked) == ((), (), True, False)
    assert turkish.missing[0].name == "theme.begin"
    assert turkish.missing[0].shown == "Begin"
    assert "title" not in {text.name for text in turkish.missing}
