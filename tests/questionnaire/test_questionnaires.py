"""The shipped questionnaires against the published indicators, and the README against the compiler."""

import re
from pathlib import Path
from textwrap import indent

import pytest

from aoj_survey.errors import QuestionnaireError
from aoj_survey.questionnaire import (
    KINDS,
    ROLES,
    Instrument,
    Item,
    OverlayText,
    compile_questionnaire,
    find_item,
    load_questionnaire,
)

FOLDER = Path(__file__).parents[2] / "questionnaires"
PROFESSIONALS = load_questionnaire(FOLDER / "aoj-professionals" / "2015.yaml", "drechtsteden")
POLICY = load_questionnaire(FOLDER / "aoj-beleid" / "2015.yaml", "drechtsteden")
BOTH = pytest.mark.parametrize("instrument", [PROFESSIONALS, POLICY], ids=["professionals", "beleid"])
README = (FOLDER / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)

JNW = {"ja": 1, "nee": 2, "weet_niet": 99}
JNO = {"ja": 1, "nee": 2, "in_ontwikkeling": 3, "weet_niet": 99}
DIRECTION = {"meestal_wel": 1, "soms": 2, "meestal_niet": 3}

# The indicators published in 2015, with the answers they were published in.
PROFESSIONAL_ANSWERS = {
    "snel": JNW,
    "zicht": JNW,
    "contact": JNO,
    "optrekken": JNO,
    "verschil_ouders": JNW,
    "verschil_partner": JNW,
    "taken": JNW,
    "verantw": JNW,
    "bevoegd": JNW,
    "doelen": {"ja": 1, "nee": 2},
    "doelen_richting": DIRECTION,
    "casus": JNW,
    "toewijzen": JNW,
    "basis": JNW,
    "evalueren": JNW,
    "arrangement": JNW,
    "cijfer": {"weet_niet": 99},
}
POLICY_ANSWERS = {
    "plannen": JNW,
    "zicht": JNW,
    "sturing": {"visie": 1, "werkprocessen": 2, "implementatie": 3, "inkoop": 4, "verantwoording": 5},
    "cijfer": {"weet_niet": 99},
}


def read_answers(item: Item) -> dict[str, int]:
    return {choice.code: choice.value for choice in item.choices}


def test_every_indicator_of_2015_is_asked_with_its_published_answers() -> None:
    assert {item.code: read_answers(item) for item in PROFESSIONALS.items()} == PROFESSIONAL_ANSWERS
    assert {item.code: read_answers(item) for item in POLICY.items()} == POLICY_ANSWERS


def test_the_roles_decide_the_questionnaire_without_overlap() -> None:
    assert PROFESSIONALS.roles == ("ib", "zoco", "zoco_mbo", "begeleider", "jeugdhulp", "jgz", "leerplicht")
    assert POLICY.roles == ("beleid_gem", "swv")
    assert {ROLES[role].group for role in PROFESSIONALS.roles} == {"professionals"}
    assert {ROLES[role].group for role in POLICY.roles} == {"beleid"}


@pytest.mark.parametrize("code", ["zicht", "cijfer"])
def test_shared_items_are_the_same_in_both(code: str) -> None:
    assert find_item(PROFESSIONALS, code) == find_item(POLICY, code)


def test_the_follow_up_is_asked_only_after_yes_and_its_question_is_required() -> None:
    assert find_item(PROFESSIONALS, "doelen_richting").ask_if == ("==", ("item", "doelen"), "ja")
    assert find_item(PROFESSIONALS, "doelen").required


def test_the_mark_is_a_whole_number_from_1_to_10_and_sensitive() -> None:
    mark = find_item(PROFESSIONALS, "cijfer")
    assert (mark.minimum, mark.maximum, mark.sensitive) == (1, 10, True)
    assert mark.hint == {"nl": "1 is heel slecht, 10 is uitstekend.", "en": "1 is very bad, 10 is excellent."}


@BOTH
def test_a_page_of_statements_holds_at_most_seven_with_one_scale(instrument: Instrument) -> None:
    for page in instrument.pages:
        assert len(page.items) <= 7
        assert len({item.scale for item in page.items}) == 1


@BOTH
def test_themes_are_short_first_and_end_with_the_mark(instrument: Instrument) -> None:
    *themes, last = [sum(len(page.items) for page in theme.pages) for theme in instrument.themes]
    assert themes == sorted(themes)
    assert last == 1
    assert instrument.themes[-1].pages[0].code == "cijfer"


@BOTH
def test_all_that_is_shown_is_in_dutch_and_english(instrument: Instrument) -> None:
    shown = [instrument.title, instrument.purpose, *(theme.title for theme in instrument.themes)]
    shown += [text for page in instrument.pages for text in (page.text, page.hint) if text]
    shown += [text for item in instrument.items() for text in (item.text, item.hint) if text]
    shown += [choice.text for item in instrument.items() for choice in item.choices]
    assert {tuple(text) for text in shown} == {("nl", "en")}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.yaml")), ids=str)
def test_a_file_stands_where_its_name_and_edition_say(path: Path) -> None:
    instrument = load_questionnaire(path, "proef")
    assert (instrument.questionnaire, instrument.edition) == (path.parent.name, path.stem)


# The README


def make_whole(example: str) -> str:
    """A fragment of the README put where it belongs in the README's first, whole example."""
    if example.startswith("format:"):
        return example
    words = next(part for part in EXAMPLES if part.startswith("words:"))
    if not example.startswith("- "):
        return re.sub(r"^scales:\n(  .*\n)+", lambda _: example, EXAMPLES[0], flags=re.MULTILINE)
    if "{word:" in example:
        return make_whole(words) + indent(example, " " * 6)
    lines = "".join(f"      {line}\n" if line else "\n" for line in example.splitlines())
    return EXAMPLES[0] + lines


def compile_example(example: str) -> Instrument:
    if "\noverlay:" in example:
        base = make_whole(next(part for part in EXAMPLES if part.startswith("words:")))
        return compile_questionnaire(base, "README", "zuid", [OverlayText(example, "README overlay")])
    return compile_questionnaire(make_whole(example), "README", "proef")


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_of_the_readme_compiles(number: int) -> None:
    compile_example(EXAMPLES[number])


def test_a_mistake_in_an_example_would_be_found() -> None:
    with pytest.raises(QuestionnaireError):
        compile_example(EXAMPLES[-1].replace("kind:", "knd:"))
    with pytest.raises(QuestionnaireError):
        compile_example(EXAMPLES[-2].replace("kind:", "knd:"))


def test_the_readme_names_every_kind() -> None:
    assert all(f"`{kind}`" in README for kind in KINDS)
