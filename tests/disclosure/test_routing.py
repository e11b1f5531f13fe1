"""What roles of one stratum are asked in one way; no pattern of missing codes may tell them apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aoj_survey.datasets.cells import encode_answers
from aoj_survey.datasets.columns import PROTECTED, plan_questions
from aoj_survey.disclosure import CaptureClass
from aoj_survey.disclosure.routing import find_asked, find_dependent, find_shared, may_be_asked, settle
from aoj_survey.interview import drop_off_path
from aoj_survey.questionnaire import (
    ROLES,
    Answers,
    Expression,
    Instrument,
    Item,
    find_context,
    find_item,
    holds,
)
from tests.datasets.builders import SNEL, ZICHT, compile_items
from tests.questionnaire.strategies import answered

EVERY_ROLE = "ib, zoco, jeugdhulp, beleid_gem, swv, ouder"


def ask(code: str, condition: str) -> str:
    return f"      - {{code: {code}, kind: choice, scale: jnw, text: {{nl: x?, en: x?}}, ask_if: '{condition}'}}\n"


def share(instrument: Instrument, *roles: str) -> frozenset[str]:
    return find_shared([instrument] * len(roles), [find_context(role, "proef") for role in roles])


@pytest.mark.parametrize(
    ("condition", "roles", "shared"),
    [
        ('role == "ib"', ("ib", "zoco"), False),
        ('role == "ib"', ("ib",), True),
        ('role == "ib"', ("zoco", "jeugdhulp"), True),
        ('role in ["ib", "zoco"]', ("ib", "zoco"), True),
        ('role in ["ib", "zoco"]', ("ib", "zoco", "swv"), False),
        ('group == "professionals"', ("ib", "zoco"), True),
        ('group == "professionals"', ("ib", "swv"), False),
        ('sector == "po"', ("ib", "zoco"), False),
        ('sector == "gemeente"', ("ib", "zoco"), True),
        ('region == "proef"', ("ib", "swv"), True),
        ('snel == "ja" && role == "ib"', ("ib", "zoco"), False),
        ('snel == "ja" && group == "professionals"', ("ib", "zoco"), True),
        ('snel == "ja" || group == "professionals"', ("ib", "zoco"), True),
        ('snel == "ja" || role == "ib"', ("ib", "zoco"), False),
        ('!(snel == "ja" && role == "ib")', ("ib", "zoco"), False),
        ('!(snel == "ja" && role == "swv")', ("ib", "zoco"), True),
        ("has(snel)", ("ib", "swv"), True),
        # Parents have no sector: what is unknown asks nobody, whether turned round or not.
        ('sector == "po"', ("zoco", "ouder"), True),
        ('!(sector == "po")', ("zoco", "ouder"), False),
        ('!(sector == "po")', ("ib", "ouder"), True),
    ],
)
def test_item_is_shared_when_its_condition_is_one_question_for_all_roles(
    condition: str, roles: tuple[str, ...], shared: bool
) -> None:
    instrument = compile_items("een", EVERY_ROLE, [SNEL, ask("verder", condition)])
    assert ("verder" in share(instrument, *roles)) is shared


def test_what_depends_on_an_item_of_some_roles_is_not_shared_either() -> None:
    items = [
        SNEL,
        ask("eerst", 'role == "ib"'),
        ask("dan", "has(eerst)"),
        ask("daarna", 'dan == "ja"'),
        ask("los", "has(snel)"),
    ]
    instrument = compile_items("een", EVERY_ROLE, items)
    assert share(instrument, "ib", "zoco") == {"snel", "los"}
    assert share(instrument, "ib") == {"snel", "eerst", "dan", "daarna", "los"}


def test_size_of_an_item_of_some_roles_is_not_shared() -> None:
    many = """      - code: veel
        kind: multiple
        ask_if: sector == "po"
        text: {nl: Wat?, en: What?}
        choices: [{code: a, value: 1, text: {nl: a, en: a}}, {code: b, value: 2, text: {nl: b, en: b}}]
"""
    instrument = compile_items("een", EVERY_ROLE, [many, ask("verder", "size(veel) > 1")])
    assert share(instrument, "ib", "zoco") == frozenset()
    assert share(instrument, "zoco", "swv") == {"veel", "verder"}


def test_text_beside_a_choice_goes_the_way_of_its_item() -> None:
    other = """      - code: wat
        kind: choice
        ask_if: role == "ib"
        text: {nl: Wat?, en: What?}
        choices: [{code: a, value: 1, text: {nl: a, en: a}}, {code: b, value: 2, text: {nl: b, en: b}, other: true}]
"""
    instrument = compile_items("een", EVERY_ROLE, [other])
    (beside,) = [item.code for item in instrument.items() if item.beside]
    assert share(instrument, "ib", "zoco") == frozenset()
    assert share(instrument, "ib") == {"wat", beside}
    assert find_dependent(instrument, "wat") == {"wat", beside}


def test_item_that_looks_at_an_open_answer_is_shared() -> None:
    tip = "      - {code: tip, kind: open, text: {nl: Tip?, en: Tip?}}\n"
    instrument = compile_items("een", EVERY_ROLE, [tip, ask("verder", "has(tip)")])
    assert share(instrument, "ib", "swv") == {"tip", "verder"}


def test_item_in_other_words_is_not_shared() -> None:
    one, two = (
        compile_items("een", "ib", [ZICHT]),
        compile_items("een", "ib", [ZICHT.replace("View", "Sight")]),
    )
    contexts = [find_context(role, "proef") for role in ("ib", "swv")]
    assert find_shared([one, one], contexts) == {"zicht"}
    assert find_shared([one, two], contexts) == frozenset()


def test_role_that_cannot_come_to_an_item_is_known() -> None:
    instrument = compile_items("een", EVERY_ROLE, [SNEL, ask("verder", 'snel == "ja" && role == "ib"')])
    verder = find_item(instrument, "verder")
    assert may_be_asked(verder, find_context("ib", "proef"))
    assert not may_be_asked(verder, find_context("zoco", "proef"))


# By brute force

CONTEXTS: tuple[Expression, ...] = (
    ("==", ("context", "role"), "ib"),
    ("in", ("context", "role"), ("list", "zoco", "swv")),
    ("!=", ("context", "group"), "professionals"),
    ("==", ("context", "sector"), "gemeente"),
    ("==", ("context", "region"), "proef"),
)
ASKED = ("ib", "zoco", "leerplicht", "beleid_gem", "swv", "ouder")


@st.composite
def mix(draw: st.DrawFn, condition: Expression | None) -> Expression | None:
    """A condition with a part about who is asked put in, or the same."""
    own = draw(st.sampled_from(CONTEXTS))
    if draw(st.booleans()):
        return condition
    if condition is None:
        return draw(st.sampled_from([own, ("!", own)]))
    return draw(
        st.sampled_from(
            [
                ("&&", condition, own),
                ("||", own, condition),
                ("!", ("&&", own, condition)),
                ("!", ("||", ("!", own), condition)),
                ("==", own, condition),
            ]
        )
    )


def change_items(instrument: Instrument, change: Callable[[Item], Item]) -> Instrument:
    themes = tuple(
        replace(
            theme,
            pages=tuple(
                replace(page, items=tuple(change(item) for item in page.items)) for page in theme.pages
            ),
        )
        for theme in instrument.themes
    )
    return replace(instrument, themes=themes)


@st.composite
def routed(draw: st.DrawFn) -> tuple[Instrument, Answers]:
    """An instrument whose conditions ask who is asked too, with answers to any item."""
    instrument, answers = draw(answered())
    return change_items(
        instrument, lambda item: item if item.beside else replace(item, ask_if=draw(mix(item.ask_if)))
    ), answers


@settings(max_examples=300)
@given(routed(), st.sampled_from(ASKED))
def test_settled_condition_holds_for_the_same_answers(asked: tuple[Instrument, Answers], role: str) -> None:
    instrument, answers = asked
    context = find_context(role, "proef")
    for item in instrument.items():
        if item.ask_if is None:
            continue
        settled = settle(item.ask_if, context.names(), positive=True)
        expected = holds(item.ask_if, answers, context)
        found = holds(settled, answers, context) if isinstance(settled, tuple) else settled
        assert found is expected


def encode_for_each(
    instruments: Mapping[str, Instrument], role_instruments: Mapping[str, str], answers: Answers
) -> list[tuple[int, ...]]:
    """The row of somebody who would give these answers, as each of the roles of one stratum."""
    stratum = CaptureClass("samen", tuple(role_instruments), 20, 5)
    asked = find_asked(stratum, role_instruments, instruments)
    questions = plan_questions(instruments, role_instruments)
    rows: list[tuple[int, ...]] = []
    for role, digest in role_instruments.items():
        sealed = drop_off_path(instruments[digest], answers, find_context(role, "proef"))
        stored = {code: value for code, value in sealed.items() if code in asked.shared}
        rows.append(encode_answers(questions, asked, stored))
    return rows


@st.composite
def strata(draw: st.DrawFn) -> tuple[dict[str, Instrument], dict[str, str], Answers]:
    """Roles of one stratum, with one or two questionnaires that are partly the same."""
    instrument, answers = draw(routed())
    other = change_items(
        instrument, lambda item: replace(item, hint={"nl": "anders"}) if draw(st.booleans()) else item
    )
    roles = draw(st.lists(st.sampled_from(ASKED), min_size=1, max_size=4, unique=True))
    role_instruments = {role: draw(st.sampled_from(["one", "other"])) for role in roles}
    return {"one": instrument, "other": other}, role_instruments, answers


@settings(max_examples=300)
@given(strata())
def test_the_same_answers_make_the_same_row_whatever_the_role(
    stratum: tuple[dict[str, Instrument], dict[str, str], Answers],
) -> None:
    assert len(set(encode_for_each(*stratum))) == 1


ROUTED = compile_items("een", EVERY_ROLE, [SNEL, ask("eerst", 'role == "ib"'), ask("dan", "has(eerst)")])
GIVEN: Answers = {"snel": "ja", "eerst": "nee", "dan": "ja"}


def test_item_routed_by_role_is_protected_in_a_stratum_of_more_roles() -> None:
    assert encode_for_each({"d": ROUTED}, {"ib": "d", "zoco": "d"}, GIVEN) == [(1, PROTECTED, PROTECTED)] * 2
    assert encode_for_each({"d": ROUTED}, {"ib": "d"}, GIVEN) == [(1, 2, 1)]


def test_item_no_role_of_a_stratum_can_come_to_is_not_asked() -> None:
    assert encode_for_each({"d": ROUTED}, {"zoco": "d", "swv": "d"}, GIVEN) == [(1, -5, -7)] * 2


def test_twin_without_the_rule_routing_tells_the_roles_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def share_all(instruments: Sequence[Instrument], _: Any) -> frozenset[str]:
        return frozenset(item.code for item in instruments[0].items())

    monkeypatch.setattr("aoj_survey.disclosure.routing.find_shared", share_all)
    first, second = encode_for_each({"d": ROUTED}, {"ib": "d", "zoco": "d"}, GIVEN)
    assert first != second


def test_every_role_of_the_monitor_can_be_asked_alone() -> None:
    instrument = compile_items("een", ", ".join(ROLES), [SNEL, ask("verder", 'sector == "po"')])
    for role in ROLES:
        assert share(instrument, role) == {"snel", "verder"}
