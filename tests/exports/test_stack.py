from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from aoj_survey.datasets import Cell, WaveDataset, make_dataset
from aoj_survey.disclosure import CaptureClass
from aoj_survey.exports import stack as stack_module
from aoj_survey.exports.comparability import Measure, read_measures
from aoj_survey.exports.stack import CROSSWALK, Stack, stack_datasets, write_crosswalk
from aoj_survey.questionnaire import compile_questionnaire
from tests.datasets.builders import DOELEN, HEAD, JAREN, RICHTING, SNEL, STURING, ZICHT, respond
from tests.exports.waves import (
    SNEL_IN_OTHER_WORDS,
    SNEL_ON_ANOTHER_SCALE,
    make_two_wordings,
    make_wave,
)
from tests.questionnaire.module_kind import KINDS_WITH_SLIDER

EXTRA_CHOICE = "          - {code: anders, value: 3, text: {nl: anders, en: other}}\n"
STURING_REVERSED = "\n".join([*STURING.splitlines()[:-2], *reversed(STURING.splitlines()[-2:]), ""])
DESIGN = ["instrument", "stratum", "pop_n", "w_region", "w_all"]


def names(stack: Stack) -> list[str]:
    return [variable.name for variable in stack.variables]


def columns(stack: Stack, part: int) -> dict[str, list[Cell]]:
    rows = stack.parts[part].rows()
    return {name: [row[place] for row in rows] for place, name in enumerate(names(stack))}


def test_columns_that_hold_the_same_are_one() -> None:
    stack = stack_datasets([make_wave("2021", "rijnmeer"), make_wave("2024", "rijnmeer")])
    assert names(stack) == [*DESIGN, "snel", "zicht"]
    assert columns(stack, 0)["snel"] == columns(stack, 1)["snel"] == [1] * 5


def test_each_row_names_the_questionnaires_of_its_stratum() -> None:
    stack = stack_datasets([make_wave("2021", "rijnmeer"), make_two_wordings("2024", "rijnmeer")])
    assert columns(stack, 0)["instrument"] == ["professionals@1"] * 5
    assert columns(stack, 1)["instrument"] == ["professionals@1"] * 5 + ["beleid@1"] * 5


def test_wave_and_region_are_no_columns_of_the_files() -> None:
    assert not {"wave", "region"} & set(names(stack_datasets([make_wave("2021", "rijnmeer")])))


def test_what_a_wave_did_not_ask_is_minus_five_there() -> None:
    older = make_wave("2021", "rijnmeer", (SNEL,), [{"snel": "ja"}] * 5)
    newer = make_wave("2024", "rijnmeer", (SNEL, DOELEN), [{"snel": "nee", "doelen": "ja"}] * 5)
    stack = stack_datasets([older, newer])
    assert columns(stack, 0)["doelen"] == [-5] * 5
    assert columns(stack, 1)["doelen"] == [1] * 5


def test_changed_scale_gets_a_column_of_its_own() -> None:
    newer = make_wave(
        "2024", "rijnmeer", (SNEL_ON_ANOTHER_SCALE, ZICHT), [{"snel": "niet", "zicht": "ja"}] * 5
    )
    stack = stack_datasets([make_wave("2021", "rijnmeer"), newer])
    assert names(stack) == [*DESIGN, "snel", "zicht", "snel_2"]
    assert columns(stack, 0)["snel_2"] == [-5] * 5
    assert columns(stack, 1)["snel"] == [-5] * 5
    assert columns(stack, 1)["snel_2"] == [3] * 5


def test_other_wording_alone_joins_and_the_crosswalk_shows_both() -> None:
    newer = make_wave("2024", "rijnmeer", (SNEL_IN_OTHER_WORDS, ZICHT))
    stack = stack_datasets([make_wave("2021", "rijnmeer"), newer])
    assert names(stack) == [*DESIGN, "snel", "zicht"]
    labels = [row[CROSSWALK.index("label_nl")] for row in write_crosswalk(stack) if row[3] == "snel"]
    assert labels == ["Sneller?", "Gaat het sneller?"]


def test_two_wordings_in_one_dataset_stay_two_columns_and_join_by_their_words() -> None:
    stack = stack_datasets([make_two_wordings("2021", "rijnmeer"), make_two_wordings("2024", "rijnmeer")])
    assert names(stack) == [*DESIGN, "zicht", "zicht_2"]
    assert (
        sorted(map(int, columns(stack, 0)["zicht"]))
        == sorted(map(int, columns(stack, 1)["zicht"]))
        == [-5] * 5 + [1] * 5
    )


def test_one_of_two_wordings_joins_only_that_one() -> None:
    only = make_wave("2024", "rijnmeer", (ZICHT,), [{"zicht": "ja"}] * 5)
    stack = stack_datasets([make_two_wordings("2021", "rijnmeer"), only])
    assert names(stack) == [*DESIGN, "zicht", "zicht_2"]
    assert columns(stack, 1)["zicht"] == [1] * 5
    assert columns(stack, 1)["zicht_2"] == [-5] * 5


def test_crosswalk_names_every_column_of_every_part_but_wave_and_region() -> None:
    stack = stack_datasets(
        [make_wave("2021", "rijnmeer"), make_wave("2024", "zoetermeer", (SNEL,), [{"snel": "ja"}] * 5)]
    )
    rows = write_crosswalk(stack)
    assert len(rows) == 6 + 5
    assert all(len(row) == len(CROSSWALK) for row in rows)
    found = [dict(zip(CROSSWALK, row, strict=True)) for row in rows]
    assert {
        "wave": "2024",
        "region": "zoetermeer",
        "column": "snel",
        "stacked": "snel",
        "item": "snel",
        "choice": "",
        "concept": "",
        "change": "identical",
        "imported_from": "",
        "label_nl": "Sneller?",
        "label_en": "Sooner?",
    } in found


# How an item changed decides, and is told


def changes(stack: Stack) -> list[dict[str, Cell]]:
    """The rows of the crosswalk on items of the last dataset."""
    rows = [dict(zip(CROSSWALK, row, strict=True)) for row in write_crosswalk(stack)]
    return [row for row in rows if row["wave"] == "2024" and row["item"]]


def asked(wave: str, *items: str) -> WaveDataset:
    return make_wave(wave, "rijnmeer", items, [{}] * 5)


@pytest.mark.parametrize(
    ("before", "after", "change", "joined"),
    [
        (SNEL, SNEL, "identical", True),
        (SNEL, SNEL_IN_OTHER_WORDS, "wording", True),
        (SNEL, SNEL.replace("text:", "hint: {nl: Denk aan u, en: Think of you}, text:"), "wording", True),
        (SNEL, SNEL_ON_ANOTHER_SCALE, "scale", False),
        (JAREN, JAREN.replace("50", "60"), "scale", False),
        (JAREN, JAREN.replace("jaar", "maanden").replace("years", "months"), "scale", False),
        (STURING, STURING + EXTRA_CHOICE, "scale", False),
        (STURING, STURING_REVERSED, "wording", True),
    ],
)
def test_the_class_of_a_change_stands_in_the_crosswalk_and_decides_whether_columns_join(
    before: str, after: str, change: str, joined: bool
) -> None:
    rows = changes(stack_datasets([asked("2021", before), asked("2024", after)]))
    assert {row["change"] for row in rows} == {change}
    assert all((row["column"] == row["stacked"]) == joined for row in rows if row["choice"] != "anders")


def make_slider(wave: str, step: int) -> WaveDataset:
    """A question of a module, whose answers are a few steps of a scale."""
    slider = f"kind: slider, min: 0, max: 10, step: {step}, text: {{nl: Schuif?, en: Slide?}}"
    text = HEAD.format(name="een", roles="ib") + f"      - {{code: schuif, {slider}}}\n"
    instrument = compile_questionnaire(text, "een.yaml", "rijnmeer", kinds=KINDS_WITH_SLIDER)
    return make_dataset(
        *(wave, "rijnmeer", [CaptureClass("ib", ("ib",), 20, 5)]),
        *(respond("ib", *({"schuif": 5},) * 5), {"digest-p": instrument}, {"ib": "digest-p"}),
        kinds=KINDS_WITH_SLIDER,
    )


@pytest.mark.parametrize(("step", "change"), [(5, "identical"), (1, "scale")])
def test_what_a_module_set_of_a_question_is_part_of_its_scale(step: int, change: str) -> None:
    stack = stack_datasets([make_slider("2021", 5), make_slider("2024", step)])
    assert [row["change"] for row in changes(stack)] == [change]


def test_another_condition_is_another_base_told_and_joined() -> None:
    always = RICHTING.replace('        ask_if: doelen == "ja"\n', "")
    stack = stack_datasets([asked("2021", DOELEN, always), asked("2024", DOELEN, RICHTING)])
    assert {row["item"]: row["change"] for row in changes(stack)} == {
        "doelen": "identical",
        "richting": "base",
    }
    assert names(stack) == [*DESIGN, "doelen", "richting"]


def test_a_changed_base_of_what_a_condition_looks_at_counts_too() -> None:
    routed = DOELEN.replace("required: true", "required: true, ask_if: snel == 'ja'")
    stack = stack_datasets([asked("2021", SNEL, DOELEN, RICHTING), asked("2024", SNEL, routed, RICHTING)])
    assert [row["change"] for row in changes(stack)] == ["identical", "base", "base"]


def test_another_code_of_the_same_concept_is_compared_and_stays_a_column_of_its_own() -> None:
    old = DOELEN.replace("kind:", "concept: aims, kind:")
    new = DOELEN.replace("code: doelen", "code: aims").replace("Doelen?", "Welke doelen?")
    routed = RICHTING.replace("doelen ==", "aims ==")
    stack = stack_datasets([asked("2021", old, RICHTING), asked("2024", new, routed)])
    assert {row["item"]: row["change"] for row in changes(stack)} == {
        "aims": "wording",
        "richting": "identical",
    }
    assert names(stack) == [*DESIGN, "doelen", "richting", "aims"]


def test_item_that_a_region_asks_no_more_is_gone_once() -> None:
    stack = stack_datasets(
        [
            asked("2021", SNEL, ZICHT),
            asked("2022", SNEL),
            asked("2023", SNEL),
            make_wave("2023", "oudeland", (SNEL,)),
        ]
    )
    rows = [dict(zip(CROSSWALK, row, strict=True)) for row in write_crosswalk(stack)]
    [gone] = [row for row in rows if row["change"] == "gone"]
    assert (gone["wave"], gone["region"], gone["column"], gone["stacked"], gone["label_nl"]) == (
        *("2022", "rijnmeer", ""),
        *("zicht", "Zicht?"),
    )


def test_item_that_was_not_there_before_is_new_and_nothing_is_said_of_the_first_wave() -> None:
    stack = stack_datasets([asked("2021", SNEL), asked("2024", SNEL, ZICHT)])
    assert {row["item"]: row["change"] for row in changes(stack)} == {"snel": "identical", "zicht": "new"}
    assert {row[CROSSWALK.index("change")] for row in write_crosswalk(stack) if row[0] == "2021"} == {""}


def test_twin_when_the_scale_did_not_decide_other_answers_would_be_one_column(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def blur(codebook: Mapping[str, Any]) -> dict[str, Measure]:
        return {name: replace(found, scale="") for name, found in read_measures(codebook).items()}

    monkeypatch.setattr(stack_module, "read_measures", blur)
    stack = stack_datasets([asked("2021", SNEL), asked("2024", SNEL_ON_ANOTHER_SCALE)])
    assert names(stack) == [*DESIGN, "snel"]
