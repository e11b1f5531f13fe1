"""Own questions from a form: what is filled in compiles, reads back, and changes nothing that is shared."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aoj_survey.authoring import (
    KINDS,
    MESSAGES,
    Additions,
    OwnChoice,
    OwnQuestion,
    check_additions,
    complete_additions,
    read_additions,
    write_additions,
)
from aoj_survey.errors import AdditionsError, QuestionnaireError
from aoj_survey.questionnaire import (
    Instrument,
    OverlayText,
    compile_questionnaire,
    fill_text,
    find_item,
    find_quotes,
    read_mapping,
    write_document,
)
from tests.questionnaire.test_overlay import BASE, CAREFUL, SHARED, WILD, find_changes, list_pages, overlays

ASK = OwnQuestion("begin", "open", {"nl": "Wat wilt u nog zeggen over de leertafel?", "en": ""})
PICK = OwnQuestion(
    "los",
    "multiple",
    {"nl": "Wat helpt bij samenwerken in onze eigen regio?", "en": "What helps?"},
    choices=(
        OwnChoice({"nl": "een gezamenlijk overleg met alle partners"}),
        OwnChoice({"nl": "geen van deze"}, exclusive=True),
        OwnChoice({"nl": "weet ik niet"}, dont_know=True),
    ),
)


def lay(text: str) -> Instrument:
    return compile_questionnaire(BASE, "base.yaml", "buurt", [OverlayText(text, "overlay.yaml")])


def faults(*questions: OwnQuestion, **more: Any) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in check_additions(Additions(questions, **more), SHARED)]


def test_what_is_filled_in_is_asked_where_it_was_put() -> None:
    additions = Additions((ASK, replace(ASK, first=True, theme="midden"), PICK))
    assert list_pages(lay(write_additions(additions, SHARED))) == [
        ("begin", ["een", "samen", "buurt_wilt_zeggen_leertafel"]),
        ("midden", ["buurt_wilt_zeggen_leertafel_2", "vier"]),
        ("los", ["vijf", "buurt_helpt_samenwer"]),
        ("slot", ["zes"]),
    ]


def test_nobody_has_to_answer_and_answers_get_codes_and_values_by_themselves() -> None:
    instrument = lay(write_additions(Additions((PICK,)), SHARED))
    item = next(item for item in instrument.items() if item.kind == "multiple")
    assert not item.required
    assert [(choice.code, choice.value, choice.alone) for choice in item.choices] == [
        ("gezamenlijk", 1, False),
        ("geen", 2, True),
        ("weet_niet", 99, True),
    ]


def test_every_kind_of_the_form_compiles() -> None:
    questions = [
        OwnQuestion("begin", "choice", {"nl": "Kiest u?"}, choices=PICK.choices[:1] + PICK.choices[2:]),
        PICK,
        OwnQuestion("begin", "mark", {"nl": "Welk cijfer?"}, choices=(OwnChoice({"nl": "geen mening"}),)),
        OwnQuestion("begin", "number", {"nl": "Hoeveel?"}, minimum=0, maximum=9),
        ASK,
        OwnQuestion("begin", "explanation", {"nl": "Over ons"}, hint={"nl": "Een regel.\n\n- punt"}),
    ]
    assert {question.kind for question in questions} == set(KINDS)
    instrument = lay(write_additions(Additions(tuple(questions)), SHARED))
    added = [item.kind for item in instrument.items() if item.code.startswith("buurt_")]
    assert sorted(added) == sorted(KINDS)


def test_codes_stay_when_words_are_mended_and_new_ones_are_never_the_same() -> None:
    done = complete_additions(Additions((ASK, PICK)), SHARED)
    mended = replace(done.questions[0], text={"nl": "Iets heel anders?"})
    more = replace(done.questions[1], choices=(OwnChoice({"nl": "gezamenlijk"}), *done.questions[1].choices))
    again = complete_additions(Additions((mended, ASK, more)), SHARED)
    codes = [question.code for question in again.questions]
    assert [codes[0], codes[2]] == [question.code for question in done.questions]
    assert len(set(codes)) == 3
    (new, *old) = again.questions[2].choices
    assert tuple(old) == done.questions[1].choices
    assert new.code not in {choice.code for choice in old}
    assert new.value not in {choice.value for choice in old}


def test_codes_of_modules_are_kept_off_too() -> None:
    (taken,) = (question.code for question in complete_additions(Additions((ASK,)), SHARED).questions)
    (other,) = (
        question.code for question in complete_additions(Additions((ASK,)), SHARED, {taken}).questions
    )
    assert other != taken


@pytest.mark.parametrize(
    ("question", "field", "code"),
    [
        (replace(ASK, text={"nl": " ", "en": "What?"}), "text.nl", "text"),
        (replace(ASK, text={"nl": "x" * 501}), "text.nl", "long"),
        (replace(ASK, text={"nl": "Wat?", "fy": "Wat?"}), "text.fy", "language"),
        (replace(ASK, hint={"en": "Only here."}), "hint.nl", "text"),
        (replace(ASK, kind="ranking"), "kind", "kind"),
        (replace(ASK, theme="niets"), "theme", "place"),
        (replace(ASK, choices=PICK.choices), "choices", "no_choices"),
        (replace(PICK, choices=PICK.choices[:1]), "choices", "choices"),
        (replace(PICK, kind="mark"), "choices", "dont_know"),
        (replace(PICK, choices=PICK.choices[2:] * 2), "choices", "dont_know"),
        (replace(PICK, choices=PICK.choices[:1] * 2), "choices.1", "twice"),
        (replace(PICK, kind="choice"), "choices.1", "exclusive"),
        (replace(PICK, choices=(PICK.choices[0], OwnChoice({}))), "choices.1.nl", "text"),
        (replace(PICK, choices=(PICK.choices[0], OwnChoice({"nl": "x"}, value=99))), "choices.1", "code"),
        (replace(PICK, choices=(PICK.choices[0], OwnChoice({"nl": "x"}, code="A b"))), "choices.1", "code"),
        (replace(ASK, kind="number"), "minimum", "bounds"),
        (replace(ASK, kind="number", minimum=5, maximum=4), "minimum", "bounds"),
        (replace(ASK, code="een"), "code", "code"),
        (replace(ASK, code="andere_regio"), "code", "code"),
        (replace(ASK, code="buurt_x; drop"), "code", "code"),
    ],
)
def test_a_fault_is_told_at_its_field_in_words(question: OwnQuestion, field: str, code: str) -> None:
    assert (f"questions.0.{field}", code) in faults(question)
    with pytest.raises(AdditionsError, match=field):
        write_additions(Additions((question,)), SHARED)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"leave_out": ("niets",)}, ("leave_out.niets", "theme")),
        ({"leave_out": ("slot",)}, ("leave_out.slot", "locked")),
        ({"leave_out": ("midden",)}, ("leave_out.midden", "needed")),
        ({"words": {"niets": {"nl": "iets"}}}, ("words.niets", "word")),
        ({"words": {"verzuim": {"nl": ""}}}, ("words.verzuim.nl", "text")),
        ({"roles": {"jgz": {"nl": "iemand"}}}, ("roles.jgz", "role")),
        ({"mail": {"en": "Hello."}}, ("mail.nl", "text")),
    ],
)
def test_a_fault_outside_the_questions_is_told_too(more: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(**more) == [fault]


def test_twin_what_the_form_refuses_would_not_compile_or_be_compared() -> None:
    head = {"format": 1, "overlay": "proef", "edition": "1", "region": "buurt"}
    for code in ("slot", "midden", "niets"):
        with pytest.raises(QuestionnaireError):
            lay(write_document({**head, "leave_out": [code]}))
    assert faults(leave_out=("los",)) == []
    lay(write_additions(Additions(leave_out=("los",)), SHARED))


def test_a_question_cannot_stand_in_a_theme_that_is_left_out() -> None:
    assert faults(PICK, leave_out=("los",)) == [("questions.0.theme", "place")]


def test_every_message_is_there_in_both_languages() -> None:
    assert all(text.keys() == {"nl", "en"} and all(text.values()) for text in MESSAGES.values())


def test_words_roles_and_the_sentence_in_mails_are_carried() -> None:
    additions = Additions(
        words={"verzuim": {"nl": "spijbelen"}}, roles={"ib": {"nl": "coördinator"}}, mail={"nl": "Doe mee."}
    )
    instrument = lay(write_additions(additions, SHARED))
    assert {word.code: word.text for word in instrument.words}["verzuim"] == {"nl": "spijbelen"}
    assert instrument.role_labels[0].text == {"nl": "coördinator"}
    assert instrument.mail == {"nl": "Doe mee."}


def test_braces_mean_just_themselves() -> None:
    question = replace(ASK, text={"nl": "Wat vindt u van {een} en \\{twee}?"})
    instrument = lay(write_additions(Additions((question,)), SHARED))
    (item,) = (item for item in instrument.items() if item.code.startswith("buurt_"))
    assert (item.quotes, find_quotes(item.text)) == ((), ())
    assert fill_text(item.text, lambda _: {"nl": "!"}) == item.text


def test_an_overlay_with_more_than_the_form_can_show_is_not_read() -> None:
    done = write_additions(Additions((ASK,)), SHARED)
    assert read_additions(done, SHARED) is not None
    for change in (
        ('"kind": "open"', '"kind": "open"\n    "required": true'),
        ('"kind": "open"', '"kind": "open"\n    "ask_if": "has(een)"'),
        ('"after_item": "twee"', '"after_item": "een"'),
        ('"region": "buurt"', '"region": "zuid"'),
        ('"format": 1', '"format": 1\n"scales": {}'),
    ):
        assert change[0] in done
        assert read_additions(done.replace(*change), SHARED) is None


def test_what_is_no_yaml_is_told() -> None:
    with pytest.raises(QuestionnaireError):
        read_additions("a: [", SHARED)


# Whatever is filled in

words = st.text(st.sampled_from("abc É{}\\*#:'\"-?\n漢\0"), max_size=30) | st.sampled_from(
    ["Wat?", "ja", "select"]
)
text_values = st.fixed_dictionaries({"nl": words}, optional={"en": words})
own_choices = st.builds(OwnChoice, text_values, st.booleans(), st.booleans())
own_questions = st.builds(
    OwnQuestion,
    theme=st.sampled_from(["begin", "midden", "los", "slot"]),
    kind=st.sampled_from(KINDS),
    text=text_values,
    hint=text_values,
    choices=st.lists(own_choices, max_size=4).map(tuple),
    minimum=st.integers(0, 5),
    maximum=st.integers(4, 9),
    first=st.booleans(),
)
filled_in = st.builds(
    Additions,
    questions=st.lists(own_questions, max_size=3).map(tuple),
    leave_out=st.sampled_from([(), ("los",)]),
    words=st.dictionaries(st.just("verzuim"), text_values, max_size=1),
    roles=st.dictionaries(st.sampled_from(["ib", "zoco"]), text_values, max_size=1),
    mail=st.just({}) | text_values,
)


def mend(question: OwnQuestion, number: int) -> OwnQuestion:
    """What a person makes of it who reads the faults: so that most examples are whole."""
    fits = {"choice": 4, "multiple": 4, "mark": 1}.get(question.kind, 0)
    choices = [
        OwnChoice(
            {**choice.text, "nl": f"{choice.text['nl']} {place}"},
            choice.dont_know and place == 0,
            choice.exclusive and question.kind == "multiple",
        )
        for place, choice in enumerate((*question.choices, OwnChoice({"nl": "a"}), OwnChoice({"nl": "b"})))
    ]
    text = {**question.text, "nl": f"{question.text['nl']}{number}"}
    hint = question.hint if question.hint["nl"].strip(" \0\n") else {}
    return replace(question, text=text, hint=hint, choices=tuple(choices[:fits]))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(additions=filled_in)
def test_what_passes_compiles_reads_back_and_changes_nothing_shared(additions: Additions) -> None:
    questions = tuple(mend(question, number) for number, question in enumerate(additions.questions))
    additions = replace(additions, questions=questions)
    assume(not check_additions(additions, SHARED))
    done = complete_additions(additions, SHARED)
    text = write_additions(additions, SHARED)
    instrument = lay(text)
    assert find_changes(instrument) == []
    assert read_additions(text, SHARED) == done
    assert write_additions(done, SHARED) == text
    assert complete_additions(done, SHARED) == done
    assert len(list(instrument.items())) >= len(questions)


@given(additions=filled_in)
def test_nothing_that_is_filled_in_raises_anything_but_faults(additions: Additions) -> None:
    found = check_additions(additions, SHARED)
    assert all(fault.code in MESSAGES for fault in found)
    if found:
        with pytest.raises(AdditionsError):
            write_additions(additions, SHARED)
    else:
        lay(write_additions(additions, SHARED))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(content=overlays(CAREFUL) | overlays(WILD))
def test_whatever_overlay_is_read_is_written_the_same(content: dict[str, Any]) -> None:
    text = write_document(content)
    additions = read_additions(text, SHARED)
    if additions is not None:
        assert read_mapping(write_additions(additions, SHARED), "x") == read_mapping(text, "x")


def test_the_question_of_the_form_is_one_of_the_region() -> None:
    instrument = lay(write_additions(Additions((ASK,)), SHARED))
    assert find_item(instrument, "buurt_wilt_zeggen_leertafel").max_length == 500
