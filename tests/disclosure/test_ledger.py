from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import (
    BESLOTEN,
    COUNTS,
    OPENBAAR,
    AuditedPlan,
    Ledger,
    Plan,
    Release,
    TableRules,
    add_release,
    audit_plan,
    audit_rows,
    audit_sets,
    check_ledger,
    ledger,
)
from aoj_survey.errors import DisclosureError

RESPONDENTS = {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid": 13}


def plan(measure: str = "cijfer", **groups: str) -> Plan:
    return Plan(measure, {code: frozenset(parts.split("+")) for code, parts in groups.items()})


GROUPS = plan(ib="ib", beleid="beleid", professionals="ib+zoco+jeugdhulp")


def release(former: Ledger, name: str, *plans: Plan, rules: TableRules = OPENBAAR) -> Ledger:
    return add_release(former, name, [audit_plan(item, RESPONDENTS, former, rules) for item in plans])


# Planned breakdowns only (rule 5)


def test_plan_of_2015_passes_and_gives_its_groups() -> None:
    audited = audit_plan(GROUPS, RESPONDENTS)
    assert audited.find_group("professionals") == {"ib", "zoco", "jeugdhulp"}
    assert audited.rules == OPENBAAR


def test_group_that_was_not_planned_is_refused() -> None:
    with pytest.raises(
        DisclosureError, match="'zoco' is no planned breakdown of 'cijfer'; planned are: beleid"
    ):
        audit_plan(GROUPS, RESPONDENTS).find_group("zoco")


def test_plan_that_gives_a_group_away_is_refused_with_the_sums() -> None:
    with pytest.raises(DisclosureError) as caught:
        audit_plan(plan(ib="ib", zoco="zoco", professionals="ib+zoco+jeugdhulp"), RESPONDENTS)
    assert "jeugdhulp = (ib + jeugdhulp + zoco) - (ib) - (zoco)" in str(caught.value)


def test_small_group_itself_is_refused() -> None:
    with pytest.raises(DisclosureError, match=r"jeugdhulp = \(jeugdhulp\)"):
        audit_plan(plan(small="jeugdhulp"), RESPONDENTS)


def test_class_nobody_counted_is_refused() -> None:
    with pytest.raises(DisclosureError, match="names classes nobody is in: swv"):
        audit_plan(plan(all="ib+swv"), RESPONDENTS)


def test_group_of_no_class_is_refused() -> None:
    with pytest.raises(DisclosureError, match="groups without classes: all"):
        audit_plan(Plan("cijfer", {"all": frozenset()}), RESPONDENTS)


def test_class_of_a_former_release_that_nobody_counted_is_not_taken_for_empty() -> None:
    first = release(Ledger(), "factsheet 1", GROUPS)
    fewer = {code: number for code, number in RESPONDENTS.items() if code != "jeugdhulp"}
    with pytest.raises(DisclosureError, match="The ledger names classes nobody is in: jeugdhulp"):
        audit_plan(plan(zoco="zoco"), fewer, first)
    assert audit_plan(plan(zoco="zoco"), fewer | {"jeugdhulp": 0}, first)


def test_people_counted_in_the_ledger_alone_are_part_of_its_digest() -> None:
    audited = [audit_plan(GROUPS, RESPONDENTS)]
    kept = add_release(Ledger(), "factsheet 1", audited, {"cijfer": {"ib": 59}})
    assert kept.people("cijfer") == {"ib": 59}
    assert kept.people("zicht") == {}
    check_ledger(kept)
    changed = replace(kept.releases[0], people={"cijfer": {"ib": 60}})
    with pytest.raises(DisclosureError, match="backup"):
        check_ledger(Ledger((changed,)))


def test_audited_plan_made_by_hand_is_refused() -> None:
    with pytest.raises(TypeError, match="audit_plan"):
        AuditedPlan(plan(small="jeugdhulp"), OPENBAAR, "")
    with pytest.raises(TypeError, match="audit_plan"):
        replace(audit_plan(GROUPS, RESPONDENTS), plan=plan(small="jeugdhulp"))


def test_twin_without_the_proof_any_plan_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_PROOF", None)
    assert AuditedPlan(plan(small="jeugdhulp"), OPENBAAR, "").find_group("small") == {"jeugdhulp"}


# Releases after each other


def test_second_release_is_audited_beside_the_first() -> None:
    first = release(Ledger(), "factsheet 1", GROUPS)
    with pytest.raises(DisclosureError, match=r"jeugdhulp = \(ib \+ jeugdhulp \+ zoco\) - \(ib\) - \(zoco\)"):
        audit_plan(plan(zoco="zoco"), RESPONDENTS, first)
    assert audit_plan(plan(zoco="zoco"), RESPONDENTS)


def test_twin_a_ledger_forgotten_lets_the_difference_through(monkeypatch: pytest.MonkeyPatch) -> None:
    first = release(Ledger(), "factsheet 1", GROUPS)
    monkeypatch.setattr(ledger, "find_leaks", lambda published, *_: audit_sets(published[-1:], RESPONDENTS))
    assert audit_plan(plan(zoco="zoco"), RESPONDENTS, first)


def test_other_measure_has_other_respondents_and_is_audited_by_itself() -> None:
    first = release(Ledger(), "factsheet 1", GROUPS)
    assert audit_plan(plan("zicht", zoco="zoco"), RESPONDENTS, first)


def test_re_release_with_few_late_responses_is_refused() -> None:
    first = release(Ledger(), "factsheet 1", plan(ib="ib"))
    now = plan(ib="ib+late")
    with pytest.raises(DisclosureError, match="ib differs from the former release: late came"):
        audit_plan(now, RESPONDENTS | {"late": 9}, first)
    assert audit_plan(now, RESPONDENTS | {"late": 10}, first)


def test_same_plan_may_be_released_again() -> None:
    first = release(Ledger(), "factsheet 1", GROUPS)
    assert len(release(first, "factsheet 2", GROUPS).releases) == 2


def test_change_is_held_against_every_former_release() -> None:
    counts = RESPONDENTS | {"early": 10, "late": 10, "few": 3}
    first = add_release(Ledger(), "1", [audit_plan(plan(all="ib+few"), counts)])
    second = add_release(first, "2", [audit_plan(plan(all="ib+few+early"), counts, first)])
    with pytest.raises(DisclosureError, match="few left"):
        audit_plan(plan(all="ib+early+late"), counts, second)


def test_release_is_audited_beside_all_before_not_the_last_alone() -> None:
    first = release(Ledger(), "1", GROUPS)
    second = release(first, "2", plan(beleid="beleid"))
    with pytest.raises(DisclosureError, match="jeugdhulp = "):
        audit_plan(plan(zoco="zoco"), RESPONDENTS, second)


def test_few_who_left_and_many_who_came_since_the_first_of_three_are_told() -> None:
    counts = RESPONDENTS | {"left": 5, "came": 12, "other": 20}
    first = add_release(Ledger(), "1", [audit_plan(plan(all="ib+left"), counts)])
    second = add_release(first, "2", [audit_plan(plan(all="other"), counts, first)])
    with pytest.raises(DisclosureError, match="all differs from the former release: came came, left left"):
        audit_plan(plan(all="ib+came"), counts, second)


def test_recipients_under_agreement_see_what_is_public_too() -> None:
    named = release(Ledger(), "besloten", plan(jeugdhulp="jeugdhulp"), rules=BESLOTEN)
    # The public does not see the first; the recipients see both, and five is enough for them.
    assert release(named, "openbaar", GROUPS)
    counts = RESPONDENTS | {"jeugdhulp": 9, "jgz": 4}
    with pytest.raises(DisclosureError, match="jgz = "):
        audit_plan(plan(both="jeugdhulp+jgz"), counts, named)


def test_public_release_binds_the_closed_one() -> None:
    public = release(Ledger(), "openbaar", plan(all="ib+jeugdhulp"))
    assert audit_plan(plan(ib="ib"), RESPONDENTS, public, BESLOTEN)
    with pytest.raises(DisclosureError, match="jeugdhulp = "):
        audit_plan(plan(ib="ib"), RESPONDENTS | {"jeugdhulp": 4}, public, BESLOTEN)


def count_out_nobody() -> AuditedPlan:
    """Beside all who are done, those of one role: of the other nobody is."""
    return audit_plan(plan("done", ib="ib", all="ib+zoco"), {"ib": 12, "zoco": 0}, rules=COUNTS)


def test_a_number_of_people_may_not_tell_that_nobody_came() -> None:
    with pytest.raises(DisclosureError, match=r"zoco = \(ib \+ zoco\) - \(ib\)"):
        count_out_nobody()
    former = release(Ledger(), "1", plan("done", all="ib"), rules=COUNTS)
    with pytest.raises(DisclosureError, match="all differs from the former release: zoco came"):
        audit_plan(plan("done", all="ib+zoco"), {"ib": 12, "zoco": 0}, former, COUNTS)
    # Figures say of nobody nothing.
    assert audit_plan(plan(ib="ib", all="ib+zoco"), {"ib": 12, "zoco": 0})


def test_twin_where_nobody_weighs_nothing_a_role_without_anybody_would_be_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger, "weigh_nobody", lambda atoms, threshold: (atoms, threshold))
    assert count_out_nobody()


def test_rows_are_held_against_figures_beside_rows_released_before() -> None:
    answered = {"one": 20, "two": 20, "few": 4}
    first = add_release(Ledger(), "figures", [audit_plan(plan(all="one+two+few"), answered)])
    rows = [audit_plan(plan("strata", one="one"), answered, first)]
    second = add_release(first, "rows", rows)
    audit_rows(plan("strata", two="two"), {"cijfer": answered}, first, OPENBAAR)
    with pytest.raises(DisclosureError, match=r"few = \(few \+ one \+ two\) - \(one\) - \(two\)"):
        audit_rows(plan("strata", two="two"), {"cijfer": answered}, second, OPENBAAR)


# The ledger itself


def test_plan_audited_beside_an_older_ledger_must_be_audited_again() -> None:
    early = audit_plan(plan(zoco="zoco"), RESPONDENTS)
    first = release(Ledger(), "factsheet 1", GROUPS)
    with pytest.raises(DisclosureError, match="Audit them again"):
        add_release(first, "factsheet 2", [early])
    assert add_release(Ledger(), "factsheet 2", [early])


def test_name_is_used_once() -> None:
    first = release(Ledger(), "factsheet 1", GROUPS)
    with pytest.raises(DisclosureError, match="already"):
        release(first, "factsheet 1", GROUPS)


def test_release_holds_one_plan_for_each_measure_by_the_same_rules() -> None:
    one, other = audit_plan(GROUPS, RESPONDENTS), audit_plan(plan(ib="ib"), RESPONDENTS)
    closed = audit_plan(plan("zicht", ib="ib"), RESPONDENTS, rules=BESLOTEN)
    for plans in ([], [one, other], [one, closed]):
        with pytest.raises(DisclosureError, match="one plan for each"):
            add_release(Ledger(), "factsheet 1", plans)


def test_digests_follow_from_the_content_and_from_what_came_before() -> None:
    first = release(Ledger(), "factsheet 1", GROUPS)
    assert (
        first.digest == release(Ledger(), "factsheet 1", replace(GROUPS, groups=dict(GROUPS.groups))).digest
    )
    assert first.digest != release(Ledger(), "factsheet 2", GROUPS).digest
    second = release(first, "factsheet 2", GROUPS)
    assert second.digest != release(Ledger(), "factsheet 2", GROUPS).digest
    check_ledger(second)
    check_ledger(Ledger())


def change(item: Release) -> Release:
    return replace(item, plans=(plan(ib="ib", zoco="zoco"),))


def test_release_that_was_changed_taken_out_or_renamed_is_noticed() -> None:
    first, second = release(release(Ledger(), "1", GROUPS), "2", GROUPS).releases
    for releases in (
        (change(first), second),
        (second,),
        (second, first),
        (replace(first, name="0"), second),
        (replace(first, rules=BESLOTEN), second),
    ):
        with pytest.raises(DisclosureError, match="backup"):
            check_ledger(Ledger(releases))


groups = st.dictionaries(
    st.sampled_from(["one", "two", "three"]), st.frozensets(st.sampled_from("abcde"), min_size=1), max_size=3
)
counts = st.fixed_dictionaries({atom: st.integers(0, 15) for atom in "abcde"})


@given(st.lists(groups, min_size=1, max_size=4), counts)
def test_whatever_was_let_through_gives_nothing_small_away_together(
    tries: list[Mapping[str, frozenset[str]]], respondents: dict[str, int]
) -> None:
    kept = Ledger()
    for number, tried in enumerate(tries):
        try:
            kept = add_release(kept, str(number), [audit_plan(Plan("x", tried), respondents, kept)])
        except DisclosureError:
            continue
    published = [group for item in kept.releases for group in item.plans[0].groups.values()]
    assert audit_sets(published, respondents) == ()
    check_ledger(kept)
