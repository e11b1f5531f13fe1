"""The sender's domain: whether it lets us send its mail (SPF, DKIM), and what it asks of receivers (DMARC)."""

from typing import Literal

from aoj_survey.config import Settings

from .dmarc import DmarcError, find_policy, read_list
from .findings import Finding
from .names import Names, SilenceError
from .spf import Search, SpfError, find_records

RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org")
"""Domains that are nobody's (RFC 2606)."""


def check_sender(settings: Settings) -> tuple[Finding, ...]:
    """Return what the domain name system says of the domain that our mail comes from."""
    sender = find_domain(settings.mail_sender)
    # A name server of one's own may know such names, as in a trial.
    if not settings.dns_server and any(f".{sender}".endswith(f".{name}") for name in RESERVED):
        return (Finding("sender", "fault", "sender_example", {"domain": sender}),)
    names = Names(settings.dns_server)
    envelope = find_domain(settings.bounce_address or settings.mail_sender)
    spf = check_spf(names, envelope, settings.smtp_host)
    dkim = check_dkim(names, sender, settings.dkim_selector)
    has_spf = spf.code in {"spf_ok", "spf_unsure", "spf_anybody"}
    return spf, dkim, check_dmarc(names, sender, envelope if has_spf else "", has_dkim=dkim.code == "dkim_ok")


def find_domain(address: str) -> str:
    """Return the domain of a mail address, in lower case."""
    return address.rpartition("@")[2].lower()


def check_spf(names: Names, domain: str, server: str) -> Finding:
    """Return whether the domain that undelivered mail comes back to names the mail server."""
    values = {"domain": domain}
    try:
        records = find_records(names, domain)
        if len(records) != 1:
            return Finding("spf", "fault", "spf_several" if records else "spf_none", values)
        verdict = Search(names, names.list_addresses(server)).judge(domain)
    except SilenceError as error:
        return _tell_silence("spf", domain, error)
    except SpfError as error:
        return Finding("spf", "fault", "spf_wrong", {**values, "part": str(error)})
    if verdict == "named":
        return Finding("spf", "ok", "spf_ok", values)
    return Finding("spf", "advice", "spf_anybody" if verdict == "anybody" else "spf_unsure", values)


def check_dkim(names: Names, domain: str, selector: str) -> Finding:
    """Return whether the key that the mail server is said to sign with is published (RFC 6376, 3.6.1)."""
    if not selector:
        return Finding("dkim", "advice", "dkim_unset")
    name = f"{selector}._domainkey.{domain}"
    try:
        records = [tags for text in names.list_texts(name) if "p" in (tags := read_list(text))]
    except SilenceError as error:
        return _tell_silence("dkim", domain, error)
    if not records:
        return Finding("dkim", "fault", "dkim_none", {"name": name})
    if not any(tags["p"] for tags in records):
        return Finding("dkim", "fault", "dkim_revoked", {"name": name})
    return Finding("dkim", "ok", "dkim_ok", {"name": name})


def check_dmarc(names: Names, sender: str, envelope: str, *, has_dkim: bool) -> Finding:
    """Return whether our mail can meet the policy of the sender's domain, by SPF or by DKIM.

    `envelope` is the domain with an SPF record that undelivered mail comes back to; empty when it has none.
    """
    values = {"domain": sender}
    try:
        policy = find_policy(names, sender)
    except SilenceError as error:
        return _tell_silence("dmarc", sender, error)
    except DmarcError as error:
        return Finding("dmarc", "fault", "dmarc_wrong", {"name": str(error)})
    if policy is None:
        return Finding("dmarc", "advice", "dmarc_none", values)
    values["policy"] = policy.wish
    if has_dkim or (envelope and policy.accepts(sender, envelope)):
        return Finding("dmarc", "ok", "dmarc_ok", values)
    level: Literal["advice", "fault"] = "advice" if policy.wish == "none" else "fault"
    return Finding("dmarc", level, "dmarc_unmet", values)


def _tell_silence(check: str, domain: str, error: SilenceError) -> Finding:
    values = {"domain": domain, "record": check.upper()}
    return Finding(check, "advice", "dns_silent", values, detail=str(error))
