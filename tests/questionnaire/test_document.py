"""YAML 1.2's core schema, and the refusal of everything beside plain values."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.questionnaire.document import Document, read_document
from aoj_survey.questionnaire.problems import Report


def read(text: str) -> tuple[Document | None, list[str]]:
    report = Report("f.yaml")
    document = read_document(text, report)
    return document, [problem.code for problem in report.problems]


def read_value(text: str) -> Any:
    document, codes = read(text)
    assert document is not None
    assert codes == []
    return document.value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("0363", 363),
        ("0o17", 15),
        ("0x1f", 31),
        ("-12", -12),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2015-05-01", "2015-05-01"),
        ("true", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("''", ""),
        ("1.5", 1.5),
        (".5e3", 500.0),
        ("-.inf", float("-inf")),
        ("9" * 30, 1e30),
        ("'5'", "5"),
        ("<<", "<<"),
    ],
)
def test_a_plain_word_means_what_yaml_1_2_says(written: str, value: object) -> None:
    found = read_value(f"a: {written}")["a"]
    assert found == value
    assert type(found) is type(value)


def test_every_value_and_key_has_its_place() -> None:
    document, _ = read("a:\n  - b: 1\n    c: 'x'\n")
    assert document is not None
    assert (document.find_mark(("a", 0, "c")).line, document.find_mark(("a", 0, "c")).column) == (3, 8)
    assert (document.find_key_mark(("a", 0, "c")).line, document.find_key_mark(("a", 0, "c")).column) == (
        3,
        5,
    )
    missing = document.find_mark(("a", 0, "no such key"))
    assert (missing.line, missing.column) == (2, 5)


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: 1\n? [x]\n: 2", "a: 1\n2: 3\n"])
def test_a_bad_key_is_told_and_the_rest_is_read(text: str) -> None:
    document, codes = read(text)
    assert codes in (["duplicate-key"], ["key-not-text"])
    assert document is not None
    assert document.value == {"a": 1}


def test_twenty_levels_are_read_and_one_more_is_refused() -> None:
    assert read_value("[" * 20 + "]" * 20) is not None
    assert read("[" * 21 + "x" + "]" * 21) == (None, ["too-deep"])
    assert read("[" * 100_000) == (None, ["too-deep"])


def test_all_anchors_and_tags_are_told_at_once() -> None:
    assert read("a: &x 1\nb: *x\nc: !!python/object:os.system 1\nd: &y {}") == (
        None,
        ["anchor", "anchor", "tag", "anchor"],
    )


plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    # YAML 1.1 took U+0085 for the end of a line, and PyYAML still folds it to a space.
    | st.text(st.characters(codec="utf-8", exclude_characters="\x85"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcxyz", min_size=1), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(value=plain_values)
def test_what_is_written_as_yaml_reads_back(value: Any) -> None:
    report = Report("f.yaml")
    # JSON is YAML 1.2 with every text in quotes; PyYAML writes 1.1, which leaves some of them bare.
    document = read_document(json.dumps(value, ensure_ascii=False), report)
    if document is None:
        assert {problem.code for problem in report.problems} <= {"control-character"}
    else:
        assert document.value == value
