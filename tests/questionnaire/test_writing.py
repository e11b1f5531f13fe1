"""Overlays made in pages are YAML like any other: what is written reads back the same."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.questionnaire import write_document
from aoj_survey.questionnaire.document import read_document
from aoj_survey.questionnaire.problems import Report

readable = st.characters(categories=["L", "N", "P", "S", "Zs"]) | st.sampled_from("\n\t\"'\\")
scalars = st.text(readable, max_size=30) | st.integers(-(10**17), 10**17) | st.booleans()
documents = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(readable, max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def read(text: str) -> Any:
    report = Report("overlay.yaml")
    document = read_document(text, report)
    assert report.problems == []
    assert document is not None
    return document.value


@given(value=documents)
def test_what_is_written_reads_back_the_same(value: Any) -> None:
    assert read(write_document(value)) == value


@pytest.mark.parametrize(
    "text", ["no", "0o17", "1e3", "~", "0363", "2026-05-31", ".inf", " x ", "- a", "a: b", "#"]
)
def test_a_text_stays_a_text(text: str) -> None:
    assert read(write_document({"text": text})) == {"text": text}


def test_plain_yaml_would_not_do() -> None:
    assert read(yaml.safe_dump({"text": "0o17"})) != {"text": "0o17"}


def test_the_order_of_keys_is_kept_and_letters_are_readable() -> None:
    assert write_document({"z": 1, "a": "één"}) == '"z": 1\n"a": "één"\n'
