"""`aoj regions rule`: shown, tightened, and never loosened."""

from .conftest import Aoj


def test_a_region_asks_stricter_numbers_and_sees_what_counts(aoj: Aoj) -> None:
    aoj("init")
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    assert "itself asks k = 5 and a threshold of 10" in aoj("regions", "rule", "rijnmeer").output
    assert "that makes k = 8 and" in aoj("regions", "rule", "rijnmeer", "--k", "8").output
    assert "k = 8 and a threshold of 15" in aoj("regions", "rule", "rijnmeer", "--threshold", "15").output
    refused = aoj("regions", "rule", "rijnmeer", "--k", "4")
    assert refused.exit_code == 1
    assert "never loosen it; 4 was asked" in refused.output
    assert "k = 8 and a threshold of 15" in aoj("regions", "rule", "rijnmeer").output
    assert "no region elders" in aoj("regions", "rule", "elders", "--k", "8").output
