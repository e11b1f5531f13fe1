"""DMARC: what a domain asks receivers to do with mail that cannot be shown to be its own."""

from dataclasses import dataclass

from .names import Names

FEWEST_LABELS = 2
POLICIES = {"none", "quarantine", "reject"}


class DmarcError(Exception):
    """A record that receivers cannot use; its text is the name it stands at."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of a sender's domain, and the organisational domain, under which others are its own."""

    wish: str
    organisation: str
    strict: bool

    def accepts(self, sender: str, envelope: str) -> bool:
        """Return whether SPF of the envelope's domain counts for the sender's: the two are aligned."""
        if envelope == sender:
            return True
        return not self.strict and (
            envelope == self.organisation or envelope.endswith(f".{self.organisation}")
        )


def find_policy(names: Names, domain: str) -> Policy | None:
    """Return the policy for mail from a domain, or None when there is none.

    The organisational domain is found by walking up the tree of names to the highest record (DMARCbis, "DNS Tree
    Walk"), which needs no list of public suffixes; of subdomains without a record its `sp` counts, else its `p`.

    Raises:
        DmarcError: a record that cannot be used, or several at one name (RFC 7489, 6.6.3).
        SilenceError: no answer came.
    """
    found = [(name, tags) for name in list_parents(domain) if (tags := _read_tags(names, name))]
    if not found:
        return None
    (nearest, tags), (organisation, _) = found[0], found[-1]
    wish = tags["p"] if nearest == domain else tags.get("sp", tags["p"])
    if not {wish, tags["p"]} <= POLICIES:
        raise DmarcError(f"_dmarc.{nearest}")
    return Policy(wish, organisation, tags.get("aspf", "r") == "s")


def list_parents(domain: str) -> tuple[str, ...]:
    """Return a domain and those above it, up to names of two labels."""
    labels = domain.split(".")
    return tuple(".".join(labels[start:]) for start in range(max(len(labels) - FEWEST_LABELS, 0) + 1))


def read_list(text: str) -> dict[str, str]:
    """Return the tags of a record such as `v=DMARC1; p=none`, names and values without blanks, in lower case."""
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


def _read_tags(names: Names, domain: str) -> dict[str, str]:
    name = f"_dmarc.{domain}"
    records = [text for text in names.list_texts(name) if text.replace(" ", "").startswith("v=DMARC1")]
    if not records:
        return {}
    tags = read_list(records[0])
    if len(records) > 1 or "p" not in tags:
        raise DmarcError(name)
    return tags
