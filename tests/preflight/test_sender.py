"""The sender's domain, asked of a real name server on loopback: SPF, DKIM, DMARC."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.config import make_settings
from aoj_survey.preflight import Finding, spf
from aoj_survey.preflight.dmarc import DmarcError, Policy, find_policy, list_parents, read_list
from aoj_survey.preflight.names import Names, SilenceError
from aoj_survey.preflight.sender import check_dkim, check_dmarc, check_sender, check_spf
from aoj_survey.preflight.spf import Search
from tests.dns_server import serve_names

Records = Mapping[tuple[str, str], list[str]]
HOME = "rijnmeer.nl"
SERVER = "192.0.2.25"


def text(name: str, *values: str) -> dict[tuple[str, str], list[str]]:
    return {(name, "TXT"): list(values)}


def look_up(records: Records, **values: Any) -> dict[str, Finding]:
    """The findings on a sender, by check."""
    with serve_names(records) as (place, _asked):
        given = {"mail_sender": f"monitor@{HOME}", "smtp_host": SERVER, "dns_server": place, **values}
        return {one.check: one for one in check_sender(make_settings(Path(), given))}


def judge_spf(records: Records, domain: str = HOME) -> Finding:
    with serve_names(records) as (place, _asked):
        return check_spf(Names(place), domain, SERVER)


# SPF


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ("v=spf1 ip4:192.0.2.25 -all", "spf_ok"),
        ("v=spf1 ip4:192.0.2.0/24 ~all", "spf_ok"),
        ("V=SPF1 IP4:192.0.2.25 -ALL", "spf_ok"),
        ("v=spf1 ip4:192.0.3.0/24 ip6:2001:db8::/32 ~all", "spf_unsure"),
        ("v=spf1 -ip4:192.0.2.25 ip4:198.51.100.1 -all", "spf_unsure"),
        ("v=spf1 a:post.rijnmeer.nl -all", "spf_ok"),
        ("v=spf1 a:anders.rijnmeer.nl -all", "spf_unsure"),
        ("v=spf1 a:anders.rijnmeer.nl/24//64 -all", "spf_ok"),
        ("v=spf1 a:anders.rijnmeer.nl//64 -all", "spf_unsure"),
        ("v=spf1 mx -all", "spf_ok"),
        ("v=spf1 include:_spf.dienst.nl -all", "spf_ok"),
        ("v=spf1 include:_leeg.dienst.nl -all", "spf_unsure"),
        ("v=spf1 redirect=_spf.dienst.nl", "spf_ok"),
        ("v=spf1 exists:%{i}.dienst.nl ptr -all", "spf_unsure"),
        ("v=spf1 exp=uitleg.rijnmeer.nl ?all", "spf_unsure"),
        ("v=spf1", "spf_unsure"),
        ("v=spf1 +all", "spf_anybody"),
        ("v=spf1 ip4:192.0.2.300 -all", "spf_wrong"),
        ("v=spf1 iets:anders -all", "spf_wrong"),
        ("v=spf1 !! -all", "spf_wrong"),
        ("v=spf1 include:nergens.nl -all", "spf_wrong"),
        ("v=spf10 ip4:192.0.2.25 -all", "spf_none"),
    ],
)
def test_an_spf_record_is_judged_as_receivers_do(record: str, code: str) -> None:
    records: dict[tuple[str, str], list[str]] = {
        (HOME, "TXT"): ["google-site-verification=abc", record],
        (HOME, "MX"): ["post.rijnmeer.nl"],
        ("post.rijnmeer.nl", "A"): [SERVER],
        ("anders.rijnmeer.nl", "A"): ["192.0.2.99"],
        **text("_spf.dienst.nl", f"v=spf1 ip4:{SERVER} ~all"),
        **text("_leeg.dienst.nl", "v=spf1 ip4:198.51.100.7 ~all"),
    }
    assert judge_spf(records).code == code


@pytest.mark.parametrize(
    ("values", "code"),
    [([], "spf_none"), (["v=spf1 -all", "v=spf1 mx -all"], "spf_several"), (["iets anders"], "spf_none")],
)
def test_there_is_one_spf_record_or_a_fault(values: list[str], code: str) -> None:
    found = judge_spf(text(HOME, *values))
    assert (found.level, found.code) == ("fault", code)
    assert HOME in found.text


def chain(length: int) -> Records:
    """A record that includes one that includes one …"""
    records = text(HOME, "v=spf1 include:d1.nl -all")
    for number in range(1, length):
        records |= text(f"d{number}.nl", f"v=spf1 include:d{number + 1}.nl -all")
    return records | text(f"d{length}.nl", f"v=spf1 ip4:{SERVER} -all")


def test_ten_lookups_are_followed_and_eleven_are_a_fault() -> None:
    assert judge_spf(chain(10)).code == "spf_ok"
    assert judge_spf(chain(11)).code == "spf_wrong"


def test_twin_without_the_limit_eleven_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spf, "MOST_LOOKUPS", 11)
    assert judge_spf(chain(11)).code == "spf_ok"


def test_a_record_that_includes_itself_ends() -> None:
    assert judge_spf(text(HOME, f"v=spf1 include:{HOME} -all")).code == "spf_wrong"


def test_a_long_record_in_pieces_is_read_whole() -> None:
    networks = " ".join(f"ip4:198.51.100.{number}" for number in range(40))
    assert len(networks) > 2 * 255
    assert judge_spf(text(HOME, f"v=spf1 {networks} ip4:{SERVER} -all")).code == "spf_ok"


class _NoNames(Names):
    """A name server that knows one record and is asked nothing else."""

    def __init__(self, record: str) -> None:
        super().__init__("")
        self._record = record

    def list_texts(self, name: str) -> tuple[str, ...]:
        """The record, whatever the name."""
        return (self._record,)


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.integers(0, 32))
def test_an_address_lies_in_a_network_or_not(server: Any, base: Any, length: int) -> None:
    record = f"v=spf1 ip4:{base}/{length} -all"
    verdict = Search(_NoNames(record), {ip_address(str(server))}).judge(HOME)
    same = int(server) >> (32 - length) == int(base) >> (32 - length)
    assert verdict == ("named" if same else "other")
    assert same == (server in ip_network(f"{base}/{length}", strict=False))


# DKIM


@pytest.mark.parametrize(
    ("values", "level", "code"),
    [
        (["v=DKIM1; k=rsa; p=" + "A" * 392], "ok", "dkim_ok"),
        (["k=ed25519; p=AAAA"], "ok", "dkim_ok"),
        (["v=DKIM1; p="], "fault", "dkim_revoked"),
        (["iets anders"], "fault", "dkim_none"),
        ([], "fault", "dkim_none"),
    ],
)
def test_a_dkim_key_is_there_or_a_fault(values: list[str], level: str, code: str) -> None:
    with serve_names(text("s2026._domainkey." + HOME, *values)) as (place, _asked):
        found = check_dkim(Names(place), HOME, "s2026")
    assert (found.level, found.code) == (level, code)
    assert "s2026._domainkey.rijnmeer.nl" in found.text


def test_without_a_selector_dkim_is_only_advised() -> None:
    found = check_dkim(Names("127.0.0.1:9"), HOME, "")
    assert (found.level, found.code) == ("advice", "dkim_unset")


# DMARC


@pytest.mark.parametrize(
    ("sender", "envelope", "record", "accepted"),
    [
        ("rijnmeer.nl", "rijnmeer.nl", "v=DMARC1; p=reject", True),
        ("rijnmeer.nl", "mail.rijnmeer.nl", "v=DMARC1; p=reject", True),
        ("monitor.rijnmeer.nl", "rijnmeer.nl", "v=DMARC1; p=reject", True),
        ("monitor.rijnmeer.nl", "terug.rijnmeer.nl", "v=DMARC1; p=reject", True),
        ("rijnmeer.nl", "mail.rijnmeer.nl", "v=DMARC1; p=reject; aspf=s", False),
        ("rijnmeer.nl", "rijnmeer.nl", "v=DMARC1; p=reject; aspf=s", True),
        ("rijnmeer.nl", "anders.nl", "v=DMARC1; p=reject", False),
        ("rijnmeer.nl", "nietrijnmeer.nl", "v=DMARC1; p=reject", False),
    ],
)
def test_domains_are_aligned_when_one_organisation_has_both(
    sender: str, envelope: str, record: str, *, accepted: bool
) -> None:
    with serve_names(text("_dmarc.rijnmeer.nl", record)) as (place, _asked):
        policy = find_policy(Names(place), sender)
    assert policy is not None
    assert policy.accepts(sender, envelope) is accepted


@pytest.mark.parametrize(
    ("sender", "records", "wish"),
    [
        ("rijnmeer.nl", text("_dmarc.rijnmeer.nl", "v=DMARC1; p=Quarantine"), "quarantine"),
        ("a.rijnmeer.nl", text("_dmarc.rijnmeer.nl", "v=DMARC1;p=reject;sp=none"), "none"),
        ("a.rijnmeer.nl", text("_dmarc.rijnmeer.nl", "v=DMARC1; p=reject"), "reject"),
        (
            "a.rijnmeer.nl",
            text("_dmarc.a.rijnmeer.nl", "v=DMARC1; p=none")
            | text("_dmarc.rijnmeer.nl", "v=DMARC1; p=reject"),
            "none",
        ),
    ],
)
def test_the_nearest_record_holds_and_of_a_subdomain_its_own_tag(
    sender: str, records: Records, wish: str
) -> None:
    with serve_names(records) as (place, _asked):
        policy = find_policy(Names(place), sender)
    assert policy == Policy(wish, "rijnmeer.nl", strict=False)


@pytest.mark.parametrize(
    "values", [["v=DMARC1; p=none", "v=DMARC1; p=reject"], ["v=DMARC1; rua=mailto:x@y.nl"], ["v=DMARC1; p=x"]]
)
def test_a_record_that_receivers_cannot_use_is_a_fault(values: list[str]) -> None:
    with serve_names(text("_dmarc.rijnmeer.nl", *values)) as (place, _asked):
        with pytest.raises(DmarcError, match=r"^_dmarc\.rijnmeer\.nl$"):
            find_policy(Names(place), HOME)
        assert check_dmarc(Names(place), HOME, HOME, has_dkim=True).code == "dmarc_wrong"


@pytest.mark.parametrize(
    ("wish", "envelope", "has_dkim", "level"),
    [
        ("reject", HOME, False, "ok"),
        ("reject", "", True, "ok"),
        ("reject", "anders.nl", True, "ok"),
        ("reject", "anders.nl", False, "fault"),
        ("quarantine", "", False, "fault"),
        ("none", "", False, "advice"),
    ],
)
def test_a_policy_is_met_by_spf_or_by_dkim(wish: str, envelope: str, *, has_dkim: bool, level: str) -> None:
    with serve_names(text("_dmarc.rijnmeer.nl", f"v=DMARC1; p={wish}")) as (place, _asked):
        found = check_dmarc(Names(place), HOME, envelope, has_dkim=has_dkim)
    assert (found.level, found.code) == (level, "dmarc_ok" if level == "ok" else "dmarc_unmet")
    assert found.values["policy"] == wish


def test_twin_without_alignment_any_domain_with_spf_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Policy, "accepts", lambda *_anything: True)
    with serve_names(text("_dmarc.rijnmeer.nl", "v=DMARC1; p=reject")) as (place, _asked):
        assert check_dmarc(Names(place), HOME, "anders.nl", has_dkim=False).code == "dmarc_ok"


@given(st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True), min_size=1, max_size=6))
def test_parents_run_from_the_domain_to_two_labels(labels: list[str]) -> None:
    found = list_parents(".".join(labels))
    assert found[0] == ".".join(labels)
    assert all(found[0].endswith(name) for name in found)
    assert found[-1].count(".") == min(len(labels) - 1, 1)
    assert len(found) == max(len(labels) - 1, 1)


def test_tags_are_read_whatever_their_blanks_and_case() -> None:
    assert read_list("v=DMARC1;  P = None;;rua=mailto:a@b.nl") == {
        "v": "dmarc1",
        "p": "none",
        "rua": "mailto:a@b.nl",
    }


# Together


GOOD: Records = {
    **text(HOME, f"v=spf1 ip4:{SERVER} -all"),
    **text("s1._domainkey.rijnmeer.nl", "v=DKIM1; p=AAAA"),
    **text("_dmarc.rijnmeer.nl", "v=DMARC1; p=reject"),
}


def test_a_domain_in_order_has_no_faults() -> None:
    found = look_up(GOOD, dkim_selector="s1")
    assert {check: one.level for check, one in found.items()} == dict.fromkeys(("spf", "dkim", "dmarc"), "ok")


def test_spf_is_looked_up_where_undelivered_mail_comes_back_to() -> None:
    found = look_up(GOOD, bounce_address="terug@elders.nl")
    assert found["spf"].values == {"domain": "elders.nl"}
    assert (found["spf"].code, found["dmarc"].code) == ("spf_none", "dmarc_unmet")
    assert look_up(GOOD, bounce_address="terug@elders.nl", dkim_selector="s1")["dmarc"].code == "dmarc_ok"


def test_a_name_server_that_fails_makes_no_faults() -> None:
    silent = {HOME, "s1._domainkey.rijnmeer.nl", "_dmarc.rijnmeer.nl"}
    with serve_names(GOOD, silent) as (place, _asked):
        values = {"mail_sender": f"monitor@{HOME}", "dns_server": place, "dkim_selector": "s1"}
        found = check_sender(make_settings(Path(), values))
        with pytest.raises(SilenceError):
            Names(place).list_texts(HOME)
    assert [(one.level, one.code) for one in found] == [("advice", "dns_silent")] * 3
    assert "rijnmeer.nl" in found[0].detail


@pytest.mark.parametrize("domain", ["aoj.example", "example.org", "post.example.com"])
def test_an_example_is_not_looked_up(domain: str) -> None:
    (found,) = check_sender(make_settings(Path(), {"mail_sender": f"monitor@{domain}"}))
    assert (found.level, found.code, found.values["domain"]) == ("fault", "sender_example", domain)


def test_a_domain_that_only_ends_alike_is_no_example() -> None:
    with serve_names({}) as (place, asked):
        values = {"mail_sender": "monitor@goedexample.org", "dns_server": place}
        assert len(check_sender(make_settings(Path(), values))) == 3
    assert "goedexample.org" in asked
