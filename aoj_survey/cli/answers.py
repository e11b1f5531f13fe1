"""`aoj answers`: looking open answers through, by the rules of the page: each person with a code of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import click
from sqlalchemy import Connection

from aoj_survey.accounts import AccountFacts, find_account, list_accounts, may, may_decide, sees_region
from aoj_survey.db import db
from aoj_survey.errors import AccountError, NotFoundError
from aoj_survey.reviewing import (
    DECISIONS,
    Decision,
    Desk,
    Progress,
    Proposed,
    RedactionError,
    Suggestion,
    Verdict,
    Waiting,
    count_proposals,
    find_desk,
    is_same_person,
    keep_suggestions,
    keep_verdicts,
    list_desks,
    list_progress,
    list_proposed,
    list_sittings,
    list_waiting,
    propose_shortened,
    redact,
)

from .acts import say_act
from .door import as_json, opened, print_json

AT_ONCE = 10
LATER = "later"
NOBODY = "nobody yet; make an account: aoj accounts add NAME --right review"


@click.group()
def answers() -> None:
    """Open answers: who looked at them, and whom they wait for. REGION may be `joint`: small boxes together.

    Two people look at each answer, each with the code of their own account, as on the page.
    """


@dataclass(frozen=True, slots=True)
class Status:
    """How far the answers to an item are. `by` counts, by name, proposals that another person has to decide on."""

    wave: str
    region: str
    progress: Progress
    by: dict[str, int]


@answers.command()
@as_json
@click.pass_obj
def status(instance: Path, as_json: bool) -> None:
    """Show how many open answers wait, and for whom; and what became of the others."""
    with opened(instance), db.read() as connection:
        found = [
            Status(desk.wave, desk.region, item, count_proposals(connection, desk.place, item.item))
            for desk in list_desks(connection)
            for item in list_progress(connection, desk.place)
        ]
        people = list_accounts(connection)
    if as_json:
        print_json([_as_values(one, people) for one in found])
        return
    for one in found:
        click.echo("\n".join(_say_status(one, people)))
    if not found:
        click.echo("There are no open answers. They come when a ballot box is opened.")


def _as_values(one: Status, people: Sequence[AccountFacts]) -> dict[str, Any]:
    return {
        "wave": one.wave,
        "region": one.region,
        **asdict(one.progress),
        "may_propose": _list_readers(people, one.region),
        "proposed_by": [
            {"name": name, "answers": number, "may_decide": _list_others(people, one.region, name)}
            for name, number in one.by.items()
        ],
    }


def _list_readers(people: Sequence[AccountFacts], region: str) -> list[str]:
    return [who.name for who in people if may(who, "review", region)]


def _list_others(people: Sequence[AccountFacts], region: str, name: str) -> list[str]:
    return [
        who.name
        for who in people
        if may_decide(who) and sees_region(who, region) and not is_same_person(who.name, name)
    ]


def _say_status(one: Status, people: Sequence[AccountFacts]) -> Iterator[str]:
    now = one.progress
    yield (
        f"{one.wave} {one.region} {now.item}: {now.waiting} wait for a proposal, {now.proposed} for a decision; "
        f"{now.released} released, {now.redacted} shortened, {now.dropped} dropped, "
        f"{now.unkept} erased at the opening."
    )
    if now.waiting:
        yield f"  a proposal may come from: {', '.join(_list_readers(people, one.region)) or NOBODY}"
    for name, number in one.by.items():
        others = ", ".join(_list_others(people, one.region, name))
        yield f"  {number} proposed by {name} wait for: {others or NOBODY}"


@answers.command()
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def log(instance: Path, wave: str, region: str) -> None:
    """Print who proposed and who released open answers of REGION in WAVE, and when; newest first."""
    with opened(instance), db.read() as connection:
        acts = list_sittings(connection, find_desk(connection, wave, region).place)
    for act in acts:
        click.echo(say_act(act))


@answers.command()
@click.argument("wave")
@click.argument("region")
@click.argument("item")
@click.pass_obj
def review(instance: Path, wave: str, region: str, item: str) -> None:
    """Look through the answers to ITEM that wait, and propose what becomes of each. It asks for your code.

    Ten at a time; what you chose is kept once you come to the end of these. Nothing is released by it.
    """
    with opened(instance) as installation:
        with db.read() as connection:
            desk, code = _sit_down(connection, wave, region, item), _ask_code()
            _admit(connection, code, region, "review")
            shown = list_waiting(connection, desk.place, item, AT_ONCE)
        kept = 0
        while shown:
            chosen = [found for paper in shown if (found := _ask_decision(paper))]
            with db.write() as connection:
                who = _admit(connection, code, region, "review")  # as the page does: the right may be gone
                wrong = keep_suggestions(connection, desk.place, item, chosen, who.name, installation.now())
                kept += len(chosen) - len(wrong)
                shown = list_waiting(connection, desk.place, item, AT_ONCE, shown[-1].id)
    click.echo(
        f"Chosen for {kept} answers. Another person decides: aoj answers decide {wave} {region} {item}"
    )


@answers.command()
@click.argument("wave")
@click.argument("region")
@click.argument("item")
@click.pass_obj
def decide(instance: Path, wave: str, region: str, item: str) -> None:
    """Decide on what others proposed for the answers to ITEM. It asks for your code.

    Ten at a time; what you chose is kept once you come to the end of these, and cannot be taken back then.
    """
    with opened(instance) as installation:
        with db.read() as connection:
            desk, code = _sit_down(connection, wave, region, item), _ask_code()
            who = _admit(connection, code, region)
            shown = list_proposed(connection, desk.place, item, who.name, AT_ONCE)
        agreed = returned = 0
        while shown:
            chosen = [found for proposal in shown if (found := _ask_verdict(proposal))]
            with db.write() as connection:
                who = _admit(connection, code, region)
                both = keep_verdicts(connection, desk.place, item, chosen, who.name, installation.now())
                agreed, returned = agreed + len(both[0]), returned + len(both[1])
                shown = list_proposed(connection, desk.place, item, who.name, AT_ONCE, shown[-1].id)
    click.echo(f"Agreed with {agreed} proposals, sent back {returned}.")


def _sit_down(connection: Connection, wave: str, region: str, item: str) -> Desk:
    """Return the desk with the answers to an item."""
    desk = find_desk(connection, wave, region)
    known = [one.item for one in list_progress(connection, desk.place)]
    if item not in known:
        raise NotFoundError(
            f"There are no open answers to {item} in {wave} {region}. Known: {', '.join(known) or 'none'}."
        )
    return desk


def _ask_code() -> str:
    code: str = click.prompt("Your code (it is not shown)", hide_input=True)
    return code


def _admit(connection: Connection, code: str, region: str, right: str = "") -> AccountFacts:
    """Return whose code it is, asked for so that no two names come from one person; without a `right`, who decides."""
    who = find_account(connection, code)
    if who is None:
        raise AccountError("No account has this code. Ask your administrator: aoj accounts renew NAME")
    if not (may(who, right) if right else may_decide(who)) or not sees_region(who, region):
        where = f", in {', '.join(sorted(who.regions))}" if who.regions else ""
        raise AccountError(
            f"The account of {who.name} may not do this; it may {', '.join(sorted(who.rights))}{where}."
        )
    return who


def _ask_decision(paper: Waiting) -> Suggestion | None:
    """Show an answer and ask what becomes of it; None to leave it for later."""
    _show(paper)
    chosen: str = click.prompt("What becomes of it", type=click.Choice([*DECISIONS, LATER]), default=LATER)
    if chosen == LATER:
        return None
    shortened = _ask_shortened(paper) if chosen == "redact" else ""
    if chosen == "redact" and not shortened:
        return None
    return Suggestion(paper.id, cast(Decision, chosen), shortened)


def _show(paper: Waiting | Proposed) -> None:
    click.echo(f"\n{paper.text}")
    for mark in paper.marks:
        click.echo(f"  looks like: {mark.kind} “{paper.text[mark.start : mark.end]}”")


def _ask_shortened(paper: Waiting) -> str:
    """Ask for what is left of an answer until it is right; empty when somebody gives up."""
    proposed = " ".join(propose_shortened(paper.text, paper.marks).split())
    while True:
        typed: str = click.prompt(
            "What is left of it (only words that stand there; - to leave it for later)", default=proposed
        )
        if typed == "-":
            return ""
        try:
            click.echo(f"  becomes: {redact(paper.text, typed)}")
        except RedactionError as error:
            click.echo(str(error))
            continue
        return typed


def _ask_verdict(proposal: Proposed) -> Verdict | None:
    """Show an answer with what another person proposes; None to leave it for later."""
    _show(proposal)
    told = {"release": "to release it as it is", "drop": "to drop it", "redact": f"this: {proposal.result}"}
    click.echo(f"  {proposal.by} proposes {told[proposal.decision]}")
    chosen: str = click.prompt(
        "What do you decide", type=click.Choice(["agree", "back", LATER]), default=LATER
    )
    return None if chosen == LATER else Verdict(proposal.id, proposal.seal, chosen == "agree")
