"""`aoj waves plan`: what it refuses, in one line."""

import pytest

from .conftest import PLAN, Aoj


@pytest.mark.parametrize("times", [1, 3])
def test_a_plan_has_exactly_two_reminders(aoj: Aoj, times: int) -> None:
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    words = list(PLAN)
    if times == 1:
        place = words.index("--remind")
        del words[place : place + 2]
    else:
        words += ["--remind", "2026-06-04 09:00"]
    result = aoj(*words)
    assert result.exit_code == 2
    assert "--remind: give it exactly twice" in result.output
    assert f"stands {times} time(s)" in result.output
    assert aoj("waves", "show").output == ""


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--last-day", "9999-12-31", "between 2000 and 2099"),
        ("--last-day", "2026-05-01", "the window ended on 2026-05-01"),
        ("--contact-mail", "monitor rijnmeer", "is no mail address"),
        ("--questionnaire", "widths@1=kok", "there is no role 'kok'"),
        ("--questionnaire", "../../etc@passwd=ib", "is no questionnaire and edition"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused_in_one_line(
    aoj: Aoj, option: str, value: str, reason: str
) -> None:
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    words = list(PLAN)
    words[words.index(option) + 1] = value
    result = aoj(*words)
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert reason in result.output
    assert aoj("waves", "show").output == ""
