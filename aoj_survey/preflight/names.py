"""The domain name system, asked for texts and addresses."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
from dns.rdatatype import AAAA, MX, TXT, A, RdataType

IPAddress: TypeAlias = IPv4Address | IPv6Address

SECONDS = 5
"""How long an answer may take."""


class SilenceError(Exception):
    """The name server gave no answer about a name."""


class Names:
    """The name server that is asked: the one of a setting, as `192.0.2.1:53`, or that of this machine."""

    def __init__(self, server: str) -> None:
        self._resolver: dns.resolver.Resolver | None = None
        self._server = server

    def list_texts(self, name: str) -> tuple[str, ...]:
        """Return the TXT records of a name, each in one piece; none when it has none.

        Raises:
            SilenceError: no answer came.
        """
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, TXT))

    def list_addresses(self, name: str) -> set[IPAddress]:
        """Return the addresses of a name; an address stands for itself.

        Raises:
            SilenceError: no answer came.
        """
        try:
            return {ip_address(name)}
        except ValueError:
            return {ip_address(record.address) for kind in (A, AAAA) for record in self._ask(name, kind)}

    def list_mail_servers(self, name: str) -> tuple[str, ...]:
        """Return the names of the servers that take mail for a domain.

        Raises:
            SilenceError: no answer came.
        """
        return tuple(str(record.exchange).rstrip(".") for record in self._ask(name, MX))

    def _ask(self, name: str, kind: RdataType) -> Sequence[Any]:
        try:
            self._resolver = self._resolver or _make_resolver(self._server)
            return tuple(self._resolver.resolve(name, kind, lifetime=SECONDS, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.exception.SyntaxError):
            return ()
        except (dns.exception.DNSException, OSError) as error:
            raise SilenceError(f"{name}: {type(error).__name__}") from error


def _make_resolver(server: str) -> dns.resolver.Resolver:
    if not server:
        return dns.resolver.Resolver()
    place = urlsplit(f"//{server}")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [place.hostname or ""]
    resolver.port = place.port or 53
    return resolver
