"""What compiling promises beside the corpus: places, bounds, speed, and no other error whatever the text."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aoj_survey.errors import NotFoundError, Problem, QuestionnaireError
from aoj_survey.questionnaire import compile_questionnaire, find_item, load_questionnaire

CORPUS = Path(__file__).parent / "corpus"
WIDTHS = Path(__file__).parents[1] / "questionnaires" / "widths.yaml"
SEEDS = [path.read_text("utf-8") for path in sorted(CORPUS.glob("**/*.yaml"))]
WHOLE = (CORPUS / "valid" / "choice.yaml").read_text("utf-8")


def find_problems(text: str) -> list[Problem]:
    try:
        compile_questionnaire(text, "proef.yaml", "proef")
    except QuestionnaireError as error:
        return list(error.problems)
    return []


def test_a_problem_tells_file_line_column_what_and_remedy() -> None:
    (problem,) = find_problems(WHOLE.replace("kind: choice", "kind: chioce"))
    line = WHOLE.splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith("choice")
    assert str(problem) == (
        f"proef.yaml:{problem.line}:{problem.column}: unknown-kind: `chioce` is not a kind of question. "
        "Choose from: choice, multiple, ranking, mark, number, date, month, open, explanation."
    )


def test_problems_come_in_file_order() -> None:
    problems = find_problems((CORPUS / "invalid" / "everything-at-once.yaml").read_text("utf-8"))
    places = [(problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
    assert len(problems) == 6


def test_an_unknown_key_stands_at_the_key_with_the_nearest_known_one() -> None:
    (problem,) = find_problems(WHOLE.replace("title: Proef", "titel: Proef\ntitle: Proef"))
    assert (problem.code, problem.column) == ("unknown-key", 1)
    assert problem.remedy == "Did you mean `title`?"


@pytest.mark.parametrize(
    "scalar",
    [
        'een == "ja" && twee == 1',
        "'een == \"ja\" && twee == 1'",
        '"een == \\"ja\\" && twee == 1"',
        "'een == ''ja'' && twee == 1'",
        '>-\n          een == "ja"\n          && twee == 1',
        '|\n          een == "ja"\n             && twee == 1',
        'een == "ja"\n          && twee == 1',
    ],
)
def test_a_fault_in_a_condition_stands_at_its_word_in_every_yaml_style(scalar: str) -> None:
    text = WHOLE + f"      - code: drie\n        kind: open\n        text: Hoe?\n        ask_if: {scalar}\n"
    (problem,) = find_problems(text)
    assert problem.code == "condition-unknown-name"
    assert text.splitlines()[problem.line - 1][problem.column - 1 :].startswith("twee")


def test_a_value_out_of_its_bounds_is_told_with_the_bound() -> None:
    with pytest.raises(QuestionnaireError) as caught:
        load_questionnaire(CORPUS / "invalid" / "out-of-range.yaml", "proef")
    assert [problem.what for problem in caught.value.problems] == [
        "`max_length` is not right: it is at least 1.",
        "`max_length` is not right: it is at most 2000.",
        "`choices` is not right: at least 2 are needed, and there are 1.",
    ]


def test_a_long_value_is_shortened_in_the_message() -> None:
    (problem,) = find_problems(WHOLE.replace("kind: choice", f"kind: {'x' * 5000}"))
    assert len(problem.what) < 400


def test_a_file_over_one_mebibyte_is_refused_and_one_just_under_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text(WHOLE + "#" * (1024 * 1024 - len(WHOLE.encode())))
    assert load_questionnaire(path, "proef").questionnaire == "proef"
    path.write_text(WHOLE + "#" * (1024 * 1024 - len(WHOLE.encode()) + 1))
    with pytest.raises(QuestionnaireError, match="too-large"):
        load_questionnaire(path, "proef")
    with pytest.raises(QuestionnaireError, match="too-large"):
        compile_questionnaire("#" * (1024 * 1024 + 1), "large.yaml", "proef")


def test_a_file_that_is_not_utf8_is_a_problem_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("format: 1\ntitle: één".encode("latin-1"))
    with pytest.raises(QuestionnaireError, match=r"latin\.yaml:2:8: not-utf8"):
        load_questionnaire(path, "proef")


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"none\.yaml"):
        load_questionnaire(tmp_path / "none.yaml", "proef")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\ud800", "\uffff"])
def test_a_character_that_cannot_be_shown_is_a_problem_at_its_place(character: str) -> None:
    (problem,) = find_problems(f"format: 1\na: b{character}")
    assert (problem.code, problem.line, problem.column) == ("control-character", 2, 5)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert find_problems("\ufeff" + WHOLE) == []


@pytest.mark.timeout(20)
def test_a_bomb_of_aliases_costs_nothing() -> None:
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 30)}]\n" for n in range(20)
    )
    problems = find_problems(bomb)
    assert {problem.code for problem in problems} == {"anchor", "too-many-problems"}


@pytest.mark.parametrize("sign", ["(", "!", "-", "[", '"a" in ', "een == "])
def test_a_condition_that_nests_without_end_is_a_problem(sign: str) -> None:
    condition = sign * 300
    text = (
        WHOLE + f"      - code: twee\n        kind: open\n        text: Hoe?\n        ask_if: '{condition}'\n"
    )
    assert {problem.code for problem in find_problems(text)} <= {"condition-syntax", "condition-type"}
    assert find_problems(text) != []


def test_a_sensitive_default_comes_with_the_mark_and_can_be_set() -> None:
    instrument = load_questionnaire(WIDTHS, "proef")
    assert find_item(instrument, "cijfer").sensitive
    assert not find_item(instrument, "overleg").sensitive
    text = (CORPUS / "valid" / "mark.yaml").read_text("utf-8")
    plain = compile_questionnaire(text.replace("kind: mark,", "kind: mark, sensitive: false,"), "f", "proef")
    assert not find_item(plain, "cijfer").sensitive


def test_finding_an_item_that_is_not_there_names_questionnaire_and_code() -> None:
    with pytest.raises(NotFoundError, match=r"widths 1 has no question 'geen'"):
        find_item(load_questionnaire(WIDTHS, "proef"), "geen")


@st.composite
def broken_files(draw: st.DrawFn) -> str:
    """A file of the corpus with some pieces cut out, doubled, or replaced by signs YAML gives a meaning."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        signs = st.sampled_from(
            [
                "",
                "\n",
                "  ",
                ": ",
                "- ",
                "[",
                "]",
                "{",
                "}",
                "'",
                '"',
                "#",
                "|",
                ">",
                "?",
                "!x ",
                "null",
                "1e9",
            ]
        )
        text = text[:start] + draw(signs | st.text(max_size=3) | st.just(text[start:end] * 2)) + text[end:]
    return text


@settings(deadline=None, max_examples=300)
@given(text=broken_files() | st.text(max_size=200))
def test_no_text_raises_anything_but_problems(text: str) -> None:
    for problem in find_problems(text):
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.what
        assert problem.remedy


@pytest.mark.long
@settings(deadline=None, max_examples=20_000)
@given(text=broken_files())
def test_no_text_raises_anything_but_problems_at_length(text: str) -> None:
    find_problems(text)
