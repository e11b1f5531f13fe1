"""An open answer on the page of who looks it through: what may tell of somebody is marked, and said in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext

from aoj_survey.open_answers import MarkKind
from aoj_survey.reviewing import Proposed, Waiting, propose_shortened


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer; `looks_like` says in words why it is marked, and is empty where it is not."""

    text: str
    looks_like: str


@dataclass(frozen=True, slots=True)
class Paper:
    """An answer that waits for a proposal; `wrong` says what is the matter with what was sent for it."""

    id: UUID
    pieces: tuple[Piece, ...]
    shortened: str
    chosen: str
    wrong: str


@dataclass(frozen=True, slots=True)
class ProposedPaper:
    """An answer that another person proposes something for, as whoever decides sees it."""

    proposal: Proposed
    pieces: tuple[Piece, ...]


def show_proposal(proposal: Proposed) -> ProposedPaper:
    """Return an answer with its marks, which whoever decides sees too."""
    return ProposedPaper(proposal, tuple(_cut(proposal)))


def show_paper(paper: Waiting, sent: Mapping[str, str], wrong: Mapping[str, str]) -> Paper:
    """Return an answer as the page shows it, with what was `sent` for it before and what was `wrong` with that."""
    key = paper.id.hex
    return Paper(
        paper.id,
        tuple(_cut(paper)),
        sent.get(f"text-{key}", propose_shortened(paper.text, paper.marks)),
        sent.get(f"choice-{key}", ""),
        wrong.get(key, ""),
    )


def _cut(paper: Waiting | Proposed) -> Iterator[Piece]:
    names: dict[MarkKind, str] = {
        "email": gettext("mail address"),
        "phone": gettext("phone number"),
        "bsn": gettext("citizen service number"),
        "postcode": gettext("postcode"),
        "organisation": gettext("organisation"),
        "place": gettext("place"),
    }
    place = 0
    for mark in paper.marks:
        yield Piece(paper.text[place : mark.start], "")
        yield Piece(paper.text[mark.start : mark.end], names[mark.kind])
        place = mark.end
    yield Piece(paper.text[place:], "")
