"""SPF: which servers a domain lets send its mail (RFC 7208), as far as an outsider can judge."""

import re
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal, TypeAlias

from .names import IPAddress, Names

IPV4 = 4
MOST_LOOKUPS = 10
"""Terms that ask the name server, in one record with all it includes (RFC 7208, 4.6.4)."""

LOOKING_UP = {"include", "a", "mx", "ptr", "exists", "redirect"}
TERM = re.compile(
    r"(?P<sign>[+\-~?]?)(?P<name>[a-z][a-z0-9._-]*)(?P<mark>[:=]?)(?P<value>[^/]*)"
    r"(?:/(?P<four>\d{1,3}))?(?://(?P<six>\d{1,3}))?",
    re.IGNORECASE,
)
Verdict: TypeAlias = Literal["named", "anybody", "other"]


class SpfError(Exception):
    """A record that receivers cannot follow; its text is the part that is wrong."""


def find_records(names: Names, domain: str) -> tuple[str, ...]:
    """Return the SPF records of a domain; there should be one (RFC 7208, 4.5)."""
    return tuple(text for text in names.list_texts(domain) if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE))


@dataclass
class Search:
    """A search for the addresses of a server in a record and all it includes."""

    names: Names
    server: set[IPAddress]
    lookups: int = 0

    def judge(self, domain: str) -> Verdict:
        """Return whether the record of a domain names the server, names everybody, or neither.

        Macros are not followed: they depend on the mail.

        Raises:
            SpfError: the record, or one that it includes, cannot be followed.
            SilenceError: no answer came.
        """
        records = find_records(self.names, domain)
        if len(records) != 1:
            raise SpfError(domain)
        redirect = ""
        for text in records[0].split()[1:]:
            term = TERM.fullmatch(text)
            if term is None:
                raise SpfError(text)
            name = term["name"].lower()
            self._count(name, text)
            if term["mark"] == "=":
                redirect = term["value"] if name == "redirect" else redirect
            elif name == "all":
                return "anybody" if term["sign"] in {"", "+"} else "other"
            elif term["sign"] in {"", "+"} and self._matches(name, term, domain):
                return "named"
        return self.judge(redirect) if redirect else "other"

    def _count(self, name: str, text: str) -> None:
        self.lookups += name in LOOKING_UP
        if self.lookups > MOST_LOOKUPS:
            raise SpfError(text)

    def _matches(self, name: str, term: re.Match[str], domain: str) -> bool:
        target = term["value"] or domain
        if "%" in target or name in {"ptr", "exists"}:
            return False
        if name in {"ip4", "ip6"}:
            return self._lies_in(f"{target}/{term['four']}" if term["four"] else target)
        if name == "include":
            return self.judge(target) != "other"
        if name in {"a", "mx"}:
            hosts = self.names.list_mail_servers(target) if name == "mx" else (target,)
            return any(self._lies_near(address, term) for host in hosts for address in self._addresses(host))
        raise SpfError(term[0])

    def _addresses(self, host: str) -> set[IPAddress]:
        return self.names.list_addresses(host)

    def _lies_near(self, address: IPAddress, term: re.Match[str]) -> bool:
        length = term["four" if address.version == IPV4 else "six"] or address.max_prefixlen
        return self._lies_in(f"{address}/{length}")

    def _lies_in(self, text: str) -> bool:
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            raise SpfError(text) from None
        return any(address in network for address in self.server if address.version == network.version)
