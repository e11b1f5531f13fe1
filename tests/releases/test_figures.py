"""Figures and rows of one wave in one ledger: what they tell together, in whatever order they are released."""

from collections.abc import Mapping

import pytest

from aoj_survey.disclosure import OPENBAAR, Ledger, Plan, add_release, audit_plan
from aoj_survey.errors import DisclosureError
from aoj_survey.releases import STRATA, audit_bundle
from aoj_survey.releases import ledger as module

from .test_ledger import COUNTED, FINE, FIRST, audit

SNEL = {"rijnmeer/ib": 12, "rijnmeer/zoco": 6, "rijnmeer/beleid_gem": 3, "rijnmeer/swv": 10}
IB = {"rijnmeer/ib": frozenset({"rijnmeer/ib"})}
ALL = {"rijnmeer/region": frozenset(SNEL)}
BOTH = {"rijnmeer/professionals": frozenset({"rijnmeer/ib", "rijnmeer/zoco"})}


def release_figures(
    ledger: Ledger,
    groups: Mapping[str, frozenset[str]],
    answered: Mapping[str, int] = SNEL,
    rows: str = STRATA,
    name: str = "tables_v1",
) -> Ledger:
    plan = audit_plan(Plan("snel", groups), answered, ledger, OPENBAAR, rows)
    return add_release(ledger, f"{name}/figures", [plan])


def release_rows(ledger: Ledger, answered: Mapping[str, int] = SNEL) -> Ledger:
    return audit_bundle(ledger, "v1", "rijnmeer", FIRST, COUNTED, answered={"snel": answered})


def test_figures_that_part_released_rows_are_refused_with_the_sums() -> None:
    rows = audit(Ledger(), "v1", FIRST)
    assert release_figures(rows, BOTH | ALL)
    with pytest.raises(
        DisclosureError, match=r"rijnmeer/zoco = \(rijnmeer/ib \+ rijnmeer/zoco\) - \(rijnmeer/ib\)"
    ):
        release_figures(rows, IB)


def test_twin_without_the_rows_figures_would_tell_of_six() -> None:
    assert release_figures(audit(Ledger(), "v1", FIRST), IB, rows="")


def test_rows_that_part_released_figures_are_refused_too() -> None:
    assert release_rows(release_figures(Ledger(), BOTH | ALL))
    with pytest.raises(DisclosureError, match="rijnmeer/zoco = "):
        release_rows(release_figures(Ledger(), IB))


def test_twin_without_looking_at_figures_the_rows_would_tell_of_six(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "audit_rows", lambda *_: None)
    assert release_rows(release_figures(Ledger(), IB))


def test_rows_beside_figures_that_nobody_counted_are_refused() -> None:
    with pytest.raises(DisclosureError, match="nobody counted who answered that"):
        audit(release_figures(Ledger(), BOTH), "v1", FIRST)


def test_what_rows_tell_by_themselves_stands_under_their_own_k() -> None:
    # Eight of eighteen answered: the rows say so, and a figure of others adds nothing to it.
    few = SNEL | {"rijnmeer/ib": 5, "rijnmeer/zoco": 3}
    assert release_figures(
        audit(Ledger(), "v1", FIRST),
        {"rijnmeer/swv": frozenset({"rijnmeer/beleid_gem", "rijnmeer/swv"})},
        few,
    )


def test_analysts_under_agreement_see_rows_that_readers_of_tables_do_not() -> None:
    fine = audit_bundle(Ledger(), "v1", "rijnmeer", FINE, COUNTED)
    assert release_figures(fine, IB)


def test_figures_of_a_question_grow_by_nobody_or_by_ten() -> None:
    first = release_figures(Ledger(), BOTH)
    later = SNEL | {"rijnmeer/ib later": 3}
    more = {code: group | {"rijnmeer/ib later"} for code, group in BOTH.items()}
    with pytest.raises(DisclosureError, match="rijnmeer/ib later = "):
        release_figures(first, more, later, name="tables_v2")
    assert release_figures(first, BOTH, name="tables_v2")
