"""Year on year: editions of a questionnaire as waves of one region, stacked. What the comparison of editions says decides."""

from pathlib import Path

import pytest

from aoj_survey.datasets import OpenedResponse, WaveDataset, make_dataset
from aoj_survey.disclosure import CaptureClass
from aoj_survey.exports.stack import CROSSWALK, Stack, stack_datasets, write_crosswalk
from aoj_survey.questionnaire import KINDS, Answers, Instrument, compile_questionnaire, diff_editions

STANDARD = Path(__file__).resolve().parents[2] / "questionnaires"
ROLES = {"ib": "p", "jeugdhulp": "p", "beleid_gem": "b"}
PROFESSIONALS, POLICY = "aoj-professionals", "aoj-beleid"


def compile_text(name: str, edition: str, change: tuple[str, str] = ("", "")) -> Instrument:
    text = (STANDARD / name / f"{edition}.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    return compile_questionnaire(text.replace(*change), f"{name}.yaml", "polderstad")


def make_year(year: str, professionals: Instrument, policy: Instrument) -> WaveDataset:
    """Six people of each role, who differ in their marks."""
    strata = [CaptureClass(role, (role,), 40, 6) for role in ROLES]
    answers: list[Answers] = [{"cijfer": 4 + number} for number in range(6)]
    return make_dataset(
        year,
        "polderstad",
        strata,
        [OpenedResponse(item.code, (ROLES[item.code],), given) for item in strata for given in answers],
        {"p": professionals, "b": policy},
        ROLES,
    )


def list_changes(stack: Stack) -> dict[str, str]:
    """What the crosswalk says of each item of the last year, and of those that are gone by then."""
    rows = [dict(zip(CROSSWALK, row, strict=True)) for row in write_crosswalk(stack)]
    last = stack.parts[-1].dataset.wave
    return {str(row["item"]): str(row["change"]) for row in rows if row["wave"] == last and row["item"]}


def compare_editions(before: Instrument, after: Instrument) -> dict[str, str]:
    """What the comparison of editions says of each item that has columns."""
    items = {item.code: item for instrument in (before, after) for item in instrument.items()}
    return {
        code: found.change.name.lower()
        for found in diff_editions(before, after)
        if (code := found.after or found.before) and KINDS[items[code].kind].columns(items[code])
    }


def test_from_2015_to_2021_the_crosswalk_says_what_the_comparison_of_editions_says() -> None:
    older, newer = (
        [compile_text(name, year) for name in (PROFESSIONALS, POLICY)] for year in ("2015", "2021")
    )
    stack = stack_datasets([make_year("2015", *older), make_year("2021", *newer)])
    told = compare_editions(older[0], newer[0]) | compare_editions(older[1], newer[1])
    assert list_changes(stack) == told
    assert (told["cijfer"], told["ev_evaluatie"], told["org_contact"], told["mdo"], told["basis"]) == (
        *("identical", "wording"),
        *("scale", "new", "gone"),
    )


def test_weights_add_up_to_who_was_invited_in_each_year_and_over_all_years() -> None:
    policy = compile_text(POLICY, "2021")
    years = [make_year(year, compile_text(PROFESSIONALS, year), policy) for year in ("2015", "2021")]
    stack = stack_datasets(years)
    names = [variable.name for variable in stack.variables]
    for weight in ("w_region", "w_all"):
        sums = [round(sum(float(row[names.index(weight)]) for row in part.rows()), 3) for part in stack.parts]
        assert sums == [120, 120]


def test_marks_of_all_years_stand_in_one_column_and_a_changed_scale_does_not() -> None:
    old, policy = compile_text(PROFESSIONALS, "2021"), compile_text(POLICY, "2021")
    new = compile_text(
        PROFESSIONALS, "2021", ("kind: choice\n        scale: agree5", "kind: choice\n        scale: jnw")
    )
    stack = stack_datasets([make_year("2021", old, policy), make_year("2022", new, policy)])
    names = [variable.name for variable in stack.variables]
    assert {"org_vroeg", "org_vroeg_2", "cijfer"} < set(names)
    assert "cijfer_2" not in names
    first, last = (
        {name: set(cells) for name, cells in zip(names, zip(*part.rows(), strict=True), strict=True)}
        for part in stack.parts
    )
    assert first["cijfer"] == last["cijfer"] == set(range(4, 10))
    assert first["org_vroeg_2"] == last["org_vroeg"] == {-5}
    assert list_changes(stack)["org_vroeg"] == "scale"


CHANGES = [
    (
        "kind: choice\n        scale: agree5",
        "kind: choice\n        required: true\n        scale: agree5",
        "wording",
    ),
    ("{nl: mee oneens, en: disagree}", "{nl: mee oneens, en: disagree}, other: true", "scale"),
]


@pytest.mark.parametrize(("old", "new", "change"), CHANGES)
def test_what_one_had_to_answer_or_could_write_beside_it_counts_as_in_editions(
    old: str, new: str, change: str
) -> None:
    before, policy = compile_text(PROFESSIONALS, "2021"), compile_text(POLICY, "2021")
    after = compile_text(PROFESSIONALS, "2021", (old, new))
    told = list_changes(stack_datasets([make_year("2021", before, policy), make_year("2022", after, policy)]))
    assert change in told.values()
    found = compare_editions(before, after)
    assert {code: told[code] for code in found} == found
