"""`aoj questionnaires`: what authors are told about their files, editions and translations."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from aoj_survey.cli.questionnaires import questionnaires
from aoj_survey.config import ROOT
from aoj_survey.questionnaire import REGISTER, check_register, load_questionnaire, read_mapping
from tests.hooks.modules import write_module

from .authors import GOOD, OVERLAY, run, write
from .conftest import Aoj

STANDARD = ROOT / "questionnaires"


# check


def test_problems_stand_under_their_file_with_place_code_remedy_and_a_count(tmp_path: Path) -> None:
    broken = write(tmp_path, GOOD.replace('overleg == "ja"', 'overlge == "ja"'), "broken.yaml")
    double = write(tmp_path, GOOD.replace("Heeft u overleg?", "Heeft u overleg en zijn er afspraken?"))
    result = run("check", broken, double)
    lines = result.output.splitlines()
    assert result.exit_code == 1
    assert lines[0] == str(broken)
    assert lines[1] == "  23:17    fault: condition-unknown-name: No question has the code `overlge`."
    assert "overleg" in lines[2]
    assert lines.index(str(double)) > 2
    assert any("advice: two-questions" in line for line in lines)
    assert lines[-1].startswith("2 files checked, 1 fault, ")
    assert lines[-1].endswith(" pieces of advice.")


def test_advice_alone_stops_nothing_and_is_worded_in_dutch_where_asked(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD.replace("Heeft u overleg?", "Heeft u overleg en zijn er afspraken?"))
    result = run("check", file, "--language", "nl")
    assert result.exit_code == 0
    assert "Maak er twee vragen van" in result.output
    assert "Make it two questions" in run("check", file).output


def test_a_file_with_faults_gets_no_advice(tmp_path: Path) -> None:
    both = GOOD.replace("Heeft u overleg?", "Heeft u overleg en zijn er afspraken?") + "surprise: 1\n"
    levels = {
        problem["level"] for problem in json.loads(run("check", write(tmp_path, both), "--json").output)
    }
    assert levels == {"error"}


def test_a_file_that_is_no_yaml_is_told_where_it_breaks(tmp_path: Path) -> None:
    result = run("check", write(tmp_path, GOOD + "  - {oops\n"))
    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert "fault: " in result.output


def own_questionnaires(instance: Path, folder: Path) -> None:
    settings = instance / "settings.toml"
    kept = [line for line in settings.read_text().splitlines() if not line.startswith("questionnaire_dir")]
    settings.write_text("\n".join([*kept, f'questionnaire_directory = "{folder}"', ""]))


def test_an_overlay_is_checked_with_the_questionnaire_it_names(
    aoj: Aoj, instance: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    own_questionnaires(instance, folder)
    write(folder, GOOD.replace("Heeft u overleg?", "Heeft u overleg en zijn er afspraken?"))
    overlay = write(tmp_path, OVERLAY, "zuid.yaml")
    fine = aoj("questionnaires", "check", overlay)
    assert fine.exit_code == 0
    assert fine.output.splitlines()[0] == str(overlay)
    assert "two-questions" not in fine.output
    assert "two-questions" in aoj("questionnaires", "check", folder / "proef" / "1.yaml").output
    write(tmp_path, OVERLAY.replace("zuid_tafel", "tafel"), "zuid.yaml")
    refused = aoj("questionnaires", "check", overlay)
    assert refused.exit_code == 1
    assert refused.output.splitlines()[0] == str(overlay)
    assert "fault: overlay-prefix" in refused.output


def test_what_a_region_keeps_itself_is_checked_with_the_rest(
    aoj: Aoj, instance: Path, tmp_path: Path
) -> None:
    own_questionnaires(instance, tmp_path / "own")
    file = write(tmp_path / "own")
    aoj("regions", "add", "zuid", "Zuid")
    kept = aoj("regions", "overlay", "set", "zuid", write(tmp_path, OVERLAY, "zuid.yaml"))
    assert kept.exit_code == 0, kept.output
    file.write_text(GOOD.replace("code: overleg", "code: overleggen").replace("overleg ==", "overleggen =="))
    result = aoj("questionnaires", "check", file, "--region", "zuid")
    assert (result.exit_code, "own questions of zuid" in result.output) == (1, True)
    assert aoj("questionnaires", "check", file).exit_code == 0


def test_an_overlay_of_an_unknown_questionnaire_says_which_file_is_not_there(tmp_path: Path) -> None:
    overlay = write(tmp_path, OVERLAY.replace("overlay: proef", "overlay: zomaar"), "zuid.yaml")
    result = run("check", overlay)
    assert result.exit_code == 1
    assert str(Path("zomaar") / "1.yaml") in result.output
    assert "Traceback" not in result.output


def test_an_overlay_cannot_be_used_for_another_region(aoj: Aoj, instance: Path, tmp_path: Path) -> None:
    own_questionnaires(instance, tmp_path / "own")
    write(tmp_path / "own")
    overlay = write(tmp_path, OVERLAY, "zuid.yaml")
    result = aoj("questionnaires", "check", overlay, "--region", "noord")
    assert (result.exit_code, "overlay-region" in result.output) == (1, True)


def test_a_region_without_an_installation_is_that_of_its_module(tmp_path: Path) -> None:
    result = run("check", STANDARD / "aoj-professionals" / "2021.yaml", "--region", "almere")
    assert (result.exit_code, "No module" in result.output) == (0, False)
    nobody = run("check", STANDARD / "aoj-professionals" / "2021.yaml", "--region", "nergenshuizen")
    assert (nobody.exit_code, "declares the region nergenshuizen" in nobody.output) == (0, True)


def test_a_module_enabled_and_not_loaded_is_named(aoj: Aoj, instance: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plugins"
    write_module(folder, "own", "")
    settings = instance / "settings.toml"
    before = settings.read_text()
    settings.write_text(before + f'plugin_directory = "{folder}"\nmodules = "own"\n')
    aoj("regions", "add", "zuid", "Zuid")
    assert aoj("plugins", "enable", "own", "zuid").exit_code == 0
    settings.write_text(before)
    result = aoj("questionnaires", "check", write(tmp_path), "--region", "zuid")
    assert (result.exit_code, "The region module own is enabled for zuid but" in result.output) == (1, True)


# register


def test_the_published_editions_of_the_repository_are_as_they_were_published() -> None:
    registered = json.loads((STANDARD / REGISTER).read_text("utf-8"))
    files = {f"{path.parent.name}@{path.stem}" for path in STANDARD.glob("*/*.yaml")}
    assert set(registered) == files
    assert check_register(STANDARD) == ()


@pytest.mark.parametrize("path", sorted(STANDARD.glob("*/*.yaml")), ids=lambda path: path.parent.name)
def test_twin_one_other_letter_in_a_published_edition_is_found(path: Path, tmp_path: Path) -> None:
    shutil.copytree(STANDARD, tmp_path / "questionnaires")
    copy = tmp_path / "questionnaires" / path.parent.name / path.name
    text = copy.read_text("utf-8")
    title = load_questionnaire(path, "").title["nl"]
    copy.write_text(text.replace(title, title + "?", 1), "utf-8")
    assert [problem.code for problem in check_register(copy.parent.parent)] == ["edition-edited"]


def test_an_edited_edition_is_a_fault_with_its_remedy_and_a_new_edition_is_none(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert run("register", file).exit_code == 0
    assert run("check", file).exit_code == 0
    write(tmp_path, GOOD.replace("Heeft u overleg?", "Overlegt u?"))
    result = run("check", file)
    assert result.exit_code == 1
    assert f"{file}\n  1:1      fault: edition-edited" in result.output
    assert "make a new edition" in result.output
    file.write_text(GOOD)
    new = write(
        tmp_path, GOOD.replace('"1"', '"2"').replace("Heeft u overleg?", "Overlegt u?"), "proef/2.yaml"
    )
    assert run("check", file, new).exit_code == 0


def test_an_edition_with_a_kind_of_a_module_is_published_and_compared_with_its_region(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        GOOD.replace("kind: mark", "kind: percentage").replace(", dont_know: {nl: geen, en: none}", ""),
    )
    for command in (["register", file], ["diff", file, file]):
        assert "unknown-kind" in run(*command).output
        assert run(*command, "--region", "voorbeeld").exit_code == 0
    assert run("check", file, "--region", "voorbeeld").exit_code == 0
    file.write_text(file.read_text("utf-8").replace("Heeft u overleg?", "Overlegt u?"), "utf-8")
    assert "edition-edited" in run("check", file, "--region", "voorbeeld").output


def test_an_edited_edition_is_told_for_the_files_asked_about_only(tmp_path: Path) -> None:
    first, other = write(tmp_path), write(tmp_path, GOOD.replace("proef", "ander"), "ander/1.yaml")
    for file in (first, other):
        assert run("register", file).exit_code == 0
    first.write_text(GOOD.replace("Heeft u overleg?", "Overlegt u?"))
    assert run("check", other).exit_code == 0
    first.unlink()
    gone = run("check", other)
    assert (gone.exit_code, "edition-gone" in gone.output) == (1, True)


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        (GOOD + "surprise: 1\n", "proef/1.yaml", "surprise"),
        (GOOD, "proef/2.yaml", "must lie in the folder of its questionnaire"),
        (OVERLAY, "proef/1.yaml", "must lie in the folder of its questionnaire"),
    ],
    ids=["faulty", "misplaced", "overlay"],
)
def test_what_cannot_be_published_is_refused_and_writes_nothing(
    text: str, name: str, told: str, tmp_path: Path
) -> None:
    result = run("register", write(tmp_path, text, name))
    assert (result.exit_code, told in result.output) == (1, True)
    assert not (tmp_path / REGISTER).exists()


def test_an_edition_is_published_once(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert run("register", file).exit_code == 0
    again = run("register", file)
    assert (again.exit_code, "Make a new edition" in again.output) == (1, True)


# diff


def test_the_difference_tells_class_meaning_and_both_texts(tmp_path: Path) -> None:
    old = write(tmp_path)
    new = write(
        tmp_path, GOOD.replace("Do you meet?", "Do you talk?").replace("max: 20", "max: 31"), "2.yaml"
    )
    output = run("diff", old, new).output
    assert "overleg: wording\n  Other words: the trend is drawn with a break" in output
    assert "  text [en]\n    - Do you meet?\n    + Do you talk?\n" in output
    assert "hoe_vaak: scale\n" in output
    assert "  highest\n    - 20\n    + 31\n" in output
    assert "cijfer: identical\n" in output
    assert "Andere woorden" in run("diff", old, new, "--language", "nl").output


Edit = Callable[[str], str]
CHANGES: dict[str, tuple[Edit, str, set[str]]] = {
    "identical": (lambda text: text, "cijfer", set()),
    "wording": (lambda text: text.replace("Welk cijfer?", "Welk cijfer dan?"), "cijfer", {"text"}),
    "base": (lambda text: text.replace('== "ja"', '!= "nee"'), "hoe_vaak", {"asked of"}),
    "scale": (
        lambda text: text.replace("code: nee", "code: nooit"),
        "overleg",
        {"answers", "answer nee", "answer nooit"},
    ),
    "new": (lambda text: text.replace("code: cijfer", "code: rapport"), "rapport", set()),
    "gone": (lambda text: text.replace("code: cijfer", "code: rapport"), "cijfer", set()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_class_of_change_says_what_differs(change: str, tmp_path: Path) -> None:
    edit, code, parts = CHANGES[change]
    new = write(tmp_path, edit(GOOD), "2.yaml")
    found = json.loads(run("diff", write(tmp_path), new, "--json").output)
    item = next(item for item in found if code in {item["before"], item["after"]})
    assert item["change"] == change
    assert {difference["part"] for difference in item["differences"]} == parts


def test_an_overlay_is_no_edition_to_compare(tmp_path: Path) -> None:
    overlay = write(tmp_path, OVERLAY, "zuid.yaml")
    result = run("diff", write(tmp_path), overlay)
    assert (result.exit_code, "is an overlay of a region. Give two editions" in result.output) == (1, True)


def test_an_order_of_answers_or_an_obligation_is_a_difference_too(tmp_path: Path) -> None:
    new = write(tmp_path, GOOD.replace("kind: choice", "kind: choice\n        required: true"), "2.yaml")
    output = run("diff", write(tmp_path), new).output
    assert "overleg: wording" in output
    assert "  required\n    - \n    + yes\n" in output


# missing


def test_missing_translations_are_listed_by_language_with_unchecked_ones_apart(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD.replace("nl: Einde, en: End", "nl: Einde"))
    output = run("missing", file).output
    english, turkish = output.split("  en: ", 1)[1].split("  tr (not checked by a speaker")
    assert english.startswith("1 of 11 texts missing\n    theme.einde: Einde\n")
    assert "9 of 11 texts missing" in turkish
    assert "    item.overleg: Heeft u overleg?\n" in turkish
    report = json.loads(run("missing", file, "--json").output)[str(file)]
    assert [(one["language"], one["checked"]) for one in report] == [
        ("nl", True),
        ("en", True),
        ("tr", False),
    ]


def test_missing_translations_of_a_faulty_file_are_its_faults(tmp_path: Path) -> None:
    result = run("missing", write(tmp_path, GOOD + "surprise: 1\n"))
    assert (result.exit_code, "surprise" in result.output) == (1, True)


# schema


def test_the_printed_schemas_hold_what_they_are_of_and_nothing_else() -> None:
    questionnaire, overlay = (json.loads(run("schema", *words).output) for words in ((), ("--overlay",)))
    good, addition = read_mapping(GOOD, "good"), read_mapping(OVERLAY, "overlay")
    jsonschema.validate(good, questionnaire)
    jsonschema.validate(addition, overlay)
    for value, schema in ((addition, questionnaire), (good, overlay)):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(value, schema)


def test_the_schema_for_a_region_knows_the_kinds_of_its_modules() -> None:
    assert "school_year" in run("schema", "--region", "almere").output
    assert "school_year" not in run("schema").output


# print


def test_a_file_is_printed_for_review_with_unchecked_translations_named(tmp_path: Path) -> None:
    file, output = write(tmp_path), tmp_path / "review.html"
    assert run("print", file).output.startswith("<!doctype html>")
    told = run("print", file, "--language", "tr", "--role", "ib", "--output", output)
    assert (told.exit_code, str(output) in told.output) == (0, True)
    document = output.read_text("utf-8")
    assert "has not been checked by a speaker" in document
    assert "holds only what this role may be asked" in document


def test_a_print_for_a_region_has_what_its_module_adds() -> None:
    file = STANDARD / "aoj-professionals" / "2021.yaml"
    assert "van de regio" in run("print", file, "--region", "almere").output
    assert "van de regio" not in run("print", file).output


def test_a_faulty_file_is_not_printed(tmp_path: Path) -> None:
    result = run("print", write(tmp_path, GOOD + "surprise: 1\n"), "--output", tmp_path / "review.html")
    assert (result.exit_code, "surprise" in result.output) == (1, True)
    assert not (tmp_path / "review.html").exists()


# The reference


def list_told(text: str) -> set[str]:
    return set(re.findall(r"^\| `aoj questionnaires ([\w-]+) ?[^`]*` \|", text, re.MULTILINE))


def test_the_reference_names_every_command_and_no_other() -> None:
    readme = (STANDARD / "README.md").read_text("utf-8")
    assert list_told(readme) == set(questionnaires.commands)
    assert list_told(readme.replace("aoj questionnaires missing", "aoj questionnaires mising")) != set(
        questionnaires.commands
    )
