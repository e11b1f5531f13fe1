"""A real name server on loopback, for tests, with the records it is given."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any

from dnslib import AAAA, MX, QTYPE, RCODE, RR, TXT, A
from dnslib.server import BaseResolver, DNSLogger, DNSServer

KINDS: dict[str, Any] = {"TXT": TXT, "A": A, "AAAA": AAAA, "MX": MX}
LONGEST_PIECE = 255


class _Records(BaseResolver):
    def __init__(self, records: Mapping[tuple[str, str], list[str]], silent: set[str]) -> None:
        self.records, self.silent, self.asked = records, silent, list[str]()

    def resolve(self, request: Any, handler: Any) -> Any:
        """The answer to a question; a name that is silent gets an error of the server."""
        del handler  # dnslib's signature
        reply = request.reply()
        name, kind = str(request.q.qname).rstrip(".").lower(), QTYPE[request.q.qtype]
        self.asked.append(name)
        if name in self.silent:
            reply.header.rcode = RCODE.SERVFAIL
            return reply
        for value in self.records.get((name, kind), []):
            # A text over 255 bytes goes in pieces, as in life.
            pieces = [
                value[start : start + LONGEST_PIECE] for start in range(0, len(value) or 1, LONGEST_PIECE)
            ]
            made = TXT(pieces) if kind == "TXT" else KINDS[kind](value)
            reply.add_answer(RR(request.q.qname, request.q.qtype, rdata=made, ttl=0))
        if not any(known == name for known, _ in self.records):
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


def _open_both(resolver: _Records) -> list[DNSServer]:
    """Servers for both protocols on one port; what is free for the one may be taken for the other."""
    quiet = DNSLogger(logf=lambda _line: None)
    while True:
        plain = DNSServer(resolver, address="127.0.0.1", port=0, logger=quiet)
        port = plain.server.server_address[1]
        try:
            return [plain, DNSServer(resolver, address="127.0.0.1", port=port, tcp=True, logger=quiet)]
        except OSError:
            plain.server.server_close()


@contextmanager
def serve_names(
    records: Mapping[tuple[str, str], list[str]], silent: set[str] | None = None
) -> Generator[tuple[str, list[str]]]:
    """A name server with these records, by name and kind; yields its place, and the names it was asked."""
    resolver = _Records(records, silent or set())
    both = _open_both(resolver)
    port = both[0].server.server_address[1]
    threads = [Thread(target=one.server.serve_forever, args=(0.01,), daemon=True) for one in both]
    for thread in threads:
        thread.start()
    try:
        yield f"127.0.0.1:{port}", resolver.asked
    finally:
        for server in both:
            server.server.shutdown()
            server.server.server_close()
        for thread in threads:
            thread.join()
