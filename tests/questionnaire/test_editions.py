"""What changed between editions, and what that means for a trend."""

import pytest

from aoj_survey.questionnaire import (
    MEANING,
    Change,
    Instrument,
    ItemChange,
    compile_questionnaire,
    diff_editions,
)

TEXT = """\
format: 1
questionnaire: proef
edition: "1"
languages: [nl, en]
title: {nl: Proef, en: Trial}
purpose: {nl: Om te proberen., en: To try.}
roles: [ib, zoco]
scales:
  jn:
    - {code: ja, value: 1, text: {nl: ja, en: "yes"}}
    - {code: nee, value: 2, text: {nl: nee, en: "no"}}
themes:
  - code: begin
    title: {nl: Begin, en: Start}
    items:
      - {code: een, kind: choice, scale: jn, text: {nl: Een?, en: One?}}
      - {code: jaren, kind: number, min: 0, max: 9, unit: {nl: jaar, en: years}, text: {nl: Lang?, en: Long?}}
      - {code: hoe, kind: open, text: {nl: Hoe?, en: How?}, hint: {nl: Kort., en: Short.}, ask_if: een == "ja"}
      - {code: waarom, kind: open, text: {nl: Waarom?, en: Why?}, ask_if: has(hoe)}
      - {code: intro, kind: explanation, text: {nl: Let op, en: Attention}}
      - group: samen
        text: {nl: Samen, en: Together}
        scale: jn
        items: [{code: twee, text: {nl: Twee, en: Two}}]
"""


def compile_edition(*changes: tuple[str, str]) -> Instrument:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return compile_questionnaire(text, "f.yaml", "proef")


FIRST = compile_edition()


def find_changes(*changes: tuple[str, str]) -> dict[str | None, str]:
    """The items that changed, by their later code."""
    found = diff_editions(FIRST, compile_edition(*changes))
    return {item.after or item.before: item.change.name for item in found if item.change}


def test_an_edition_is_identical_to_itself() -> None:
    changes = diff_editions(FIRST, FIRST)
    assert [change.after for change in changes] == ["een", "jaren", "hoe", "waarom", "twee"]
    assert {(change.change, change.changes) for change in changes} == {(Change.IDENTICAL, ())}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("nl: Lang?", "nl: Hoe lang?", {"jaren": "WORDING"}),
        ("en: years", "en: y", {"jaren": "WORDING"}),
        ("nl: Kort.", "nl: Heel kort.", {"hoe": "WORDING"}),
        (", hint: {nl: Kort., en: Short.}", "", {"hoe": "WORDING"}),
        ("nl: Samen", "nl: Met elkaar", {"twee": "WORDING"}),
        ("nl: nee,", "nl: neen,", {"een": "WORDING", "twee": "WORDING"}),
        ("max: 9", "max: 10", {"jaren": "SCALE"}),
        ("value: 2", "value: 3", {"een": "SCALE", "twee": "SCALE"}),
        ('een == "ja"', 'een == "nee"', {"hoe": "BASE", "waarom": "BASE"}),
        (', ask_if: een == "ja"', "", {"hoe": "BASE", "waarom": "BASE"}),
        ("has(hoe)", 'has(hoe) && role == "ib"', {"waarom": "BASE"}),
        ("nl: Begin", "nl: Start", {}),
        ('edition: "1"', 'edition: "2"', {}),
        ("nl: Let op", "nl: Pas op", {}),
    ],
)  # fmt: skip
def test_each_change_has_its_class(old: str, new: str, changed: dict[str, str]) -> None:
    assert find_changes((old, new)) == changed


def test_the_gravest_change_counts_and_all_are_told() -> None:
    changes = diff_editions(FIRST, compile_edition(("nl: Lang?", "nl: Hoe lang?"), ("max: 9", "max: 10")))
    jaren = next(change for change in changes if change.after == "jaren")
    assert jaren == ItemChange("jaren", "jaren", Change.SCALE, (Change.SCALE, Change.WORDING))


def test_new_and_gone_items_are_told_apart_gone_ones_last() -> None:
    changes = diff_editions(FIRST, compile_edition(("code: twee", "code: drie")))
    assert [(c.before, c.after, c.change) for c in changes if c.change] == [
        (None, "drie", Change.NEW),
        ("twee", None, Change.GONE),
    ]


def test_an_item_is_known_by_its_concept_whatever_it_is_called() -> None:
    renamed = compile_edition(
        ("code: een,", "code: first_one, concept: een,"), ('een == "ja"', 'first_one == "ja"')
    )
    changes = {change.after: change for change in diff_editions(FIRST, renamed)}
    assert changes["first_one"].before == "een"
    assert {change.change for change in changes.values()} == {Change.IDENTICAL}


def test_without_concept_a_new_name_is_a_new_item() -> None:
    renamed = compile_edition(("code: een,", "code: first_one,"), ('een == "ja"', 'first_one == "ja"'))
    assert {change.change for change in diff_editions(FIRST, renamed)} >= {
        Change.NEW,
        Change.GONE,
        Change.BASE,
    }


def test_another_order_of_answers_is_other_wording() -> None:
    ja = '    - {code: ja, value: 1, text: {nl: ja, en: "yes"}}\n'
    nee = '    - {code: nee, value: 2, text: {nl: nee, en: "no"}}\n'
    assert find_changes((ja + nee, nee + ja)) == {"een": "WORDING", "twee": "WORDING"}


def test_a_language_more_is_no_change() -> None:
    dutch = compile_edition(
        ("[nl, en]", "[nl, en, fy]"), ("{nl: Een?, en: One?}", "{nl: Een?, en: One?, fy: Ien?}")
    )
    assert {change.change for change in diff_editions(FIRST, dutch)} == {Change.IDENTICAL}


def test_long_chains_of_conditions_are_compared_in_no_time() -> None:
    items = "".join(
        f"      - {{code: v{n}, kind: choice, scale: jn, text: {{nl: v, en: v}}, "
        f'ask_if: v{n - 1} == "ja" && v{n - 2} == "ja"}}\n'
        for n in range(2, 60)
    )
    start = "".join(
        f"      - {{code: v{n}, kind: choice, scale: jn, text: {{nl: v, en: v}}}}\n" for n in range(2)
    )
    chain = compile_questionnaire(TEXT + start + items, "f.yaml", "proef")
    assert {change.change for change in diff_editions(chain, chain)} == {Change.IDENTICAL}


def test_each_change_says_what_it_means_in_both_languages() -> None:
    assert set(MEANING) == set(Change)
    assert all(set(text) == {"nl", "en"} for text in MEANING.values())
    (change, *_) = diff_editions(FIRST, FIRST)
    assert change.meaning["nl"] == "Dezelfde vraag: de trend loopt door."
