"""Columns that modules derive: of protected cells alone, documented, and held to k as questions are."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from aoj_survey.datasets import WaveDataset, derive_columns, derived, make_dataset
from aoj_survey.datasets.protection import add_columns
from aoj_survey.disclosure import CaptureClass
from aoj_survey.errors import PluginError
from aoj_survey.hooks import RegionHooks
from aoj_survey.questionnaire import Answers
from tests.hooks.modules import ask_region

from .builders import CIJFER, DOELEN, JAREN, RICHTING, ZICHT, column_of, compile_items, respond

INSTRUMENT = compile_items("een", "ib, zoco", (JAREN, CIJFER, DOELEN, RICHTING, ZICHT))
LONG = "lambda years: int(years >= 5)"


def make(*strata: Sequence[Answers]) -> WaveDataset:
    """The answers of ib'ers and of zoco's."""
    classes = [
        CaptureClass(role, (role,), 40, len(answers))
        for role, answers in zip(("ib", "zoco"), strata, strict=False)
    ]
    responses = [
        one for item, answers in zip(classes, strata, strict=True) for one in respond(item.code, *answers)
    ]
    roles = {item.code: "digest-p" for item in classes}
    return make_dataset("2026", "rijnmeer", classes, responses, {"digest-p": INSTRUMENT}, roles)


def people(*years: int | None, **more: Any) -> list[Answers]:
    """People of so many years of work, None for who skipped that, with different marks."""
    return [
        ({} if year is None else {"jaren": year}) | {"cijfer": 4 + place % 5} | more
        for place, year in enumerate(years)
    ]


def module(folder: Path, name: str = "rijnmeer_lang", sources: str = "'jaren',", **more: str) -> RegionHooks:
    """The hooks of a region whose module derives one column."""
    given = {"label": "{'nl': 'lang'}", "how": "{'nl': '5 jaar of meer', 'en': '5 years or more'}"}
    given |= {"compute": LONG} | more
    told = ", ".join(f"{key}={value}" for key, value in given.items())
    return ask_region(
        folder,
        f"@hookimpl\ndef aoj_derived_columns():\n    yield DerivedColumn('{name}', sources=({sources}), {told})",
    )


TWO = "{0: {'nl': 'kort'}, 1: {'nl': 'lang'}}"


def test_a_column_is_worked_out_of_the_cells_of_each_row_and_stands_last(tmp_path: Path) -> None:
    plain = make(people(1, 2, 5, 8, 8, None))
    dataset = derive_columns(plain, module(tmp_path, values=TWO))
    assert [row[:-1] for row in dataset.rows] == list(plain.rows)
    assert sorted(zip(column_of(dataset, "jaren"), column_of(dataset, "rijnmeer_lang"), strict=True)) == [
        *((-8, -8), (1, 0), (2, 0), (5, 1), (8, 1), (8, 1))
    ]
    described = dataset.codebook["columns"][-1]
    assert described["derived"] == {
        "module": "own",
        "sources": ["jaren"],
        "how": {"nl": "5 jaar of meer", "en": "5 years or more"},
    }
    assert (described["name"], described["holds"], described["sensitive"]) == ("rijnmeer_lang", "code", False)
    assert [(value["value"], value["label"]["nl"]) for value in described["values"]] == [
        (0, "kort"),
        (1, "lang"),
    ]
    assert {entry["value"] for entry in described["missing"]} == {-8, -7, -6, -5}
    assert dataset.privacy == plain.privacy


def test_missing_codes_go_along_and_what_is_protected_stays_so(tmp_path: Path) -> None:
    answers = people(*[3] * 6, doelen="nee") + people(*[3] * 6, doelen="ja", richting="ja")
    dataset = derive_columns(
        make(answers),
        module(tmp_path, sources="'richting', 'jaren'", compute="lambda choice, years: choice * years"),
    )
    assert Counter(column_of(dataset, "rijnmeer_lang")) == {-7: 6, 3: 6}
    hidden = [{"cijfer": 7, "jaren": 3}] * 6
    same = derive_columns(
        make(hidden), module(tmp_path / "same", sources="'cijfer', 'jaren'", compute="lambda *_: 1")
    )
    assert set(column_of(same, "cijfer")) == set(column_of(same, "rijnmeer_lang")) == {-6}


def test_a_module_is_asked_once_for_equal_cells_so_it_cannot_number_rows(tmp_path: Path) -> None:
    counting = "iter(range(100)).__next__"
    dataset = derive_columns(
        make(people(*[3] * 6, *[4] * 6)),
        module(tmp_path, compute=f"(lambda count: lambda years: count())({counting})"),
    )
    told = set(zip(column_of(dataset, "jaren"), column_of(dataset, "rijnmeer_lang"), strict=True))
    assert len(told) == 2


def test_twin_asked_for_every_row_a_module_could_number_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask: Callable[..., int] = derived._ask  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(
        derived, "_compute", lambda module, one, rows: [ask(module, one, tuple(row)) for row in rows]
    )
    dataset = derive_columns(
        make(people(*[3] * 6)),
        module(tmp_path, compute="(lambda count: lambda years: count())(iter(range(100)).__next__)"),
    )
    assert len(set(column_of(dataset, "rijnmeer_lang"))) == 6


# Held to k, and to differing answers


def test_a_flagged_column_that_would_point_to_few_is_minus_six_in_that_stratum(tmp_path: Path) -> None:
    hooks = module(tmp_path, quasi_identifier="True")
    dataset = derive_columns(make(people(*[3] * 6, *[8] * 4), people(*[3] * 6, *[8] * 7)), hooks)
    told = Counter(zip(column_of(dataset, "stratum"), column_of(dataset, "rijnmeer_lang"), strict=True))
    assert told == {(1, -6): 10, (2, 0): 6, (2, 1): 7}
    privacy = dataset.privacy
    assert privacy.quasi_identifiers == (("rijnmeer_lang", "ib"),)
    assert privacy.node == {"ib": {"rijnmeer_lang": 1}, "zoco": {"rijnmeer_lang": 0}}
    assert (privacy.smallest, privacy.largest_risk) == (6, 0.166667)
    assert dataset.codebook["columns"][-1]["quasi_identifier"] is True


def test_twin_without_the_flag_or_the_rule_four_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = make(people(*[3] * 6, *[8] * 4))
    assert Counter(column_of(derive_columns(plain, module(tmp_path)), "rijnmeer_lang")) == {0: 6, 1: 4}
    monkeypatch.setattr(derived, "_hide_pointing", lambda *_: None)
    flagged = derive_columns(plain, module(tmp_path / "flagged", quasi_identifier="True"))
    assert Counter(column_of(flagged, "rijnmeer_lang")) == {0: 6, 1: 4}


def test_a_flagged_column_may_not_make_a_class_of_one_mark_either(tmp_path: Path) -> None:
    answers: list[Answers] = [*people(*[3] * 6), *[{"jaren": 8, "cijfer": 9}] * 6]
    dataset = derive_columns(make(answers), module(tmp_path, quasi_identifier="True"))
    assert set(column_of(dataset, "rijnmeer_lang")) == {-6}


def test_a_column_of_a_sensitive_source_is_sensitive_and_hidden_where_all_give_one(tmp_path: Path) -> None:
    answers: list[Answers] = [{"cijfer": 6 + place % 3, "jaren": 3} for place in range(6)]
    compute = "lambda mark: int(mark >= 6)"
    hooks = module(tmp_path, sources="'cijfer',", compute=compute)
    dataset = derive_columns(make(answers, people(*[3] * 10)), hooks)
    told = Counter(zip(column_of(dataset, "stratum"), column_of(dataset, "rijnmeer_lang"), strict=True))
    assert told == {(1, -6): 6, (2, 0): 4, (2, 1): 6}
    assert dataset.privacy.homogeneous == (("rijnmeer_lang", "ib"),)
    assert ("rijnmeer_lang", "zoco") in [
        (column, stratum) for column, stratum, _ in dataset.privacy.closeness
    ]
    assert dataset.codebook["columns"][-1]["sensitive"] is True


def test_twin_not_hidden_a_whole_class_is_told_to_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derived, "_hide_alike", lambda _: None)
    answers: list[Answers] = [{"cijfer": 6 + place % 3, "jaren": 3} for place in range(6)]
    hooks = module(tmp_path, sources="'cijfer',", compute="lambda mark: int(mark >= 6)")
    assert set(column_of(derive_columns(make(answers), hooks), "rijnmeer_lang")) == {1}


# What is refused


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "lang"}, "own calls a derived column 'lang'; it begins with rijnmeer_"),
        ({"name": "rijnmeer_" + "x" * 30}, "own calls a derived column 'rijnmeer_xxx"),
        (
            {"sources": "'elders',"},
            "own derives rijnmeer_lang of 'elders', which is no column of whole numbers in 2026",
        ),
        ({"sources": "'w_region',"}, "of 'w_region', which is no column of whole numbers"),
        ({"compute": "lambda years: -6"}, "own gave something else than one of its values"),
        ({"compute": "lambda years: 2", "values": TWO}, "own gave something else than one of its values"),
        ({"compute": "lambda years: True"}, "own gave something else than one of its values"),
        ({"compute": "lambda years: 1 / 0"}, "own failed to work out rijnmeer_lang: ZeroDivisionError at"),
    ],
)
def test_a_column_that_cannot_be_is_refused_and_its_module_named(
    more: dict[str, str], words: str, tmp_path: Path
) -> None:
    with pytest.raises(PluginError, match=words):
        derive_columns(make(people(*[3] * 6)), module(tmp_path, **more))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    source = "@hookimpl\ndef aoj_derived_columns():\n    return [DerivedColumn('rijnmeer_x', {'nl': 'x'}, {'nl': 'y'}, ('jaren',), lambda _: 1)] * 2"
    with pytest.raises(PluginError, match="own derives a column rijnmeer_x, and there is one with that name"):
        derive_columns(make(people(*[3] * 6)), ask_region(tmp_path, source))


def test_what_an_error_says_is_left_out_since_it_may_hold_an_answer(tmp_path: Path) -> None:
    hooks = module(tmp_path, compute="lambda years: {}[years]")
    with pytest.raises(PluginError) as raised:
        derive_columns(make(people(*[37] * 6)), hooks)
    assert "KeyError at" in str(raised.value)
    assert "37" not in str(raised.value).partition(" at ")[0]


def test_nothing_of_a_dataset_is_changed_when_columns_are_added() -> None:
    dataset = make(people(1, 2, 3, 4, 5))
    changed = [(*row[:-1], 99) for row in dataset.rows]
    with pytest.raises(ValueError, match="nothing of it changed"):
        add_columns(dataset, (), changed, dataset.privacy, dataset.codebook)
    with pytest.raises(ValueError, match="nothing of it changed"):
        add_columns(dataset, (), dataset.rows, dataset.privacy, {"columns": []})
