from aoj_survey.datasets import Cell
from aoj_survey.exports.stack import CROSSWALK, Stack, stack_datasets, write_crosswalk
from tests.datasets.builders import DOELEN, SNEL, ZICHT
from tests.exports.waves import (
    SNEL_IN_OTHER_WORDS,
    SNEL_ON_ANOTHER_SCALE,
    make_two_wordings,
    make_wave,
)

DESIGN = ["stratum", "pop_n", "w_region", "w_all"]


def names(stack: Stack) -> list[str]:
    return [variable.name for variable in stack.variables]


def columns(stack: Stack, part: int) -> dict[str, list[Cell]]:
    rows = stack.parts[part].rows()
    return {name: [row[place] for row in rows] for place, name in enumerate(names(stack))}


def test_columns_that_hold_the_same_are_one() -> None:
    stack = stack_datasets([make_wave("2021", "rijnmeer"), make_wave("2024", "rijnmeer")])
    assert names(stack) == [*DESIGN, "snel", "zicht"]
    assert columns(stack, 0)["snel"] == columns(stack, 1)["snel"] == [1] * 5


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
    assert ("2024", "zoetermeer", "snel", "snel", "snel", "Sneller?", "Sooner?") in rows
