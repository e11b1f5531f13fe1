import pytest
from hypothesis import given

from aoj_survey.exports.labels import Labels, Room, fit_labels
from aoj_survey.exports.spss import ROOM as SPSS
from aoj_survey.exports.stata import ROOM as STATA
from aoj_survey.exports.variables import Code, Variable
from tests.exports.sheets import VARIABLES, labelled

LONG = "é" * 200


def one(label: str, code: str = "ja") -> tuple[Variable, ...]:
    return (Variable("snel", "code", {"nl": label, "en": "x"}, (Code(1, {"nl": code}),)),)


def test_labels_that_fit_stay_whole_and_nothing_is_reported() -> None:
    labels = fit_labels("responses.sav", VARIABLES, SPSS)
    assert labels.cuts == ()
    assert labels.variables["snel"] == "kolom"
    assert labels.values["snel"][99] == "weet ik niet"
    assert labels.values["snel"][-8] == "ontbreekt -8"
    assert "w_region" not in labels.values


def test_label_too_long_for_spss_is_cut_by_bytes_and_reported() -> None:
    (cut,) = fit_labels("responses.sav", one(LONG), SPSS).cuts
    assert (cut.file, cut.column, cut.value) == ("responses.sav", "snel", None)
    assert (cut.limit, cut.unit) == (256, "bytes")
    assert cut.kept == "é" * 126 + "…"


def test_label_of_a_value_too_long_for_spss_is_cut_and_reported_by_its_value() -> None:
    labels = fit_labels("responses.sav", one("kort", LONG), SPSS)
    (cut,) = labels.cuts
    assert (cut.value, cut.limit, cut.kept) == (1, 120, "é" * 58 + "…")
    assert labels.values["snel"] == {1: cut.kept}


def test_label_too_long_for_stata_is_cut_by_characters() -> None:
    (cut,) = fit_labels("responses.dta", one(LONG), STATA).cuts
    assert (cut.limit, cut.unit, len(cut.kept)) == (80, "characters", 80)


@pytest.mark.parametrize("room", [SPSS, STATA])
def test_label_that_just_fits_is_not_cut(room: Room) -> None:
    limit, unit = room.variable
    just = "é" * (limit // 2 if unit == "bytes" else limit)
    assert fit_labels("x", one(just), room).cuts == ()
    assert len(fit_labels("x", one(just + "é"), room).cuts) == 1


def answered(*labels: str) -> Labels:
    """The labels in SPSS of a question with these answers."""
    codes = tuple(Code(value, {"nl": label}) for value, label in enumerate(labels, start=1))
    return fit_labels("responses.sav", (Variable("snel", "code", {"nl": "Hoe?"}, codes),), SPSS)


def test_answers_that_differ_beyond_the_cut_are_told_apart_by_their_code() -> None:
    """Readers that name answers by their labels (haven, pandas) would take them for one answer."""
    labels = answered(LONG + "meer", LONG + "minder", "evenveel")
    kept = "é" * 56 + "… ({})"
    assert labels.values["snel"] == {1: kept.format(1), 2: kept.format(2), 3: "evenveel"}
    assert [(cut.value, cut.kept) for cut in labels.cuts] == [(1, kept.format(1)), (2, kept.format(2))]
    assert all(len(label.encode()) <= 120 for label in labels.values["snel"].values())


def test_answers_in_the_same_words_are_told_apart_by_their_code() -> None:
    assert answered("anders", "ja", "anders").values["snel"] == {1: "anders (1)", 2: "ja", 3: "anders (3)"}


@pytest.mark.parametrize("room", [SPSS, STATA])
def test_of_a_question_with_a_column_for_each_answer_the_question_is_cut_first(room: Room) -> None:
    def column(code: str, label: str) -> Variable:
        return Variable(f"levert_{code}", "chosen", {"nl": label}, item="levert", choice=code)

    question, long = "Wat levert het op?" * 20, "minder verwijzingen" * 20
    labels = fit_labels(
        "x",
        (
            column("a", f"{question}: minder verzuim"),
            column("b", f"{question}: {long}"),
            column("c", "x" * 300),
            column("d", "Wat?: minder verzuim"),
        ),
        room,
    ).variables
    limit, unit = room.variable
    assert labels["levert_a"].startswith("Wat levert het op?")
    assert labels["levert_a"].endswith("…: minder verzuim")
    assert labels["levert_b"].startswith("Wat levert")
    assert "…: minder verwijzingen" in labels["levert_b"]
    assert labels["levert_c"].startswith("xxx")
    assert labels["levert_d"] == "Wat?: minder verzuim"
    assert {len(text.encode() if unit == "bytes" else text) for text in labels.values()} <= {
        *range(limit - 4, limit + 1),
        len(labels["levert_d"]),
    }


@given(labelled())
def test_every_label_that_is_not_whole_is_reported(variables: tuple[Variable, ...]) -> None:
    labels = fit_labels("x", variables, SPSS)
    whole = sum(
        label == item.label["nl"].strip()
        for item, label in zip(variables, labels.variables.values(), strict=True)
    )
    assert whole + sum(cut.value is None for cut in labels.cuts) == len(variables)


def test_spaces_around_a_label_are_not_kept() -> None:
    assert fit_labels("x", one("  Sneller? "), SPSS).variables == {"snel": "Sneller?"}
